"""The gradients of convolution and pooling, by hand."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._convolution import need_fitting
from ._pooling import Layout, spread_evenly
from ._windows import Pair, pair, surround, taps, windows


def conv2d_backward(
    grad_output: Float[Tensor, "batch out new_height new_width"],
    input: Float[Tensor, "batch channel height width"],
    weight: Float[Tensor, "out group_channel kernel_height kernel_width"],
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> tuple[
    Float[Tensor, "batch channel height width"],
    Float[Tensor, "out group_channel kernel_height kernel_width"],
    Float[Tensor, " out"],
]:
    """Give ∂L/∂input, ∂L/∂weight and ∂L/∂bias of conv2d for g = ∂L/∂output.

    y[o, i, j] = b[o] + Σ x[c, s·i + d·u, s·j + d·v] · w[o, c, u, v] is a sum of products, so each factor's
    gradient is the other factor times g, summed over every place where the two met:

        ∂L/∂w[o, c, u, v] = Σ g[o, i, j] · x[c, s·i + d·u, s·j + d·v]    over pictures and places i, j
        ∂L/∂x[c, s·i + d·u, s·j + d·v] += g[o, i, j] · w[o, c, u, v]     for every o, i, j, u, v
        ∂L/∂b[o] = Σ g[o, i, j]                                          over pictures and places i, j

    grad_output  [batch, out, height, width] of the output
    others       as conv2d got them
    Raises       ValueError for shapes that do not fit
    Source       lesson 3, "Backward by hand"
    """
    need_fitting(input, weight, None, groups)
    stride, dilation = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    rows, columns = pair(padding, "padding", 0)
    padded = surround(input, rows, rows, columns, columns)
    batch, channels = input.shape[:2]
    kernel_size, out = tuple(weight.shape[-2:]), tuple(grad_output.shape[-2:])
    g = grad_output.reshape(batch, groups, len(weight) // groups, -1)  # batch group out window
    seen = windows(padded, kernel_size, stride, dilation).reshape(
        batch, groups, channels // groups, g.shape[-1], -1
    )
    grad_weight = torch.einsum("bgow,bgcwt->goct", g, seen).reshape(weight.shape)
    spread = torch.einsum(
        "bgow,goct->bgctw", g, weight.reshape(groups, len(weight) // groups, channels // groups, -1)
    )
    spread = spread.reshape(batch, channels, *kernel_size, *out)
    grad_padded = torch.zeros_like(padded)
    for row, column, pixels in taps(grad_padded, kernel_size, stride, dilation, out):
        pixels += spread[:, :, row, column]
    height, width = input.shape[-2:]
    grad_input = grad_padded[..., rows : rows + height, columns : columns + width]
    return grad_input, grad_weight, grad_output.sum((0, 2, 3))


def max_pool2d_backward(
    grad_output: Float[Tensor, "*batch new_height new_width"],
    input: Float[Tensor, "*batch height width"],
    indices: Int[Tensor, "*batch new_height new_width"],
) -> Float[Tensor, "*batch height width"]:
    """Give ∂L/∂input of max_pool2d: each number's gradient goes to the pixel it came from, others get 0.

    Moving a pixel that is not the largest of its window by a little changes nothing. A pixel that is the
    largest of several windows gets the sum of their gradients.

    indices  where each largest number was, row · width + column: max_pool2d(…, return_indices=True)
    Source   lesson 3, "Backward by hand"
    """
    grad_input = grad_output.new_zeros(input.shape).flatten(-2)
    return grad_input.scatter_add(-1, indices.flatten(-2), grad_output.flatten(-2)).reshape(input.shape)


def avg_pool2d_backward(
    grad_output: Float[Tensor, "*batch new_height new_width"],
    input: Float[Tensor, "*batch height width"],
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Float[Tensor, "*batch height width"]:
    """Give ∂L/∂input of avg_pool2d: each pixel of a window gets 1 / n of the mean's gradient.

    Arguments  as avg_pool2d got them
    Source     lesson 3, "Backward by hand"
    """
    layout = Layout(input, kernel_size, stride, padding, ceil_mode=ceil_mode)
    return spread_evenly(grad_output / (divisor_override or layout.divisor(input, count_include_pad)), layout)
