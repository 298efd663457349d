"""A picture in another size: each new pixel is a weighted average of old ones."""

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_count, need_image


def resize(
    inpt: Float[Tensor, "*batch channel height width"],
    size: int | list[int] | tuple[int, ...],
    interpolation: str = "bilinear",
    max_size: int | None = None,
    antialias: bool = True,
) -> Float[Tensor, "*batch channel new_height new_width"]:
    """Bilinear resize, one matrix for the rows and one for the columns: new = rows @ image @ columnsᵀ.

    size            (height, width), or one number for the shorter side: the other keeps the proportions
    interpolation   "bilinear" is the only one taught here
    max_size        with one number: the longer side's limit
    antialias       average over all the pixels that a new one covers; False looks at the two nearest only,
                    and a shrunken picture then shows patterns that were never there
    Source          equals torchvision.transforms.v2.functional.resize on float pictures
    """
    need_image(inpt)
    if interpolation != "bilinear":
        raise ValueError(
            f'interpolation must be "bilinear", got {interpolation!r}: torchvision has the others.'
        )
    height, width = inpt.shape[-2:]
    new_height, new_width = _new_size(height, width, size, max_size)
    rows, columns = (
        resize_weights(old, new, antialias).to(dtype=inpt.dtype).to(inpt.device)
        for old, new in ((height, new_height), (width, new_width))
    )
    return rows @ inpt @ columns.T


def resize_weights(size: int, new_size: int, antialias: bool = True) -> Float[Tensor, "{new_size} {size}"]:
    """Row i holds the share of each of `size` old pixels in new pixel i; every row sums to 1.

    New pixel i has its centre at (i + 0.5) · size / new_size on the old axis. A triangle stands there, one
    old pixel wide on each side, or as wide as the new pixel where antialias is on and the picture shrinks.
    Source   Catmull and Rom 1974 (a triangle is their linear kernel); PyTorch's upsample_bilinear2d
    """
    scale = size / new_size
    precise = {"dtype": torch.float64, "device": "cpu"}  # MPS has no float64
    centre = (torch.arange(new_size, **precise) + 0.5) * scale
    reach = max(scale, 1.0) if antialias else 1.0
    distance = torch.arange(size, **precise) + 0.5 - centre[:, None]  # new_size size
    weight = (1 - distance.abs() / reach).clamp(min=0)
    return weight / weight.sum(dim=1, keepdim=True)  # near an edge fewer pixels share the whole


def _new_size(
    height: int, width: int, size: int | list[int] | tuple[int, ...], max_size: int | None
) -> tuple[int, int]:
    sides = [size] if isinstance(size, int) else list(size)
    for side in sides:
        need_count(side, "size")
    if len(sides) == 2:
        if max_size is not None:
            raise ValueError(
                f"max_size = {max_size} goes with one number for size, got the pair {tuple(sides)}."
            )
        return sides[0], sides[1]
    if len(sides) != 1:
        raise ValueError(f"size must be one number or (height, width), got {size!r}.")
    short, long = sides[0], int(sides[0] * max(height, width) / min(height, width))
    if max_size is not None:
        if max_size <= short:
            raise ValueError(f"max_size must be above size = {short}, got {max_size}.")
        if long > max_size:
            short, long = max(int(max_size * short / long), 1), max_size
    return (long, short) if height > width else (short, long)
