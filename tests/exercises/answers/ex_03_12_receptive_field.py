"""Answers to 03.12 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch.nn import functional as F


def wrong_forgets_the_strides(layers):
    """hint: left out the strides"""
    seen = 1
    for kernel_size, _stride, dilation in layers:
        seen += (kernel_size - 1) * dilation
    return seen


def wrong_multiplies_the_jump_first(layers):
    """hint: then multiply the jump"""
    seen = jump = 1
    for kernel_size, stride, dilation in layers:
        jump = jump * stride
        seen = seen + dilation * (kernel_size - 1) * jump
    return seen


def wrong_adds_strides(layers):
    """hint: strides multiply"""
    seen = jump = 1
    for kernel_size, stride, dilation in layers:
        seen += dilation * (kernel_size - 1) * jump
        jump += stride
    return seen


def wrong_stride_of_the_layer_before(layers):
    """hint: all the strides before"""
    seen = 1
    for i, (kernel_size, _, dilation) in enumerate(layers):
        before = layers[i - 1][1] if i > 0 else 1
        seen += dilation * (kernel_size - 1) * before
    return seen


def wrong_forgets_dilation(layers):
    """hint: dilation"""
    seen, jump = 1, 1
    for kernel_size, stride, _ in layers:
        seen += (kernel_size - 1) * jump
        jump *= stride
    return seen


def wrong_dilation_as_a_stride(layers):
    """hint: its own kernel only"""
    seen, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        jump *= dilation
        seen += (kernel_size - 1) * jump
        jump *= stride
    return seen


def wrong_starts_at_zero(layers):
    """hint: a pixel sees itself"""
    seen, jump = 0, 1
    for kernel_size, stride, dilation in layers:
        seen += dilation * (kernel_size - 1) * jump
        jump *= stride
    return seen


def wrong_adds_whole_kernels(layers):
    """hint: k − 1"""
    seen, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        seen += dilation * kernel_size * jump
        jump *= stride
    return seen


def wrong_sums_the_kernels(layers):
    """hint: overlap"""
    return sum(layer[0] for layer in layers)


def wrong_multiplies_the_kernels(layers):
    """hint: multiplied the kernels"""
    return math.prod(layer[0] for layer in layers)


def wrong_from_the_top_in_the_order_given(layers):
    """hint: wrong order"""
    seen = 1
    for kernel_size, stride, dilation in layers:
        seen = (seen - 1) * stride + dilation * (kernel_size - 1) + 1
    return seen


def wrong_area(layers):
    """hint: along one axis"""
    seen, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        seen += (kernel_size - 1) * dilation * jump
        jump *= stride
    return seen * seen


def right_from_the_top_down(layers):
    seen = 1
    for kernel_size, stride, dilation in layers[::-1]:
        seen = (seen - 1) * stride + dilation * (kernel_size - 1) + 1
    return seen


def right_by_asking_the_gradient(layers):
    row = torch.ones(1, 1, 2000, requires_grad=True)
    x = row
    for kernel_size, stride, dilation in layers:
        x = F.conv1d(x, torch.ones(1, 1, kernel_size), stride=stride, dilation=dilation)
    x[0, 0, 0].backward()
    seen = row.grad[0, 0].nonzero()  # no formula: which pixels have a slope?
    return seen.max() - seen.min() + 1


def right_with_products(layers):
    widths = [
        (layers[i][0] - 1) * layers[i][2] * math.prod(layer[1] for layer in layers[:i])
        for i in range(len(layers))
    ]
    return 1 + sum(widths)


def crash_unpacks_two(layers):
    """line: for kernel_size, stride in layers"""
    seen = 1
    for kernel_size, stride in layers:
        seen += (kernel_size - 1) * stride
    return seen


def wrong_returns_in_the_loop(layers):
    """hint: inside your loop"""
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
        return size
    return size


def wrong_returns_the_jump_too(layers):
    """hint: the size alone"""
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
    return size, jump


def wrong_unpacks_dilation_first(layers):
    """hint: in this order"""
    size, jump = 1, 1
    for kernel_size, dilation, stride in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
    return size
