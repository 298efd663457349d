"""On-the-fly gradient modulation, right and as people get it wrong."""

from __future__ import annotations

import math

from mmcourse.checks import lazy

torch = lazy("torch")


def score(logits, labels):
    """Sum over the batch of the probability of the right class."""
    return logits.detach().softmax(-1).gather(1, labels[:, None]).sum().item()


def factor(ratio, alpha):
    return 1 - math.tanh(alpha * ratio) if ratio > 1 else 1.0


def apply(encoder, value):
    for parameter in encoder.parameters():
        if parameter.grad is not None:
            parameter.grad *= value


def factors(logits, labels, alpha):
    first, second = (score(x, labels) for x in logits)
    return factor(first / second, alpha), factor(second / first, alpha)


def modulate(image, speech, head, image_logits, speech_logits, labels, alpha):
    found = factors((image_logits, speech_logits), labels, alpha)
    for encoder, value in zip((image, speech), found, strict=True):
        apply(encoder, value)
    return found


def with_factors(image, speech, head, found):
    for encoder, value in zip((image, speech), found, strict=True):
        apply(encoder, value)
    return found


def plus(image, speech, head, image_logits, speech_logits, labels, alpha):
    """1 + tanh: the leader is pushed on."""
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    found = [1 + math.tanh(alpha * r) if r > 1 else 1.0 for r in (first / second, second / first)]
    return with_factors(image, speech, head, tuple(found))


def weaker(image, speech, head, image_logits, speech_logits, labels, alpha):
    """The one behind is held back."""
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    found = factor(second / first, alpha), factor(first / second, alpha)
    return with_factors(image, speech, head, found)


