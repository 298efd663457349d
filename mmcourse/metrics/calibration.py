"""Whether a model that is 90 % sure is right nine times in ten."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.metrics.base import Metric, of_all


class CalibrationError(Metric):
    """Expected calibration error: how far confidence is from accuracy, as a share 0..1.

    Examples are sorted into bins of equal width by the probability of the class that is called. The error is
    the distance between a bin's mean probability and its accuracy, averaged over examples.

    bins    how many, at least 1; an upper edge belongs to its bin
    Raises  ValueError for fewer than one
    Source  Guo et al. 2017, "On calibration of modern neural networks", eq. 3
    """

    highest = False

    def __init__(self, bins: int = 15):
        if bins < 1:
            raise ValueError(f"bins must be at least 1, got {bins}.")
        super().__init__(3 * bins)
        self.bins = bins

    def _count(self, logits: Tensor, labels: Tensor) -> Tensor:
        confidence, called = logits.cpu().double().softmax(dim=1).max(dim=1)
        bin_of = (confidence * self.bins).ceil().long().clamp(1, self.bins) - 1
        of_example = torch.stack([torch.ones_like(confidence), confidence, (called == labels.cpu()).double()])
        return torch.zeros(3, self.bins, dtype=torch.float64).index_add_(1, bin_of, of_example).flatten()

    def _value(self, sums: Tensor) -> float:
        count, confidence, right = sums.reshape(3, self.bins)
        return ((confidence - right).abs().sum() / count.sum()).item()


def calibration_error(
    logits: Float[Tensor, "example class"], labels: Int[Tensor, " example"], bins: int = 15
) -> float:
    """Expected calibration error of logits (not probabilities), 0..1. As `CalibrationError`."""
    return of_all(CalibrationError(bins), logits, labels)
