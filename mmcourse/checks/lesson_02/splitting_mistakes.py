"""What people do otherwise when they look for a split."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_02 import splitting_slips as slips

_SIDES = "A side of 1 row counts as much as one of 9: weight each side's impurity by its number of rows."
_HALF = (
    "Your threshold is a value of a row; half-way between it and the next one is wanted, (below + above) / 2."
)
_ORDER = "The labels have to move with the values: values, order = x[:, f].sort(), then y[order]."
_SORT = "You went through the rows in the order they came in: sort each feature first."
_EQUAL = (
    "You part rows whose values are equal, which no threshold can do: skip places where values[i] == "
    "values[i + 1]."
)
_ALIKE = "When all rows are alike no split exists: begin with None and return it when nothing was found."

MISTAKES = (
    Mistake("unweighted", partial(slips.best, cost=slips.unweighted), _SIDES),
    Mistake(
        "twice weighted",
        partial(slips.best, cost=slips.twice_weighted),
        "n − Σ n²/n holds the rows already; you multiplied by the number of rows once more.",
    ),
    Mistake(
        "weights exchanged",
        partial(slips.best, cost=slips.weights_exchanged),
        "The weights are exchanged: the left impurity goes with the rows of the left side.",
    ),
    Mistake(
        "left only",
        partial(slips.best, cost=slips.left_only),
        "You measured the left side only; a pure left side is no use if the right one is as mixed as before.",
    ),
    Mistake(
        "right only",
        partial(slips.best, cost=slips.right_only),
        "You measured the right side only; the left one belongs to it too.",
    ),
    Mistake(
        "errors",
        partial(slips.best, cost=slips.errors),
        "You counted the rows outside the commonest class; Gini, 1 − Σ share², also sees what gets purer "
        "without the commonest class changing.",
    ),
    Mistake(
        "entropy",
        partial(slips.best, cost=slips.entropy),
        "You took the entropy; Gini, 1 − Σ share², is wanted.",
    ),
    Mistake(
        "first class",
        partial(slips.best, cost=slips.first_class),
        "Your impurity tells class 0 from all others only: sum the squared shares of every class.",
    ),
    Mistake(
        "not squared",
        partial(slips.best, cost=slips.not_squared),
        "Every split costs the same with you: shares sum to 1, so square them before you sum them.",
    ),
    Mistake("lower value", slips.lower_value, _HALF),
    Mistake("upper value", slips.upper_value, _HALF),
    Mistake("value of a row", slips.value_of_a_row, _HALF),
    Mistake(
        "not sorted",
        partial(slips.best, sorts=False),
        _SORT,
    ),
    Mistake("not sorted, any order", partial(slips.best, sorts=False, equal=True), _ORDER),
    Mistake("labels left behind", partial(slips.best, labels=False), _ORDER),
    Mistake(
        "sorted by the first",
        slips.sorted_by_the_first,
        "You sorted the rows once, by feature 0; each feature has an order of its own.",
    ),
    Mistake("rows as they came", slips.rows_as_they_came, _SORT),
    Mistake("between equals, asked of values", slips.between_equals_asked, _EQUAL),
    Mistake(
        "one row short",
        slips.one_row_short,
        "The threshold after row i sends rows 0 … i left: labels[: i + 1], not labels[:i].",
    ),
    Mistake(
        "rows for features",
        slips.rows_for_features,
        "You go over the rows where features are meant: range(x.shape[1]), not range(len(x)).",
    ),
    Mistake("between equals", partial(slips.best, equal=True), _EQUAL),
    Mistake(
        "largest",
        partial(slips.best, worst=True),
        "You kept the split that leaves the most impurity; the least is wanted.",
    ),
    Mistake(
        "first feature",
        partial(slips.best, features=1),
        "You looked at feature 0 only: is `return` inside the loop over features?",
    ),
    Mistake(
        "last feature",
        partial(slips.best, anew=True),
        "Your least cost begins anew at each feature, so that the last one wins: set it before both loops.",
    ),
    Mistake(
        "must improve",
        partial(slips.best, improves=True),
        "A split that makes nothing purer is still a split, and the next question may be the one that helps: "
        "begin with ∞, not with the impurity before the split.",
    ),
    Mistake(
        "last place left out",
        partial(slips.best, cut=(0, 1)),
        "You never try the last place: i goes up to len(x) − 2, range(len(x) − 1).",
    ),
    Mistake(
        "first place left out",
        partial(slips.best, cut=(1, 0)),
        "You never try the first place, where one row goes left: i begins with 0.",
    ),
    Mistake(
        "one too far",
        slips.one_too_far,
        "n values have n − 1 places between them: range(len(x) - 1).",
    ),
    Mistake(
        "at the mean",
        partial(slips.at_one_threshold, threshold=lambda column: column.mean()),
        "You tried the mean of each feature only: every place between two different values is a threshold.",
    ),
    Mistake(
        "at the median",
        partial(slips.at_one_threshold, threshold=lambda column: column.median()),
        "You tried the median of each feature only: every place  between two different values is a "
        "threshold.",
    ),
    Mistake(
        "widest gap",
        slips.widest_gap,
        "You took the widest gap between values; the labels decide, not the gap.",
    ),
    Mistake(
        "place",
        slips.place_in_order,
        "You returned the place in sorted order; the threshold is a value of x.",
    ),
    Mistake("cost too", slips.with_its_cost, "Return feature and threshold only, without the impurity."),
    Mistake("swapped", slips.swapped, "The two are exchanged: the feature comes first, then the threshold."),
    Mistake(
        "threshold alone",
        slips.threshold_alone,
        "The feature belongs to it: return (feature, threshold).",
    ),
    Mistake("never none", slips.never_none, _ALIKE),
    Mistake("none of a pair", partial(slips.never_none, value=(None, None)), _ALIKE),
    Mistake("no feature", partial(slips.never_none, value=(-1, 0.0)), _ALIKE),
)
