"""Statistics belong to training: fit them on train, apply them to test."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _spread(x, correction=0):
    std = x.std(dim=0, correction=correction)
    return torch.where(std == 0, 1, std)


def _scaled(x, mean, spread):
    return (x - mean) / spread


def _apply(train, test, mean, spread):
    return _scaled(train, mean, spread), _scaled(test, mean, spread)


def _standardize(train, test):
    return _apply(train, test, train.mean(dim=0), _spread(train))


def _own(x):
    return _scaled(x, x.mean(dim=0), _spread(x))


def _per_clip(x):
    return _own(x.T).T


def _together(train, test):
    both = torch.cat([train, test])
    return _apply(train, test, both.mean(dim=0), _spread(both))


def _variance(train, test):
    return _apply(train, test, train.mean(dim=0), _spread(train) ** 2)


def _one_spread(train, test):
    return _apply(train, test, train.mean(dim=0), train.std(dim=0, correction=0).pow(2).mean().sqrt())


def _brackets(train, test):
    offset = train.mean(dim=0) / _spread(train)
    return train - offset, test - offset


def _nan_to_zero(train, test):
    parts = _apply(train, test, train.mean(dim=0), train.std(dim=0, correction=0))
    return tuple(part.nan_to_num() for part in parts)


def _min_max(train, test):
    low, width = train.amin(dim=0), train.amax(dim=0) - train.amin(dim=0)
    return _apply(train, test, low, torch.where(width == 0, 1, width))


def _in_place(train, test):
    mean, spread = train.mean(dim=0), _spread(train)
    for x in (train, test):
        x.data.sub_(mean).div_(spread)
    return train, test


def _tiny(_generator):
    """Two features; the test set lies higher and is less spread than the training set."""
    return torch.tensor([[0.0, 1.0], [2.0, 9.0], [4.0, 5.0]]), torch.tensor([[6.0, 5.0], [7.0, 8.0]])


def _features(generator, train, test, feature, constant=False):
    a = torch.randn(train, feature, generator=generator) * 3 + torch.arange(1.0, feature + 1)
    b = torch.randn(test, feature, generator=generator) * 2 - 1
    if constant:
        a[:, 0] = 2.0  # as a mel channel above the highest frequency of all recordings would be
    return a, b


_TINY = (
    "A tiny number in the divisor still blows a feature up that never changes in train: only centre that "
    "one (divide by 1)."
)

standardize = Exercise(
    id="01.9",
    name="standardize",
    title="Statistics from the training set only",
    difficulty=2,
    minutes=15,
    stub="scale both sets by the mean and standard deviation of train",
    parameters=("train", "test"),
    reference=_standardize,
    hints=(
        "When the model is in use and one new clip comes in: whose mean can you subtract?",
        "The axes are clip and feature. Along which one do you average, so that each feature has its mean? "
        "What if a feature never changes in train?",
        "mean = train.mean(dim=0), std = train.std(dim=0, correction=0), a std of 0 becomes 1; then "
        "(x − mean) / std for both.",
    ),
    cases=(
        Case("two features", _tiny),
        Case("random features", lambda g: _features(g, 9, 5, 4)),
        Case("a feature that never changes in train", lambda g: _features(g, 6, 4, 3, True), gradient=False),
        Case("one clip to test", lambda g: _features(g, 5, 1, 5)),
    ),
    mistakes=(
        Mistake(
            "each its own",
            lambda train, test: (_own(train), _own(test)),
            "You scaled test with the test set's own mean and spread: so a test set that differs no longer "
            "looks different, and one clip alone cannot be scaled.",
        ),
        Mistake(
            "own mean",
            lambda train, test: (_own(train), (test - test.mean(dim=0)) / _spread(train)),
            "You centred test with the test set's own mean; subtract the mean of train.",
        ),
        Mistake(
            "own spread",
            lambda train, test: (_own(train), (test - train.mean(dim=0)) / _spread(test)),
            "You divided test by the test set's own standard deviation; divide by that of train.",
        ),
        Mistake(
            "together",
            _together,
            "You fitted train and test together: the test set has leaked into the training. Fit on train "
            "alone.",
        ),
        Mistake(
            "from test",
            lambda train, test: _apply(train, test, test.mean(dim=0), _spread(test)),
            "Your statistics come from test: fit them on train.",
        ),
        Mistake(
            "one for all",
            lambda train, test: _apply(train, test, train.mean(), train.std(correction=0)),
            "You took one mean over everything; each feature has its own: dim=0.",
        ),
        Mistake(
            "one spread",
            _one_spread,
            "You took one standard deviation over all features; each feature has its own: dim=0.",
        ),
        Mistake(
            "brackets",
            _brackets,
            "Division comes before subtraction: (x − mean) / std needs its brackets.",
        ),
        Mistake(
            "added",
            lambda train, test: _apply(train, test, -train.mean(dim=0), _spread(train)),
            "You added the mean; subtract it.",
        ),
        Mistake(
            "NaN to zero",
            _nan_to_zero,
            "Dividing by 0 and repairing afterwards leaves huge numbers in test: divide by 1 there instead.",
        ),
        Mistake(
            "per clip",
            lambda train, test: (_per_clip(train), _per_clip(test)),
            "You scaled each clip by itself (dim=1), which hides how loud it was; average over the clips "
            "(dim=0).",
        ),
        Mistake(
            "variance",
            _variance,
            "You divided by the variance; its root, the standard deviation, has the unit of the feature.",
        ),
        Mistake(
            "constant feature",
            lambda train, test: _apply(train, test, train.mean(dim=0), train.std(dim=0, correction=0)),
            "A feature that never changes in train has a standard deviation of 0, and 0/0 is NaN: divide "
            "by 1 there.",
        ),
        Mistake(
            "tiny number",
            lambda train, test: _apply(train, test, train.mean(dim=0), train.std(dim=0, correction=0) + 1e-8),
            _TINY,
        ),
        Mistake(
            "clamped",
            lambda train, test: _apply(
                train, test, train.mean(dim=0), train.std(dim=0, correction=0).clamp(min=1e-8)
            ),
            _TINY,
        ),
        Mistake(
            "swapped",
            lambda train, test: _standardize(train, test)[::-1],
            "The order of the two results: first train, then test.",
        ),
        Mistake(
            "train only",
            lambda train, test: (_own(train), test),
            "You left the test set as it was: the model then meets numbers on another scale.",
        ),
        Mistake(
            "not divided",
            lambda train, test: _apply(train, test, train.mean(dim=0), 1),
            "You only centred: divide by the standard deviation too.",
        ),
        Mistake(
            "not centred",
            lambda train, test: _apply(train, test, 0, _spread(train)),
            "You only divided: subtract the mean first.",
        ),
        Mistake(
            "sample standard deviation",
            lambda train, test: _apply(train, test, train.mean(dim=0), _spread(train, 1)),
            "You divided by n − 1 inside the standard deviation (torch's default); correction=0 divides by "
            "n.",
        ),
        Mistake("min-max", _min_max, "You used minimum and maximum: one loud clip then squeezes all others."),
        Mistake(
            "in place",
            _in_place,
            "You changed the tensors you were given: `-=` and `/=` write into them. Run this cell twice "
            "and the data would be scaled twice.",
        ),
    ),
    noticing="Train now has mean 0 and spread 1 exactly; test does not, and should not: what it keeps is "
    "the difference between the two.",
    gradient=True,
)
