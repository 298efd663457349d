"""Late fusion by a rule: decisions are joined. Twin of mmcourse.scratch.decisions."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import one_hot

from mmcourse.modules._decisions import LOWEST, LateFusion, log_shares, pooled


class AverageDecisions(LateFusion):
    """Average the probabilities of the senses. Twin of scratch.decisions.average_decisions."""

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Give the logarithm of the mean."""
        return pooled(log_probs, torch.zeros_like(log_probs), present)


class WeightedDecisions(LateFusion):
    """Average with a say for each sense. Twin of scratch.decisions.weighted_decisions.

    senses   how many
    classes  give each sense a say for each class; one for all classes where None
    """

    def __init__(self, senses: int, classes: int | None = None):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(senses if classes is None else (senses, classes)))

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Mix by softmax(weight) over the senses that are there."""
        weight = self.weight if self.weight.ndim == 2 else self.weight.unsqueeze(1)
        return pooled(log_probs, log_shares(weight.expand(log_probs.shape), present), present)


class ProductOfExperts(LateFusion):
    """Multiply probabilities as Bayes' rule does. Twin of scratch.decisions.product_of_experts.

    prior  log-probabilities of the classes in training; equally likely where None
    """

    def __init__(self, prior: Float[Tensor, " class"] | None = None):
        super().__init__()
        self.register_buffer("prior", None if prior is None else prior.clone())

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Add what each sense says beyond the prior to the prior."""
        if self.prior is None:
            return log_probs.sum(1).log_softmax(1)
        news = torch.where(present.unsqueeze(2), log_probs - self.prior, 0)
        return (news.sum(1) + self.prior).log_softmax(1)


class MaxDecisions(LateFusion):
    """Take each class's highest probability. Twin of scratch.decisions.max_decisions."""

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Let the highest of each class compete."""
        return (
            torch.where(present.unsqueeze(2), log_probs, torch.finfo(log_probs.dtype).min)
            .amax(1)
            .log_softmax(1)
        )


class MajorityVote(LateFusion):
    """Count who puts a class first. Twin of scratch.decisions.majority_vote."""

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Count votes; the mean probability decides between equal counts."""
        votes = one_hot(log_probs.argmax(2), log_probs.shape[2]) * present.unsqueeze(2)
        return _shared(votes.sum(1), log_probs, present, 1.0)


class BordaCount(LateFusion):
    """Count whom each sense ranks lower. Twin of scratch.decisions.borda_count."""

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Find each class's place among the sorted ones, the middle of the places of equal ones."""
        values = log_probs.detach().contiguous()
        ranked = values.sort(2).values
        places = [torch.searchsorted(ranked, values, right=right) for right in (False, True)]
        points = (places[0] + places[1] - 1) / 2 * present.unsqueeze(2)
        return _shared(points.sum(1), log_probs, present, 0.5)


def _shared(points: Tensor, log_probs: Tensor, present: Tensor, tie: float) -> Tensor:
    """Logarithm of the share of all points, with the mean probability on top, times tie."""
    weight = present.to(log_probs.dtype)
    weight = weight / weight.sum(1, keepdim=True).clamp(min=1)
    mean = torch.einsum("bs, bsk -> bk", weight, log_probs.exp())
    mean = torch.where(present.any(1, keepdim=True), mean, 1 / log_probs.shape[2])
    total = points + tie * mean
    share = total / total.detach().sum(1, keepdim=True)  # that sum is a constant: the points given out
    return torch.where(share > 0, torch.where(share > 0, share, 1).log(), LOWEST)
