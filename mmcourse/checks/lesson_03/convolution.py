"""A convolution as networks use it: batches, channels, bias, stride, padding."""

from functools import partial

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import convolution_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _made(generator, input, weight, bias=False):
    tensors = [torch.randn(*shape, generator=generator) for shape in (input, weight)]
    return (*tensors, torch.randn(weight[0], generator=generator) if bias else None)


def _tiny(_generator):
    """One picture of three by three, one kernel of two by two."""
    image = torch.tensor([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0], [2.0, 0.0, 4.0]])
    return image[None, None], torch.tensor([[[[1.0, 10.0], [100.0, 1000.0]]]])


_SIDES = (
    "Your padding comes at one side only: above, below, left and right, each gets `padding` rows of zeros."
)
_SHARED = (
    "A bias belongs to an output channel: reshape it to [out, 1, 1], or it is added along the width or "
    "height."
)
_SIZES = "Your result is too small: it has as many places as without padding. Count them in the padded input."
_STEP = "Each piece is a slice with the stride as its step, [start : end : stride], or neighbours are taken."
_ORDER = (
    "unfold puts the kernel's axes last and leaves the channel second: permute to batch, row, column, "
    "channel, h, w before you flatten the last three."
)
_TAP = "Only one pixel of the kernel counts: do you write `=` where `+=` belongs?"
_BIAS_ONCE = "The bias is added more than once: add it when all channels and kernel pixels are summed."
_APART = "stride tells how far the kernel moves, and not how far its own pixels stand apart (dilation)."

