"""The same convolution three ways: loops over pixels, shifted pictures, one matrix product.

All three take the arguments of conv.conv2d, give the same numbers, and leave the backward to autograd.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from ._convolution import prepare
from ._windows import Pair, count_places, span, taps, windows


def conv2d_loops(
    input: Float[Tensor, "batch channel height width"],
    weight: Float[Tensor, "out group_channel kernel_height kernel_width"],
    bias: Float[Tensor, " out"] | None = None,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> Float[Tensor, "batch out new_height new_width"]:
    """Convolve as the formula reads: lay the kernels on one pixel after another, multiply and sum.

    Raises  TypeError and ValueError as conv.conv2d does
    Source  lesson 3, "Three ways"
    """
    x, stride, dilation = prepare(input, weight, bias, stride, padding, dilation, groups, padding_mode)
    batch, height, width = len(x), *count_places(x.shape[2:], weight.shape[2:], stride, dilation)
    kernels = weight.reshape(groups, -1, *weight.shape[1:])  # group out channel row column
    rows = []
    for i in range(height):
        row = []
        for j in range(width):
            top, left = i * stride[0], j * stride[1]
            below = top + span(weight.shape[2], dilation[0])
            right = left + span(weight.shape[3], dilation[1])
            window = x[:, :, top : below : dilation[0], left : right : dilation[1]]
            window = window.reshape(batch, groups, 1, *weight.shape[1:])  # batch group out channel row column
            row.append((window * kernels).sum((-3, -2, -1)).reshape(batch, -1))
        rows.append(torch.stack(row, -1))
    return _with_bias(torch.stack(rows, -2), bias)


def conv2d_shifted(
    input: Float[Tensor, "batch channel height width"],
    weight: Float[Tensor, "out group_channel kernel_height kernel_width"],
    bias: Float[Tensor, " out"] | None = None,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> Float[Tensor, "batch out new_height new_width"]:
    """Convolve tap by tap: shift the whole picture under one tap, mix its channels, add to the sum.

    Raises  TypeError and ValueError as conv.conv2d does
    Source  lesson 3, "Three ways"
    """
    x, stride, dilation = prepare(input, weight, bias, stride, padding, dilation, groups, padding_mode)
    batch, height, width = len(x), *count_places(x.shape[2:], weight.shape[2:], stride, dilation)
    kernels = weight.reshape(groups, -1, *weight.shape[1:])  # group out channel row column
    total = x.new_zeros(batch, groups, kernels.shape[1], height * width)
    for row, column, shifted in taps(x, weight.shape[2:], stride, dilation, (height, width)):
        shifted = shifted.reshape(batch, groups, -1, height * width)  # batch group channel place
        total = total + kernels[..., row, column] @ shifted
    return _with_bias(total.reshape(batch, -1, height, width), bias)


def conv2d_im2col(
    input: Float[Tensor, "batch channel height width"],
    weight: Float[Tensor, "out group_channel kernel_height kernel_width"],
    bias: Float[Tensor, " out"] | None = None,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> Float[Tensor, "batch out new_height new_width"]:
    """Convolve as one matrix product: every window becomes a column, every kernel a row.

    Raises  TypeError and ValueError as conv.conv2d does
    Source  lesson 3, "Three ways"; Chellapilla, Puri & Simard 2006, "High performance convolutional neural
            networks for document processing"
    """
    x, stride, dilation = prepare(input, weight, bias, stride, padding, dilation, groups, padding_mode)
    seen = windows(x, weight.shape[2:], stride, dilation)  # batch channel height width row column
    batch, _, height, width = seen.shape[:4]
    columns = seen.movedim((4, 5), (2, 3)).reshape(batch, groups, -1, height * width)
    kernels = weight.reshape(groups, len(weight) // groups, -1)  # group out (channel row column)
    return _with_bias((kernels @ columns).reshape(batch, -1, height, width), bias)


def _with_bias(output: Tensor, bias: Tensor | None) -> Tensor:
    return output if bias is None else output + bias[:, None, None]
