"""Answers to 03.6 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def wrong_every_nth_channel(input, weight, groups):
    """hint: neighbours"""
    outs, each = [], len(weight) // groups
    for group in range(groups):
        outs.append(F.conv2d(input[:, group::groups], weight[group * each : (group + 1) * each]))
    return torch.cat(outs, dim=1)


def wrong_every_nth_kernel(input, weight, groups):
    """hint: kernels are mixed"""
    size = input.shape[1] // groups
    outs = [F.conv2d(input[:, g * size : (g + 1) * size], weight[g::groups]) for g in range(groups)]
    return torch.cat(outs, dim=1)


def wrong_outputs_take_turns(input, weight, groups):
    """hint: one after the other"""
    pieces = zip(input.chunk(groups, 1), weight.chunk(groups), strict=True)
    outs = torch.stack([F.conv2d(x, w) for x, w in pieces], dim=2)
    return outs.reshape(len(outs), -1, *outs.shape[3:])


def wrong_sums_the_groups(input, weight, groups):
    """hint: summed over the groups"""
    return sum(F.conv2d(x, w) for x, w in zip(input.chunk(groups, 1), weight.chunk(groups), strict=True))


def wrong_returns_in_the_loop(input, weight, groups):
    """hint: inside your loop"""
    for x, w in zip(input.chunk(groups, dim=1), weight.chunk(groups, dim=0), strict=True):
        return F.conv2d(x, w)


def wrong_last_group(input, weight, groups):
    """hint: only the last group"""
    for x, w in zip(input.chunk(groups, dim=1), weight.chunk(groups, dim=0), strict=True):
        out = F.conv2d(x, w)
    return out


def wrong_same_channels(input, weight, groups):
    """hint: channels of the first one"""
    size = input.shape[1] // groups
    return torch.cat([F.conv2d(input[:, :size], w) for w in weight.chunk(groups)], dim=1)


def wrong_same_kernels(input, weight, groups):
    """hint: kernels of the first one"""
    each = weight.shape[0] // groups
    return torch.cat([F.conv2d(x, weight[:each]) for x in input.chunk(groups, dim=1)], dim=1)


def wrong_repeats_the_weights(input, weight, groups):
    """hint: saw all channels"""
    whole = torch.cat([weight] * groups, dim=1)
    return F.conv2d(input, whole)


def wrong_joined_along_the_batch(input, weight, groups):
    """hint: along the batch"""
    return torch.cat(
        [F.conv2d(x, w) for x, w in zip(input.chunk(groups, 1), weight.chunk(groups), strict=True)]
    )


def wrong_stacked(input, weight, groups):
    """hint: new axis"""
    pieces = zip(input.chunk(groups, 1), weight.chunk(groups), strict=True)
    return torch.stack([F.conv2d(x, w) for x, w in pieces], dim=1)


def wrong_one_kernel_a_group(input, weight, groups):
    """hint: one output channel"""
    x = input.chunk(groups, dim=1)
    return torch.cat([F.conv2d(x[g], weight[g : g + 1]) for g in range(groups)], dim=1)


def right_slices(input, weight, groups):
    size, each = input.shape[1] // groups, weight.shape[0] // groups
    outs = []
    for g in range(groups):
        x, w = input[:, g * size : (g + 1) * size], weight[g * each : (g + 1) * each]
        outs.append(F.conv2d(x, w))
    return torch.cat(outs, dim=1)


def right_one_einsum(*, input, weight, groups):
    h, w = weight.shape[2:]
    patches = input.unflatten(1, (groups, -1)).unfold(3, h, 1).unfold(4, w, 1)
    return torch.einsum("bgcijhw,gochw->bgoij", patches, weight.unflatten(0, (groups, -1))).flatten(1, 2)


def right_zeros_between_the_groups(input, weight, groups):
    size, each = weight.shape[1], weight.shape[0] // groups
    whole = weight.new_zeros(weight.shape[0], input.shape[1], *weight.shape[2:])
    for g in range(groups):
        whole[g * each : (g + 1) * each, g * size : (g + 1) * size] = weight[g * each : (g + 1) * each]
    return F.conv2d(input, whole)


def crash_groups_not_cut(input, weight, groups):
    """line: F.conv2d(input, weight)
    hint: cut it into groups"""
    return F.conv2d(input, weight)


def crash_cuts_the_batch(input, weight, groups):
    """line: F.conv2d(x, w)"""
    return torch.cat(
        [F.conv2d(x, w) for x, w in zip(input.chunk(groups), weight.chunk(groups), strict=False)]
    )
