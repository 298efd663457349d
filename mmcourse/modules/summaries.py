"""One vector out of a padded sequence, as modules. Twins of mmcourse.scratch.summaries."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class LastValid(nn.Module):
    """Take each clip's own last frame. Twin of scratch.summaries.last_valid."""

    def forward(
        self, x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch feature"]:
        """Give [batch, feature] for frames padded at the end, and the valid frames of each clip, 1..time."""
        _check(x, lengths)
        last = (lengths.long() - 1)[:, None, None].expand(-1, 1, x.shape[-1])
        return torch.take_along_dim(x, last, dim=1).squeeze(1)


class MaskedMean(nn.Module):
    """Average each clip over its own frames. Twin of scratch.summaries.masked_mean."""

    def forward(
        self, x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch feature"]:
        """Give [batch, feature] for frames padded at the end, and the valid frames of each clip, 1..time."""
        valid = _check(x, lengths)
        # Padding at 0 adds nothing to the mean over all frames, which is then too small by lengths / time.
        mean = torch.where(valid, x, 0).mean(dim=1, dtype=torch.promote_types(x.dtype, torch.float32))
        return (mean * x.shape[1] / lengths[:, None]).to(x.dtype)


class MaskedMax(nn.Module):
    """Take each feature's largest value over a clip's own frames. Twin of scratch.summaries.masked_max."""

    def forward(
        self, x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch feature"]:
        """Give [batch, feature] for frames padded at the end, and the valid frames of each clip, 1..time."""
        valid = _check(x, lengths)
        return torch.where(valid, x, -torch.inf).amax(dim=1)


def _check(x: Tensor, lengths: Tensor) -> Tensor:
    """Refuse lengths out of range with a sentence; give [batch, time, 1], True where there is speech."""
    if x.ndim != 3 or lengths.shape != x.shape[:1]:
        raise ValueError(
            f"x must be [batch, time, feature] and lengths [batch], "
            f"got {list(x.shape)} and {list(lengths.shape)}."
        )
    time = x.shape[1]
    if len(x) and (lengths.min() < 1 or lengths.max() > time):
        raise ValueError(f"lengths must lie in 1..{time}, got {lengths.tolist()}: leave empty clips out.")
    return (torch.arange(time, device=x.device) < lengths[:, None])[..., None]
