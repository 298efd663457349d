"""Features of different units on one scale, by the training rows."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_02 import scaling_slips as slips

torch = lazy("torch")


def _small(_generator):
    """Ink between 0 and 1, decibels, and a pixel that never has ink in train."""
    train = torch.tensor([[0.0, -30.0, 0.0], [1.0, -10.0, 0.0], [1.0, -20.0, 0.0], [0.0, -20.0, 0.0]])
    return train, torch.tensor([[0.5, -40.0, 0.0], [1.0, -35.0, 0.5]])


def _table(generator, train=9, test=5, feature=4):
    unit = torch.tensor([0.2, 40.0, 3.0, 1.0]).repeat(feature)[:feature]
    a = (torch.randn(train, feature, generator=generator) + 1.5) * unit
    return a, (2 * torch.randn(test, feature, generator=generator) - 1) * unit


def _constant(generator):
    """Seven equal values whose mean, in float32, is not always that value."""
    a, b = _table(generator, 7, 4, 6)
    a[:, 1:] = torch.tensor([0.1, 0.3, 0.7, 0.9, 0.6])
    return a, b


def _far_from_0(generator):
    """Decibels near −900, in eighths: their sum and mean are exact, their squares are not."""
    a, b = (torch.randint(-20, 21, (n, 3), generator=generator) / 8 for n in (32, 6))
    return a - 900, b - 899


def _small_unit(generator):
    """Powers of a quiet microphone: they differ as much as others, in a unit that is too large."""
    a, b = _table(generator, 8, 5, 3)
    small = torch.tensor([1.0, 1e-11, 1e-7])
    return a * small, b * small


_OWN = "the test rows must not be looked at for that"
_OVER_ROWS = "You scaled each row by itself, a mean of ink and decibels: dim=0 goes over the rows."
_UNIT = (
    "A small spread is no constant feature: in another unit the same numbers would be large. Only a feature "
    "that has one single value is divided by 1, amax == amin."
)

standardise = Exercise(
    id="02.3",
    name="standardise",
    title="Pixels beside decibels",
    difficulty=2,
    minutes=12,
    stub="return both tables, scaled by the mean and spread of the training rows",
    parameters=("train", "test"),
    reference=slips.standardise,
    hints=(
        "Column 1 of the example: what are the mean and the spread of the four training rows? Is a row of "
        "test looked at for that?",
        "Along which axis does each feature get its own mean? And what do you divide by where a feature has "
        "the same value in all training rows?",
        "Is the spread of seven times 0.1 exactly 0 with you? Print it. How else can you ask whether a "
        "feature ever changes, whatever its unit?",
        "mean = train.mean(dim=0); spread = train.std(dim=0, correction=0); spread = torch.where("
        "train.amax(dim=0) == train.amin(dim=0), 1, spread); then (x − mean) / spread for both.",
    ),
    cases=(
        Case("three features", _small),
        Case("random features", _table),
        Case("features that never change in train", _constant),
        Case("far from 0", _far_from_0),
        Case("a small unit", _small_unit),
        Case("one row to test", lambda g: _table(g, 6, 1, 5)),
        Case("one row to train on", lambda g: _table(g, 1, 4, 3)),
        Case("many rows", lambda g: _table(g, 200, 50, 7)),
    ),
    mistakes=(
        Mistake(
            "each its own",
            slips.each_its_own,
            "Each table is scaled by its own rows: a test set that differs then looks as if it did not. Take "
            "mean and spread of train for both.",
        ),
        Mistake("own mean", slips.own_mean, f"You took the mean of test off test; {_OWN}: that of train."),
        Mistake(
            "own spread", slips.own_spread, f"You divided test by its own spread; {_OWN}: that of train."
        ),
        Mistake(
            "together", slips.together, f"Your mean and spread are those of train and test joined; {_OWN}."
        ),
        Mistake("from test", slips.from_test, f"Your mean and spread come from test; {_OWN}: from train."),
        Mistake(
            "twice",
            slips.twice,
            "You did not centre test: once train is centred, its mean is 0. Keep the mean from before.",
        ),
        Mistake(
            "one for all",
            slips.one_for_all,
            "You took one mean and one spread over the whole table; each feature has its own: dim=0.",
        ),
        Mistake(
            "one spread",
            slips.divided_by(slips.one_spread),
            "All features are divided by one spread, so decibels still drown the ink: each has its own, "
            "dim=0.",
        ),
        Mistake(
            "each row",
            slips.of_each_row,
            _OVER_ROWS,
        ),
        Mistake("each row of train", slips.by_rows_of_train, _OVER_ROWS),
        Mistake("brackets", slips.brackets, "Division comes before subtraction: (x − mean) needs brackets."),
        Mistake("added", slips.added, "You added the mean; it has to be taken off."),
        Mistake("multiplied", slips.multiplied, "You multiplied by the spread; divide by it."),
        Mistake("only centred", slips.only_centred, "You took off the mean only; divide by the spread too."),
        Mistake("only divided", slips.only_divided, "You only divided; take off the mean first."),
        Mistake(
            "test as it was",
            slips.test_as_it_was,
            "You left test as it was: to a machine that learned scaled numbers, it is in another unit.",
        ),
        Mistake("swapped", slips.swapped, "The order of the two results: first train, then test."),
        Mistake("one table", slips.one_table, "Return two tables, train and test, not one of both."),
        Mistake("four results", slips.with_statistics, "Only the two tables are wanted, not the statistics."),
        Mistake("train alone", slips.train_only, "You return train alone; test is wanted too."),
        Mistake(
            "in place",
            slips.in_place,
            "You changed the tables that you were given: `-=` and `/=` write into them. Make new ones.",
        ),
        Mistake(
            "extremes",
            slips.by_extremes,
            "You scaled by minimum and maximum, which a single odd row decides; mean and spread are wanted.",
        ),
        Mistake("median", slips.by_median, "You took off the median; the mean is wanted."),
        Mistake(
            "NaN",
            slips.divided_by(slips.nothing_repaired),
            "A feature that never changes in train has a spread of 0, and 0/0 is NaN: divide by 1 there.",
        ),
        Mistake(
            "repaired late",
            slips.repaired_late,
            "You divided by 0 and repaired the NaN afterwards, but in test it is no 0/0, and the number is "
            "huge: divide by 1 there.",
        ),
        Mistake(
            "constant is 0",
            slips.constant_is_0,
            "You wrote 0 for a feature that never changes in train; in test it may change: divide by 1.",
        ),
        Mistake(
            "constant is left",
            slips.constant_is_left,
            "You left a feature that never changes in train as it was; take off its mean, and divide by 1.",
        ),
        Mistake(
            "constant is dropped",
            slips.constant_is_dropped,
            "You dropped features that never change in train; both tables keep all their columns.",
        ),
        Mistake(
            "zero by hand",
            slips.divided_by(slips.zero_by_hand),
            "The mean of seven times 0.1 is rounded, so your spread there is not 0 but 0.000 000 007, and "
            "test becomes huge. Ask whether the feature changes: amax == amin.",
        ),
        Mistake(
            "+ 1e-8",
            slips.divided_by(lambda x: x.std(0, correction=0) + 1e-8),
            "A tiny number added to "
            "the spread does not make it 1: where a feature never changes in train, test becomes huge.",
        ),
        Mistake(
            "clamped",
            slips.divided_by(lambda x: x.std(0, correction=0).clamp(min=1e-8)),
            "A spread of 0 "
            "is a tiny number with you, not 1: where a feature never changes in train, test becomes huge.",
        ),
        Mistake("below 1e-8", slips.divided_by(slips.below(1e-8)), _UNIT),
        Mistake("below 1e-6", slips.divided_by(slips.below(1e-6)), _UNIT),
        Mistake("below 1e-5", slips.divided_by(slips.below(1e-5)), _UNIT),
        Mistake("below 1e-3", slips.divided_by(slips.below(1e-3)), _UNIT),
        Mistake(
            "at least 1",
            slips.divided_by(slips.at_least_one),
            "You raised every spread below 1 to 1, so ink stays small beside decibels: only 0 becomes 1.",
        ),
        Mistake(
            "variance",
            slips.divided_by(lambda x: slips.spread(x) ** 2),
            "You divided by the variance; the spread is its root.",
        ),
        Mistake(
            "n - 1",
            slips.divided_by(lambda x: slips.spread(x, 1)),
            "Your spread divides by n − 1, as torch does unless told; correction=0 divides by n.",
        ),
        Mistake(
            "one row",
            slips.divided_by(lambda x: x.std(0)),
            "Your spread divides by n − 1, as torch does "
            "unless told; correction=0 divides by n. And a spread of 0 must become 1.",
        ),
        Mistake(
            "squares apart",
            slips.divided_by(slips.squares_apart),
            "The mean of x² less the square of the mean: near −900 both are 810,000, and float32 loses their "
            "difference. Take off the mean first, then square.",
        ),
        Mistake(
            "squares apart, zero",
            slips.divided_by(slips.squares_apart_zero),
            "The mean of x² less the square of the mean is rounded, even below 0, and then its root is NaN. "
            "Take off the mean first, then square.",
        ),
        Mistake(
            "mean distance",
            slips.divided_by(slips.mean_distance),
            "You divided by the mean distance from the mean; the spread is the root of the mean square.",
        ),
        Mistake(
            "length",
            slips.divided_by(slips.length),
            "You divided by the root of the sum of squares; the "
            "root of their mean does not grow with the number of rows.",
        ),
        Mistake(
            "about 0",
            slips.divided_by(slips.about_0),
            "You squared x itself; square its distance from the mean.",
        ),
    ),
    noticing="Nearest neighbours and kernels add up squares over the features, and without this the feature "
    "with the largest unit decides alone. A tree asks one feature at a time, and gives the same answers with "
    "it or without.",
)
