"""Answers to 03.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch.nn import functional as F


def wrong_forgets_the_first_place(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: one more"""
    span = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - span) // stride


def wrong_kernel_times_dilation(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: from the first to the last"""
    return (size + 2 * padding - kernel_size * dilation) // stride + 1


def wrong_forgets_dilation(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: left out dilation"""
    return (size + 2 * padding - kernel_size) // stride + 1


def wrong_dilation_counts_the_gaps(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: no gap"""
    span = kernel_size + (kernel_size - 1) * dilation
    return (size + 2 * padding - span) // stride + 1


def wrong_pads_one_end(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: both ends"""
    span = dilation * (kernel_size - 1) + 1
    return (size + padding - span) // stride + 1


def wrong_forgets_padding(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: left out the padding"""
    return (size - dilation * (kernel_size - 1) - 1) // stride + 1


def wrong_forgets_stride(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: left out the stride"""
    return size + 2 * padding - dilation * (kernel_size - 1)


def wrong_true_division(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: half a step"""
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1


def wrong_rounds_up(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: neither up"""
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    return math.ceil(room / stride) + 1


def wrong_adds_one_before_dividing(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: divide first"""
    return (size + 2 * padding - dilation * (kernel_size - 1)) // stride


def wrong_forgets_brackets(size, kernel_size, stride=1, padding=0, dilation=1):
    """hint: division comes before"""
    return size + 2 * padding - dilation * (kernel_size - 1) - 1 // stride + 1


def right_counts_the_places(size, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    return len(range(0, size + 2 * padding - span + 1, stride))


def right_lets_torch_do_it(size, kernel_size, stride=1, padding=0, dilation=1):
    row = F.conv1d(torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size), None, stride, padding, dilation)
    return row.shape[-1]


def right_as_a_tensor(size, kernel_size, stride=1, padding=0, dilation=1):
    room = torch.tensor(size + 2 * padding - dilation * (kernel_size - 1) - 1)
    return torch.floor(room / stride) + 1


def crash_counts_with_range_of_a_float(size, kernel_size, stride=1, padding=0, dilation=1):
    """line: range(int(size), kernel_size / stride)"""
    return len(range(int(size), kernel_size / stride))
