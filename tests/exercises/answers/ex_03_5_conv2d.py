"""Answers to 03.5 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def taps(x, weight, stride):
    """Each pixel of the kernel with the slice of the padded picture that it meets."""
    rows = (x.shape[2] - weight.shape[2]) // stride + 1
    columns = (x.shape[3] - weight.shape[3]) // stride + 1
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            bottom, right = i + stride * (rows - 1) + 1, j + stride * (columns - 1) + 1
            yield i, j, x[:, :, i:bottom:stride, j:right:stride]


def shifted(x, weight, stride=1):
    return sum(
        torch.einsum("bchw,oc->bohw", piece, weight[:, :, i, j]) for i, j, piece in taps(x, weight, stride)
    )


def columns_of(x, weight, stride):
    """im2col: [batch, row, column, channel · h · w]."""
    patches = x.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    return patches.permute(0, 2, 3, 1, 4, 5).flatten(3)


def wrong_kernel_turned(input, weight, bias=None, stride=1, padding=0):
    """hint: turned the kernel"""
    out = shifted(F.pad(input, 4 * [padding]), weight.flip((-1, -2)), stride)
    return out if bias is None else out + bias.view(1, -1, 1, 1)


def wrong_forgets_bias(input, weight, bias=None, stride=1, padding=0):
    """hint: bias is missing"""
    return shifted(F.pad(input, 4 * [padding]), weight, stride)


def wrong_pads_on_one_side(input, weight, bias=None, stride=1, padding=0):
    """hint: one side only"""
    b, c, h, w = input.shape
    padded = torch.zeros(b, c, h + padding, w + padding, dtype=input.dtype)
    padded[:, :, padding:, padding:] = input
    out = shifted(padded, weight, stride)
    return out if bias is None else out + bias[:, None, None]


def wrong_pads_all_at_the_end(input, weight, bias=None, stride=1, padding=0):
    """hint: above, below"""
    out = shifted(F.pad(input, (0, 2 * padding, 0, 2 * padding)), weight, stride)
    return out if bias is None else out + bias[:, None, None]


def wrong_pads_the_width_only(input, weight, bias=None, stride=1, padding=0):
    """hint: left and right only"""
    out = shifted(F.pad(input, (padding, padding)), weight, stride)
    return out if bias is None else out + bias[:, None, None]


def wrong_stride_on_one_axis(input, weight, bias=None, stride=1, padding=0):
    """hint: also moves down"""
    out = shifted(F.pad(input, 4 * [padding]), weight)[:, :, :, ::stride]
    return out if bias is None else out + bias[:, None, None]


def wrong_stride_on_the_rows_only(input, weight, bias=None, stride=1, padding=0):
    """hint: also moves right"""
    out = shifted(F.pad(input, 4 * [padding]), weight)[:, :, ::stride]
    return out if bias is None else out + bias[:, None, None]


def wrong_forgets_stride(input, weight, bias=None, stride=1, padding=0):
    """hint: left out the stride"""
    out = shifted(F.pad(input, 4 * [padding]), weight)
    return out if bias is None else out + bias[:, None, None]


def wrong_forgets_padding(input, weight, bias=None, stride=1, padding=0):
    """hint: left out the padding"""
    out = shifted(input, weight, stride)
    return out if bias is None else out + bias[:, None, None]


def wrong_bias_along_the_width(input, weight, bias=None, stride=1, padding=0):
    """hint: [out, 1, 1]"""
    out = shifted(F.pad(input, 4 * [padding]), weight, stride)
    return out if bias is None else out + bias


def wrong_bias_at_every_tap(input, weight, bias=None, stride=1, padding=0):
    """hint: more than once"""
    out = 0
    for i, j, piece in taps(F.pad(input, 4 * [padding]), weight, stride):
        out = out + torch.einsum("bchw,oc->bohw", piece, weight[:, :, i, j])
        if bias is not None:
            out = out + bias[:, None, None]
    return out


def wrong_last_tap_only(input, weight, bias=None, stride=1, padding=0):
    """hint: only one pixel of the kernel"""
    for i, j, piece in taps(F.pad(input, 4 * [padding]), weight, stride):
        out = torch.einsum("bchw,oc->bohw", piece, weight[:, :, i, j])
    return out if bias is None else out + bias[:, None, None]


def wrong_first_channel(input, weight, bias=None, stride=1, padding=0):
    """hint: over all channels"""
    out = shifted(F.pad(input[:, :1], 4 * [padding]), weight[:, :1], stride)
    return out if bias is None else out + bias[:, None, None]


def wrong_patches_in_another_order(input, weight, bias=None, stride=1, padding=0):
    """hint: another order"""
    x = F.pad(input, 4 * [padding])
    patches = x.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    flat = patches.permute(0, 2, 3, 4, 5, 1).reshape(*patches.shape[0:1], *patches.shape[2:4], -1)
    out = (flat @ weight.flatten(1).T).permute(0, 3, 1, 2)
    return out if bias is None else out + bias[:, None, None]


def wrong_channel_by_reshape(input, weight, bias=None, stride=1, padding=0):
    """hint: permute"""
    flat = columns_of(F.pad(input, 4 * [padding]), weight, stride)
    out = flat @ weight.flatten(1).T
    out = out.reshape(out.shape[0], out.shape[3], out.shape[1], out.shape[2])
    return out if bias is None else out + bias[:, None, None]


def right_shifted_sums(input, weight, bias=None, stride=1, padding=0):
    out = shifted(F.pad(input, 4 * [padding]), weight, stride)
    return out if bias is None else out + bias[:, None, None]


def right_im2col(*, input, weight, bias=None, stride=1, padding=0):
    flat = columns_of(F.pad(input, 4 * [padding]), weight, stride)
    out = (flat @ weight.flatten(1).T).movedim(-1, 1)
    return out if bias is None else out + bias.reshape(-1, 1, 1)


def right_torch_unfold(input, weight, bias=None, stride=1, padding=0, dilation=1):
    columns = F.unfold(input, weight.shape[2:], padding=padding, stride=stride)
    rows = (input.shape[2] + 2 * padding - weight.shape[2]) // stride + 1
    out = (weight.flatten(1) @ columns).unflatten(2, (rows, -1))
    return out if bias is None else out + bias[:, None, None]


def right_torch(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(input, weight, bias, stride=stride, padding=padding)


def right_stride_at_the_end(input, weight, bias=None, stride=1, padding=0):
    b, c, h, w = input.shape
    padded = input.new_zeros(b, c, h + 2 * padding, w + 2 * padding)
    padded[:, :, padding : padding + h, padding : padding + w] = input
    out = shifted(padded, weight)[..., ::stride, ::stride]
    return out if bias is None else out + bias[None, :, None, None]


def crash_adds_a_missing_bias(input, weight, bias=None, stride=1, padding=0):
    """line: + bias[:, None, None]
    hint: bias is None"""
    out = shifted(F.pad(input, 4 * [padding]), weight, stride)
    return out + bias[:, None, None]


def crash_channels_in_the_wrong_place(input, weight, bias=None, stride=1, padding=0):
    """line: bchw,co->bohw"""
    out = 0
    for i, j, piece in taps(F.pad(input, 4 * [padding]), weight, stride):
        out = out + torch.einsum("bchw,co->bohw", piece, weight[:, :, i, j])
    return out


def wrong_bias_detached(input, weight, bias=None, stride=1, padding=0):
    """hint: no gradient at all flows back to bias. Stay in torch"""
    out = F.conv2d(input, weight, None, stride, padding)
    return out if bias is None else out + bias.detach()[:, None, None]


def wrong_zeros_of_float32(input, weight, bias=None, stride=1, padding=0):
    """hint: x.new_zeros"""
    x = F.pad(input, 4 * [padding])
    rows, columns = ((x.shape[a] - weight.shape[a]) // stride + 1 for a in (2, 3))
    out = torch.zeros(len(x), len(weight), rows, columns)
    for i, j, piece in taps(x, weight, stride):
        out += torch.einsum("bchw,oc->bohw", piece, weight[:, :, i, j])
    return out if bias is None else out + bias[:, None, None]


def crash_height_for_both(input, weight, bias=None, stride=1, padding=0):
    """line: x.unfold(2, k, stride)
    hint: h rows and w columns"""
    x, k = F.pad(input, 4 * [padding]), weight.shape[2]
    out = torch.einsum("bcyxij,ocij->boyx", x.unfold(2, k, stride).unfold(3, k, stride), weight)
    return out if bias is None else out + bias[:, None, None]


def wrong_stride_begins_late(input, weight, bias=None, stride=1, padding=0):
    """hint: first one is at pixel 0"""
    out = shifted(F.pad(input, 4 * [padding]), weight)[:, :, stride - 1 :: stride, stride - 1 :: stride]
    return out if bias is None else out + bias[:, None, None]
