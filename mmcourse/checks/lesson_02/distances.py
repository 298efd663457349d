"""How far is every example from every other? By one matrix product."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_02 import distance_slips as slips
from mmcourse.checks.lesson_05._sizes import at_most

torch, comparison = lazy("torch"), lazy("mmcourse.checks.compare")
_TOLERANCE = 1e-4  # three terms that nearly cancel, in float32 around the mean


def _use(answer, x, reference):
    """Call an answer, which may hold tables of row × other or as much as it was given, and no more."""
    with at_most(2 * max(len(x) * len(reference), x.numel(), reference.numel())):
        return answer(x, reference)


def _judge(got, wanted, args):
    """As for any output; and no distance below 0, by however little."""
    fault = comparison.compare(got, wanted, comparison.Rules(_TOLERANCE))
    if fault is not None and _rounded(got, wanted, *args.args):
        return _FAR.rstrip(".")
    if fault is not None:
        return f"{fault.says}. {fault.likely}".strip()
    if bool((got < 0).any()):
        return "Some squared distances lie a little below 0, and their root would be NaN"
    return None


def _rounded(got, wanted, x, reference):
    """Whether the distances are as right as float32 can give them without moving the tables."""
    if not isinstance(got, torch.Tensor) or got.dtype != wanted.dtype or got.shape != wanted.shape:
        return False
    largest = max(x.square().sum(1).max().item(), reference.square().sum(1).max().item())
    return largest > 1e5 and (got - wanted).abs().max().item() < 2e-6 * largest  # a mistake is far more off


def _tiny(_generator):
    """Corners of triangles of sides 3, 4, 5; the last example stands in the reference too."""
    return torch.tensor([[0.0, 0.0], [3.0, 4.0]]), torch.tensor([[3.0, 0.0], [0.0, 4.0], [3.0, 4.0]])


def _tables(generator, rows, others, features, level=0.0):
    """Two tables around a level, the second a little apart from the first."""
    x = torch.randn(rows, features, generator=generator)
    return x + level, torch.randn(others, features, generator=generator) + 0.5 + level


def _on_both_sides(generator):
    """Far from 0 in every feature, half of them below it: one mean of all numbers would move nothing."""
    x, reference = _tables(generator, 30, 26, 8)
    level = torch.tensor([1000.0, -1000.0]).repeat(4)
    return x + level, reference + level


def _itself(generator, rows, features):
    x = torch.randn(rows, features, generator=generator)
    return x, x.clone()


_FAR = (
    "Far from 0 the squares are huge and their small difference is lost in rounding: move both tables by the "
    "same amount first (the mean of reference), or compute in float64."
)
_ONE_PRODUCT = "One matrix product, x @ reference.T, gives all pairs at once: ‖x − r‖² = ‖x‖² − 2 x·r + ‖r‖²."
_MEET = (
    "Each row of x is to meet each of reference: the squares of x go down the rows, sum(1, keepdim=True). "
    "(x − reference by itself would pair row with row.)"
)
_MOVED = (
    "You take away the mean of each row; each feature has a mean of its own, mean(0), and both tables "
    "move by the same."
)
_BOTH = "You moved only one of the tables: both must move by the same amount."
_FORMULA = "‖x − r‖² = ‖x‖² − 2 x·r + ‖r‖²"


def _slip(name, sentence, **switches):
    return Mistake(name, partial(slips.distances, **switches), sentence)


squared_distances = Exercise(
    id="02.1",
    name="squared_distances",
    title="How far is each example from each other?",
    difficulty=2,
    minutes=15,
    stub="return the squared distance of each row of x to each row of reference, by one matrix product",
    parameters=("x", "reference"),
    reference=slips.distances,
    call=_use,
    judge=_judge,
    slow_factor=12,
    hints=(
        "(a − b)² = a² − 2ab + b². Which of the three terms, summed over the features, needs a pair of "
        "examples, and which only one of them?",
        "x @ reference.T holds all products x·r. What shape must the sums of squares have, so that those of "
        "x go down the rows and those of reference along the columns? And what does not change when both "
        "tables move by the same amount?",
        "Subtract reference.mean(0) from both, or take .double() of both. Then "
        "x.square().sum(1, keepdim=True) − 2 · x @ reference.T + reference.square().sum(1), "
        "then .clamp(min=0), in the dtype of x.",
    ),
    cases=(
        Case("two examples, three references", _tiny),
        Case("random tables", lambda g: _tables(g, 5, 4, 7)),
        Case("as many of both, and as many features", lambda g: _tables(g, 4, 4, 4)),
        Case("one example, one feature", lambda g: _tables(g, 1, 3, 1)),
        Case("a table and itself", lambda g: _itself(g, 30, 20)),
        Case("all far from 0", _on_both_sides),
        Case("all far below 0", lambda g: _tables(g, 3, 28, 8, level=-3000.0)),
        Case("many examples", lambda g: _tables(g, 4000, 5, 8), timed=True),
        Case("many references", lambda g: _tables(g, 5, 4000, 8), timed=True),
    ),
    mistakes=(
        _slip("root", "You took the root; the squared distance is wanted.", end="root"),
        _slip("no clamp", "Rounding can bring a distance of 0 a little below it: .clamp(min=0).", end="none"),
        _slip(
            "each its own mean",
            "You moved each table by its own mean, and so towards each other: both must move by the "
            "same amount.",
            moved="own",
        ),
        _slip("only x moved", _BOTH, moved="x"),
        Mistake("only x moved, by its own mean", slips.only_x_by_its_mean, _BOTH),
        Mistake("mean of rows", slips.moved_by_row, _MOVED),
        Mistake(
            "squares of all",
            slips.squares_of_all,
            "sum() without a dim adds up the whole table: each row has its own sum of squares, sum(1).",
        ),
        _slip("plus", f"The sign of the product is minus: {_FORMULA}.", factor=2.0),
        _slip("product once", f"The product counts twice: {_FORMULA}.", factor=-1.0),
        _slip("no squares of x", f"The squares of x are missing: {_FORMULA}.", of_x="none"),
        _slip(
            "no squares of reference",
            f"The squares of reference are missing: {_FORMULA}.",
            of_reference="none",
        ),
        _slip(
            "lengths without a square",
            f"You added the lengths; the formula has their squares: {_FORMULA}.",
            of_x="length",
            of_reference="length",
        ),
        _slip("product only", f"This is the product x·r alone: {_FORMULA}.", how="product"),
        _slip("cosine", "You compared directions; a distance also depends on the lengths.", how="cosine"),
        _slip("sizes", "You added up |x − r|; the squares of the differences are wanted.", how="sizes"),
        _slip("mean", "You took the mean over the features; the sum is wanted.", end="mean"),
        _slip(
            "transposed", "Rows are examples of x, columns examples of reference: transpose it.", end="turned"
        ),
        _slip("x twice", "These are the distances within x; the second table is reference.", how="x twice"),
        Mistake(
            "squares of x along the columns",
            lambda x, reference: x.square().sum(1) - 2 * x @ reference.T + reference.square().sum(1),
            _MEET,
        ),
        Mistake(
            "squares added first",
            lambda x, reference: x.square().sum(1) + reference.square().sum(1) - 2 * x @ reference.T,
            _MEET,
        ),
        Mistake(
            "sum over the examples",
            lambda x, reference: x.square().sum(0) - 2 * x @ reference.T + reference.square().sum(0),
            "You summed over the examples; the squares are summed over the features, dim=1.",
        ),
        Mistake(
            "not turned",
            lambda x, reference: x @ reference,
            "Turn the second table, x @ reference.T, so that each example is multiplied with each other.",
        ),
        Mistake(
            "all differences",
            lambda x, reference: (x[:, None] - reference).square().sum(2),
            f"Here stand all differences, [row, other, feature], far too much for real data. {_ONE_PRODUCT}",
        ),
        Mistake("a row at a time", slips.loop, f"A loop over the examples takes long. {_ONE_PRODUCT}"),
    ),
    noticing="64 features and 60,000 examples of MNIST against as many: the table of all differences would "
    "hold 230 billion numbers. The product never makes it, and is the fastest thing that a processor does.",
)
