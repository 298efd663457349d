"""Something small to learn: two interleaved half-moons of points, and a network that tells them apart."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


def two_moons(count: int, seed: int, noise: float = 0.3) -> dict[str, Tensor]:
    """Draw points of two classes in turn, each on a half circle, moved by noise.

    noise    standard deviation, the circles' radius being 1; with 0.3 no rule names more than about 91 %
    Returns  {"point": [count, 2], "label": [count]}
    """
    generator = torch.Generator().manual_seed(seed)
    label = torch.arange(count) % 2
    angle = math.pi * torch.rand(count, generator=generator)
    upper = torch.stack([angle.cos(), angle.sin()], dim=1)
    lower = torch.stack([1 - angle.cos(), 0.5 - angle.sin()], dim=1)
    point = torch.where(label[:, None] == 0, upper, lower)
    return {"point": point + noise * torch.randn(count, 2, generator=generator), "label": label}


class PointNetwork(nn.Module):
    """Three linear layers on a batch's "point", with dropout before the last two.

    hidden   width of the two inner layers
    dropout  share of hidden numbers that are set to 0 while training
    seed     of the weights
    """

    def __init__(self, hidden: int, dropout: float = 0.0, seed: int = 0):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.layers = nn.Sequential(
                nn.Linear(2, hidden),
                nn.ReLU(),
                nn.Dropout(dropout),
                nn.Linear(hidden, hidden),
                nn.ReLU(),
                nn.Dropout(dropout),
                nn.Linear(hidden, 2),
            )

    def forward(self, batch: dict) -> Tensor:  # batch class
        """Give logits for {"point": [batch, 2]}."""
        return self.layers(batch["point"])
