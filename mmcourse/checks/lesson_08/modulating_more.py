"""More slips in holding back the branch that is ahead: other scores, other ratios, other gradients."""

from __future__ import annotations

import math

from mmcourse.checks.lesson_08 import modulating_slips as slips


def scored(score):
    """Right but for what is added up: score(logits, labels)."""

    def answer(image, speech, head, image_logits, speech_logits, labels, alpha):
        first, second = (float(score(x.detach(), labels)) for x in (image_logits, speech_logits))
        found = slips.factor(first / second, alpha), slips.factor(second / first, alpha)
        return slips.with_factors(image, speech, head, found)

    return answer


def factored(factors):
    """Right but for how two sums become two factors: factors(first, second, alpha)."""

    def answer(image, speech, head, image_logits, speech_logits, labels, alpha):
        sums = (slips.score(x, labels) for x in (image_logits, speech_logits))
        return slips.with_factors(image, speech, head, factors(*sums, alpha))

    return answer


labels_as_columns = scored(lambda x, labels: x.softmax(-1)[:, labels].sum())
of_sigmoid = scored(lambda x, labels: x.sigmoid().gather(1, labels[:, None]).sum())
of_mean_logits = scored(lambda x, labels: x.mean(0).softmax(0)[labels].sum())


def _right_ones(logits, labels):
    probs = logits.softmax(-1).gather(1, labels[:, None])[:, 0]
    return (probs * (logits.argmax(-1) == labels)).sum() + 1e-9


of_right_ones = scored(_right_ones)


@factored
def one_ratio(first, second, alpha):
    """Both factors from the picture's ratio."""
    return (slips.factor(first / second, alpha),) * 2


@factored
def ratio_not_turned(first, second, alpha):
    """Speech is slowed where it leads, by the picture's ratio."""
    slowed = 1 - math.tanh(alpha * first / second)
    return slowed if first > second else 1.0, slowed if second > first else 1.0


@factored
def of_difference(first, second, alpha):
    gap = first - second
    return tuple(1 - math.tanh(alpha * x) if x > 0 else 1.0 for x in (gap, -gap))


@factored
def of_share(first, second, alpha):
    """s of the sum of both; above a half leads."""
    shares = first / (first + second), second / (first + second)
    return tuple(1 - math.tanh(alpha * x) if x > 0.5 else 1.0 for x in shares)


@factored
def tanh_of_alpha(first, second, alpha):
    return tuple(1 - math.tanh(alpha) * r if r > 1 else 1.0 for r in (first / second, second / first))


def divided(image, speech, head, image_logits, speech_logits, labels, alpha):
    found = slips.factors((image_logits, speech_logits), labels, alpha)
    for encoder, value in zip((image, speech), found, strict=True):
        slips.apply(encoder, 1 / value)
    return found


def nested_twice(image, speech, head, image_logits, speech_logits, labels, alpha):
    """The parameters of every module, those of nested ones with each module around them."""
    found = slips.factors((image_logits, speech_logits), labels, alpha)
    for encoder, value in zip((image, speech), found, strict=True):
        for part in encoder.modules():
            slips.apply(part, value)
    return found


def told_exchanged(*given):
    return slips.modulate(*given)[::-1]


def head_cleared(image, speech, head, *given):
    found = slips.modulate(image, speech, head, *given)
    head.zero_grad()
    return found
