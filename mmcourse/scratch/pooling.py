"""Pooling: one number stands for a window, its largest or its mean."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from ._arguments import need_floating, widen
from ._convolution import pad
from ._pooling import Layout, bins, by_tap, spread_evenly
from ._windows import Pair, across, taps

Picture = Float[Tensor, "*batch channel height width"]
Pooled = Float[Tensor, "*batch channel new_height new_width"]
Indices = Int[Tensor, "*batch channel new_height new_width"]
Line = Float[Tensor, "*batch channel time"]
PooledLine = Float[Tensor, "*batch channel new_time"]
LineIndices = Int[Tensor, "*batch channel new_time"]
Length = int | Sequence[int]
LOWEST = float("-inf")


def max_pool2d(
    input: Picture,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Pooled | tuple[Pooled, Indices]:
    """Keep the largest number of each window: y[i, j] = max over u, v of x[s·i + d·u, s·j + d·v].

    input           [batch, channel, height, width], or without the batch axis
    kernel_size     a number, or (height, width)
    stride          s; the kernel's size where None, so that windows lie side by side
    padding         pixels of -∞ on each side, at most half a window: padding is never the largest
    dilation        d: pixels between two taps
    ceil_mode       True: a last window may hang over the edge, if it begins inside
    return_indices  True: also say where in its channel each largest number was, row · width + column
    Raises          TypeError for integers, ValueError for windows that do not fit
    Source          lesson 3, "Pooling"; torch.nn.functional.max_pool2d
    """
    layout = Layout(input, kernel_size, stride, padding, dilation, ceil_mode)
    with torch.no_grad():  # which pixel is the largest has no gradient; fetching that pixel has
        largest, tap = by_tap(input, layout, LOWEST).max(0)
        pixel = torch.arange(layout.size[0] * layout.size[1], device=input.device).reshape(layout.size)
        pixels = by_tap(pixel, layout, 0.0).flatten(1)  # tap place
        indices = pixels.gather(0, tap.reshape(-1, pixels.shape[1])).reshape(tap.shape)
    output = _fetch(input, indices)
    if layout.dilation != (1, 1):  # a window may step over the whole picture and hold nothing
        output = torch.where(largest == LOWEST, largest, output)
    return (output, indices) if return_indices else output


def _fetch(input: Picture, indices: Indices) -> Pooled:
    """Look up pixels by row · width + column; their gradients go back to where they came from."""
    return input.flatten(-2).gather(-1, indices.flatten(-2)).reshape(indices.shape)


class Mean(torch.autograd.Function):
    """Sum every window and divide; the backward hands each pixel its share of the mean's gradient."""

    @staticmethod
    def forward(ctx, input: Tensor, layout: Layout, divisor: Tensor | int) -> Tensor:
        ctx.layout, ctx.divisor = layout, divisor
        padded = pad(input, layout.margins, "constant")
        parts = taps(padded, layout.kernel_size, layout.stride, (1, 1), layout.out)
        return sum(pixels for _, _, pixels in parts) / divisor

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor, None, None]:
        return spread_evenly(grad / ctx.divisor, ctx.layout), None, None


