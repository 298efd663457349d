"""A convolution in which every group of channels keeps to itself."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _grouped(input, weight, groups):
    return F.conv2d(input, weight, groups=groups)


def _interleaved(input, groups):
    """Channels 0, g, 2g, … first, then 1, g + 1, …"""
    return torch.cat([input[:, group::groups] for group in range(groups)], dim=1)


def _every_nth_input(input, weight, groups):
    return _grouped(_interleaved(input, groups), weight, groups)


def _every_nth_kernel(input, weight, groups):
    weight = torch.cat([weight[group::groups] for group in range(groups)])
    return _grouped(input, weight, groups)


def _every_nth_of_both(input, weight, groups):
    return _every_nth_kernel(_interleaved(input, groups), weight, groups)


def _outputs_interleaved(input, weight, groups):
    """Stacked on a new axis behind the channel and flattened."""
    pieces = _grouped(input, weight, groups).chunk(groups, dim=1)
    return torch.stack(pieces, dim=2).flatten(1, 2)


def _summed(input, weight, groups):
    return sum(_grouped(input, weight, groups).chunk(groups, dim=1))


def _one_group(input, weight, groups):
    return _grouped(input, weight, groups)[:, : len(weight) // groups]


def _last_group(input, weight, groups):
    return _grouped(input, weight, groups)[:, -(len(weight) // groups) :]


def _same_channels(input, weight, groups):
    """Every group looks at the first group's channels."""
    return F.conv2d(input[:, : weight.shape[1]], weight)


