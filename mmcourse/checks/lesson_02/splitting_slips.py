"""Ways to choose a split, right and wrong."""

from __future__ import annotations

import math
from functools import partial

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def gini(counts):
    """Rows times impurity, n - Σ n_c² / n; 0 without rows."""
    rows = counts.sum()
    return (rows - counts.square().sum() / rows.clamp(min=1)).item()


def of_a_row(counts):
    return gini(counts) / max(counts.sum().item(), 1)


def weighted(left, right):
    return gini(left) + gini(right)


def unweighted(left, right):
    return of_a_row(left) + of_a_row(right)


def left_only(left, right):
    return of_a_row(left)


def right_only(left, right):
    return of_a_row(right)


def entropy(left, right):
    def bits(counts):
        return counts.sum() * torch.special.entr(counts / counts.sum()).sum() / math.log(2)

    return (bits(left) + bits(right)).item()


def errors(left, right):
    """Rows that are not of the commonest class of their side."""
    return (left.sum() - left.max() + right.sum() - right.max()).item()


def first_class(left, right):
    """Gini of class 0 against all others."""
    return sum(gini(torch.stack([counts[0], counts[1:].sum()])) for counts in (left, right))


def not_squared(left, right):
    return 0.0


def twice_weighted(left, right):
    return gini(left) * left.sum().item() + gini(right) * right.sum().item()


def weights_exchanged(left, right):
    return of_a_row(left) * right.sum().item() + of_a_row(right) * left.sum().item()


def halfway(below, above):
    return below / 2 + above / 2


def places(x, y, classes, feature, sorts=True, labels=True):
    """Each place between two rows: values below and above, counts of the classes at both sides."""
    values, order = x[:, feature].double().sort(stable=True)
    if not sorts:
        values = x[:, feature].double()
    counts = F.one_hot(y[order] if labels and sorts else y, classes).cumsum(0).double()
    for i in range(len(x) - 1):
        yield values[i].item(), values[i + 1].item(), counts[i], counts[-1] - counts[i]


def best(
    x,
    y,
    classes,
    cost=weighted,
    threshold=halfway,
    equal=False,
    worst=False,
    features=None,
    anew=False,
    last_too=False,
    improves=False,
    cut=(0, 0),
    **options,
):
    """The split whose `cost` is least; the options are what people do otherwise."""
    start = cost(F.one_hot(y, classes).sum(0).double(), torch.zeros(classes).double())
    found, least = None, start - 1e-9 if improves else math.inf
    for feature in range(x.shape[1])[:features]:
        if anew:
            found, least = None, math.inf
        steps = list(places(x, y, classes, feature, **options))
        for below, above, left, right in steps[cut[0] : len(steps) - cut[1]]:
            price = -cost(left, right) if worst else cost(left, right)
            smaller = price <= least + 1e-9 if last_too else price < least - 1e-9
            if (equal or below < above) and smaller:
                found, least = (feature, threshold(below, above)), price
    return found


def at_one_threshold(x, y, classes, threshold):
    """Each feature at a single threshold, such as its mean."""
    found, least = None, math.inf
    for feature in range(x.shape[1]):
        column = x[:, feature]
        at = threshold(column).item()
        left, right = (F.one_hot(y[side], classes).sum(0).double() for side in (column <= at, column > at))
        if weighted(left, right) < least - 1e-9:
            found, least = (feature, at), weighted(left, right)
    return found


def _asked(x, y, classes, thresholds):
    """The best of the `thresholds` of each feature, whose sides are asked for by x <= threshold."""
    found, least = None, math.inf
    for feature in range(x.shape[1]):
        for at in thresholds(x[:, feature]).tolist():
            below = x[:, feature] <= at
            left, right = (F.one_hot(y[side], classes).sum(0).double() for side in (below, ~below))
            if weighted(left, right) < least:
                found, least = (feature, at), weighted(left, right)
    return found


rows_as_they_came = partial(_asked, thresholds=lambda values: (values[:-1] + values[1:]) / 2)
between_equals_asked = partial(_asked, thresholds=lambda x: (x.sort()[0][:-1] + x.sort()[0][1:]) / 2)
value_of_a_row = partial(_asked, thresholds=lambda values: values)  # the largest too


def sorted_by_the_first(x, y, classes):
    """Whole rows sorted by feature 0, whichever feature is looked at."""
    order = x[:, 0].sort(stable=True).indices
    return best(x[order], y[order], classes, sorts=False)


def widest_gap(x, y, classes):
    found, widest = None, 0.0
    for feature in range(x.shape[1]):
        for below, above, _, _ in places(x, y, classes, feature):
            if above - below > widest:
                found, widest = (feature, halfway(below, above)), above - below
    return found


def place_in_order(x, y, classes):
    """How many rows go left, instead of the threshold."""
    found = best(x, y, classes)
    return found and (found[0], (x[:, found[0]] <= found[1]).sum().item() - 1)


def with_its_cost(x, y, classes):
    found = best(x, y, classes)
    if found is None:
        return None
    below = x[:, found[0]].double() <= found[1]
    left, right = (F.one_hot(y[side], classes).sum(0).double() for side in (below, ~below))
    return (*found, weighted(left, right) / len(x))


def swapped(x, y, classes):
    found = best(x, y, classes)
    return found and found[::-1]


def threshold_alone(x, y, classes):
    found = best(x, y, classes)
    return found and found[1]


def never_none(x, y, classes, value=(0, 0.0)):
    return best(x, y, classes) or value


lower_value = partial(best, threshold=lambda below, above: below)
upper_value = partial(best, threshold=lambda below, above: above)


def one_too_far(x, y, classes):
    values = x[:, 0].sort().values
    return [values[i + 1] for i in range(len(x))]


def one_row_short(x, y, classes):
    """Row i counted on the right, although the threshold after it sends it left."""
    found, least = None, math.inf
    for feature in range(x.shape[1]):
        before, steps = torch.zeros(classes).double(), list(places(x, y, classes, feature))
        for below, above, left, right in steps:
            price = weighted(before, left + right - before)
            if below < above and price < least:
                found, least = (feature, halfway(below, above)), price
            before = left
    return found


def rows_for_features(x, y, classes):
    """Columns numbered as if there were as many as rows."""
    return x[:, x.shape[1]] if len(x) > x.shape[1] else best(x[:, : len(x)], y, classes)
