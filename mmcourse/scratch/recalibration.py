"""Senses that tell one another, inside their networks, which channels matter."""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ._arguments import need_floating
from ._senses import need_present, silenced
from .activations import relu, sigmoid
from .attention import padding_mask
from .layers import linear
from .parameters import part, parts


def mmtm(
    parameters: Mapping[str, Tensor],
    maps: Sequence[Float[Tensor, "batch _ ..."]],
    lengths: Sequence[Int[Tensor, " batch"] | None] | None = None,
    present: Bool[Tensor, "batch sense"] | None = None,
) -> list[Float[Tensor, "batch _ ..."]]:
    """Squeeze each sense's map to a number a channel, join them, and weigh every channel: 2 σ(E_i) ∘ map_i.

    S_i is the mean of a map over its places, Z = relu(W [S_1; S_2; …] + b), E_i = W_i Z + b_i. A missing
    sense has S_i = 0, so the others are weighed by what is there, and its own map comes back as zeros.

    parameters  squeeze.weight [joined, all channels], squeeze.bias; excitations.i.weight [channel_i, joined],
                excitations.i.bias: those of modules.recalibration.MMTM
    maps        [batch, channel_i, …] of each sense, with any axes of places: height and width, or time
    lengths     valid steps of each map's last axis, from 0; all where None. Padding comes back as zeros
    present     True where an example has a sense; all have all where None
    Returns     the maps, each in its shape
    Raises      TypeError for integers, ValueError for shapes and lengths that do not fit
    Source      Joze et al. 2020, "MMTM: multimodal transfer module for CNN fusion", equations 2 to 5
    """
    _need_maps(maps, lengths, present)
    lengths = [None] * len(maps) if lengths is None else lengths
    clean, squeezed = [], []
    for sense, (x, count) in enumerate(zip(silenced(maps, present), lengths, strict=True)):
        places = x[0, 0].numel() if len(x) else 1
        if count is not None:
            if present is not None:
                count = count.masked_fill(~present[:, sense], 0)
            valid = padding_mask(count, x.shape[-1])
            x = x.masked_fill(~valid.view(len(x), *[1] * (x.ndim - 2), -1), 0)
            places = (count.clamp(min=1) * (places // x.shape[-1]))[:, None]
        clean.append(x)
        squeezed.append(x.flatten(start_dim=2).sum(dim=2) / places)
    joined = relu(linear(torch.cat(squeezed, dim=1), **part(parameters, "squeeze")))
    layers = parts(parameters, "excitations")
    weighed = []
    for x, layer in zip(clean, layers, strict=True):
        weights = 2 * sigmoid(linear(joined, **layer))
        weighed.append(x * weights.view(*weights.shape, *[1] * (x.ndim - 2)))
    return weighed


def _need_maps(maps: Sequence[Tensor], lengths: Sequence | None, present: Tensor | None) -> None:
    if isinstance(maps, Tensor) or len(maps) < 2:
        raise ValueError("maps must be a list of the maps of two senses or more.")
    for sense, x in enumerate(maps):
        need_floating(x, f"map {sense}")
    shapes = [list(x.shape) for x in maps]
    if any(x.ndim < 3 or len(x) != len(maps[0]) for x in maps):
        raise ValueError(
            f"each map must be [batch, channel, ...], with one batch for all senses, got {shapes}."
        )
    if lengths is not None and len(lengths) != len(maps):
        raise ValueError(f"wanted lengths for each of {len(maps)} senses, or None; got {len(lengths)}.")
    need_present(present, len(maps[0]), len(maps))
