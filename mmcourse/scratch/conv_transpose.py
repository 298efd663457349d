"""Transposed convolution: every pixel stamps the kernel onto a larger picture.

It is the backward of convolution used as a forward, and its own backward is a convolution.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from ._arguments import need_floating, widen
from ._convolution import need_bias, need_groups, need_precision, pad
from ._windows import Pair, Two, across, as_pictures, as_rows, columns, fold, pair, span


class Transposed(torch.autograd.Function):
    """y = fold(Wᵀ x): what conv2d_backward does to a gradient; so the gradient of x is W columns(g).

    Source  Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", chapter 4
    """

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, size: Two, stride: Two, dilation: Two, groups: int) -> Tensor:
        """Stamp [in, out / groups, height, width] onto pictures of the given size."""
        ctx.save_for_backward(x, weight)
        ctx.settings = tuple(weight.shape[-2:]), stride, dilation
        ctx.groups = groups
        kernels = weight.reshape(groups, len(weight) // groups, -1)  # group in tap
        return fold(kernels.mT @ as_rows(x, groups), size, *ctx.settings, tuple(x.shape[-2:])).contiguous()

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Give the gradients of x and weight; the settings have none."""
        x, weight = ctx.saved_tensors
        seen = columns(grad, *ctx.settings, ctx.groups)  # group tap place
        grad_x = grad_weight = None
        if ctx.needs_input_grad[0]:
            kernels = weight.reshape(ctx.groups, len(weight) // ctx.groups, -1)
            grad_x = as_pictures(kernels @ seen, tuple(x.shape[-2:])).contiguous()
        if ctx.needs_input_grad[1]:
            grad_weight = (as_rows(x, ctx.groups) @ seen.mT).reshape(weight.shape)
        return grad_x, grad_weight, None, None, None, None


def conv_transpose2d(
    input: Float[Tensor, "*batch channel height width"],
    weight: Float[Tensor, "channel group_out kernel_height kernel_width"],
    bias: Float[Tensor, " out"] | None = None,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> Float[Tensor, "*batch out new_height new_width"]:
    """Stamp kernels, weighted by the pixels: y[o, s·i + d·u, s·j + d·v] += x[c, i, j] · w[c, o, u, v].

    Then the bias is added and the padding cut off, which leaves a size of
    s · (size - 1) + d · (kernel - 1) + 1 - 2 · padding + output_padding.

    input           [batch, channel, height, width], or one picture without the batch axis
    weight          [channel, out / groups, height, width]: channels of the input first, other than conv2d's
    bias            [out], or None
    stride          s: pixels between two stamps
    padding         pixels cut off on each side: what conv2d with this padding would have added
    output_padding  pixels kept at the end all the same, as several sizes give one size under a stride;
                    less than stride or dilation
    groups          channels are split into so many groups, each with kernels of its own
    dilation        d: pixels between two taps of the kernel
    Raises          TypeError for integers or mixed precisions, ValueError for shapes that do not fit
    Source          lesson 3; Zeiler et al. 2010, "Deconvolutional networks"
    """
    need_floating(input, "input")
    if input.ndim == 3:
        return conv_transpose2d(input[None], weight, bias, stride, padding, output_padding, groups, dilation)[
            0
        ]
    _need_fitting(input, weight, bias, groups)
    stride, dilation = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    padding, extra = pair(padding, "padding", 0), pair(output_padding, "output_padding", 0)
    size = tuple(
        step * (pixels - 1) + span(kernel, gap)
        for step, pixels, kernel, gap in zip(stride, input.shape[2:], weight.shape[2:], dilation, strict=True)
    )
    _need_room(size, stride, dilation, padding, extra)
    output = Transposed.apply(widen(input), widen(weight), size, stride, dilation, groups)
    ends = [(-cut, more - cut) for cut, more in zip(padding, extra, strict=True)]
    output = pad(output, (*ends[1], *ends[0]), "constant")
    if bias is not None:
        output = output + widen(bias)[:, None, None]
    return output.to(input.dtype)


def conv_transpose1d(
    input: Float[Tensor, "*batch channel time"],
    weight: Float[Tensor, "channel group_out kernel"],
    bias: Float[Tensor, " out"] | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Float[Tensor, "*batch out new_time"]:
    """Stamp kernels along a sequence: y[o, s·i + d·u] += x[c, i] · w[c, o, u], and add the bias.

    The arguments are those of conv_transpose2d with one axis less: a sequence is a picture of height 1.
    Raises  TypeError for integers or mixed precisions, ValueError for shapes that do not fit
    Source  lesson 3; torch.nn.functional.conv_transpose1d
    """
    for name, value in {"input": input, "weight": weight}.items():
        need_floating(value, name)
    if input.ndim not in (2, 3) or weight.ndim != 3:
        raise ValueError(
            "input must be [batch, channel, time] or [channel, time] and weight "
            f"[channel, out / groups, time]; got {list(input.shape)} and {list(weight.shape)}."
        )
    output = conv_transpose2d(
        input[..., None, :],
        weight[:, :, None],
        bias,
        across(stride, "stride", 1, 1),
        across(padding, "padding", 0, 0),
        across(output_padding, "output_padding", 0, 0),
        groups,
        across(dilation, "dilation", 1, 1),
    )
    return output[..., 0, :]


def _need_room(size: Two, stride: Two, dilation: Two, padding: Two, extra: Two) -> None:
    """Raise ValueError for an output padding that is too large, and for padding that leaves nothing."""
    for axis, name in enumerate(("height", "width")):
        if extra[axis] >= max(stride[axis], dilation[axis]):
            raise ValueError(
                f"output_padding must be less than stride or dilation; along {name} it is {extra[axis]} and "
                f"they are {stride[axis]} and {dilation[axis]}."
            )
        if size[axis] + extra[axis] <= 2 * padding[axis]:
            raise ValueError(
                f"padding={padding[axis]} cuts away all {size[axis] + extra[axis]} pixels of {name}: "
                "take less padding."
            )


def _need_fitting(input: Tensor, weight: Tensor, bias: Tensor | None, groups: int) -> None:
    """Raise unless input [B, C, H, W], weight [C, O / groups, h, w] and bias [O] fit together."""
    need_precision(input, weight, bias)
    if input.ndim != 4 or weight.ndim != 4:
        raise ValueError(
            "input must be [batch, channel, height, width] or [channel, height, width] and weight "
            f"[channel, out / groups, height, width]; got {list(input.shape)} and {list(weight.shape)}."
        )
    channels, out = weight.shape[0], weight.shape[1] * groups
    if input.shape[1] != channels:
        raise ValueError(
            f"input has {input.shape[1]} channels and weight {list(weight.shape)} takes {channels}: "
            "a transposed convolution's weight has the channels of the input first."
        )
    need_groups(groups, channels, out)
    need_bias(bias, out)
