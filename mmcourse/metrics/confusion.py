"""Which classes are taken for which, and what follows from it: F1."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.metrics.base import Metric, of_all

AVERAGES = ("macro", "micro", "weighted", None)


class Confusion(Metric):
    """How often each true class was called each class: whole numbers [true class, predicted class].

    classes  how many there are, seen or not
    Raises   ValueError for fewer than one, and in update for logits of another number of classes
    """

    def __init__(self, classes: int):
        if classes < 1:
            raise ValueError(f"classes must be at least 1, got {classes}.")
        super().__init__(classes**2)
        self.classes = classes

    def _count(self, logits: Tensor, labels: Tensor) -> Tensor:
        if logits.shape[1] != self.classes:
            raise ValueError(
                f"{type(self).__name__}({self.classes}) needs logits [batch, {self.classes}], "
                f"got {list(logits.shape)}."
            )
        return confusion_counts(labels, logits.argmax(dim=1), self.classes).flatten()

    def _value(self, sums: Tensor) -> Int[Tensor, "true predicted"]:
        return sums.long().reshape(self.classes, self.classes)


class F1(Confusion):
    """Harmonic mean of precision and recall: 2 · right / (called + true), a class at a time, then averaged.

    classes  how many there are; one that is neither true nor called has the value 0
    average  "macro": every class counts alike; "weighted": by how often it is true; "micro": over all
             decisions, the accuracy where each example has one class; None: no average, a tensor [class]
    Raises   ValueError for another average
    Source   van Rijsbergen 1979, "Information retrieval", ch. 7; equal to scikit-learn's f1_score with
             labels=range(classes) and zero_division=0
    """

    def __init__(self, classes: int, average: str | None = "macro"):
        super().__init__(classes)
        if average not in AVERAGES:
            raise ValueError(f"average must be one of {', '.join(map(repr, AVERAGES))}, got {average!r}.")
        self.average = average

    def _value(self, sums: Tensor) -> float | Float[Tensor, " class"]:
        counts = sums.reshape(self.classes, self.classes)
        right, true, called = counts.diagonal(), counts.sum(dim=1), counts.sum(dim=0)
        if self.average == "micro":
            return (right.sum() / counts.sum()).item()
        scores = 2 * right / (true + called).clamp(min=1)  # nothing true, nothing called: 0 / 1
        if self.average is None:
            return scores
        weights = true if self.average == "weighted" else torch.ones_like(true)
        return ((scores * weights).sum() / weights.sum()).item()


def f1_score(
    scores: Float[Tensor, "example class"], labels: Int[Tensor, " example"], average: str | None = "macro"
) -> float | Float[Tensor, " class"]:
    """F1 of the classes with the highest scores. As `F1`, with the classes that the scores have."""
    return of_all(F1(scores.shape[-1], average), scores, labels)


def confusion_matrix(
    scores: Float[Tensor, "example class"], labels: Int[Tensor, " example"]
) -> Int[Tensor, "true predicted"]:
    """How often each true class got its highest score in each class. As `Confusion`."""
    return of_all(Confusion(scores.shape[-1]), scores, labels)


def confusion_counts(
    labels: Int[Tensor, " example"], predictions: Int[Tensor, " example"], classes: int
) -> Int[Tensor, "true predicted"]:
    """Count how often each true class was called each class; the diagonal is what was right."""
    return torch.bincount(labels * classes + predictions, minlength=classes**2).reshape(classes, classes)
