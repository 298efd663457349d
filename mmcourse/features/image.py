"""Pictures: other values, another frame around them."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_choice, need_count, need_image
from .padding import pad_axis


def normalize(
    inpt: Float[Tensor, "*batch channel height width"],
    mean: float | Sequence[float] | Tensor,
    std: float | Sequence[float] | Tensor,
) -> Float[Tensor, "*batch channel height width"]:
    """(inpt - mean) / std, with one mean and one std for each channel.

    mean, std   of the training set, one number or one a channel; std never 0
    Source      equals torchvision.transforms.v2.functional.normalize(inpt, mean, std, inplace=False)
    """
    need_image(inpt)
    mean, std = per_channel(mean, inpt, "mean"), per_channel(std, inpt, "std")
    if (std == 0).any():
        raise ValueError("std must not be 0: a channel that never changes carries nothing, give it std 1.")
    return (inpt - mean) / std


def crop(
    inpt: Float[Tensor, "*batch channel height width"], top: int, left: int, height: int, width: int
) -> Float[Tensor, "*batch channel {height} {width}"]:
    """The box of `height` × `width` pixels whose first pixel is (top, left); 0 where it leaves the picture.

    The result is a view of the picture where the box lies inside: clone() it before writing into it.
    Source   equals torchvision.transforms.v2.functional.crop
    """
    need_image(inpt)
    need_count(height, "height")
    need_count(width, "width")
    old_height, old_width = inpt.shape[-2:]
    above, below = max(-top, 0), max(top + height - old_height, 0)
    before, after = max(-left, 0), max(left + width - old_width, 0)
    if above or below or before or after:
        inpt = pad_axis(pad_axis(inpt, -2, above, below), -1, before, after)
    top, left = top + above, left + before
    return inpt[..., top : top + height, left : left + width]


def center_crop(
    inpt: Float[Tensor, "*batch channel height width"], output_size: int | Sequence[int]
) -> Float[Tensor, "*batch channel new_height new_width"]:
    """The middle of a picture; with 0 around it where output_size is the larger.

    output_size   (height, width) or one number for both
    Source        equals torchvision.transforms.v2.functional.center_crop
    """
    need_image(inpt)
    sides = [output_size] if isinstance(output_size, int) else list(output_size)
    if len(sides) not in (1, 2):
        raise ValueError(f"output_size must be one number or (height, width), got {output_size!r}.")
    height, width = sides[0], sides[-1]
    need_count(height, "output_size")
    need_count(width, "output_size")
    top, left = (_middle(old, new) for old, new in zip(inpt.shape[-2:], (height, width), strict=True))
    return crop(inpt, top, left, height, width)


def pad(
    inpt: Float[Tensor, "*batch channel height width"],
    padding: int | Sequence[int],
    fill: float | Sequence[float] | None = None,
    padding_mode: str = "constant",
) -> Float[Tensor, "*batch channel new_height new_width"]:
    """A frame around a picture.

    padding        pixels: one number, (left and right, top and bottom), or (left, top, right, bottom)
    fill           value of a constant frame, one number or one a channel, 0 where None
    padding_mode   "constant", "edge" (the last pixel goes on), "reflect" (mirrored, the last pixel once)
                   or "symmetric" (mirrored, the last pixel twice)
    Source         equals torchvision.transforms.v2.functional.pad
    """
    need_image(inpt)
    need_choice(padding_mode, "padding_mode", ("constant", "edge", "reflect", "symmetric"))
    left, top, right, bottom = _sides(padding)
    mode = "replicate" if padding_mode == "edge" else padding_mode
    framed = pad_axis(pad_axis(inpt, -2, top, bottom, mode), -1, left, right, mode)
    if fill is None or mode != "constant":
        return framed
    inside = inpt.new_ones(inpt.shape[-2:])
    inside = pad_axis(pad_axis(inside, -2, top, bottom), -1, left, right)  # 1 on the picture, 0 on the frame
    return torch.where(inside == 1, framed, per_channel(fill, inpt, "fill"))


def per_channel(
    value: float | Sequence[float] | Tensor, image: Float[Tensor, "*batch channel height width"], name: str
) -> Float[Tensor, "..."]:
    """One number, or one a channel, shaped so that it meets [..., channel, height, width]."""
    value = torch.as_tensor(value, dtype=image.dtype, device=image.device)
    channels = image.shape[-3]
    if value.ndim > 1 or value.numel() not in (1, channels):
        raise ValueError(
            f"{name} must be one number or one for each of {channels} channels, got {list(value.shape)}."
        )
    return value.reshape(-1, 1, 1)


def _middle(old: int, new: int) -> int:
    """Where a span of `new` starts that lies in the middle of `old`; halves go where torchvision's go."""
    return round((old - new) / 2) if new <= old else -((new - old) // 2)


def _sides(padding: int | Sequence[int]) -> tuple[int, int, int, int]:
    """left, top, right, bottom"""
    sides = [padding] if isinstance(padding, int) else list(padding)
    if len(sides) not in (1, 2, 4):
        raise ValueError(f"padding must be 1, 2 (left/right, top/bottom) or 4 numbers, got {padding!r}.")
    for side in sides:
        need_count(side, "padding", least=0, advice="crop() makes a picture smaller.")
    left, top, right, bottom = sides * (4 // len(sides))
    return left, top, right, bottom
