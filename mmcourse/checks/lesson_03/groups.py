"""A convolution in which every group of channels keeps to itself."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import groups_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _made(generator, input, weight, groups):
    return (*(torch.randn(*shape, generator=generator) for shape in (input, weight)), groups)


def _tiny(_generator):
    """Two channels of two pixels, two groups: each channel has a kernel of one pixel for itself."""
    image = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    return image, torch.tensor([10.0, 100.0]).reshape(2, 1, 1, 1), 2


_JOINED = "You joined the groups along the batch; they stand side by side along the channel, dim=1."
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
    reference=slips.grouped,
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
        Mistake("every n-th channel", slips.every_nth_input, _MIXED),
        Mistake(
            "every n-th kernel",
            slips.every_nth_kernel,
            "The kernels are mixed: the first out / groups kernels, neighbours, belong to group 0.",
        ),
        Mistake("every n-th of both", slips.every_nth_of_both, _MIXED),
        Mistake(
            "outputs interleaved",
            slips.outputs_interleaved,
            "The outputs of the groups take turns; they stand one after the other: torch.cat along the "
            "channel.",
        ),
        Mistake(
            "summed",
            slips.summed,
            "You summed over the groups; each has output channels of its own, side by side.",
        ),
        Mistake(
            "first group",
            slips.one_group,
            "Only the first group is there: is `return` inside your loop over groups?",
        ),
        Mistake(
            "last group", slips.last_group, "Only the last group is there: collect the outputs in a list."
        ),
        Mistake(
            "first channels for all",
            slips.same_channels,
            "Every group looks at the channels of the first one: move on by channel / groups channels.",
        ),
        Mistake(
            "first kernels for all",
            slips.same_kernels,
            "Every group uses the kernels of the first one: move on by out / groups kernels.",
        ),
        Mistake(
            "all channels",
            slips.all_channels,
            "Each kernel saw all channels; it belongs to one group and sees only that group's channels.",
        ),
        Mistake(
            "no groups",
            lambda input, weight, groups: F.conv2d(input, weight),
            "Kernels of channel / groups channels do not fit the whole input: first cut it into groups.",
        ),
        Mistake(
            "split by size",
            slips.split_by_size,
            "`split` takes the size of a piece, `chunk` the number of pieces, which is what groups is.",
        ),
        Mistake(
            "one channel a group",
            slips.one_channel_a_group,
            "A group has channel / groups channels and out / groups kernels, not one of each.",
        ),
        Mistake(
            "kernels cut along the channel",
            slips.cut_along_the_channel,
            "You cut weight along dim=1; its kernels stand along dim=0, and each stays whole.",
        ),
        Mistake(
            "mean",
            lambda input, weight, groups: slips.summed(input, weight, groups) / groups,
            "You averaged over the groups; each has output channels of its own, side by side.",
        ),
        Mistake(
            "groups in turn",
            slips.groups_in_turn,
            "The groups take turns over your kernels; the first out / groups kernels, neighbours, belong "
            "to group 0.",
        ),
        Mistake("joined and reshaped", slips.joined_and_reshaped, _JOINED),
        Mistake("reversed", slips.reversed_groups, "The groups stand in reversed order."),
        Mistake(
            "joined along the batch",
            slips.joined_in_batch,
            _JOINED,
        ),
        Mistake(
            "stacked",
            slips.stacked,
            "torch.stack makes a new axis for the groups; torch.cat along dim=1 lays their channels side "
            "by side.",
        ),
        Mistake(
            "one kernel a group",
            slips.one_kernel_a_group,
            "Each group gave one output channel; it has out / groups kernels, and gives as many.",
        ),
        Mistake(
            "flipped",
            lambda input, weight, groups: slips.grouped(input, weight.flip(2, 3), groups),
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
