"""Metrics that are a mean over examples: accuracy, top-k accuracy, a loss."""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.metrics.base import Metric, of_all


class TopK(Metric):
    """Share of examples whose true class is among the k highest scores, 0..1.

    Of equal scores the one of the lower class number counts as higher, as it does for argmax.

    k       how many guesses an example has, at least 1
    Raises  ValueError for k below 1, and in update for more guesses than classes
    """

    def __init__(self, k: int):
        super().__init__(2)
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}.")
        self.k = k

    def _count(self, logits: Tensor, labels: Tensor) -> Tensor:
        classes = logits.shape[1]
        if self.k > classes:
            raise ValueError(f"k must be at most the number of classes, {classes}, got {self.k}.")
        own = logits.gather(1, labels[:, None])
        tie = (logits == own) & (torch.arange(classes, device=logits.device) < labels[:, None])
        place = ((logits > own) | tie).sum(dim=1)  # how many classes come before the true one
        return torch.stack([(place < self.k).sum(), torch.full_like(place[0], len(place))])

    def _value(self, sums: Tensor) -> float:
        return (sums[0] / sums[1]).item()


class Accuracy(TopK):
    """Share of examples whose highest score is the true class, 0..1."""

    def __init__(self):
        super().__init__(1)


class MeanLoss(Metric):
    """Mean over examples of a loss that is itself a mean over a batch, such as cross-entropy in nats.

    loss  (logits [batch, class], labels [batch]) -> mean over the batch
    """

    highest = False

    def __init__(self, loss: Callable[[Tensor, Tensor], Tensor]):
        super().__init__(2)
        self.loss = loss

    def _count(self, logits: Tensor, labels: Tensor) -> Tensor:
        count = len(labels)
        return torch.tensor([self.loss(logits, labels).item() * count, count], dtype=torch.float64)

    def _value(self, sums: Tensor) -> float:
        return (sums[0] / sums[1]).item()


def accuracy(scores: Float[Tensor, "example class"], labels: Int[Tensor, " example"]) -> float:
    """Share of examples whose highest score (logit or probability) is the true class, 0..1."""
    return of_all(Accuracy(), scores, labels)


def top_k_accuracy(scores: Float[Tensor, "example class"], labels: Int[Tensor, " example"], k: int) -> float:
    """Share of examples whose true class is among the k highest scores, 0..1. As `TopK`."""
    return of_all(TopK(k), scores, labels)
