"""Keep the largest number of every window."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import pooling_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _tiny(_generator):
    """Four by four, cut into four windows."""
    image = torch.tensor(
        [[1.0, 2.0, 5.0, 3.0], [4.0, 0.0, 6.0, 7.0], [-1.0, -2.0, 9.0, 8.0], [-4.0, -3.0, 10.0, 11.0]]
    )
    return image[None, None], 2, 2, 0


def _made(generator, *shape, shift=0.0, size=1.0):
    return size * torch.randn(*shape, generator=generator) + shift


_ZEROS = (
    "You padded with a number that can win: where all numbers of a window are below it, the padding comes "
    "out "
    "as the largest. Pad with −∞, which never wins."
)
_SIDE_BY_SIDE = "Your windows lie side by side, whatever the stride: they start `stride` pixels apart."
_OVER_PLACES = (
    "You took the largest over the places (axes 2 and 3); the two axes inside a window are the last ones."
)
_SIDES = "Your padding comes at one side only; each of the four sides gets `padding` rows."

max_pool2d = Exercise(
    id="03.7",
    name="max_pool2d",
    title="Keep the largest",
    difficulty=2,
    minutes=12,
    stub="return the largest number of every window; padding must never win",
    parameters=("input", "kernel_size", "stride", "padding"),
    reference=slips.max_pool2d,
    hints=(
        "Five pixels in a row, windows of 2, stride 2: which pixels lie in the first window, where does the "
        "second begin, and which pixel is in none? And with stride 1?",
        "All numbers of a picture are negative and you pad with zeros: what comes out at the border?",
        "Which number is smaller than every other, so that it never is the largest of a window? And which "
        "axes does `x.unfold(2, k, s).unfold(3, k, s)` have?",
        "Make a picture full of −∞, larger by `padding` at each side, and put the input into its middle; "
        "unfold both axes with kernel_size and stride; take the maximum over the last two axes, "
        "amax(dim=(−2, −1)).",
    ),
    cases=(
        Case("four windows", _tiny),
        Case("windows that overlap", lambda g: (_made(g, 2, 3, 5, 6), 3, 1, 0)),
        Case("windows apart", lambda g: (_made(g, 1, 2, 7, 8), 2, 3, 0)),
        Case("rows and columns left over", lambda g: (_made(g, 2, 2, 5, 7), 2, 2, 0)),
        Case("negative numbers, padded", lambda g: (_made(g, 2, 3, 4, 6, shift=-5.0), 3, 2, 1)),
        Case("padding of both signs", lambda g: (_made(g, 2, 2, 6, 5), 4, 1, 2)),
        Case("far below zero", lambda g: (_made(g, 1, 2, 4, 5, shift=-1e12, size=1e11), 3, 2, 1)),
        Case("one pixel", lambda g: (_made(g, 2, 1, 1, 1, shift=-3.0), 3, 1, 1)),
    ),
    mistakes=(
        Mistake("zeros", slips.padded_with, _ZEROS),
        *(
            Mistake(f"padded with {value:g}", partial(slips.padded_with, value=value), _ZEROS)
            for value in (-1.0, -10.0, -100.0, -1e3, -1e4, -1e5, -1e6, -1e9, -1e10)
        ),
        Mistake(
            "padded with the smallest",
            lambda input, kernel_size, stride, padding: slips.padded_with(
                input, kernel_size, stride, padding, input.min().item()
            ),
            "Padding with the smallest pixel wins together with it, and takes a part of its gradient: pad "
            "with −∞.",
        ),
        Mistake(
            "padded with ∞",
            partial(slips.padded_with, value=float("inf")),
            "+∞ always wins; what must never win is −∞.",
        ),
        Mistake(
            "started from zeros",
            lambda *args: slips.max_pool2d(*args).clamp(min=0),
            "Nothing comes out below 0. Did you start with zeros and keep the larger? The largest of "
            "negative "
            "numbers is negative: start from −∞.",
        ),
        Mistake(
            "padded with NaN",
            partial(slips.padded_with, value=float("nan")),
            "The largest of numbers with a NaN among them is NaN: pad with −∞, which never wins.",
        ),
        Mistake(
            "mean, padded with −∞",
            slips.mean_of_padded,
            "You took the mean of each window; its largest number is wanted.",
        ),
        Mistake(
            "padded rows only",
            partial(slips.one_axis, kernel=(1, 1), step=(1, 1), pad=(1, 0)),
            "You padded above and below only: left and right belong to it too.",
        ),
        Mistake(
            "padded columns only",
            partial(slips.one_axis, kernel=(1, 1), step=(1, 1), pad=(0, 1)),
            "You padded left and right only: above and below belong to it too.",
        ),
        Mistake(
            "blocks",
            slips.blocks,
            "reshape cuts a picture into windows that lie side by side and fill it; with another stride they "
            "overlap or lie apart: unfold(axis, size, step) takes any stride.",
        ),
        Mistake(
            "max after max",
            slips.max_after_max,
            "max with a dim returns two things, the values and their places: take .values, or amax.",
        ),
        Mistake(
            "with their places",
            slips.with_their_places,
            "With return_indices=True torch returns two things, the numbers and their places; the numbers "
            "alone are wanted.",
        ),
        Mistake(
            "mean", slips.mean_of_window, "You took the mean of each window; its largest number is wanted."
        ),
        Mistake(
            "smallest", slips.smallest, "You took the smallest number of each window; the largest is wanted."
        ),
        Mistake("sum", slips.sum_of_window, "You summed each window; its largest number is wanted."),
        Mistake(
            "stride of the kernel",
            lambda input, kernel_size, stride, padding: F.max_pool2d(
                input, kernel_size, kernel_size, padding
            ),
            _SIDE_BY_SIDE,
        ),
        Mistake(
            "side by side, not padded",
            lambda input, kernel_size, stride, padding: slips.max_pool2d(input, kernel_size, kernel_size, 0),
            _SIDE_BY_SIDE,
        ),
        Mistake(
            "next to each other",
            slips.starts_next_to_each_other,
            "Your windows start one pixel apart: multiply the place by the stride to get its first pixel.",
        ),
        Mistake(
            "of batch and channels",
            lambda *args: (
                slips.max_pool2d(*args).amax(dim=(0, 1), keepdim=True).expand_as(slips.max_pool2d(*args))
            ),
            "You took the largest over pictures and channels too: over the last two axes alone, "
            "amax(dim=(2, 3)).",
        ),
        Mistake("over the places", slips.over_the_places, _OVER_PLACES),
        Mistake(
            "stride of one",
            lambda input, kernel_size, stride, padding: F.max_pool2d(input, kernel_size, 1, padding),
            "You left out the stride: windows start `stride` pixels apart.",
        ),
        Mistake(
            "stride and kernel exchanged",
            lambda input, kernel_size, stride, padding: slips.padded_with(
                input, stride, kernel_size, padding, float("-inf")
            ),
            "kernel_size and stride are exchanged: unfold takes the size of a window first, then the step.",
        ),
        Mistake(
            "stride along the width",
            partial(slips.one_axis, kernel=(1, 1), step=(0, 1), pad=(1, 1)),
            "Your stride acts on the columns only: windows also start `stride` rows apart.",
        ),
        Mistake(
            "stride along the height",
            partial(slips.one_axis, kernel=(1, 1), step=(1, 0), pad=(1, 1)),
            "Your stride acts on the rows only: windows also start `stride` columns apart.",
        ),
        Mistake(
            "padding left out",
            lambda input, kernel_size, stride, padding: slips.padded_with(input, kernel_size, stride, 0),
            "You left out the padding.",
        ),
        Mistake("padded at the end", slips.one_sided, _SIDES),
        Mistake("padded at the start", slips.one_sided_first, _SIDES),
        Mistake(
            "rounded up",
            lambda input, kernel_size, stride, padding: F.max_pool2d(
                input, kernel_size, stride, padding, ceil_mode=True
            ),
            "There is a window too many at the end: one that would stick out is left out.",
        ),
        Mistake(
            "over the channels",
            slips.over_channels,
            "You took the largest over the channels too; each channel is pooled by itself.",
        ),
        Mistake(
            "along the width",
            slips.largest_along_width_only,
            "You took the largest of one row of the window; all its rows belong to it.",
        ),
        Mistake(
            "one axis left",
            slips.axis_left,
            "One axis of the window is left: take the largest over both, amax(dim=(−2, −1)).",
        ),
        Mistake(
            "of everything",
            lambda input, kernel_size, stride, padding: input.amax(dim=(2, 3), keepdim=True),
            "You took the largest of the whole picture; each window has one of its own.",
        ),
        Mistake(
            "values and places",
            slips.with_places,
            "max with a dim returns two things, the values and their places: take .values, or amax.",
        ),
        Mistake(
            "max over two axes",
            slips.max_over_two,
            "max takes one axis; amax takes several and returns the values alone: amax(dim=(−2, −1)).",
        ),
        Mistake("places", slips.places, "These are places (indices), not the numbers that stand there."),
        Mistake("corner", slips.corner, "You took the first number of each window, not its largest."),
        Mistake(
            "largest size", slips.largest_size, "You compared sizes without the sign: −9 is less than 1."
        ),
    ),
    noticing="After pooling it matters whether an edge was seen, and less where: moved by one pixel, a "
    "picture "
    "often gives the same numbers. The gradient goes to the winner of each window alone.",
    gradient=True,
)
