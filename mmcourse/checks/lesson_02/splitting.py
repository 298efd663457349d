"""The question that a tree asks: which feature, and at which threshold?"""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_02 import splitting_slips as slips
from mmcourse.checks.lesson_02.splitting_mistakes import MISTAKES
from mmcourse.checks.show import describe

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _mean_left(x, y, classes, feature, threshold):
    """Gini impurity that is left, a row."""
    below = x[:, feature].double() <= threshold
    left, right = (F.one_hot(y[side], classes).sum(0).double() for side in (below, ~below))
    return slips.weighted(left, right) / len(x)


def _form_fault(got, features):
    if got is None:
        return "There is a split here, and you returned None: None is for rows that are all alike"
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return f"A pair is wanted, (feature, threshold), got {describe(got)}"
    if any(isinstance(one, bool) or not hasattr(one, "__float__") for one in got):
        return f"A pair of numbers is wanted, (feature, threshold), got {describe(got)}"
    if float(got[0]) % 1 or not 0 <= float(got[0]) < features:
        return (
            f"The feature is {float(got[0]):g}; it is the number of a column, 0 to {features - 1}, and comes "
            f"before the threshold"
        )
    return None


def _judge(got, wanted, args):
    """Any of the best splits will do; the threshold has to lie half-way."""
    x, y, classes = args.args
    if wanted is None:
        return got and f"All rows are alike, nothing parts them: None is wanted, got {describe(got)}"
    fault = _form_fault(got, x.shape[1])
    if fault is not None:
        return fault
    feature, threshold = int(got[0]), float(got[1])
    column = x[:, feature].double()
    goes_left = column <= threshold
    here = f"Feature {feature} at {threshold:.5g}"
    if goes_left.all() or not goes_left.any():
        return f"{here} sends all {len(x)} rows to one side"
    below, above = column[goes_left].max().item(), column[~goes_left].min().item()
    middle = below / 2 + above / 2
    if abs(threshold - middle) > 1e-3 * (above - below) + 1e-6 * abs(middle):
        return f"{here} parts {below:.5g} from {above:.5g}: half-way between them is {middle:.5g}"
    left, least = _mean_left(x, y, classes, feature, threshold), _mean_left(x, y, classes, *wanted)
    if left > least + 1e-5:
        return (
            f"{here} leaves a Gini impurity of {left:.3g} (mean over the rows); feature {wanted[0]} at "
            f"{wanted[1]:.5g} leaves {least:.3g}"
        )
    return None


def _numbers(generator, rows, features, classes, steps=None):
    """Random features, of `steps` different values if given; labels that lean on one of them."""
    x = torch.randn(rows, features, generator=generator)
    if steps:
        x = torch.randint(steps, (rows, features), generator=generator).float()
    lean = x[:, features // 2] + 0.7 * x.std() * torch.randn(rows, generator=generator)
    y = (lean.argsort().argsort() * classes // rows).long()
    return x, y, classes


def _first_is_best(generator):
    """Only feature 0 says anything; the rest is drawn."""
    x, y, classes = _numbers(generator, 30, 4, 3)
    return x[:, [2, 0, 1, 3]], y, classes


def _far(generator):
    """Values below 0, one feature far larger than the other, and unequal gaps."""
    x, y, classes = _numbers(generator, 25, 3, 3)
    return x.sinh() * torch.tensor([1.0, 1000.0, 0.01]) - 50, y, classes


def _rows(x, y, classes):
    return lambda _generator: (torch.tensor(x), torch.tensor(y), classes)


def _line(y, classes):
    """One feature, 0, 1, 2 …"""
    return _rows([[float(value)] for value in range(len(y))], y, classes)


best_split = Exercise(
    id="02.7",
    name="best_split",
    title="The best question to ask",
    difficulty=3,
    minutes=25,
    stub="return (feature, threshold) of the split that leaves the least impurity",
    parameters=("x", "y", "classes"),
    reference=slips.best,
    judge=_judge,
    hints=(
        "Ten sorted values: how many different ways are there to part them into a left and a right side? "
        "Which threshold gives each?",
        "A side of one row is always pure. What would a tree do that took the plain mean of the two sides' "
        "impurities?",
        "Where two sorted values are equal, can a threshold come between them? And what is left to return "
        "when every value of every feature is equal?",
        "For each feature f: values, order = x[:, f].sort(); labels = y[order]. For each i with values[i] < "
        "values[i + 1], left = labels[: i + 1], right = labels[i + 1 :]; cost = Σ over both sides of n · (1 "
        "− Σ share²). Keep feature and (values[i] + values[i + 1]) / 2 where cost is below the least so far, "
        "which begins with ∞.",
    ),
    cases=(
        Case(
            "four rows, two features",
            _rows([[5.0, 6.0], [4.0, 1.0], [9.0, 3.0], [7.0, 2.0]], [1, 0, 1, 0], 2),
        ),
        Case("three classes in a row", _line([1, 1, 2, 1, 2, 0, 1], 3)),
        Case("the first row apart", _line([1, 0, 0], 2)),
        Case("the last row apart", _line([0, 0, 1], 2)),
        Case("twelve rows, three classes", lambda g: _numbers(g, 12, 3, 3)),
        Case("a lonely row at the end", _line([1, 0, 0, 0, 1, 0, 1, 1, 0, 1], 2)),
        Case("values that come often", lambda g: _numbers(g, 40, 3, 3, steps=4)),
        Case("the first feature is best", _first_is_best),
        Case("forty rows, five classes", lambda g: _numbers(g, 40, 4, 5)),
        Case("negative and far apart", _far),
        Case("two rows", _rows([[4.0, -1.0], [4.0, -3.0]], [0, 1], 2)),
        Case(
            "no split helps at once", _rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0], 2)
        ),
        Case("a class without rows", lambda g: (*_numbers(g, 20, 3, 2)[:2], 4)),
        Case("all rows alike", _rows([[2.0, 5.0], [2.0, 5.0], [2.0, 5.0]], [0, 1, 0], 2)),
    ),
    mistakes=MISTAKES,
    noticing="A tree compares a value with a threshold and nothing else: multiply a feature by 1000, or take "
    "its logarithm, and the same rows go left. That is why trees need no standardising.",
    time_limit=10.0,
)
