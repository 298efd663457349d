"""Two senses in one space, with a temperature that is learned. Twin of mmcourse.scratch.contrastive."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

LARGEST_SCALE = 100.0


def similarities(
    input: Float[Tensor, "query feature"], other: Float[Tensor, "key feature"], log_scale: Float[Tensor, ""]
) -> Float[Tensor, "query key"]:
    """Compare each row with each of the other sense. Twin of scratch.contrastive.similarities.

    log_scale  logarithm of 1 / temperature; above log 100 it counts as that
    """
    return log_scale.clamp(max=math.log(LARGEST_SCALE)).exp() * (normalize(input) @ normalize(other).mT)


class InfoNCE(nn.Module):
    """Ask each row which of the other sense is its own, in both directions. Twin of info_nce in scratch.

    temperature  to begin with; its inverse is learned as a logarithm, so that it stays above 0
    Raises       ValueError for a temperature that is not above 0
    """

    def __init__(self, temperature: float = 0.07):
        super().__init__()
        if not temperature > 0:
            raise ValueError(f"temperature must be above 0, got {temperature}.")
        self.log_scale = nn.Parameter(torch.tensor(-math.log(temperature)))

    def forward(
        self,
        input: Float[Tensor, "batch feature"],
        other: Float[Tensor, "batch feature"],
        target: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """Give the mean loss of a batch of pairs, in nats; with a target, all rows of a class are right."""
        return pair_loss(input, other, self.log_scale, target)


def pair_loss(
    input: Float[Tensor, "batch feature"],
    other: Float[Tensor, "batch feature"],
    log_scale: Float[Tensor, ""],
    target: Int[Tensor, " batch"] | None = None,
) -> Float[Tensor, ""]:
    """Give the loss of InfoNCE for a scale that comes from elsewhere."""
    scores = similarities(input, other, log_scale)
    if target is None:
        right = torch.arange(len(scores), device=scores.device)
        return (cross_entropy(scores, right) + cross_entropy(scores.mT, right)) / 2
    shares = (target == target.unsqueeze(1)).to(scores.dtype)
    shares = shares / shares.sum(dim=1, keepdim=True)  # the same both ways: who is of whose class is mutual
    return (cross_entropy(scores, shares) + cross_entropy(scores.mT, shares)) / 2
