"""Keep the largest number of every window."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _max_pool2d(input, kernel_size, stride, padding):
    return F.max_pool2d(input, kernel_size, stride, padding)


def _windows(input, kernel_size, stride, padding, value=0.0):
    """All windows of the padded input: [batch, channel, row, column, k, k]."""
    padded = F.pad(input, 4 * (padding,), value=value)
    return padded.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)


def _padded_with(input, kernel_size, stride, padding, value=0.0):
    return _windows(input, kernel_size, stride, padding, value).amax(dim=(-2, -1))


def _mean(input, kernel_size, stride, padding):
    return F.avg_pool2d(input, kernel_size, stride, padding)


def _smallest(input, kernel_size, stride, padding):
    return -_max_pool2d(-input, kernel_size, stride, padding)


def _sum(input, kernel_size, stride, padding):
    return F.avg_pool2d(input, kernel_size, stride, padding) * kernel_size**2


def _one_axis(input, kernel_size, stride, padding, kernel, step, pad):
    """Pooling whose settings act along the chosen axes only."""
    take = ((kernel_size, 1), (stride, 1), (padding, 0))
    chosen = [tuple(pair[0] if yes else pair[1] for yes in which) for pair, which in
              zip(take, (kernel, step, pad), strict=True)]  # fmt: skip
    return F.max_pool2d(input, *chosen)


def _one_sided(input, kernel_size, stride, padding):
    padded = F.pad(input, (0, padding, 0, padding), value=float("-inf"))
    return F.max_pool2d(padded, kernel_size, stride)


def _one_sided_first(input, kernel_size, stride, padding):
    padded = F.pad(input, (padding, 0, padding, 0), value=float("-inf"))
    return F.max_pool2d(padded, kernel_size, stride)


def _over_channels(input, kernel_size, stride, padding):
    return _max_pool2d(input, kernel_size, stride, padding).amax(dim=1, keepdim=True)


def _largest_along_width_only(input, kernel_size, stride, padding):
    return _windows(input, kernel_size, stride, padding, float("-inf")).amax(dim=-1)[..., 0]


def _axis_left(input, kernel_size, stride, padding):
    return _windows(input, kernel_size, stride, padding, float("-inf")).amax(dim=-1)


def _with_places(input, kernel_size, stride, padding):
    return _windows(input, kernel_size, stride, padding, float("-inf")).flatten(-2).max(dim=-1)


def _max_over_two(input, kernel_size, stride, padding):
    return _windows(input, kernel_size, stride, padding).max(dim=(-2, -1))


def _places(input, kernel_size, stride, padding):
    return F.max_pool2d(input, kernel_size, stride, padding, return_indices=True)[1]


def _corner(input, kernel_size, stride, padding):
    return _windows(input, kernel_size, stride, padding, float("-inf"))[..., 0, 0]


def _largest_size(input, kernel_size, stride, padding):
    """The number that is largest without its sign, put back without it."""
    return _max_pool2d(input.abs(), kernel_size, stride, padding)


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
_SIDES = "Your padding comes at one side only; each of the four sides gets `padding` rows."

max_pool2d = Exercise(
    id="03.7",
    name="max_pool2d",
    title="Keep the largest",
    difficulty=2,
    minutes=15,
    stub="return the largest number of every window; padding must never win",
    parameters=("input", "kernel_size", "stride", "padding"),
    reference=_max_pool2d,
    hints=(
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
        Mistake("zeros", _padded_with, _ZEROS),
        *(
            Mistake(f"padded with {value:g}", partial(_padded_with, value=value), _ZEROS)
            for value in (-1.0, -10.0, -100.0, -1e3, -1e4, -1e5, -1e6, -1e9, -1e10)
        ),
        Mistake("mean", _mean, "You took the mean of each window; its largest number is wanted."),
        Mistake("smallest", _smallest, "You took the smallest number of each window; the largest is wanted."),
        Mistake("sum", _sum, "You summed each window; its largest number is wanted."),
        Mistake(
            "stride of the kernel",
            lambda input, kernel_size, stride, padding: F.max_pool2d(
                input, kernel_size, kernel_size, padding
            ),
            "Your windows lie side by side, whatever the stride: they start `stride` pixels apart.",
        ),
        Mistake(
            "stride of one",
            lambda input, kernel_size, stride, padding: F.max_pool2d(input, kernel_size, 1, padding),
            "You left out the stride: windows start `stride` pixels apart.",
        ),
        Mistake(
            "stride and kernel exchanged",
            lambda input, kernel_size, stride, padding: _padded_with(
                input, stride, kernel_size, padding, float("-inf")
            ),
            "kernel_size and stride are exchanged: unfold takes the size of a window first, then the step.",
        ),
        Mistake(
            "stride along the width",
            partial(_one_axis, kernel=(1, 1), step=(0, 1), pad=(1, 1)),
            "Your stride acts on the columns only: windows also start `stride` rows apart.",
        ),
        Mistake(
            "stride along the height",
            partial(_one_axis, kernel=(1, 1), step=(1, 0), pad=(1, 1)),
            "Your stride acts on the rows only: windows also start `stride` columns apart.",
        ),
        Mistake(
            "padding left out",
            lambda input, kernel_size, stride, padding: _padded_with(input, kernel_size, stride, 0),
            "You left out the padding.",
        ),
        Mistake("padded at the end", _one_sided, _SIDES),
        Mistake("padded at the start", _one_sided_first, _SIDES),
        Mistake(
            "rounded up",
            lambda input, kernel_size, stride, padding: F.max_pool2d(
                input, kernel_size, stride, padding, ceil_mode=True
            ),
            "There is a window too many at the end: one that would stick out is left out.",
        ),
        Mistake(
            "over the channels",
            _over_channels,
            "You took the largest over the channels too; each channel is pooled by itself.",
        ),
        Mistake(
            "along the width",
            _largest_along_width_only,
            "You took the largest of one row of the window; all its rows belong to it.",
        ),
        Mistake(
            "one axis left",
            _axis_left,
            "One axis of the window is left: take the largest over both, amax(dim=(−2, −1)).",
        ),
        Mistake(
            "of everything",
            lambda input, kernel_size, stride, padding: input.amax(dim=(2, 3), keepdim=True),
            "You took the largest of the whole picture; each window has one of its own.",
        ),
        Mistake(
            "values and places",
            _with_places,
            "max with a dim returns two things, the values and their places: take .values, or amax.",
        ),
        Mistake(
            "max over two axes",
            _max_over_two,
            "max takes one axis; amax takes several and returns the values alone: amax(dim=(−2, −1)).",
        ),
        Mistake("places", _places, "These are places (indices), not the numbers that stand there."),
        Mistake("corner", _corner, "You took the first number of each window, not its largest."),
        Mistake("largest size", _largest_size, "You compared sizes without the sign: −9 is less than 1."),
    ),
    noticing="After pooling it matters whether an edge was seen, and less where: moved by one pixel, a "
    "picture "
    "often gives the same numbers. The gradient goes to the winner of each window alone.",
    gradient=True,
)
