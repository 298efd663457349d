"""One vector out of a sequence, by learned weights. Twin of mmcourse.scratch.attention_pool."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class AttentionPool(nn.Module):
    """Average frames by weights from a linear layer. Twin of scratch.attention_pool.attention_pool.

    features  width of the frames
    """

    def __init__(self, features: int):
        super().__init__()
        self.score = nn.Linear(features, 1, bias=False)  # a bias would cancel in the softmax

    def forward(
        self, x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"] | None = None
    ) -> tuple[Float[Tensor, "batch feature"], Float[Tensor, "batch time"]]:
        """Give the mean [batch, feature], and the weights [batch, time], which are 0 at padding.

        x        frames, padded at the end
        lengths  valid frames of each clip, from 0 to time; all where None. A clip of 0 frames gives zeros
        Raises   ValueError for lengths outside 0..time
        """
        time = x.shape[1]
        if lengths is None:
            lengths = torch.full((len(x),), time, device=x.device)
        if len(x) and (lengths.min() < 0 or lengths.max() > time):
            raise ValueError(f"lengths must lie in 0..{time}, got {lengths.tolist()}.")
        valid = torch.arange(time, device=x.device) < lengths.unsqueeze(-1)
        x = torch.where(valid.unsqueeze(-1), x, 0)  # 0 · NaN is NaN: the weight 0 is not enough
        weights = torch.where(valid, self.score(x).squeeze(-1), -torch.inf).softmax(dim=-1)
        weights = torch.where(valid, weights, 0)  # also where a clip has no frames: softmax gives NaN there
        return (weights.unsqueeze(1) @ x).squeeze(1), weights