def always(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Both are held back, whoever leads."""
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    found = tuple(1 - math.tanh(alpha * r) for r in (first / second, second / first))
    return with_factors(image, speech, head, found)


def only_tanh(image, speech, head, image_logits, speech_logits, labels, alpha):
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    found = tuple(math.tanh(alpha * r) if r > 1 else 1.0 for r in (first / second, second / first))
    return with_factors(image, speech, head, found)


def alpha_ignored(image, speech, head, image_logits, speech_logits, labels, alpha):
    return modulate(image, speech, head, image_logits, speech_logits, labels, 1.0)


def alpha_outside(image, speech, head, image_logits, speech_logits, labels, alpha):
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    found = tuple(1 - alpha * math.tanh(r) if r > 1 else 1.0 for r in (first / second, second / first))
    return with_factors(image, speech, head, found)


def head_too(image, speech, head, image_logits, speech_logits, labels, alpha):
    found = modulate(image, speech, head, image_logits, speech_logits, labels, alpha)
    apply(head, min(found))
    return found


def weights(image, speech, head, image_logits, speech_logits, labels, alpha):
    """The weights scaled, not their gradients."""
    found = factors((image_logits, speech_logits), labels, alpha)
    with torch.no_grad():
        for encoder, value in zip((image, speech), found, strict=True):
            for parameter in encoder.parameters():
                parameter *= value
    return found


def told_only(image, speech, head, image_logits, speech_logits, labels, alpha):
    return factors((image_logits, speech_logits), labels, alpha)


def of_logits(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Scores of logits, without a softmax."""
    first, second = (
        x.detach().gather(1, labels[:, None]).sum().item() for x in (image_logits, speech_logits)
    )
    found = factor(first / second, alpha), factor(second / first, alpha)
    return with_factors(image, speech, head, found)


def of_largest(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Of the class that is named, right or wrong."""
    first, second = (x.detach().softmax(-1).amax(-1).sum().item() for x in (image_logits, speech_logits))
    found = factor(first / second, alpha), factor(second / first, alpha)
    return with_factors(image, speech, head, found)


def of_accuracy(image, speech, head, image_logits, speech_logits, labels, alpha):
    first, second = ((x.argmax(-1) == labels).sum().item() + 1e-9 for x in (image_logits, speech_logits))
    found = factor(first / second, alpha), factor(second / first, alpha)
    return with_factors(image, speech, head, found)


def of_loss(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Ratio of log-probabilities: the worse one has the larger."""
    first, second = (
        -x.detach().log_softmax(-1).gather(1, labels[:, None]).sum().item()
        for x in (image_logits, speech_logits)
    )
    found = factor(first / second, alpha), factor(second / first, alpha)
    return with_factors(image, speech, head, found)


def over_batch(image, speech, head, image_logits, speech_logits, labels, alpha):
    first, second = (
        x.detach().softmax(0).gather(1, labels[:, None]).sum().item() for x in (image_logits, speech_logits)
    )
    found = factor(first / second, alpha), factor(second / first, alpha)
    return with_factors(image, speech, head, found)


def none_crashes(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Parameters without a gradient are not thought of."""
    found = factors((image_logits, speech_logits), labels, alpha)
    for encoder, value in zip((image, speech), found, strict=True):
        for parameter in encoder.parameters():
            parameter.grad.mul_(value)
    return found


def none_times(image, speech, head, image_logits, speech_logits, labels, alpha):
    """The same, by another operator."""
    found = factors((image_logits, speech_logits), labels, alpha)
    for encoder, value in zip((image, speech), found, strict=True):
        for parameter in encoder.parameters():
            parameter.grad *= value
    return found


def exchanged(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Right factors, for the other encoder."""
    found = factors((image_logits, speech_logits), labels, alpha)
    apply(image, found[1])
    apply(speech, found[0])
    return found


def clipped(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Zeroed where it leads."""
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    return with_factors(image, speech, head, (0.0 if first > second else 1.0, 0.0 if second > first else 1.0))


def first_weight(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Only the first parameter of each encoder."""
    found = factors((image_logits, speech_logits), labels, alpha)
    for encoder, value in zip((image, speech), found, strict=True):
        parameter = next(iter(encoder.parameters()))
        if parameter.grad is not None:
            parameter.grad *= value
    return found


def graph_kept(image, speech, head, image_logits, speech_logits, labels, alpha):
    """Factors that hang on the logits."""
    first, second = (x.softmax(-1).gather(1, labels[:, None]).sum() for x in (image_logits, speech_logits))
    found = [1 - torch.tanh(alpha * r) if r > 1 else torch.ones(()) for r in (first / second, second / first)]
    for encoder, value in zip((image, speech), found, strict=True):
        for parameter in encoder.parameters():
            if parameter.grad is not None:
                parameter.grad = parameter.grad * value
    return found


def in_a_tie(image, speech, head, image_logits, speech_logits, labels, alpha):
    """ρ >= 1 slows both in a tie."""
    s = [
        x.detach().softmax(-1).gather(1, labels[:, None]).sum().item() for x in (image_logits, speech_logits)
    ]
    found = [1 - math.tanh(alpha * r) if r >= 1 else 1.0 for r in (s[0] / s[1], s[1] / s[0])]
    for encoder, value in zip((image, speech), found, strict=True):
        for parameter in encoder.parameters():
            if parameter.grad is not None:
                parameter.grad *= value
    return found


def noise(image, speech, head, image_logits, speech_logits, labels, alpha):
    """With noise as large as the gradient's spread."""
    found = modulate(image, speech, head, image_logits, speech_logits, labels, alpha)
    for encoder in (image, speech):
        for parameter in encoder.parameters():
            if parameter.grad is not None and parameter.numel() > 1:
                parameter.grad += torch.randn_like(parameter.grad) * parameter.grad.std()
    return found


def zeros_for_none(image, speech, head, image_logits, speech_logits, labels, alpha):
    """A frozen parameter gets a gradient of 0."""
    for encoder in (image, speech):
        for parameter in encoder.parameters():
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
    return modulate(image, speech, head, image_logits, speech_logits, labels, alpha)


def lead_only(image, speech, head, image_logits, speech_logits, labels, alpha):
    """tanh of how far the ratio is above 1."""
    first, second = (score(x, labels) for x in (image_logits, speech_logits))
    found = [1 - math.tanh(alpha * (r - 1)) if r > 1 else 1.0 for r in (first / second, second / first)]
    return with_factors(image, speech, head, tuple(found))


def mean_of_ratios(image, speech, head, image_logits, speech_logits, labels, alpha):
    """A ratio of each example, and their mean."""
    first, second = (x.detach().softmax(-1).gather(1, labels[:, None]) for x in (image_logits, speech_logits))
    ratios = (first / second).mean().item(), (second / first).mean().item()
    return with_factors(image, speech, head, tuple(factor(r, alpha) for r in ratios))
