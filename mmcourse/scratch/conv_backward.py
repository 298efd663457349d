"""The gradients of convolution and pooling, by hand: what autograd would find, in a few products."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating
from ._convolution import need_fitting, pad
from ._pooling import Layout, spread_evenly
from ._windows import Pair, as_rows, blocks, columns, count_places, fold, pair


def conv2d_backward(
    grad_output: Float[Tensor, "batch out new_height new_width"],
    input: Float[Tensor, "batch channel height width"],
    weight: Float[Tensor, "out group_channel kernel_height kernel_width"],
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
    needed: tuple[bool, bool, bool] = (True, True, True),
) -> tuple[
    Float[Tensor, "batch channel height width"] | None,
    Float[Tensor, "out group_channel kernel_height kernel_width"] | None,
    Float[Tensor, " out"] | None,
]:
    """Give ∂L/∂input, ∂L/∂weight and ∂L/∂bias of conv2d from g = ∂L/∂output.

    y[o, i, j] = b[o] + Σ x[c, s·i + d·u, s·j + d·v] · w[o, c, u, v] is a sum of products, so the gradient of
    each factor is the other factor times g, summed over every place where the two met:

        ∂L/∂w[o, c, u, v]               = Σ g[o, i, j] · x[c, s·i + d·u, s·j + d·v]    over pictures, i, j
        ∂L/∂x[c, s·i + d·u, s·j + d·v] += g[o, i, j] · w[o, c, u, v]                   for all o, i, j, u, v
        ∂L/∂b[o]                        = Σ g[o, i, j]                                 over pictures, i, j

    With the windows as the columns X of a matrix, y = W X, and the first two lines are g Xᵀ and Wᵀ g.

    grad_output  [batch, out, height, width] of the output
    input, …     what conv2d got
    needed       which of the three to compute; the others are None
    Raises       TypeError for integers, ValueError for shapes that do not fit
    Source       lesson 3, "Backward by hand"
    """
    need_fitting(input, weight, None, groups)
    stride, dilation = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    rows, cols = pair(padding, "padding", 0)
    padded = pad(input, (cols, cols, rows, rows), "constant")
    kernel_size, size = tuple(weight.shape[-2:]), tuple(padded.shape[-2:])
    places = count_places(size, kernel_size, stride, dilation)
    _need_shape(grad_output, (len(input), len(weight), *places))
    kernels = weight.reshape(groups, len(weight) // groups, -1)  # group out tap
    grad_padded = torch.empty_like(padded) if needed[0] else None
    grad_kernels = torch.zeros_like(kernels) if needed[1] else None
    for block in blocks(len(input), kernels.shape[-1] * groups * math.prod(places)):
        g = as_rows(grad_output[block], groups)  # group out place
        if needed[0]:
            grad_padded[block] = fold(kernels.mT @ g, size, kernel_size, stride, dilation, places)
        if needed[1]:
            grad_kernels += g @ columns(padded[block], kernel_size, stride, dilation, groups).mT
    grad_input = pad(grad_padded, (-cols, -cols, -rows, -rows), "constant") if needed[0] else None
    grad_weight = grad_kernels.reshape(weight.shape) if needed[1] else None
    grad_bias = grad_output.sum((0, 2, 3)) if needed[2] else None
    return grad_input, grad_weight, grad_bias


def max_pool2d_backward(
    grad_output: Float[Tensor, "*batch new_height new_width"],
    input: Float[Tensor, "*batch height width"],
    indices: Int[Tensor, "*batch new_height new_width"],
) -> Float[Tensor, "*batch height width"]:
    """Give ∂L/∂input of max_pool2d: each number's gradient goes to the pixel that it came from.

    A pixel that is not the largest of its window may move a little and nothing changes: its gradient is 0.
    One that is the largest of several windows gets the sum of their gradients.

    grad_output  of the output's shape
    input        what max_pool2d got
    indices      where each largest number was, row · width + column: max_pool2d(…, return_indices=True)
    Raises       TypeError for integers, ValueError for shapes that do not fit
    Source       lesson 3, "Backward by hand"
    """
    need_floating(input, "input")
    _need_shape(grad_output, tuple(indices.shape))
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
    """Give ∂L/∂input of avg_pool2d: every pixel of a window gets 1 / n of the mean's gradient.

    grad_output  of the output's shape
    input, …     what avg_pool2d got
    Raises       TypeError for integers, ValueError for shapes and windows that do not fit
    Source       lesson 3, "Backward by hand"
    """
    layout = Layout(input, kernel_size, stride, padding, ceil_mode=ceil_mode)
    _need_shape(grad_output, (*input.shape[:-2], *layout.out))
    divisor = divisor_override or layout.divisor(input, count_include_pad)
    return spread_evenly(grad_output / divisor, layout)


def _need_shape(grad_output: Tensor, shape: tuple[int, ...]) -> None:
    need_floating(grad_output, "grad_output")
    if tuple(grad_output.shape) != shape:
        raise ValueError(
            f"grad_output must have the shape of the output, {list(shape)}; got {list(grad_output.shape)}."
        )
