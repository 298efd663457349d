"""More slips in a round of co-training: class 0, the student's order, pairs, nobody at all."""

from __future__ import annotations

from mmcourse.checks import lazy
from mmcourse.checks.lesson_08 import teaching_slips as slips

torch = lazy("torch")


def zero_is_missing(of_a, of_b, a, b):
    """`if of_b.get(row) and …`: class 0 counts as not there."""
    waiting = {row for row in of_a if of_b.get(row) and of_b[row] != of_a[row]}
    return slips.without(of_b, waiting), slips.without(of_a, waiting)


def zero_is_missing_of_a(of_a, of_b, a, b):
    waiting = {row for row in of_b if of_a.get(row) and of_a[row] != of_b[row]}
    return slips.without(of_b, waiting), slips.without(of_a, waiting)


def only_news(of_a, of_b, a, b):
    """Pairs that the other list does not hold: agreed rows fall out, disputed ones stay."""
    for_a = {row: label for row, label in of_b.items() if of_a.get(row) != label}
    return for_a, {row: label for row, label in of_a.items() if of_b.get(row) != label}


def students_order(of_a, of_b, a, b):
    """The student's surest row first."""
    waiting = slips.disputed(of_a, of_b)
    sorted_by = []
    for labels, log_probs in ((of_b, a), (of_a, b)):
        kept = slips.without(labels, waiting)
        rows = sorted(kept, key=lambda row, said=log_probs: -said[row].max().item())
        sorted_by.append({row: kept[row] for row in rows})
    return sorted_by


def floats_of_nothing(log_probs_a, log_probs_b, threshold, per_class):
    """torch.tensor([]) is float."""
    round_ = slips.round_(log_probs_a, log_probs_b, threshold, per_class)
    return tuple(tuple(torch.tensor(part.tolist()) for part in pair) for pair in round_)
