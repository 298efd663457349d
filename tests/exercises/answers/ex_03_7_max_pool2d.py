"""Answers to 03.7 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F

FAR_BELOW = float("-inf")


def framed(x, padding, value=FAR_BELOW):
    """The picture in the middle of a larger one."""
    b, c, h, w = x.shape
    large = x.new_full((b, c, h + 2 * padding, w + 2 * padding), value)
    large[:, :, padding : padding + h, padding : padding + w] = x
    return large


def windows(x, kernel_size, stride):
    return x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)


def wrong_pads_with_zeros(input, kernel_size, stride, padding):
    """hint: never wins"""
    padded = F.pad(input, (padding, padding, padding, padding))
    return windows(padded, kernel_size, stride).amax(dim=(-2, -1))


def wrong_pads_with_a_small_number(input, kernel_size, stride, padding):
    """hint: never wins"""
    return windows(framed(input, padding, -1000.0), kernel_size, stride).amax(dim=(-2, -1))


def wrong_average(input, kernel_size, stride, padding):
    """hint: mean of each window"""
    return windows(F.pad(input, 4 * [padding]), kernel_size, stride).mean(dim=(-2, -1))


def wrong_smallest(input, kernel_size, stride, padding):
    """hint: smallest"""
    return windows(framed(input, padding, float("inf")), kernel_size, stride).amin(dim=(-2, -1))


def wrong_windows_side_by_side(input, kernel_size, stride, padding):
    """hint: side by side"""
    return windows(framed(input, padding), kernel_size, kernel_size).amax(dim=(-2, -1))


def wrong_stride_and_size_exchanged(input, kernel_size, stride, padding):
    """hint: exchanged"""
    x = framed(input, padding)
    return x.unfold(2, stride, kernel_size).unfold(3, stride, kernel_size).amax(dim=(-2, -1))


def wrong_stride_on_columns_only(input, kernel_size, stride, padding):
    """hint: rows apart"""
    x = framed(input, padding)
    return x.unfold(2, kernel_size, 1).unfold(3, kernel_size, stride).amax(dim=(-2, -1))


def wrong_forgets_padding(input, kernel_size, stride, padding):
    """hint: left out the padding"""
    return windows(input, kernel_size, stride).amax(dim=(-2, -1))


def wrong_pads_one_side(input, kernel_size, stride, padding):
    """hint: one side only"""
    x = F.pad(input, (0, padding, 0, padding), value=FAR_BELOW)
    return windows(x, kernel_size, stride).amax(dim=(-2, -1))


def wrong_one_window_too_many(input, kernel_size, stride, padding):
    """hint: a window too many"""
    return F.max_pool2d(input, kernel_size, stride, padding, ceil_mode=True)


def wrong_one_axis_of_the_window(input, kernel_size, stride, padding):
    """hint: one axis of the window is left"""
    return windows(framed(input, padding), kernel_size, stride).max(dim=-1).values


def wrong_values_with_their_places(input, kernel_size, stride, padding):
    """hint: take .values"""
    return windows(framed(input, padding), kernel_size, stride).flatten(-2).max(dim=-1)


def wrong_over_channels(input, kernel_size, stride, padding):
    """hint: each channel is pooled"""
    return windows(framed(input, padding), kernel_size, stride).amax(dim=(1, -2, -1))[:, None]


def right_unfold(input, kernel_size, stride, padding):
    return windows(framed(input, padding), kernel_size, stride).flatten(-2).max(dim=-1).values


def right_shifted_maxima(*, input, kernel_size, stride, padding):
    x = F.pad(input, 4 * (padding,), value=FAR_BELOW)
    rows = (x.shape[2] - kernel_size) // stride + 1
    columns = (x.shape[3] - kernel_size) // stride + 1
    best = None
    for i in range(kernel_size):
        for j in range(kernel_size):
            piece = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            piece = piece[:, :, :rows, :columns]
            best = piece if best is None else torch.maximum(best, piece)
    return best


def right_loops(input, kernel_size, stride, padding):
    h, w = input.shape[2:]
    rows = []
    for top in range(-padding, h + padding - kernel_size + 1, stride):
        row = []
        for left in range(-padding, w + padding - kernel_size + 1, stride):
            piece = input[:, :, max(top, 0) : top + kernel_size, max(left, 0) : left + kernel_size]
            row.append(piece.amax(dim=(2, 3)))
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)


def right_torch(input, kernel_size, stride, padding):
    return torch.max_pool2d(input, kernel_size, stride, padding)


def crash_max_over_two_axes(input, kernel_size, stride, padding):
    """line: max(dim=(-2, -1))
    hint: amax"""
    return windows(framed(input, padding), kernel_size, stride).max(dim=(-2, -1))


def crash_minus_infinity_by_name(input, kernel_size, stride, padding):
    """line: value=-inf"""
    padded = F.pad(input, 4 * [padding], value=-inf)  # noqa: F821  math.inf was meant: that is the mistake
    return windows(padded, kernel_size, stride).amax(dim=(-2, -1))


def wrong_mean_of_what_is_there(input, kernel_size, stride, padding):
    """hint: took the mean"""
    return windows(framed(input, padding), kernel_size, stride).mean((-1, -2))


def wrong_pads_the_sides_only(input, kernel_size, stride, padding):
    """hint: left and right only"""
    padded = F.pad(input, (padding, padding), value=float("-inf"))
    return F.max_pool2d(padded, kernel_size, stride)


def wrong_numbers_and_places(input, kernel_size, stride, padding):
    """hint: return_indices=True"""
    return F.max_pool2d(input, kernel_size, stride, padding, return_indices=True)


def wrong_filled_with_nan(input, kernel_size, stride, padding):
    """hint: pad with −∞"""
    return windows(framed(input, padding, float("nan")), kernel_size, stride).amax((-1, -2))


def crash_cut_into_blocks(input, kernel_size, stride, padding):
    """line: input.view(b, c, h // k, k, w // k, k)
    hint: unfold(axis, size, step)"""
    (b, c, h, w), k = input.shape, kernel_size
    return input.view(b, c, h // k, k, w // k, k).amax((3, 5))


def crash_max_of_max(input, kernel_size, stride, padding):
    """line: .max(-1).max(-1)
    hint: take .values, or amax"""
    x = windows(framed(input, padding), kernel_size, stride)
    return x.max(-1).max(-1)
