"""Convolution: a kernel slides over a picture, and at each place the products under it are summed.

Networks say "convolution" and mean cross-correlation: the kernel is not turned over. `conv_ways` has three
ways to compute it; this file has the one that models use, with its backward written by hand.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from ._arguments import need_floating, widen
from ._convolution import pad as _pad
from ._convolution import prepare
from ._windows import Pair, Two, across, as_pictures, blocks, columns, count_places, span
from .conv_backward import conv2d_backward


class Convolution(torch.autograd.Function):
    """One matrix product: the windows of a padded picture are columns, X, the kernels are rows, W; y = W X.

    Source  Chellapilla, Puri & Simard 2006, "High performance convolutional neural networks for document
            processing"; backward: conv_backward.conv2d_backward
    """

    @staticmethod
    def forward(
        ctx, padded: Tensor, weight: Tensor, bias: Tensor | None, stride: Two, dilation: Two, groups: int
    ) -> Tensor:
        """Convolve [batch, channel, height, width] with [out, channel / groups, height, width]."""
        ctx.save_for_backward(padded, weight)
        ctx.settings = stride, 0, dilation, groups
        kernel_size = tuple(weight.shape[-2:])
        places = count_places(padded.shape[-2:], kernel_size, stride, dilation)
        kernels = weight.reshape(groups, len(weight) // groups, -1)  # group out tap
        output = padded.new_empty(len(padded), len(weight), *places)
        for block in blocks(len(padded), kernels.shape[-1] * groups * math.prod(places)):
            seen = columns(padded[block], kernel_size, stride, dilation, groups)  # group tap place
            output[block] = as_pictures(kernels @ seen, places)
        return output if bias is None else output.add_(bias[:, None, None])

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Give the gradients of picture, weight and bias; the settings have none."""
        grads = conv2d_backward(grad, *ctx.saved_tensors, *ctx.settings, needed=ctx.needs_input_grad[:3])
        return *grads, None, None, None


def conv2d(
    input: Float[Tensor, "*batch channel height width"],
    weight: Float[Tensor, "out group_channel kernel_height kernel_width"],
    bias: Float[Tensor, " out"] | None = None,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> Float[Tensor, "*batch out new_height new_width"]:
    """Slide kernels over a picture: y[o, i, j] = b[o] + Σ x[c, s·i + d·u, s·j + d·v] · w[o, c, u, v].

    input         [batch, channel, height, width], or one picture without the batch axis
    weight        [out, channel / groups, height, width]: one kernel for each channel of the output
    bias          [out], added to each output channel, or None
    stride        s: pixels between two places of the kernel; a number, or (height, width)
    padding       pixels added on each side first; a number, (height, width), "valid" (none), or "same"
                  (with stride 1 the size stays; an even kernel has its odd pixel at the end)
    dilation      d: pixels between two taps of the kernel
    groups        channels are split into so many groups, each with kernels of its own; as many groups as
                  channels is called depthwise
    padding_mode  what is added: "zeros", "reflect", "replicate" or "circular", as torch.nn.Conv2d's
    Raises        TypeError for integers or mixed precisions, ValueError for shapes that do not fit
    Source        lesson 3; LeCun et al. 1998, "Gradient-based learning applied to document recognition"
    """
    need_floating(input, "input")
    if input.ndim == 3:
        args = (weight, bias, stride, padding, dilation, groups)
        return conv2d(input[None], *args, padding_mode=padding_mode)[0]
    padded, stride, dilation = prepare(input, weight, bias, stride, padding, dilation, groups, padding_mode)
    wide = (None if x is None else widen(x) for x in (padded, weight, bias))
    return Convolution.apply(*wide, stride, dilation, groups).to(input.dtype)


def conv1d(
    input: Float[Tensor, "*batch channel time"],
    weight: Float[Tensor, "out group_channel kernel"],
    bias: Float[Tensor, " out"] | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> Float[Tensor, "*batch out new_time"]:
    """Slide kernels over a sequence: y[o, i] = b[o] + Σ x[c, s·i + d·u] · w[o, c, u].

    The arguments are those of conv2d with one axis less: a sequence is a picture of height 1.
    Raises  TypeError for integers or mixed precisions, ValueError for shapes that do not fit
    Source  lesson 3; Waibel et al. 1989, "Phoneme recognition using time-delay neural networks"
    """
    for name, value in {"input": input, "weight": weight}.items():
        need_floating(value, name)
    if input.ndim not in (2, 3) or weight.ndim != 3:
        raise ValueError(
            "input must be [batch, channel, time] or [channel, time] and weight "
            f"[out, channel / groups, time]; got {list(input.shape)} and {list(weight.shape)}."
        )
    output = conv2d(
        input[..., None, :],
        weight[:, :, None],
        bias,
        across(stride, "stride", 1, 1),
        padding if isinstance(padding, str) else across(padding, "padding", 0, 0),
        across(dilation, "dilation", 1, 1),
        groups,
        padding_mode=padding_mode,
    )
    return output[..., 0, :]


def pad(
    input: Float[Tensor, "*shape"], pad: Sequence[int], mode: str = "constant", value: float = 0.0
) -> Float[Tensor, "*padded"]:
    """Add to the ends of the last axes: pad = (left, right), (left, right, top, bottom), and so on.

    input   any shape with enough axes
    pad     two numbers an axis, the last axis first; below 0 they cut ("constant" only)
    mode    "constant"; "reflect": mirrored, 3 2 | 1 2 3 | 2 1; "replicate": the edge again,
            1 1 | 1 2 3 | 3 3; "circular": round to the other end, 2 3 | 1 2 3 | 1 2
    value   what "constant" adds
    Raises  ValueError for a mode that is not known and for more than the picture has to give
    Source  torch.nn.functional.pad
    """
    need_floating(input, "input")
    modes = ("constant", "reflect", "replicate", "circular")
    if mode not in modes:
        raise ValueError(f"mode must be one of {', '.join(modes)}; got {mode!r}.")
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise ValueError(
            f"pad must have two numbers for each axis, at most {2 * input.ndim} for input "
            f"{list(input.shape)}; got {tuple(pad)}."
        )
    return _pad(input, tuple(pad), mode, value)


def output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Count a kernel's places along one axis: ⌊(size + 2·padding - reach) / stride⌋ + 1.

    The kernel reaches over dilation · (kernel_size - 1) + 1 pixels, the gaps between its taps included.

    Raises  ValueError for a kernel that does not fit
    Source  Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", relationship 6
    """
    room = size + 2 * padding - span(kernel_size, dilation)
    if room < 0:
        raise ValueError(
            f"the kernel reaches over {span(kernel_size, dilation)} pixels and the padded input has "
            f"{size + 2 * padding}: take a smaller kernel or dilation, or more padding."
        )
    return room // stride + 1