conv2d = Exercise(
    id="03.5",
    name="conv2d",
    title="A convolution for batches and channels",
    difficulty=3,
    minutes=25,
    stub="correlate every picture with every kernel, without a loop over pixels",
    parameters=("input", "weight", "bias", "stride", "padding"),
    reference=slips.conv2d,
    hints=(
        "A kernel of 3 × 3 has nine pixels. Take the upper left one: which part of the (padded) picture does "
        "it meet while the kernel visits all its places?",
        "That part is a slice, with the stride as its step. How do you multiply it, [batch, channel, …], "
        "with "
        "weight[:, :, i, j], [out, channel], so that the sum runs over channels?",
        "Pad, then for each (i, j) of the kernel: piece = padded[:, :, i : i + s·(h_out − 1) + 1 : s, "
        "j : j + s·(w_out − 1) + 1 : s], output += torch.einsum('bchw,oc->bohw', piece, weight[:, :, i, j]). "
        "At last add bias[:, None, None].",
    ),
    cases=(
        Case("one picture, one kernel", _tiny),
        Case("batch and channels", lambda g: _made(g, (2, 3, 5, 6), (4, 3, 2, 3))[:2]),
        Case("bias", lambda g: _made(g, (2, 3, 6, 5), (3, 3, 3, 3), True)),
        Case("padding", lambda g: Args(_made(g, (2, 2, 4, 6), (3, 2, 3, 3)), {"padding": 1})),
        Case("stride 2", lambda g: Args(_made(g, (1, 2, 7, 8), (3, 2, 3, 2)), {"stride": 2})),
        Case("all at once", lambda g: (*_made(g, (3, 2, 9, 6), (4, 2, 2, 3), True), 3, 2)),
        Case("kernels of one pixel", lambda g: _made(g, (2, 4, 3, 5), (2, 4, 1, 1), True)),
        Case(
            "64 × 64 pixels",
            lambda g: (*_made(g, (2, 3, 64, 64), (4, 3, 3, 3), True), 1, 1),
            timed=True,
            gradient=False,
        ),
    ),
    mistakes=(
        Mistake(
            "flipped",
            lambda input, weight, *rest, **more: slips.conv2d(input, weight.flip(2, 3), *rest, **more),
            "You turned the kernel by 180°; networks leave it as it is (cross-correlation).",
        ),
        Mistake(
            "bias left out",
            lambda input, weight, bias=None, stride=1, padding=0: slips.conv2d(
                input, weight, None, stride, padding
            ),
            "The bias is missing: each output channel has one number that is added everywhere.",
        ),
        Mistake("padded at the end", slips.padded_on_one_side, _SIDES),
        Mistake("padded at the start", partial(slips.padded_on_one_side, sides="first"), _SIDES),
        Mistake("padded twice at the end", slips.padded_twice_on_one_side, _SIDES),
        Mistake(
            "padded rows only",
            lambda input, weight, bias=None, stride=1, padding=0: F.conv2d(
                input, weight, bias, stride, (padding, 0)
            ),
            "You padded above and below only: left and right belong to it too.",
        ),
        Mistake(
            "padded columns only",
            lambda input, weight, bias=None, stride=1, padding=0: F.conv2d(
                input, weight, bias, stride, (0, padding)
            ),
            "You padded left and right only: above and below belong to it too.",
        ),
        Mistake(
            "padding left out",
            lambda input, weight, bias=None, stride=1, padding=0: slips.conv2d(input, weight, bias, stride),
            "You left out the padding.",
        ),
        Mistake(
            "edge repeated",
            slips.edge_padded,
            "You padded with copies of the border pixels; zeros are asked for.",
        ),
        Mistake(
            "stride along the width",
            lambda input, weight, bias=None, stride=1, padding=0: F.conv2d(
                input, weight, bias, (1, stride), padding
            ),
            "Your stride acts on the columns only: the kernel also moves down by that many rows.",
        ),
        Mistake(
            "stride along the height",
            lambda input, weight, bias=None, stride=1, padding=0: F.conv2d(
                input, weight, bias, (stride, 1), padding
            ),
            "Your stride acts on the rows only: the kernel also moves right by that many columns.",
        ),
        Mistake(
            "stride left out",
            lambda input, weight, bias=None, stride=1, padding=0: slips.conv2d(
                input, weight, bias, 1, padding
            ),
            "You left out the stride: take every stride-th place, in rows and in columns.",
        ),
        Mistake("stride inside the kernel", slips.stride_in_kernel, _APART),
        Mistake("bias along the width", slips.bias_along_width, _SHARED),
        Mistake("bias along the height", partial(slips.bias_along_width, axis=-2), _SHARED),
        Mistake("bias at each kernel pixel", slips.bias_on_products, _BIAS_ONCE),
        Mistake("bias at each channel", slips.bias_for_each_channel, _BIAS_ONCE),
        Mistake(
            "first channel",
            slips.one_channel,
            "Only the first channel counts: the sum runs over all channels of the input.",
        ),
        Mistake(
            "last channel",
            slips.last_channel,
            "Only the last channel counts: the sum runs over all channels of the input. Is there an `=` "
            "where "
            "`+=` belongs?",
        ),
        Mistake(
            "mean of channels", slips.mean_of_channels, "You averaged over the channels; they are summed."
        ),
        Mistake("last kernel pixel", slips.last_tap, _TAP),
        Mistake("first kernel pixel", slips.first_tap, _TAP),
        Mistake(
            "patches in another order",
            slips.shuffled_patches,
            "The numbers of a patch stand in another order than those of a kernel: bring both to channel, "
            "row, column before you flatten.",
        ),
        Mistake(
            "channel reshaped",
            slips.reshaped_result,
            "The channel stands last in your product, and reshape does not move an axis: permute it to "
            "place 1.",
        ),
        Mistake(
            "places read by columns",
            slips.places_reshaped,
            "Your places are read column by column; the output goes row by row.",
        ),
        Mistake(
            "one batch for all",
            lambda input, weight, *rest, **more: slips.conv2d(input[:1], weight, *rest, **more),
            "Only the first picture of the batch is there.",
        ),
        Mistake(
            "kernel transposed",
            lambda input, weight, *rest, **more: slips.conv2d(input, weight.transpose(2, 3), *rest, **more),
            "Rows and columns of the kernel are exchanged: weight is [out, channel, row, column].",
        ),
        Mistake("patches not permuted", slips.patches_not_permuted, _ORDER),
        Mistake("ones", partial(slips.padded_with, value=1.0), "You padded with ones; zeros are asked for."),
        Mistake(
            "mirrored",
            partial(slips.edge_padded, mode="reflect"),
            "You padded with a mirror image; zeros are asked for.",
        ),
        Mistake("sizes without padding", slips.sizes_without_padding, _SIZES),
        Mistake("slices without stride", slips.slices_without_stride, _STEP),
        Mistake(
            "a place too few",
            slips.a_place_too_few,
            "The last row and column of places are missing: a slice ends before its end, so it has to go one "
            "further, i + (H − h) + 1.",
        ),
        Mistake(
            "if bias",
            slips.if_bias,
            "`if bias:` asks whether numbers are true, of which there are several: ask `if bias is not "
            "None`.",
        ),
        Mistake(
            "empty middle",
            slips.empty_middle,
            "With padding = 0 the slice `padding : -padding` is empty: write padding : padding + height.",
        ),
        Mistake(
            "bias that is None",
            lambda input, weight, bias=None, stride=1, padding=0: (
                slips.conv2d(input, weight, None, stride, padding) + bias[:, None, None]
            ),
            "Sometimes bias is None, and then nothing is added: ask `if bias is not None`.",
        ),
        Mistake(
            "height for both sides",
            slips.square_kernel,
            "Your pieces or places are as wide as the kernel is high: a kernel of h rows and w columns needs "
            "both.",
        ),
        Mistake(
            "stride from another pixel",
            slips.other_phase,
            "Your places start at pixel stride − 1; the first one is at pixel 0: [::stride].",
        ),
        Mistake(
            "loop over places",
            slips.places,
            "Loop over the few pixels of the kernel, not over the many places of the picture: each of them "
            "is "
            "one product of whole slices.",
        ),
    ),
    noticing="A loop over the kernel runs nine times for one of 3 × 3, however large the picture, and unfold "
    "has no loop at all. The library's "
    "scratch.conv holds such a convolution for every stride, padding, dilation and group.",
    gradient=True,
    tolerance=1e-4,
    scaled=True,
    slow_factor=40,
)
