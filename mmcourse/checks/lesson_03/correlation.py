"""Slide one kernel over one picture."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import correlation_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _tiny(_generator):
    """Three rows of three and a kernel of four different numbers."""
    image = torch.tensor([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0], [2.0, 0.0, 4.0]])
    return image, torch.tensor([[1.0, 10.0], [100.0, 1000.0]])


def _picture(generator, height, width, kernel_height, kernel_width):
    return (
        torch.randn(height, width, generator=generator),
        torch.randn(kernel_height, kernel_width, generator=generator),
    )


_INSIDE = (
    "Your result has more places than the kernel. No padding is asked for: where it would stick out it has "
    "no "
    "place, so there are H − h + 1 rows and W − w + 1 columns."
)
_RANGE = (
    "The last place is missing: a kernel of h rows fits at H − h + 1 places, from 0 to H − h, and range "
    "leaves its end out."
)
_SQUARE = "Your pieces are as wide as the kernel is high: a kernel of h rows and w columns needs both."
_FLIPPED = (
    "You turned the kernel by 180°: that is what mathematics calls convolution. Networks, and this task, "
    "leave "
    "it as it is: cross-correlation."
)

correlate = Exercise(
    id="03.4",
    name="correlate",
    title="Slide a kernel over a picture",
    difficulty=1,
    minutes=10,
    stub="at every place, multiply the kernel with the pixels under it and sum",
    parameters=("image", "kernel"),
    reference=slips.correlate,
    hints=(
        "Lay the kernel of two rows and two columns on the upper left corner of the picture: which four "
        "products do you add? And at how many places can it lie?",
        "Which slice of the picture lies under a kernel of h rows and w columns whose upper left corner is "
        "at row i, column j?",
        "For i in range(H − h + 1) and j in range(W − w + 1): (image[i : i + h, j : j + w] * kernel).sum(). "
        "Collect the numbers of a row, torch.stack them, then stack the rows.",
    ),
    cases=(
        Case("three by three, a kernel of two by two", _tiny),
        Case(
            "a difference along a row",
            lambda g: (torch.randn(2, 5, generator=g), torch.tensor([[-1.0, 1.0]])),
        ),
        Case("a random kernel", lambda g: _picture(g, 6, 9, 3, 3)),
        Case("higher than wide", lambda g: _picture(g, 9, 6, 4, 2)),
        Case("a kernel as large as the picture", lambda g: _picture(g, 3, 4, 3, 4)),
        Case("a kernel of one pixel", lambda g: _picture(g, 4, 3, 1, 1)),
        Case("a square picture, a low kernel", lambda g: _picture(g, 7, 7, 2, 5)),
    ),
    mistakes=(
        Mistake("flipped", lambda image, kernel: slips.correlate(image, kernel.flip(0, 1)), _FLIPPED),
        Mistake(
            "flipped along rows",
            lambda image, kernel: slips.correlate(image, kernel.flip(1)),
            "You mirrored the kernel from left to right: its first column goes with the first column of the "
            "piece.",
        ),
        Mistake(
            "flipped along columns",
            lambda image, kernel: slips.correlate(image, kernel.flip(0)),
            "You turned the kernel upside down: its first row goes with the first row of the piece.",
        ),
        Mistake("one place too few", lambda image, kernel: slips.correlate(image, kernel)[:-1, :-1], _RANGE),
        Mistake("one row too few", lambda image, kernel: slips.correlate(image, kernel)[:-1], _RANGE),
        Mistake("one column too few", lambda image, kernel: slips.correlate(image, kernel)[:, :-1], _RANGE),
        Mistake(
            "padded",
            slips.same_size,
            _INSIDE,
        ),
        Mistake(
            "padded at the end",
            lambda image, kernel: slips.correlate(
                F.pad(image, (0, kernel.shape[1] - 1, 0, kernel.shape[0] - 1)), kernel
            ),
            _INSIDE,
        ),
        Mistake(
            "padded by half the kernel",
            lambda image, kernel: slips.correlate(
                F.pad(image, 2 * (kernel.shape[1] // 2,) + 2 * (kernel.shape[0] // 2,)), kernel
            ),
            _INSIDE,
        ),
        Mistake("zeros at the end", slips.zeros_at_the_end, _INSIDE),
        Mistake("last places left at 0", slips.last_places_left, _RANGE),
        Mistake("square pieces and places", slips.square_places, _SQUARE),
        Mistake("over the edge", slips.over_the_edge, _INSIDE),
        Mistake(
            "rows and columns exchanged",
            slips.rows_and_columns_exchanged,
            "Row and column are exchanged: the number at [i, j] comes from image[i : i + h, j : j + w].",
        ),
        Mistake(
            "kernel transposed", slips.kernel_transposed, "You transposed the kernel; it is used as it is."
        ),
        Mistake(
            "square pieces",
            slips.square_pieces,
            _SQUARE,
        ),
        Mistake(
            "matrix product",
            slips.matrix_product,
            "`@` is the matrix product; the kernel is multiplied entry by entry, with `*`.",
        ),
        Mistake(
            "kernel left out",
            lambda image, kernel: slips.patches(image, kernel).sum(dim=(-2, -1)),
            "You summed the pixels; each is weighted with the kernel's number that lies on it.",
        ),
        Mistake(
            "mean",
            lambda image, kernel: slips.correlate(image, kernel) / kernel.numel(),
            "You took the mean of the products; their sum is wanted.",
        ),
        Mistake(
            "largest",
            lambda image, kernel: (slips.patches(image, kernel) * kernel).amax(dim=(-2, -1)),
            "You took the largest product; their sum is wanted.",
        ),
        Mistake(
            "product left out",
            lambda image, kernel: (slips.patches(image, kernel) + kernel).sum(dim=(-2, -1)),
            "You added the kernel to the pixels; multiply them.",
        ),
        Mistake(
            "last product",
            lambda image, kernel: slips.patches(image, kernel)[..., -1, -1] * kernel[-1, -1],
            "Only the last product of each place is there: add them up, `+=` and not `=`.",
        ),
        Mistake(
            "sum over one axis",
            lambda image, kernel: (slips.patches(image, kernel) * kernel).sum(dim=-1),
            "You summed along one axis of the piece; both belong in the sum, which gives one number a place.",
        ),
        Mistake(
            "not summed",
            lambda image, kernel: slips.patches(image, kernel) * kernel,
            "These are the products; sum those of each place to one number.",
        ),
        Mistake(
            "blocks",
            slips.blocks,
            "You moved on by a whole kernel; it moves by one pixel, so that pieces overlap.",
        ),
        Mistake(
            "first row only",
            slips.return_in_the_loop,
            "Only the first row is there: is `return` inside a loop?",
        ),
        Mistake(
            "first number only",
            lambda image, kernel: slips.correlate(image, kernel)[0, 0],
            "Only the first place is there: is `return` inside your loops?",
        ),
        Mistake(
            "flat",
            lambda image, kernel: slips.correlate(image, kernel).flatten(),
            "Your numbers stand in one long row: give each row of places a row, [H − h + 1, W − w + 1].",
        ),
        Mistake(
            "height of the picture for both sides",
            slips.square_picture,
            "You count the columns of places with the height of the picture: there are W − w + 1 of them.",
        ),
        Mistake(
            "picture changed",
            slips.in_place,
            "You change the picture itself: a slice is a view of it, and *= writes into it, where the next "
            "place reads. Make a new tensor, piece * kernel.",
        ),
        Mistake(
            "last place everywhere",
            slips.last_piece,
            "Every entry holds the number of the last place: does your loop write into one and the same "
            "place?",
        ),
    ),
    noticing="A kernel of [−1, 1] is 0 on an even wall and large at an edge: it measures change. A network "
    "learns such kernels by itself, and the next exercises give it many of them.",
    gradient=True,
    scaled=True,
)
