"""Senses that tell one another which channels matter. Twin of mmcourse.scratch.recalibration."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from mmcourse.modules._senses import need_count, need_present, silenced


class MMTM(nn.Module):
    """Squeeze all senses' maps, and weigh every channel, after Joze et al. 2020.

    Twin of scratch.recalibration.mmtm.

    channels  of each sense's map
    ratio     the joined numbers are 2 · all channels / ratio
    """

    def __init__(self, channels: Sequence[int], *, ratio: int = 4):
        super().__init__()
        need_count(len(channels), None, "MMTM")
        joined = max(2 * sum(channels) // ratio, 1)
        self.channels = tuple(channels)
        self.squeeze = nn.Linear(sum(channels), joined)
        self.excitations = nn.ModuleList([nn.Linear(joined, count) for count in channels])

    def forward(
        self,
        maps: Sequence[Float[Tensor, "batch _ ..."]],
        lengths: Sequence[Int[Tensor, " batch"] | None] | None = None,
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> list[Float[Tensor, "batch _ ..."]]:
        """Give the maps in their shapes, weighed; zeros where a sense is missing, and at padding.

        maps     [batch, channels[i], …] of each sense: height and width, or time
        lengths  valid steps of each map's last axis; all where None
        present  True where an example has a sense; all have all where None
        Raises   ValueError for maps, lengths or masks that do not fit
        """
        shapes = [tuple(x.shape) for x in maps]
        if [shape[1] for shape in shapes] != list(self.channels) or len({shape[0] for shape in shapes}) != 1:
            raise ValueError(f"wanted maps of one batch with {list(self.channels)} channels, got {shapes}.")
        need_present(present, len(maps[0]), len(maps))
        lengths = [None] * len(maps) if lengths is None else lengths
        if len(lengths) != len(maps):
            raise ValueError(f"wanted lengths for each of {len(maps)} senses, or None; got {len(lengths)}.")
        maps = list(maps) if present is None else silenced(maps, present)
        maps = [_cut(x, count) for x, count in zip(maps, lengths, strict=True)]
        means = [_squeezed(x, count) for x, count in zip(maps, lengths, strict=True)]
        joined = self.squeeze(torch.cat(means, dim=-1)).relu()
        weights = [2 * excite(joined).sigmoid() for excite in self.excitations]
        return [
            torch.einsum("bc..., bc -> bc...", x, weight) for x, weight in zip(maps, weights, strict=True)
        ]


def _cut(x: Tensor, count: Tensor | None) -> Tensor:
    """Set what is beyond each example's length to 0."""
    if count is None:
        return x
    valid = torch.arange(x.shape[-1], device=x.device) < count.unsqueeze(-1)
    return torch.where(valid.reshape(len(x), *[1] * (x.ndim - 2), -1), x, 0)


def _squeezed(x: Tensor, count: Tensor | None) -> Tensor:
    """Average a map over its places, and over its own steps only."""
    while x.ndim > 3:
        x = x.mean(dim=2)
    return x.mean(dim=2) if count is None else x.sum(dim=2) / count.clamp(min=1).unsqueeze(-1)