def _same_kernels(input, weight, groups):
    """Every group uses the first group's kernels."""
    first = weight[: len(weight) // groups]
    return _grouped(input, first.repeat(groups, 1, 1, 1), groups)


def _all_channels(input, weight, groups):
    """The kernels repeated over all groups of channels, so that each of them sees everything."""
    return F.conv2d(input, weight.repeat(1, groups, 1, 1))


def _reversed_groups(input, weight, groups):
    return torch.cat(_grouped(input, weight, groups).chunk(groups, dim=1)[::-1], dim=1)


def _joined_in_batch(input, weight, groups):
    return torch.cat(_grouped(input, weight, groups).chunk(groups, dim=1), dim=0)


def _stacked(input, weight, groups):
    return torch.stack(_grouped(input, weight, groups).chunk(groups, dim=1), dim=1)


def _one_kernel_a_group(input, weight, groups):
    """One output channel a group, whatever the number of kernels."""
    pieces = zip(input.chunk(groups, dim=1), weight[:groups], strict=False)
    return torch.cat([F.conv2d(piece, kernel[None]) for piece, kernel in pieces], dim=1)


def _split_by_size(input, weight, groups):
    """`groups` as the size of a piece instead of as their number."""
    pieces = zip(input.split(groups, dim=1), weight.split(groups), strict=False)
    return torch.cat([F.conv2d(piece, kernels) for piece, kernels in pieces], dim=1)


def _one_channel_a_group(input, weight, groups):
    pieces = [F.conv2d(input[:, g : g + 1], weight[g : g + 1]) for g in range(groups)]
    return torch.cat(pieces, dim=1)


def _cut_along_the_channel(input, weight, groups):
    """The kernels cut along their second axis."""
    pieces = zip(input.chunk(groups, dim=1), weight.chunk(groups, dim=1), strict=False)
    return torch.cat([F.conv2d(piece, kernels) for piece, kernels in pieces], dim=1)


def _made(generator, input, weight, groups):
    return (*(torch.randn(*shape, generator=generator) for shape in (input, weight)), groups)


def _tiny(_generator):
    """Two channels of two pixels, two groups: each channel has a kernel of one pixel for itself."""
    image = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    return image, torch.tensor([10.0, 100.0]).reshape(2, 1, 1, 1), 2


_MIXED = (
    "The channels are mixed: group 0 holds the first channel / groups channels, neighbours, and not every "
    "groups-th one."
)

grouped_conv2d = Exercise(
    id="03.6",
    name="grouped_conv2d",
    title="Groups of channels that keep to themselves",
    difficulty=2,
    minutes=12,
    stub="give each group of channels its own kernels and join the outputs",
    parameters=("input", "weight", "groups"),
    reference=_grouped,
    hints=(
        "Four channels and two groups: which channels go into group 0? Six kernels and two groups: which "
        "kernels does group 0 use?",
        "Each group is a convolution of its own, as in 03.5. Along which axis do their outputs stand side by "
        "side?",
        "input.chunk(groups, dim=1) and weight.chunk(groups, dim=0) cut both; convolve them in pairs and "
        "torch.cat the results along dim=1.",
    ),
    cases=(
        Case("two channels, each with a kernel of its own", _tiny),
        Case("two groups of two channels", lambda g: _made(g, (2, 4, 3, 5), (6, 2, 2, 3), 2)),
        Case("depthwise: as many groups as channels", lambda g: _made(g, (2, 5, 5, 4), (5, 1, 3, 3), 5)),
        Case("depthwise, two kernels a channel", lambda g: _made(g, (1, 3, 4, 5), (6, 1, 2, 2), 3)),
        Case("one group", lambda g: _made(g, (2, 3, 4, 6), (2, 3, 3, 2), 1)),
        Case("three groups of two channels", lambda g: _made(g, (3, 6, 4, 4), (9, 2, 3, 3), 3)),
    ),
    mistakes=(
        Mistake("every n-th channel", _every_nth_input, _MIXED),
        Mistake(
            "every n-th kernel",
            _every_nth_kernel,
            "The kernels are mixed: the first out / groups kernels, neighbours, belong to group 0.",
        ),
        Mistake("every n-th of both", _every_nth_of_both, _MIXED),
        Mistake(
            "outputs interleaved",
            _outputs_interleaved,
            "The outputs of the groups take turns; they stand one after the other: torch.cat along the "
            "channel.",
        ),
        Mistake(
            "summed",
            _summed,
            "You summed over the groups; each has output channels of its own, side by side.",
        ),
        Mistake(
            "first group",
            _one_group,
            "Only the first group is there: is `return` inside your loop over groups?",
        ),
        Mistake("last group", _last_group, "Only the last group is there: collect the outputs in a list."),
        Mistake(
            "first channels for all",
            _same_channels,
            "Every group looks at the channels of the first one: move on by channel / groups channels.",
        ),
        Mistake(
            "first kernels for all",
            _same_kernels,
            "Every group uses the kernels of the first one: move on by out / groups kernels.",
        ),
        Mistake(
            "all channels",
            _all_channels,
            "Each kernel saw all channels; it belongs to one group and sees only that group's channels.",
        ),
        Mistake(
            "no groups",
            lambda input, weight, groups: F.conv2d(input, weight),
            "Kernels of channel / groups channels do not fit the whole input: first cut it into groups.",
        ),
        Mistake(
            "split by size",
            _split_by_size,
            "`split` takes the size of a piece, `chunk` the number of pieces, which is what groups is.",
        ),
        Mistake(
            "one channel a group",
            _one_channel_a_group,
            "A group has channel / groups channels and out / groups kernels, not one of each.",
        ),
        Mistake(
            "kernels cut along the channel",
            _cut_along_the_channel,
            "You cut weight along dim=1; its kernels stand along dim=0, and each stays whole.",
        ),
        Mistake(
            "mean",
            lambda input, weight, groups: _summed(input, weight, groups) / groups,
            "You averaged over the groups; each has output channels of its own, side by side.",
        ),
        Mistake("reversed", _reversed_groups, "The groups stand in reversed order."),
        Mistake(
            "joined along the batch",
            _joined_in_batch,
            "You joined the groups along the batch; they stand side by side along the channel, dim=1.",
        ),
        Mistake(
            "stacked",
            _stacked,
            "torch.stack makes a new axis for the groups; torch.cat along dim=1 lays their channels side "
            "by side.",
        ),
        Mistake(
            "one kernel a group",
            _one_kernel_a_group,
            "Each group gave one output channel; it has out / groups kernels, and gives as many.",
        ),
        Mistake(
            "flipped",
            lambda input, weight, groups: _grouped(input, weight.flip(2, 3), groups),
            "You turned the kernel by 180°; networks leave it as it is (cross-correlation).",
        ),
    ),
    noticing="Two groups halve the weights. With as many groups as channels (depthwise) each kernel is flat: "
    "MobileNet is built of such convolutions, with kernels of one pixel in between that mix the channels "
    "again.",
    gradient=True,
    tolerance=1e-4,
    scaled=True,
)
