"""Grouped convolutions as people get them wrong: what the check of 03.6 compares an answer with."""

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def grouped(input, weight, groups):
    return F.conv2d(input, weight, groups=groups)


def interleaved(input, groups):
    """Channels 0, g, 2g, … first, then 1, g + 1, …"""
    return torch.cat([input[:, group::groups] for group in range(groups)], dim=1)


def every_nth_input(input, weight, groups):
    return grouped(interleaved(input, groups), weight, groups)


def every_nth_kernel(input, weight, groups):
    weight = torch.cat([weight[group::groups] for group in range(groups)])
    return grouped(input, weight, groups)


def every_nth_of_both(input, weight, groups):
    return every_nth_kernel(interleaved(input, groups), weight, groups)


def outputs_interleaved(input, weight, groups):
    """Stacked on a new axis behind the channel and flattened."""
    pieces = grouped(input, weight, groups).chunk(groups, dim=1)
    return torch.stack(pieces, dim=2).flatten(1, 2)


def summed(input, weight, groups):
    return sum(grouped(input, weight, groups).chunk(groups, dim=1))


def one_group(input, weight, groups):
    return grouped(input, weight, groups)[:, : len(weight) // groups]


def last_group(input, weight, groups):
    return grouped(input, weight, groups)[:, -(len(weight) // groups) :]


def same_channels(input, weight, groups):
    """Every group looks at the first group's channels."""
    return F.conv2d(input[:, : weight.shape[1]], weight)


def same_kernels(input, weight, groups):
    """Every group uses the first group's kernels."""
    first = weight[: len(weight) // groups]
    return grouped(input, first.repeat(groups, 1, 1, 1), groups)


def all_channels(input, weight, groups):
    """The kernels repeated over all groups of channels, so that each of them sees everything."""
    return F.conv2d(input, weight.repeat(1, groups, 1, 1))


def reversed_groups(input, weight, groups):
    return torch.cat(grouped(input, weight, groups).chunk(groups, dim=1)[::-1], dim=1)


def joined_in_batch(input, weight, groups):
    return torch.cat(grouped(input, weight, groups).chunk(groups, dim=1), dim=0)


def stacked(input, weight, groups):
    return torch.stack(grouped(input, weight, groups).chunk(groups, dim=1), dim=1)


def one_kernel_a_group(input, weight, groups):
    """One output channel a group, whatever the number of kernels."""
    pieces = zip(input.chunk(groups, dim=1), weight[:groups], strict=False)
    return torch.cat([F.conv2d(piece, kernel[None]) for piece, kernel in pieces], dim=1)


def split_by_size(input, weight, groups):
    """`groups` as the size of a piece instead of as their number."""
    pieces = zip(input.split(groups, dim=1), weight.split(groups), strict=False)
    return torch.cat([F.conv2d(piece, kernels) for piece, kernels in pieces], dim=1)


def one_channel_a_group(input, weight, groups):
    pieces = [F.conv2d(input[:, g : g + 1], weight[g : g + 1]) for g in range(groups)]
    return torch.cat(pieces, dim=1)


def cut_along_the_channel(input, weight, groups):
    """The kernels cut along their second axis."""
    pieces = zip(input.chunk(groups, dim=1), weight.chunk(groups, dim=1), strict=False)
    return torch.cat([F.conv2d(piece, kernels) for piece, kernels in pieces], dim=1)


def groups_in_turn(input, weight, groups):
    """Kernel o taken for group o % groups."""
    pieces = input.chunk(groups, dim=1)
    return torch.cat([F.conv2d(pieces[o % groups], weight[o : o + 1]) for o in range(len(weight))], dim=1)


def joined_and_reshaped(input, weight, groups):
    return joined_in_batch(input, weight, groups).reshape(grouped(input, weight, groups).shape)
