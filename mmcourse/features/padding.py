"""Longer than it was: what stands beyond the edge of a sound or a picture."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from .arguments import need_choice

MODES = ("constant", "reflect", "replicate", "symmetric")


def pad_axis(
    x: Float[Tensor, "..."], dim: int, before: int, after: int, mode: str = "constant", fill: float = 0.0
) -> Float[Tensor, "..."]:
    """Lengthen one axis of `x` on both sides; a new tensor, `x` stays as it is.

    before, after   values added at the start and at the end, ≥ 0
    mode            of 1 2 3 padded by two:  constant   0 0 1 2 3 0 0   (`fill` in place of 0)
                                             reflect    3 2 1 2 3 2 1   (the edge is not repeated)
                                             replicate  1 1 1 2 3 3 3
                                             symmetric  2 1 1 2 3 3 2   (the edge is repeated)
    Raises          ValueError where a mirror would have to show more than there is
    Source          torch.nn.functional.pad, numpy.pad; "symmetric" and "edge" as torchvision's pad
    """
    need_choice(mode, "padding mode", MODES)
    if before < 0 or after < 0:
        raise ValueError(f"padding must be 0 or more, got {before} before and {after} after: crop instead.")
    if mode != "constant":
        return x.index_select(dim, mirrored_positions(x.shape[dim], before, after, mode).to(x.device))
    edges = []
    for size in (before, after):
        shape = list(x.shape)
        shape[dim] = size
        edges.append(x.new_full(shape, fill))
    return torch.cat([edges[0], x, edges[1]], dim)


def mirrored_positions(length: int, before: int, after: int, mode: str) -> Int[Tensor, " padded"]:
    """Which value of an axis of `length` stands at each place of the padded axis.

    >>> mirrored_positions(3, 2, 2, "reflect")
    tensor([2, 1, 0, 1, 2, 1, 0])
    """
    reach = {"reflect": length - 1, "symmetric": length, "replicate": max(before, after)}[mode]
    if max(before, after) > reach:
        raise ValueError(
            f"{mode} padding of {max(before, after)} needs more than the {length} values there are: "
            f"it reaches {reach} at most. Pad with zeros (constant), or by less."
        )
    position = torch.arange(-before, length + after)
    if mode == "replicate":
        return position.clamp(0, length - 1)
    first, last = (0, 2 * (length - 1)) if mode == "reflect" else (-1, 2 * length - 1)
    position = torch.where(position < 0, first - position, position)
    return torch.where(position >= length, last - position, position)
