"""What all metrics share: sums over examples, and what they ask of scores and labels."""

from __future__ import annotations

import copy

import torch
from jaxtyping import Float, Int
from torch import Tensor


class Metric:
    """What all metrics share: sums over the examples seen so far, in float64 and on the CPU.

    A metric of your own gives the sums of a batch in `_count` and makes its value of them in `_value`.

    sums     how many numbers it keeps
    highest  the higher its value the better; False for a loss or an error
    """

    highest = True

    def __init__(self, sums: int):
        self._sums = torch.zeros(sums, dtype=torch.float64)

    @torch.no_grad()
    def update(self, logits: Float[Tensor, "batch class"], labels: Int[Tensor, " batch"]) -> None:
        """Add a batch.

        logits  or probabilities, where the metric needs only their order; on any device
        labels  the true classes, 0 to class - 1
        Raises  ValueError for no examples, shapes or labels that do not fit, and logits that are no numbers
        """
        need_scores(logits, labels)
        self._sums += self._count(logits, labels).cpu().double()

    def state(self) -> Float[Tensor, " sums"]:
        """A copy of the sums; add those of several processes, and `load` gives the value of all."""
        return self._sums.clone()

    def load(self, state: Float[Tensor, " sums"]) -> None:
        """Take sums in place of its own. Raises ValueError for those of another metric."""
        if state.shape != self._sums.shape:
            raise ValueError(
                f"{type(self).__name__} keeps {len(self._sums)} sums, got a state of shape "
                f"{list(state.shape)}: it comes from another metric, or from other options."
            )
        self._sums = state.detach().cpu().double().clone()

    def value(self) -> float | Tensor:
        """The metric over all examples since the last reset. Raises ValueError before the first of them."""
        if not self._sums.any():
            raise ValueError(f"{type(self).__name__} has seen no examples: call update first.")
        return self._value(self._sums)

    def reset(self) -> None:
        """Forget every example."""
        self._sums = torch.zeros_like(self._sums)

    def fresh(self) -> Metric:
        """Another metric of the same options that has seen no examples."""
        other = copy.copy(self)
        other.reset()
        return other

    def _count(self, logits: Tensor, labels: Tensor) -> Tensor:
        raise NotImplementedError

    def _value(self, sums: Tensor) -> float | Tensor:
        raise NotImplementedError


def of_all(metric: Metric, scores: Tensor, labels: Tensor) -> float | Tensor:
    """The value of a metric over examples that are given all at once."""
    metric.update(scores, labels)
    return metric.value()


def need_scores(scores: Tensor, labels: Tensor) -> None:
    """Raise ValueError unless there is a finite highest score and a label in range for each example."""
    if scores.ndim != 2 or labels.ndim != 1:
        raise ValueError(
            f"need scores [example, class] and labels [example], got {list(scores.shape)} "
            f"and {list(labels.shape)}."
        )
    if len(scores) != len(labels) or len(labels) == 0:
        raise ValueError(f"need one label an example, got {len(scores)} examples and {len(labels)} labels.")
    low, high, classes = int(labels.min()), int(labels.max()), scores.shape[1]
    if low < 0 or high >= classes:
        raise ValueError(
            f"labels must lie in 0..{classes - 1} for {classes} classes, got {low}..{high}: "
            "is a class missing from the model, or are labels counted from 1?"
        )
    strange = int((~scores.amax(dim=1).isfinite()).sum())
    if strange:
        raise ValueError(
            f"the scores of {strange} of {len(scores)} examples hold NaN or ∞ and name no class: "
            "look for the first layer that gives such numbers."
        )
