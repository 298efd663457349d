"""Out-of-fold predictions, right and as people get them wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def out_of_fold(fit, x, y, folds):
    found = None
    for fold in folds.unique():
        held = folds == fold
        made = fit(x[~held], y[~held])(x[held])
        if found is None:
            found = made.new_zeros(len(x), *made.shape[1:])
        found[held] = made
    return found


def in_sample(fit, x, y, folds):
    return fit(x, y)(x)


def on_the_fold(fit, x, y, folds):
    """Learns the fold itself, and predicts it."""
    found = None
    for fold in folds.unique():
        held = folds == fold
        made = fit(x[held], y[held])(x[held])
        found = made.new_zeros(len(x), *made.shape[1:]) if found is None else found
        found[held] = made
    return found


def turned(fit, x, y, folds):
    """Learns the fold, predicts the rest: each row by the last such model."""
    found = None
    for fold in folds.unique():
        held = folds == fold
        made = fit(x[held], y[held])(x[~held])
        found = made.new_zeros(len(x), *made.shape[1:]) if found is None else found
        found[~held] = made
    return found


def learns_all(fit, x, y, folds):
    """Predicts the fold, but learned from all rows."""
    found = None
    for fold in folds.unique():
        held = folds == fold
        made = fit(x, y)(x[held])
        found = made.new_zeros(len(x), *made.shape[1:]) if found is None else found
        found[held] = made
    return found


def by_fold(fit, x, y, folds):
    """In the order of the folds."""
    return torch.cat([fit(x[folds != f], y[folds != f])(x[folds == f]) for f in folds.unique()])


def first_model(fit, x, y, folds):
    """One model, of all but the first fold, for all rows."""
    first = folds.unique()[0]
    return fit(x[folds != first], y[folds != first])(x)


def last_model(fit, x, y, folds):
    """Each model predicts all rows, and the last one's stay."""
    found = None
    for fold in folds.unique():
        found = fit(x[folds != fold], y[folds != fold])(x)
    return found


def mean_of_models(fit, x, y, folds):
    """Every model predicts every row, its own among them; then the mean."""
    return torch.stack([fit(x[folds != f], y[folds != f])(x) for f in folds.unique()]).mean(0)


def five(fit, x, y, folds):
    """Five folds whatever there are; rows of others stay 0."""
    found = torch.zeros_like(fit(x, y)(x))
    for fold in range(5):
        held = folds == fold
        if held.any():
            found[held] = fit(x[~held], y[~held])(x[held])
    return found


def how_many(fit, x, y, folds):
    """As many numbers as there are folds, from 0 on."""
    found = torch.zeros_like(fit(x, y)(x))
    for fold in range(len(folds.unique())):
        held = folds == fold
        if held.any():
            found[held] = fit(x[~held], y[~held])(x[held])
    return found


def from_one(fit, x, y, folds):
    """Fold 0 forgotten."""
    found = None
    for fold in folds.unique()[1:]:
        held = folds == fold
        made = fit(x[~held], y[~held])(x[held])
        found = made.new_zeros(len(x), *made.shape[1:]) if found is None else found
        found[held] = made
    return found


def labels(fit, x, y, folds):
    """The classes named, not the predictions."""
    return out_of_fold(fit, x, y, folds).argmax(-1)


def blocks(fit, x, y, folds):
    """Folds of its own: as many blocks of neighbouring rows."""
    count = len(folds.unique())
    return out_of_fold(fit, x, y, torch.arange(len(x)) * count // len(x))


def wrong_labels(fit, x, y, folds):
    """The first so many labels, whichever rows are left."""
    found = None
    for fold in folds.unique():
        held = folds == fold
        made = fit(x[~held], y[: int((~held).sum())])(x[held])
        found = made.new_zeros(len(x), *made.shape[1:]) if found is None else found
        found[held] = made
    return found


def next_fold(fit, x, y, folds):
    """One fold kept out, another predicted."""
    numbers = folds.unique()
    found = None
    for place, fold in enumerate(numbers):
        held = folds == fold
        other = folds == numbers[place - 1]
        made = fit(x[~other], y[~other])(x[held])
        found = made.new_zeros(len(x), *made.shape[1:]) if found is None else found
        found[held] = made
    return found


def scaled_by_all(fit, x, y, folds):
    """Standardised by all rows first, those to be predicted among them."""
    return out_of_fold(fit, (x - x.mean(0)) / x.std(0), y, folds)


def added(fit, x, y, folds):
    """Adds up what all models say, of every row."""
    return torch.stack([fit(x[folds != f], y[folds != f])(x) for f in folds.unique()]).sum(0)
