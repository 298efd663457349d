"""More slips in choosing pseudo-labels: several classes of a row, ties between classes, nobody at all."""

from __future__ import annotations

from mmcourse.checks import lazy
from mmcourse.checks.lesson_08 import labelling_slips as slips

torch = lazy("torch")


def every_class(log_probs, threshold, per_class):
    """Each class of a row that reaches the threshold, be it the row's best or not."""
    probs = log_probs.exp()
    places = [(row, label) for row, label in (probs >= threshold).nonzero().tolist()]
    places.sort(key=lambda place: -probs[place].item())
    counts, kept = {}, []
    for row, label in places:
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= per_class:
            kept.append((row, label))
    both = torch.tensor(kept, dtype=torch.long).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def ties_by_class(log_probs, threshold, per_class):
    """Joined class by class and then sorted: of equally sure rows the lower class comes first."""
    rows, named = slips.class_by_class(log_probs, threshold, per_class)
    order = slips.order_of(slips.best(log_probs)[rows])
    return rows[order], named[order]


def softmax_of_probs(log_probs, threshold, per_class):
    return slips.chosen(log_probs.exp().log_softmax(dim=1), threshold, per_class)


def none_of_nobody(log_probs, threshold, per_class):
    rows, named = slips.chosen(log_probs, threshold, per_class)
    return (rows, named) if len(rows) else None


def lists_of_nobody(log_probs, threshold, per_class):
    rows, named = slips.chosen(log_probs, threshold, per_class)
    return (rows, named) if len(rows) else ([], [])
