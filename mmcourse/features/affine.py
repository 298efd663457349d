"""Turn, move, scale and slant a picture: for each new pixel, where in the old one it comes from."""

import math
from collections.abc import Sequence
from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor

from .arguments import need_choice, need_image
from .image import per_channel


def affine(
    inpt: Float[Tensor, "*batch channel height width"],
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: str = "nearest",
    fill: float | Sequence[float] | None = None,
    center: Sequence[float] | None = None,
) -> Float[Tensor, "*batch channel height width"]:
    """The picture turned by `angle` and so on about `center`, in a frame of the same size.

    angle           degrees, clockwise
    translate       (right, down) in pixels
    scale           above 0; 2 makes things twice as large
    shear           degrees along x, or (along x, along y)
    interpolation   "nearest", or "bilinear": the average of the four old pixels around the point
    fill            value beyond the old picture, one number or one a channel; 0 where None
    center          (x, y) in pixels from the upper left corner, the middle where None
    Source          equals torchvision.transforms.v2.functional.affine. Theirs, and so ours, fades the last
                    half pixel twice when `fill` is given with "bilinear".
    """
    need_image(inpt)
    need_choice(interpolation, "interpolation", ("nearest", "bilinear"))
    height, width = inpt.shape[-2:]
    middle = (0.0, 0.0) if center is None else (center[0] - width / 2, center[1] - height / 2)
    matrix = inverse_affine_matrix(middle, angle, translate, scale, shear)
    x, y = _source_points(matrix.to(dtype=inpt.dtype).to(inpt.device), height, width)
    sample = _nearest if interpolation == "nearest" else _bilinear
    moved = sample(inpt, x, y)
    if fill is None:
        return moved
    covered = sample(inpt.new_ones(1, height, width), x, y)  # 1 inside the old picture, 0 beyond
    return moved * covered + per_channel(fill, inpt, "fill") * (1 - covered)


def inverse_affine_matrix(
    center: Sequence[float],
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
) -> Float[Tensor, "2 3"]:
    """From a new pixel back to the old one: old = A⁻¹ (new - center - translate) + center, in float64.

    A = scale · rotation(angle) · shear_y · shear_x, where shear_x takes x to x - tan(shear[0]) y and shear_y
    takes y to y - tan(shear[1]) x. All points are counted from the picture's middle, x right, y down.
    """
    if len(translate) != 2:
        raise ValueError(f"translate must be (right, down) in pixels, got {translate!r}.")
    if scale <= 0:
        raise ValueError(f"scale must be above 0, got {scale}: use hflip or vflip to mirror a picture.")
    shears = (shear, 0.0) if isinstance(shear, int | float) else tuple(shear)
    if len(shears) != 2:
        raise ValueError(f"shear must be degrees along x, or (along x, along y), got {shear!r}.")
    turn, slant_x, slant_y = (math.radians(degrees) for degrees in (angle, *shears))
    as_matrix = partial(torch.tensor, dtype=torch.float64, device="cpu")  # MPS has no float64
    rotation = as_matrix([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    shear_x = as_matrix([[1.0, -math.tan(slant_x)], [0.0, 1.0]])
    shear_y = as_matrix([[1.0, 0.0], [-math.tan(slant_y), 1.0]])
    back = torch.linalg.inv(scale * rotation @ shear_y @ shear_x)
    pivot, shift = as_matrix(list(center)), as_matrix(list(translate))
    return torch.cat([back, (pivot - back @ (pivot + shift))[:, None]], dim=1)


def _source_points(
    matrix: Float[Tensor, "2 3"], height: int, width: int
) -> tuple[Float[Tensor, "height width"], Float[Tensor, "height width"]]:
    """Column and row of the old picture, in fractions of a pixel, for every pixel of the new one."""
    like = {"dtype": matrix.dtype, "device": matrix.device}
    y = torch.arange(height, **like)[:, None] - (height - 1) / 2  # from the middle
    x = torch.arange(width, **like) - (width - 1) / 2
    old_x, old_y = (a * x + b * y + c for a, b, c in matrix)
    return old_x + (width - 1) / 2, old_y + (height - 1) / 2


def _nearest(
    image: Float[Tensor, "*batch channel height width"],
    x: Float[Tensor, "height width"],
    y: Float[Tensor, "height width"],
) -> Float[Tensor, "*batch channel height width"]:
    return _take(image, x.round().long(), y.round().long())


def _bilinear(
    image: Float[Tensor, "*batch channel height width"],
    x: Float[Tensor, "height width"],
    y: Float[Tensor, "height width"],
) -> Float[Tensor, "*batch channel height width"]:
    left, above = x.floor(), y.floor()
    right_share, below_share = x - left, y - above
    left, above = left.long(), above.long()
    upper = _take(image, left, above) * (1 - right_share) + _take(image, left + 1, above) * right_share
    lower = (
        _take(image, left, above + 1) * (1 - right_share) + _take(image, left + 1, above + 1) * right_share
    )
    return upper * (1 - below_share) + lower * below_share


def _take(
    image: Float[Tensor, "*batch channel height width"],
    column: Int[Tensor, "height width"],
    row: Int[Tensor, "height width"],
) -> Float[Tensor, "*batch channel height width"]:
    """The pixels at these places, 0 where a place lies outside."""
    height, width = image.shape[-2:]
    outside = (column < 0) | (column >= width) | (row < 0) | (row >= height)
    return image[..., row.clamp(0, height - 1), column.clamp(0, width - 1)].masked_fill(outside, 0)
