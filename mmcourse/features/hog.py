"""Which way the edges run in each small square of a picture: histograms of oriented gradients."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_count, need_image
from .padding import pad_axis


def hog(
    image: Float[Tensor, "*batch channel height width"],
    *,
    orientations: int = 8,
    cell: int = 4,
    block: int = 2,
    clip: float = 0.2,
) -> Float[Tensor, "*batch feature"]:
    """Histograms of edge directions in cells of pixels, made independent of contrast in blocks of cells.

    A pixel's edge votes with its strength for the two nearest of the directions 0, 180° / orientations, ...;
    a light-dark edge and a dark-light one are the same. Of several channels the one with the stronger edge
    counts. Each block's numbers are divided by their length, cut at `clip` and divided again.

    orientations  directions over half a turn
    cell          pixels along a side of a cell; pixels at the right and lower edge that fill none are left
                  out
    block         cells along a side of a block; blocks overlap, one for each place
    clip          largest share of a block's length that one number may have
    Returns       (cells down - block + 1) · (cells across - block + 1) · block² · orientations numbers, in
                  the order of these
    Raises        TypeError for integers, ValueError for a picture with fewer cells than a block has
    Source        Dalal & Triggs 2005, "Histograms of oriented gradients for human detection"; votes in a
                  cell are not shared with its neighbours
    """
    need_image(image)
    for value, name in ((orientations, "orientations"), (cell, "cell"), (block, "block")):
        need_count(value, name)
    down, across = image.shape[-2] // cell, image.shape[-1] // cell
    if min(down, across) < block:
        raise ValueError(
            f"a block of {block} x {block} cells of {cell} pixels needs a picture of at least "
            f"{block * cell} x {block * cell}, got {list(image.shape[-2:])}: take smaller cells or blocks."
        )
    votes = _votes(image, orientations)[..., : down * cell, : across * cell]
    cells = votes.unflatten(-1, (across, cell)).sum(-1).unflatten(-2, (down, cell)).sum(-2)
    blocks = cells.unfold(-2, block, 1).unfold(-2, block, 1)  # ... orientation row column block block
    blocks = blocks.movedim(-5, -1).flatten(-3)  # ... row column (block block orientation)
    return _unit(_unit(blocks).clamp(max=clip)).flatten(-3)


def _votes(
    image: Float[Tensor, "*batch channel height width"], orientations: int
) -> Float[Tensor, "*batch {orientations} height width"]:
    """Every pixel's strength of edge, shared out between the two nearest directions."""
    padded_x, padded_y = (pad_axis(image, axis, 1, 1, "replicate") for axis in (-1, -2))
    right = padded_x[..., 2:] - padded_x[..., :-2]
    lower = padded_y[..., 2:, :] - padded_y[..., :-2, :]
    strongest = (right**2 + lower**2).argmax(-3, keepdim=True)
    right, lower = (slope.gather(-3, strongest) for slope in (right, lower))
    flat = (right == 0) & (lower == 0)  # where neither strength nor direction has a slope
    right = torch.where(flat, 1.0, right)
    strength = torch.hypot(right, lower).masked_fill(flat, 0.0)
    place = torch.atan2(lower, right) * (orientations / math.pi) % orientations  # 0 .. orientations
    first = place.floor()
    share = place - first  # of the next direction; half a turn on, the first one comes again
    bins = torch.arange(orientations, device=image.device)[:, None, None]
    here = (first % orientations == bins) * (1 - share) + ((first + 1) % orientations == bins) * share
    return here * strength


def _unit(blocks: Float[Tensor, "*batch number"]) -> Float[Tensor, "*batch number"]:
    """Divide by the length; a block without edges stays 0."""
    return blocks / (blocks.square().sum(-1, keepdim=True) + 1e-10).sqrt()
