"""Small numbers that people put before or under the logarithms of a teacher's loss."""

from __future__ import annotations

from mmcourse.checks import Mistake, lazy
from mmcourse.checks.lesson_08 import distilling_slips as slips

torch = lazy("torch")

USUAL = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
SIZES = (1e-6, 1.1920929e-07, *USUAL, 1e-15, 1e-16, 1e-20, 1e-30, 1.1754944e-38)  # two of them: float32's own
LARGE = (1e-3, 1e-4, 1e-5, 1e-6)  # those change likely classes, too
_SMALL = "A small number before the log, added or as a floor (clamp), changes what it gives. "
_LOGS = "log_softmax never leaves the logarithms, and needs no floor."
_CAP = "A floor caps what a class that the student rules out can cost. "
_LABELS = "cross_entropy takes the logits themselves."


def floored_at(size):
    """A floor under both shares, before their logarithms."""

    def soft(mine, theirs):
        p, q = theirs.exp(), mine.exp()
        return (p * (p.clamp(min=size).log() - q.clamp(min=size).log())).sum(dim=1)

    return soft


def added(size):
    """A small number added to both shares."""

    def soft(mine, theirs):
        p, q = theirs.exp(), mine.exp()
        return (p * ((p + size).log() - (q + size).log())).sum(dim=1)

    return soft


def logs_floored_at(size):
    """A floor under the logarithms."""

    def soft(mine, theirs):
        return (theirs.exp() * (theirs.clamp(min=size) - mine.clamp(min=size))).sum(dim=1)

    return soft


def labels_floored_at(size):
    def hard(student, labels):
        own = student.softmax(1)[torch.arange(len(labels), device=labels.device), labels]
        return -own.clamp(min=size).log().mean()

    return hard


def without_zeros(mine, theirs):
    """Classes whose share is 0 left out."""
    both = (theirs.exp() > 0) & (mine.exp() > 0)
    return (theirs.exp() * (theirs - mine)).masked_fill(~both, 0).sum(dim=1)


def nan_to_num(mine, theirs):
    """Numbers put where NaN and ∞ came out."""
    p, q = theirs.exp(), mine.exp()
    return torch.nan_to_num(p * (p / q).log()).sum(dim=1)


MISTAKES = (
    *(
        Mistake(f"floor of {size:g}", slips.loss_of(floored_at(size)), _SMALL + _CAP + _LOGS)
        for size in SIZES
    ),
    *(Mistake(f"{size:g} added", slips.loss_of(added(size)), _SMALL + _CAP + _LOGS) for size in LARGE),
    *(
        Mistake(
            f"logarithms from {size}",
            slips.loss_of(logs_floored_at(size)),
            "You clamp the logarithms. " + _CAP + _LOGS,
        )
        for size in (-20, -30, -50, -100)
    ),
    *(
        Mistake(
            f"labels from {size:g}",
            slips.loss_of(other=labels_floored_at(size)),
            "You put a small number under the label's share. " + _CAP + _LABELS,
        )
        for size in USUAL
    ),
    *(
        Mistake(
            f"both from {size:g}",
            slips.loss_of(floored_at(size), other=labels_floored_at(size)),
            "You put a small number under the shares, in both parts. " + _CAP + _LOGS + " " + _LABELS,
        )
        for size in USUAL
    ),
    Mistake(
        "without zeros",
        slips.loss_of(without_zeros),
        "You leave out classes whose share is 0 in 32 bits; a class that the student rules out costs most. "
        + _LOGS,
    ),
    Mistake(
        "NaN replaced",
        slips.loss_of(nan_to_num),
        "nan_to_num hides what has gone wrong: the number that it puts there means nothing. " + _LOGS,
    ),
)
