"""What every way to convolve begins with: check the arguments, read the padding, pad the picture."""

import torch
from torch import Tensor

from ._arguments import need_floating
from ._windows import Pair, Two, pair, span

MODES = ("zeros", "reflect", "replicate", "circular")


def prepare(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Pair,
    padding: Pair | str,
    dilation: Pair,
    groups: int,
    padding_mode: str,
) -> tuple[Tensor, Two, Two]:
    """Check the arguments of a convolution; give the padded picture, and stride and dilation as pairs."""
    need_fitting(input, weight, bias, groups)
    stride, dilation = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    if padding_mode not in MODES:
        raise ValueError(f"padding_mode must be one of {', '.join(MODES)}; got {padding_mode!r}.")
    margins = read_padding(padding, tuple(weight.shape[-2:]), stride, dilation)
    padded = pad(input, margins, "constant" if padding_mode == "zeros" else padding_mode)
    for axis, name in ((-2, "height"), (-1, "width")):
        reach, size = span(weight.shape[axis], dilation[axis]), padded.shape[axis]
        if reach > size:
            raise ValueError(
                f"the kernel reaches over {reach} pixels of {name} and the padded input has {size}: "
                "take a smaller kernel or dilation, or more padding."
            )
    return padded, stride, dilation


def need_fitting(input: Tensor, weight: Tensor, bias: Tensor | None, groups: int) -> None:
    """Raise unless input [B, C, H, W], weight [O, C / groups, h, w] and bias [O] fit together."""
    need_precision(input, weight, bias)
    if input.ndim != 4 or weight.ndim != 4:
        raise ValueError(
            "input must be [batch, channel, height, width] or [channel, height, width] and weight "
            f"[out, channel / groups, height, width]; got {list(input.shape)} and {list(weight.shape)}."
        )
    channels, out = input.shape[1], weight.shape[0]
    need_groups(groups, channels, out)
    if weight.shape[1] * groups != channels:
        raise ValueError(
            f"input has {channels} channels; weight {list(weight.shape)} with groups={groups} takes "
            f"{weight.shape[1] * groups}."
        )
    need_bias(bias, out)


def need_precision(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    """Raise TypeError unless all are floating-point numbers of one precision."""
    for name, value in {"input": input, "weight": weight, "bias": bias}.items():
        if value is None and name == "bias":
            continue
        need_floating(value, name)
        if value.dtype != input.dtype:
            raise TypeError(
                f"input is {input.dtype} and {name} is {value.dtype}: bring them to one precision with .to()."
            )


def need_bias(bias: Tensor | None, out: int) -> None:
    """Raise ValueError unless there is a number for each channel of the output, or none at all."""
    if bias is not None and tuple(bias.shape) != (out,):
        raise ValueError(f"bias must be [{out}], one number a kernel; got {list(bias.shape)}.")


def need_groups(groups: int, channels: int, out: int) -> None:
    """Raise unless the channels of input and output can be split into so many groups."""
    if isinstance(groups, bool) or not isinstance(groups, int):
        raise TypeError(f"groups must be a whole number, got {groups!r}.")
    if groups < 1 or channels % groups or out % groups:
        raise ValueError(
            f"groups must divide the {channels} channels of the input and the {out} of the output, "
            f"got {groups}."
        )


def read_padding(
    padding: Pair | str, kernel_size: Two, stride: Two, dilation: Two
) -> tuple[int, int, int, int]:
    """Give the pixels to add: (left, right, top, bottom), the last axis first, as `pad` takes them."""
    if padding == "valid":
        return 0, 0, 0, 0
    if padding == "same":
        if stride != (1, 1):
            raise ValueError(f"padding='same' keeps the size, which needs stride 1; got stride {stride}.")
        whole = [span(k, d) - 1 for k, d in zip(kernel_size, dilation, strict=True)]
        top, left = whole[0] // 2, whole[1] // 2  # an even kernel's odd pixel goes to the end
        return left, whole[1] - left, top, whole[0] - top
    if isinstance(padding, str):
        raise ValueError(f"padding must be 'same', 'valid', a number or two of them; got {padding!r}.")
    height, width = pair(padding, "padding", 0)
    return width, width, height, height


def pad(input: Tensor, margins: tuple[int, ...], mode: str, value: float = 0.0) -> Tensor:
    """Pad the last axes: (before, after) of the last one, then of the one before it, as F.pad does."""
    for number, axis in enumerate(range(-1, -1 - len(margins) // 2, -1)):
        before, after = margins[2 * number : 2 * number + 2]
        if not before == after == 0:
            input = _pad_axis(input, axis, before, after, mode, value)
    return input


def _pad_axis(input: Tensor, axis: int, before: int, after: int, mode: str, value: float) -> Tensor:
    """Pad one axis: by a constant, or by looking up which of its own pixels stands there."""
    size = input.shape[axis]
    if mode == "constant":
        cut = max(-before, 0), max(-after, 0)
        if sum(cut) > size:
            raise ValueError(f"cannot cut {cut[0]} and {cut[1]} pixels off an axis of {size}.")
        blocks = [_constant_block(input, axis, length, value) for length in (before, after)]
        return torch.cat([blocks[0], input.narrow(axis, cut[0], size - sum(cut)), blocks[1]], axis)
    most = {"reflect": size - 1, "circular": size, "replicate": max(before, after)}[mode]
    if min(before, after) < 0 or max(before, after) > most:
        raise ValueError(
            f"padding in mode {mode!r} must lie in 0..{most} for {size} pixels along an axis, "
            f"got {before} before and {after} after."
        )
    place = torch.arange(-before, size + after, device=input.device)
    if mode == "replicate":
        place = place.clamp(0, size - 1)
    elif mode == "circular":
        place = place % size
    else:  # "reflect": beyond the edge the picture runs backwards, the edge itself is not repeated
        place = (size - 1) - (place.abs() - (size - 1)).abs()
    return input.index_select(axis, place)


def _constant_block(input: Tensor, axis: int, length: int, value: float) -> Tensor:
    shape = list(input.shape)
    shape[axis] = max(length, 0)
    return input.new_full(shape, value)
