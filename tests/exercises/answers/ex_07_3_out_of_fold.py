"""Answers to 07.3 out_of_fold: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def right_list_of_rows(fit, x, y, folds):
    rows = [None] * len(x)
    for fold in set(folds.tolist()):
        inside = (folds == fold).nonzero()[:, 0]
        outside = (folds != fold).nonzero()[:, 0]
        for i, row in zip(inside.tolist(), fit(x[outside], y[outside])(x[inside]), strict=True):
            rows[i] = row
    return torch.stack(rows)


def right_put_back_in_order(*, fit, x, y, folds):
    made = torch.cat([fit(x[folds != f], y[folds != f])(x[folds == f]) for f in folds.unique()])
    places = torch.cat([(folds == f).nonzero()[:, 0] for f in folds.unique()])
    return made[places.argsort()]


def right_all_numbers_up_to_the_largest(fit, x, y, folds):
    found = {}
    for f in range(int(folds.max()) + 1):
        if (folds == f).any():
            model = fit(x[folds != f], y[folds != f])
            for i in (folds == f).nonzero().flatten().tolist():
                found[i] = model(x[i : i + 1])[0]
    return torch.stack([found[i] for i in range(len(x))])


def wrong_on_its_own_rows(fit, x, y, folds):
    """hint: a model that has seen a row knows its answer"""
    return fit(x, y)(x)


def wrong_fitted_to_all(fit, x, y, folds):
    """hint: keep the row's fold out of `fit`"""
    predict = fit(x, y)
    out = predict(x).clone()
    for f in folds.unique():
        out[folds == f] = predict(x[folds == f])
    return out


def wrong_fitted_to_the_fold(fit, x, y, folds):
    """hint: learn from the *other* folds"""
    parts = {int(f): fit(x[folds == f], y[folds == f]) for f in folds.unique()}
    return torch.cat([parts[int(f)](x[i : i + 1]) for i, f in enumerate(folds)])


def wrong_one_after_the_other(fit, x, y, folds):
    """hint: not one fold after the other"""
    return torch.cat([fit(x[folds != f], y[folds != f])(x[folds == f]) for f in folds.unique()])


def wrong_one_model(fit, x, y, folds):
    """hint: each row is predicted by one model only"""
    held = folds == folds.min()
    return fit(x[~held], y[~held])(x)


def wrong_last_one_stays(fit, x, y, folds):
    """hint: each row is predicted by one model only"""
    for f in folds.unique():
        out = fit(x[folds != f], y[folds != f])(x)
    return out


def wrong_mean_of_all_models(fit, x, y, folds):
    """hint: each row is predicted by one model only"""
    models = [fit(x[folds != f], y[folds != f]) for f in folds.unique()]
    return sum(model(x) for model in models) / len(models)


def wrong_always_five(fit, x, y, folds):
    """hint: go over folds.unique()"""
    out = torch.zeros_like(fit(x, y)(x))
    for f in range(5):
        held = folds == f
        if held.any():
            out[held] = fit(x[~held], y[~held])(x[held])
    return out


def wrong_counts_the_folds(fit, x, y, folds):
    """hint: go over folds.unique()"""
    out = torch.zeros_like(fit(x, y)(x))
    for f in range(len(folds.unique())):
        held = folds == f
        if held.sum() > 0:
            out[held] = fit(x[~held], y[~held])(x[held])
    return out


def wrong_first_fold_skipped(fit, x, y, folds):
    """hint: the first fold is never predicted"""
    out = None
    for f in folds.unique().tolist()[1:]:
        held = folds == f
        made = fit(x[~held], y[~held])(x[held])
        out = made.new_zeros(len(x), made.shape[1]) if out is None else out
        out[held] = made
    return out


def wrong_classes(fit, x, y, folds):
    """hint: not the class they name"""
    return right_list_of_rows(fit, x, y, folds).argmax(1)


def wrong_own_blocks(fit, x, y, folds):
    """hint: do not deal your own"""
    k = len(folds.unique())
    return right_list_of_rows(fit, x, y, torch.arange(len(x)) * k // len(x))


def wrong_labels_of_other_rows(fit, x, y, folds):
    """hint: y[~held] as x[~held]"""
    out = None
    for f in folds.unique():
        rest = x[folds != f]
        made = fit(rest, y[: len(rest)])(x[folds == f])
        out = made.new_zeros(len(x), made.shape[1]) if out is None else out
        out[folds == f] = made
    return out


def wrong_standardised_first(fit, x, y, folds):
    """hint: statistics of all rows"""
    return right_list_of_rows(fit, (x - x.mean(0)) / x.std(0), y, folds)


def crash_predicts_a_mask(fit, x, y, folds):
    """line: fit(x, y)(folds)[:, :, 0]"""
    return fit(x, y)(folds)[:, :, 0]


def crash_folds_as_index(fit, x, y, folds):
    """line: fit(x[folds], y[folds]).predict(x)"""
    return fit(x[folds], y[folds]).predict(x)