def avg_pool2d(
    input: Picture,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Pooled:
    """Keep the mean of each window: y[i, j] = Σ x[s·i + u, s·j + v] / n.

    input              [batch, channel, height, width], or without the batch axis
    kernel_size        a number, or (height, width)
    stride             s; the kernel's size where None, so that windows lie side by side
    padding            pixels of 0 on each side, at most half a window
    ceil_mode          True: a last window may hang over the edge, if it begins inside
    count_include_pad  n counts the padding too, which draws the edge of the output towards 0
    divisor_override   n itself
    Raises             TypeError for integers, ValueError for windows that do not fit or n = 0
    Source             lesson 3, "Pooling"; torch.nn.functional.avg_pool2d
    """
    layout = Layout(input, kernel_size, stride, padding, ceil_mode=ceil_mode)
    if divisor_override == 0:
        raise ValueError("divisor_override must not be 0: leave it out to divide by the size of the window.")
    divisor = divisor_override or layout.divisor(input, count_include_pad)
    return Mean.apply(widen(input), layout, divisor).to(input.dtype)


def adaptive_max_pool2d(
    input: Picture, output_size: Pair | tuple[int | None, ...] | None, return_indices: bool = False
) -> Pooled | tuple[Pooled, Indices]:
    """Cut the picture into output_size bins and keep the largest number of each.

    Bin i of n goes from ⌊i · size / n⌋ to ⌈(i + 1) · size / n⌉: bins may share a row, and none is empty.

    output_size     a number, or (height, width); None keeps the input's
    return_indices  True: also say where each largest number was, row · width + column
    Raises          TypeError for integers, ValueError for no bins
    Source          lesson 3, "Pooling"; torch.nn.functional.adaptive_max_pool2d
    """
    with torch.no_grad():
        pixels, own = bins(input, output_size)  # [row, column, pixel of the bin]
        seen = input.flatten(-2)[..., pixels].masked_fill(~own, LOWEST)
        best = seen.argmax(-1, keepdim=True)
        indices = pixels.expand(seen.shape).gather(-1, best)[..., 0]
    output = _fetch(input, indices)
    return (output, indices) if return_indices else output


def adaptive_avg_pool2d(input: Picture, output_size: Pair | tuple[int | None, ...] | None) -> Pooled:
    """Cut the picture into output_size bins, as adaptive_max_pool2d does, and keep the mean of each.

    output_size  a number, or (height, width); None keeps the input's. 1: the mean of all pixels
    Raises       TypeError for integers, ValueError for no bins
    Source       lesson 3, "Pooling"; Lin, Chen & Yan 2014, "Network in network" (the mean of all pixels)
    """
    pixels, own = bins(input, output_size)
    seen = widen(input).flatten(-2)[..., pixels].masked_fill(~own, 0)
    return (seen.sum(-1) / own.sum(-1)).to(input.dtype)


def max_pool1d(
    input: Line,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    dilation: Length = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> PooledLine | tuple[PooledLine, LineIndices]:
    """Keep the largest number of each window: y[i] = max over u of x[s·i + d·u]; see pooling.max_pool2d.

    input   [batch, channel, time], or without the batch axis
    Raises  TypeError for integers, ValueError for windows that do not fit
    Source  lesson 3, "Pooling"; torch.nn.functional.max_pool1d
    """
    found = max_pool2d(
        _as_picture(input),
        across(kernel_size, "kernel_size", 1, 1),
        None if stride is None else across(stride, "stride", 1, 1),
        across(padding, "padding", 0, 0),
        across(dilation, "dilation", 1, 1),
        ceil_mode,
        return_indices,
    )
    return tuple(one[..., 0, :] for one in found) if return_indices else found[..., 0, :]


def avg_pool1d(
    input: Line,
    kernel_size: Length,
    stride: Length | None = None,
    padding: Length = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> PooledLine:
    """Keep the mean of each window: y[i] = Σ x[s·i + u] / n; see pooling.avg_pool2d.

    input   [batch, channel, time], or without the batch axis
    Raises  TypeError for integers, ValueError for windows that do not fit
    Source  lesson 3, "Pooling"; torch.nn.functional.avg_pool1d
    """
    return avg_pool2d(
        _as_picture(input),
        across(kernel_size, "kernel_size", 1, 1),
        None if stride is None else across(stride, "stride", 1, 1),
        across(padding, "padding", 0, 0),
        ceil_mode,
        count_include_pad,
    )[..., 0, :]


def adaptive_max_pool1d(
    input: Line, output_size: Length, return_indices: bool = False
) -> PooledLine | tuple[PooledLine, LineIndices]:
    """Cut the sequence into output_size bins and keep the largest number of each.

    input   [batch, channel, time], or without the batch axis
    Raises  TypeError for integers, ValueError for no bins
    Source  lesson 3, "Pooling"; torch.nn.functional.adaptive_max_pool1d
    """
    found = adaptive_max_pool2d(_as_picture(input), across(output_size, "output_size", 1, 1), return_indices)
    return tuple(one[..., 0, :] for one in found) if return_indices else found[..., 0, :]


def adaptive_avg_pool1d(input: Line, output_size: Length) -> PooledLine:
    """Cut the sequence into output_size bins and keep the mean of each.

    input   [batch, channel, time], or without the batch axis
    Raises  TypeError for integers, ValueError for no bins
    Source  lesson 3, "Pooling"; torch.nn.functional.adaptive_avg_pool1d
    """
    return adaptive_avg_pool2d(_as_picture(input), across(output_size, "output_size", 1, 1))[..., 0, :]


def _as_picture(input: Line) -> Float[Tensor, "*batch channel 1 time"]:
    need_floating(input, "input")
    if input.ndim not in (2, 3):
        raise ValueError(f"input must be [batch, channel, time] or [channel, time], got {list(input.shape)}.")
    return input[..., None, :]
