"""Slide one kernel over one picture."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _correlate(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


def _patches(image, kernel):
    """All pieces of the picture of the kernel's size: [row, column, h, w]."""
    height, width = kernel.shape
    return image.unfold(0, height, 1).unfold(1, width, 1)


def _same_size(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None], padding="same")[0, 0]


def _rows_and_columns_exchanged(image, kernel):
    """image[j : j + h, i : i + w] for the number at row i and column j."""
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    entries = [
        [(image[j : j + height, i : i + width] * kernel).sum() for j in range(columns)] for i in range(rows)
    ]
    return torch.stack([torch.stack(row) for row in entries])


def _kernel_transposed(image, kernel):
    return (_patches(image, kernel) * kernel.T).sum(dim=(-2, -1))


def _matrix_product(image, kernel):
    return (_patches(image, kernel) @ kernel).sum(dim=(-2, -1))


def _blocks(image, kernel):
    height, width = kernel.shape
    pieces = image.unfold(0, height, height).unfold(1, width, width)
    return (pieces * kernel).sum(dim=(-2, -1))


def _square_pieces(image, kernel):
    """Pieces as wide as the kernel is high."""
    height = kernel.shape[0]
    rows, columns = image.shape[0] - height + 1, image.shape[1] - kernel.shape[1] + 1
    entries = [
        [(image[i : i + height, j : j + height] * kernel).sum() for j in range(columns)] for i in range(rows)
    ]
    return torch.stack([torch.stack(row) for row in entries])


def _over_the_edge(image, kernel):
    """Pieces at the end are smaller; some of them fit the kernel by broadcasting."""
    height, width = kernel.shape
    rows = [
        [(image[i : i + height, j : j + width] * kernel).sum() for j in range(image.shape[1])]
        for i in range(image.shape[0])
    ]
    return torch.stack([torch.stack(row) for row in rows])


def _return_in_the_loop(image, kernel):
    """The first row is done, the others still hold what the result was made with."""
    full = _correlate(image, kernel)
    return torch.cat([full[:1], torch.zeros_like(full[1:])])


def _last_piece(image, kernel):
    full = _correlate(image, kernel)
    return full[-1, -1].expand(full.shape)


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
    "Your result is as large as the picture. No padding is asked for: a kernel that would stick out has no "
    "place there, so there are H − h + 1 rows and W − w + 1 columns."
)
_RANGE = (
    "The last place is missing: a kernel of h rows fits at H − h + 1 places, from 0 to H − h, and range "
    "leaves its end out."
)
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
    minutes=12,
    stub="at every place, multiply the kernel with the pixels under it and sum",
    parameters=("image", "kernel"),
    reference=_correlate,
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
        Mistake("flipped", lambda image, kernel: _correlate(image, kernel.flip(0, 1)), _FLIPPED),
        Mistake(
            "flipped along rows",
            lambda image, kernel: _correlate(image, kernel.flip(1)),
            "You mirrored the kernel from left to right: its first column goes with the first column of the "
            "piece.",
        ),
        Mistake(
            "flipped along columns",
            lambda image, kernel: _correlate(image, kernel.flip(0)),
            "You turned the kernel upside down: its first row goes with the first row of the piece.",
        ),
        Mistake("one place too few", lambda image, kernel: _correlate(image, kernel)[:-1, :-1], _RANGE),
        Mistake("one row too few", lambda image, kernel: _correlate(image, kernel)[:-1], _RANGE),
        Mistake("one column too few", lambda image, kernel: _correlate(image, kernel)[:, :-1], _RANGE),
        Mistake(
            "padded",
            _same_size,
            _INSIDE,
        ),
        Mistake(
            "padded at the end",
            lambda image, kernel: _correlate(
                F.pad(image, (0, kernel.shape[1] - 1, 0, kernel.shape[0] - 1)), kernel
            ),
            _INSIDE,
        ),
        Mistake("over the edge", _over_the_edge, _INSIDE),
        Mistake(
            "rows and columns exchanged",
            _rows_and_columns_exchanged,
            "Row and column are exchanged: the number at [i, j] comes from image[i : i + h, j : j + w].",
        ),
        Mistake("kernel transposed", _kernel_transposed, "You transposed the kernel; it is used as it is."),
        Mistake(
            "square pieces",
            _square_pieces,
            "Your pieces are as wide as the kernel is high: h rows, w columns.",
        ),
        Mistake(
            "matrix product",
            _matrix_product,
            "`@` is the matrix product; the kernel is multiplied entry by entry, with `*`.",
        ),
        Mistake(
            "kernel left out",
            lambda image, kernel: _patches(image, kernel).sum(dim=(-2, -1)),
            "You summed the pixels; each is weighted with the kernel's number that lies on it.",
        ),
        Mistake(
            "mean",
            lambda image, kernel: _correlate(image, kernel) / kernel.numel(),
            "You took the mean of the products; their sum is wanted.",
        ),
        Mistake(
            "largest",
            lambda image, kernel: (_patches(image, kernel) * kernel).amax(dim=(-2, -1)),
            "You took the largest product; their sum is wanted.",
        ),
        Mistake(
            "product left out",
            lambda image, kernel: (_patches(image, kernel) + kernel).sum(dim=(-2, -1)),
            "You added the kernel to the pixels; multiply them.",
        ),
        Mistake(
            "sum over one axis",
            lambda image, kernel: (_patches(image, kernel) * kernel).sum(dim=-1),
            "You summed along one axis of the piece; both belong in the sum, which gives one number a place.",
        ),
        Mistake(
            "not summed",
            lambda image, kernel: _patches(image, kernel) * kernel,
            "These are the products; sum those of each place to one number.",
        ),
        Mistake(
            "blocks",
            _blocks,
            "You moved on by a whole kernel; it moves by one pixel, so that pieces overlap.",
        ),
        Mistake(
            "first row only", _return_in_the_loop, "Only the first row is there: is `return` inside a loop?"
        ),
        Mistake(
            "first number only",
            lambda image, kernel: _correlate(image, kernel)[0, 0],
            "Only the first place is there: is `return` inside your loops?",
        ),
        Mistake(
            "flat",
            lambda image, kernel: _correlate(image, kernel).flatten(),
            "Your numbers stand in one long row: give each row of places a row, [H − h + 1, W − w + 1].",
        ),
        Mistake(
            "last place everywhere",
            _last_piece,
            "Every entry holds the number of the last place: does your loop write into one and the same "
            "place?",
        ),
    ),
    noticing="A kernel of [−1, 1] is 0 on an even wall and large at an edge: it measures change. A network "
    "learns such kernels by itself, and the next exercises give it many of them.",
    gradient=True,
    scaled=True,
)
