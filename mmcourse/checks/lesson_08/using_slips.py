"""Conditional utilisation, right and as people get it wrong. All take (log_probs, labels)."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def share(logits, labels):
    return (logits.argmax(-1) == labels).double().mean().item()


def utilisation(both, only_image, only_speech, labels):
    whole = share(both, labels)
    return (whole - share(only_speech, labels)) / whole, (whole - share(only_image, labels)) / whole


def swapped(both, only_image, only_speech, labels):
    """Of the sense that was kept."""
    return utilisation(both, only_speech, only_image, labels)


def points(both, only_image, only_speech, labels):
    """Not divided."""
    whole = share(both, labels)
    return whole - share(only_speech, labels), whole - share(only_image, labels)


def by_itself(both, only_image, only_speech, labels):
    """Divided by the accuracy with one sense."""
    whole, image, speech = (share(x, labels) for x in (both, only_image, only_speech))
    return (whole - speech) / max(speech, 1e-9), (whole - image) / max(image, 1e-9)


def kept(both, only_image, only_speech, labels):
    """What one sense alone reaches of the whole."""
    whole = share(both, labels)
    return share(only_image, labels) / whole, share(only_speech, labels) / whole


def turned(both, only_image, only_speech, labels):
    first, second = utilisation(both, only_image, only_speech, labels)
    return -first, -second


def cut(both, only_image, only_speech, labels):
    """Never below 0."""
    return tuple(max(x, 0.0) for x in utilisation(both, only_image, only_speech, labels))


def adds_to_one(both, only_image, only_speech, labels):
    """Scaled so that both add up to 1."""
    first, second = utilisation(both, only_image, only_speech, labels)
    total = first + second
    return (first / total, second / total) if total else (0.5, 0.5)


def counts(both, only_image, only_speech, labels):
    """Numbers of right answers."""
    first, second = points(both, only_image, only_speech, labels)
    return first * len(labels), second * len(labels)


def percent(both, only_image, only_speech, labels):
    return tuple(100 * x for x in utilisation(both, only_image, only_speech, labels))


def errors(both, only_image, only_speech, labels):
    """By how much errors grow, as a share of the errors with both."""
    whole = 1 - share(both, labels)
    image, speech = 1 - share(only_image, labels), 1 - share(only_speech, labels)
    return (speech - whole) / max(whole, 1e-9), (image - whole) / max(whole, 1e-9)


def largest(both, only_image, only_speech, labels):
    """Mean of the largest score: how sure, not how right."""

    def sure(x):
        return x.softmax(-1).amax(-1).double().mean().item()

    whole = sure(both)
    return (whole - sure(only_speech)) / whole, (whole - sure(only_image)) / whole


def over_examples(both, only_image, only_speech, labels):
    """argmax over the wrong axis, cut to the shorter."""

    def right(x):
        found = x.argmax(0)
        count = min(len(found), len(labels))
        return (found[:count] == labels[:count]).double().mean().item()

    whole = max(right(both), 1e-9)
    return (whole - right(only_speech)) / whole, (whole - right(only_image)) / whole


def rounded(both, only_image, only_speech, labels):
    return tuple(round(x, 2) for x in utilisation(both, only_image, only_speech, labels))


def difference(both, only_image, only_speech, labels):
    """One number: by how much the first leads."""
    first, second = utilisation(both, only_image, only_speech, labels)
    return first - second


def first_batch(both, only_image, only_speech, labels):
    return utilisation(both[:8], only_image[:8], only_speech[:8], labels[:8])


def against_better(both, only_image, only_speech, labels):
    """What both add to the better one."""
    whole = share(both, labels)
    best = max(share(only_image, labels), share(only_speech, labels))
    return (whole - best) / whole, (whole - best) / whole


def agreement(both, only_image, only_speech, labels):
    """How often muting changes the answer, right or wrong."""
    named = both.argmax(-1)
    return tuple((named != x.argmax(-1)).double().mean().item() for x in (only_speech, only_image))


def left(both, only_image, only_speech, labels):
    """What is left of the whole without the sense."""
    return tuple(1 - x for x in utilisation(both, only_image, only_speech, labels))


def size_only(both, only_image, only_speech, labels):
    """Without its sign."""
    return tuple(abs(x) for x in utilisation(both, only_image, only_speech, labels))


def nothing_without_right(both, only_image, only_speech, labels):
    """0 for both as soon as one sense alone is never right."""
    alone = (share(x, labels) for x in (only_image, only_speech))
    return utilisation(both, only_image, only_speech, labels) if all(alone) else (0.0, 0.0)


def falsy(both, only_image, only_speech, labels):
    """An accuracy of 0 taken for one that is not there."""
    whole = share(both, labels)
    return tuple((whole - (share(x, labels) or whole)) / whole for x in (only_speech, only_image))


def falsy_one(both, only_image, only_speech, labels):
    """The whole of a sense, as a ratio of accuracies that must not be 0."""
    whole, image, speech = (share(x, labels) for x in (both, only_image, only_speech))
    return 1 - 1 / (whole / speech), 1 - 1 / (whole / image)


def each_other(both, only_image, only_speech, labels):
    """The two senses against one another."""
    whole, image, speech = (share(x, labels) for x in (both, only_image, only_speech))
    return (image - speech) / whole, (speech - image) / whole


def probability(both, only_image, only_speech, labels):
    """The mean probability of the right class instead of the accuracy."""
    whole, image, speech = (
        x.softmax(-1).gather(1, labels[:, None]).double().mean().item()
        for x in (both, only_image, only_speech)
    )
    return (whole - speech) / whole, (whole - image) / whole


def losses(both, only_image, only_speech, labels):
    whole, image, speech = (
        torch.nn.functional.cross_entropy(x, labels).item() for x in (both, only_image, only_speech)
    )
    return (whole - speech) / whole, (whole - image) / whole


def losses_turned(both, only_image, only_speech, labels):
    """By how much the loss rises."""
    return tuple(-x for x in losses(both, only_image, only_speech, labels))


def each_class(both, only_image, only_speech, labels):
    """The mean over classes of their accuracies."""

    def accuracy(x):
        right = (x.argmax(-1) == labels).double()
        return torch.stack([right[labels == c].mean() for c in labels.unique()]).mean().item()

    whole, image, speech = (accuracy(x) for x in (both, only_image, only_speech))
    return (whole - speech) / whole, (whole - image) / whole


def lost_answers(both, only_image, only_speech, labels):
    """Of the right answers, the share that muting turns wrong; what it turns right is overlooked."""
    right, image, speech = (x.argmax(-1) == labels for x in (both, only_image, only_speech))
    whole = right.sum().item()
    return (right & ~speech).sum().item() / whole, (right & ~image).sum().item() / whole
