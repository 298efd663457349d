"""How far a sense can be trusted. Twin of mmcourse.scratch.reliability."""

from __future__ import annotations

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from mmcourse.modules._decisions import LateFusion, heard, log_shares, pooled


class TemperatureScaling(nn.Module):
    """Divide the log-probabilities of a sense by its temperature. Twin of scratch's temperature_scaling.

    senses  how many
    """

    def __init__(self, senses: int):
        super().__init__()
        self.log_temperature = nn.Parameter(torch.zeros(senses))

    def forward(
        self,
        log_probs: Float[Tensor, "batch sense class"],
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> Float[Tensor, "batch sense class"]:
        """Give log-probabilities of the same shape; what is missing becomes uniform."""
        return _cooled(heard(log_probs, present)[0], self.log_temperature)


class ReliabilityMixture(LateFusion):
    """Average with a say by how sure each sense is now. Twin of scratch.reliability.reliability_mixture.

    senses  how many
    """

    def __init__(self, senses: int):
        super().__init__()
        self.log_temperature = nn.Parameter(torch.zeros(senses))
        self.weight = nn.Parameter(torch.zeros(senses, 3))
        self.bias = nn.Parameter(torch.zeros(senses))

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Mix by the gate's shares."""
        log_probs = _cooled(log_probs, self.log_temperature)
        scores = torch.einsum("bsf, sf -> bs", _confidence(log_probs), self.weight) + self.bias
        return pooled(log_probs, log_shares(scores.unsqueeze(2), present), present)


def _cooled(log_probs: Tensor, log_temperature: Tensor) -> Tensor:
    return (log_probs / log_temperature.exp().unsqueeze(1)).log_softmax(2)


def _confidence(log_probs: Tensor) -> Tensor:
    """Highest probability, entropy as a share of the largest one, and the lead over the second."""
    shares = log_probs.exp()
    best = shares.topk(2, dim=2).values
    entropy = -torch.linalg.vecdot(shares, log_probs, dim=2) / math.log(shares.shape[2])
    return torch.stack([best[..., 0], entropy, best[..., 0] - best[..., 1]], 2)
