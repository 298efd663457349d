"""Where a frame stands in its sequence, as modules. Twins of mmcourse.scratch.positions."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn


class SinusoidalPositions(nn.Module):
    """Add waves of many lengths to frames. Twin of scratch.positions.sinusoidal, after Vaswani et al. 2017.

    features  width of the frames
    base      the slowest wave is nearly 2π · base positions long
    """

    def __init__(self, features: int, base: float = 10_000.0):
        super().__init__()
        self.features = features
        self.base = base

    def forward(self, x: Float[Tensor, "*batch time feature"]) -> Float[Tensor, "*batch time feature"]:
        """Add row t of the table to frame t."""
        column = torch.arange(self.features, dtype=torch.float64, device="cpu")  # MPS has no float64
        rate = torch.exp((column - column % 2) * (-math.log(self.base) / self.features))
        angle = torch.arange(x.shape[-2], dtype=torch.float64, device="cpu").outer(rate)
        # A cosine is a sine that is a quarter of a turn ahead.
        return x + (angle + (column % 2) * (math.pi / 2)).sin().to(x.dtype).to(x.device)


class LearnedPositions(nn.Module):
    """Add a learned row to each frame. Twin of scratch.positions.add_learned.

    features  width of the frames
    max_time  longest sequence
    """

    def __init__(self, features: int, max_time: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(max_time, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: Float[Tensor, "*batch time feature"]) -> Float[Tensor, "*batch time feature"]:
        """Add row t of the table to frame t; ValueError where there are more frames than rows."""
        if x.shape[-2] > len(self.weight):
            raise ValueError(f"there are {len(self.weight)} learned positions, got {x.shape[-2]} frames.")
        return x + self.weight[: x.shape[-2]]


class RotaryPositions(nn.Module):
    """Turn pairs of features by their position, as complex numbers. Twin of scratch.positions.rotary.

    For queries and keys, after Su et al. 2021.
    """

    def __init__(self, base: float = 10_000.0):
        super().__init__()
        self.base = base

    def forward(
        self, x: Float[Tensor, "*batch time feature"], positions: Tensor | None = None
    ) -> Float[Tensor, "*batch time feature"]:
        """Turn frame t by t steps, or by positions[t]."""
        if positions is None:
            positions = torch.arange(x.shape[-2])
        rate = self.base ** -torch.arange(0, 1, 2 / x.shape[-1], dtype=torch.float64, device="cpu")
        angle = positions.to("cpu", torch.float64).unsqueeze(-1) * rate  # MPS has no float64
        wide = x if x.dtype in (torch.float32, torch.float64) else x.float()
        pairs = torch.view_as_complex(wide.unflatten(-1, (-1, 2)).contiguous())
        turn = torch.polar(torch.ones_like(angle), angle).to(pairs.dtype).to(pairs.device)
        return torch.view_as_real(pairs * turn).flatten(start_dim=-2).to(x.dtype)
