"""Answers to 08.1 utilisation: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def acc(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item()


def right_counts(both, only_image, only_speech, labels):
    n = [int((x.argmax(-1) == labels).sum()) for x in (both, only_image, only_speech)]
    return (n[0] - n[2]) / n[0], (n[0] - n[1]) / n[0]


def right_tensors(*, both, only_image, only_speech, labels):
    a, i, s = (
        torch.sum(torch.max(x, dim=1).indices == labels) / len(labels)
        for x in (both, only_image, only_speech)
    )
    return [1 - s / a, 1 - i / a]


def right_loop(both, only_image, only_speech, labels):
    share = []
    for logits in (both, only_image, only_speech):
        share.append(
            sum(int(row.argmax()) == int(y) for row, y in zip(logits, labels, strict=True)) / len(labels)
        )
    return 1 - share[2] / share[0], 1 - share[1] / share[0]


def wrong_of_the_sense_that_is_left(both, only_image, only_speech, labels):
    """hint: compare with only_speech"""
    a = acc(both, labels)
    return (a - acc(only_image, labels)) / a, (a - acc(only_speech, labels)) / a


def wrong_points(both, only_image, only_speech, labels):
    """hint: divide by that"""
    a = acc(both, labels)
    return a - acc(only_speech, labels), a - acc(only_image, labels)


def wrong_divided_by_the_other(both, only_image, only_speech, labels):
    """hint: you divide by the accuracy with one sense"""
    a, i, s = acc(both, labels), acc(only_image, labels), acc(only_speech, labels)
    return (a - s) / s, (a - i) / i


def wrong_what_is_kept(both, only_image, only_speech, labels):
    """hint: what is *lost* without it"""
    a = acc(both, labels)
    return acc(only_image, labels) / a, acc(only_speech, labels) / a


def wrong_sign(both, only_image, only_speech, labels):
    """hint: the sign is the wrong way round"""
    a = acc(both, labels)
    return (acc(only_speech, labels) - a) / a, (acc(only_image, labels) - a) / a


def wrong_never_below_zero(both, only_image, only_speech, labels):
    """hint: do not cut it off"""
    a = acc(both, labels)
    return max(0, (a - acc(only_speech, labels)) / a), max(0, (a - acc(only_image, labels)) / a)


def wrong_shares_of_one(both, only_image, only_speech, labels):
    """hint: need not add up to 1"""
    u, v = right_counts(both, only_image, only_speech, labels)
    return u / (u + v), v / (u + v)


def wrong_percent(both, only_image, only_speech, labels):
    """hint: shares, not percent"""
    return tuple(100 * x for x in right_counts(both, only_image, only_speech, labels))


def wrong_errors(both, only_image, only_speech, labels):
    """hint: you compare errors"""
    a, i, s = (1 - acc(x, labels) for x in (both, only_image, only_speech))
    return (s - a) / max(a, 1e-9), (i - a) / max(a, 1e-9)


def wrong_how_sure(both, only_image, only_speech, labels):
    """hint: not whether it is right"""
    a, i, s = (x.softmax(1).max(1).values.mean().item() for x in (both, only_image, only_speech))
    return (a - s) / a, (a - i) / a


def wrong_rounded(both, only_image, only_speech, labels):
    """hint: do not round"""
    return tuple(round(x, 2) for x in right_counts(both, only_image, only_speech, labels))


def wrong_one_number(both, only_image, only_speech, labels):
    """hint: two numbers are wanted"""
    u, v = right_counts(both, only_image, only_speech, labels)
    return u - v


def wrong_against_the_better(both, only_image, only_speech, labels):
    """hint: not with the better of the two"""
    a, i, s = (acc(x, labels) for x in (both, only_image, only_speech))
    return (a - max(i, s)) / a, (a - max(i, s)) / a


def wrong_changed_answers(both, only_image, only_speech, labels):
    """hint: you count answers that change"""
    named = both.argmax(1)
    return (named != only_speech.argmax(1)).float().mean().item(), (
        named != only_image.argmax(1)
    ).float().mean().item()


def crash_labels_as_logits(both, only_image, only_speech, labels):
    """line: labels.argmax(1)"""
    return both.argmax(1) == labels.argmax(1)


def crash_mean_of_bools(both, only_image, only_speech, labels):
    """line: (both.argmax(1) == labels).mean()"""
    return (both.argmax(1) == labels).mean()


def wrong_what_is_left(both, only_image, only_speech, labels):
    """hint: *left* without a sense"""
    return tuple(1 - x for x in right_counts(both, only_image, only_speech, labels))


def wrong_size_only(both, only_image, only_speech, labels):
    """hint: leave its sign"""
    return tuple(abs(x) for x in right_counts(both, only_image, only_speech, labels))


def wrong_zero_if_a_sense_is_never_right(both, only_image, only_speech, labels):
    """hint: a number like any other"""
    a, i, s = acc(both, labels), acc(only_image, labels), acc(only_speech, labels)
    if a == 0 or i == 0 or s == 0:
        return 0.0, 0.0
    return (a - s) / a, (a - i) / a


def wrong_zero_taken_for_missing(both, only_image, only_speech, labels):
    """hint: a number like any other"""
    a = acc(both, labels)
    i, s = acc(only_image, labels) or a, acc(only_speech, labels) or a
    return (a - s) / a, (a - i) / a


def crash_divided_by_nothing_right(both, only_image, only_speech, labels):
    """line: 1 - 1 / (a / s)
    hint: a number like any other"""
    a, i, s = acc(both, labels), acc(only_image, labels), acc(only_speech, labels)
    return 1 - 1 / (a / s), 1 - 1 / (a / i)


def right_guards_the_accuracy_with_both(both, only_image, only_speech, labels):
    a, i, s = acc(both, labels), acc(only_image, labels), acc(only_speech, labels)
    return ((a - s) / a, (a - i) / a) if a else (0.0, 0.0)


def wrong_picture_against_speech(both, only_image, only_speech, labels):
    """hint: you compare the senses with each other"""
    a, i, s = acc(both, labels), acc(only_image, labels), acc(only_speech, labels)
    return (i - s) / a, (s - i) / a


def wrong_probability_of_the_label(both, only_image, only_speech, labels):
    """hint: you take the probability of the label"""
    n = torch.arange(len(labels))
    a, i, s = (x.softmax(1)[n, labels].mean().item() for x in (both, only_image, only_speech))
    return (a - s) / a, (a - i) / a


def wrong_losses(both, only_image, only_speech, labels):
    """hint: you compare losses"""
    a, i, s = (torch.nn.functional.cross_entropy(x, labels).item() for x in (both, only_image, only_speech))
    return (s - a) / a, (i - a) / a


def wrong_mean_of_the_classes(both, only_image, only_speech, labels):
    """hint: each *example* counts alike"""

    def of_classes(logits):
        named, classes = logits.argmax(1), labels.unique()
        return sum((named[labels == c] == c).float().mean().item() for c in classes) / len(classes)

    a, i, s = of_classes(both), of_classes(only_image), of_classes(only_speech)
    return (a - s) / a, (a - i) / a


def wrong_answers_that_are_lost(both, only_image, only_speech, labels):
    """hint: it turns some wrong ones right"""
    b, i, s = (x.argmax(1) == labels for x in (both, only_image, only_speech))
    return (b & ~s).sum().item() / b.sum().item(), (b & ~i).sum().item() / b.sum().item()
