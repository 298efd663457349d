"""Answers to 02.7 best_split: wrong ones with words of their hint, right ones, crashing ones."""

from itertools import pairwise

import numpy as np
import torch
from sklearn.tree import DecisionTreeClassifier
from torch.nn.functional import one_hot


def gini(labels, classes):
    shares = torch.bincount(labels, minlength=classes) / max(len(labels), 1)
    return 1 - shares.square().sum()


def cost_of(left, right, classes):
    return len(left) * gini(left, classes) + len(right) * gini(right, classes)


def search(x, y, classes, cost=cost_of, places=None, threshold=lambda a, b: (a + b) / 2):
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values, order = x[:, f].sort()
        labels = y[order]
        for i in places(len(x)) if places else range(len(x) - 1):
            if values[i] == values[i + 1]:
                continue
            now = cost(labels[: i + 1], labels[i + 1 :], classes)
            if now < least:
                best, least = (f, threshold(values[i], values[i + 1]).item()), now
    return best


def right_running_sums(x, y, classes):
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values, order = x[:, f].sort()
        left = one_hot(y[order], classes).cumsum(0).double()
        right = left[-1] - left
        n = torch.arange(1, len(x) + 1).double()
        cost = -(left.square().sum(1) / n + right.square().sum(1) / (len(x) - n).clamp(min=1))
        cost[:-1][values[:-1] == values[1:]] = float("inf")
        cost = cost[:-1]
        if len(cost) and cost.min() < least:
            i = int(cost.argmin())
            best, least = (f, float(values[i] / 2 + values[i + 1] / 2)), cost.min()
    return best


def right_thresholds_of_unique_values(*, x, y, classes):
    best, least = None, float("inf")
    for f in reversed(range(x.shape[1])):
        values = x[:, f].unique()
        for threshold in (values[:-1] + values[1:]) / 2:
            below = x[:, f] <= threshold
            cost = cost_of(y[below], y[~below], classes)
            if cost < least:
                best, least = [f, threshold], cost
    return best


def right_scikit_learn(x, y, classes):
    tree = DecisionTreeClassifier(max_depth=1, random_state=0).fit(x.numpy(), y.numpy()).tree_
    if tree.node_count == 1:
        return None
    return int(tree.feature[0]), float(tree.threshold[0])


def right_numpy(x, y, classes):
    x, y = x.double().numpy(), y.numpy()
    found = []
    for f in range(x.shape[1]):
        values = np.unique(x[:, f])
        for low, high in pairwise(values.tolist()):
            sides = [y[x[:, f] <= low], y[x[:, f] > low]]
            cost = sum(len(s) - (np.bincount(s) ** 2).sum() / len(s) for s in sides)
            found.append((cost, f, (low + high) / 2))
    return min(found)[1:] if found else None


def wrong_sides_count_alike(x, y, classes):
    """hint: weight each side's impurity by its number of rows"""
    return search(x, y, classes, lambda left, right, c: gini(left, c) + gini(right, c))


def wrong_mean_of_the_sides(x, y, classes):
    """hint: weight each side's impurity by its number of rows"""
    return search(x, y, classes, lambda left, right, c: (gini(left, c) + gini(right, c)) / 2)


def wrong_weights_of_the_other_side(x, y, classes):
    """hint: the left impurity goes with the rows of the left side"""
    return search(
        x, y, classes, lambda left, right, c: len(right) * gini(left, c) + len(left) * gini(right, c)
    )


def wrong_left_side_only(x, y, classes):
    """hint: measured the left side only"""
    return search(x, y, classes, lambda left, right, c: gini(left, c))


def wrong_right_side_only(x, y, classes):
    """hint: measured the right side only"""
    return search(x, y, classes, lambda left, right, c: gini(right, c))


def wrong_counts_errors(x, y, classes):
    """hint: outside the commonest class"""

    def errors(left, right, c):
        return sum(len(side) - torch.bincount(side, minlength=c).max() for side in (left, right))

    return search(x, y, classes, errors)


def wrong_entropy(x, y, classes):
    """hint: took the entropy"""

    def bits(left, right, c):
        total = 0.0
        for side in (left, right):
            p = torch.bincount(side, minlength=c) / len(side)
            total -= len(side) * torch.xlogy(p, p).sum()
        return total

    return search(x, y, classes, bits)


def wrong_gini_of_two_classes(x, y, classes):
    """hint: sum the squared shares of every class"""

    def two(left, right, c):
        return sum(
            len(side) * 2 * (side == 0).float().mean() * (1 - (side == 0).float().mean())
            for side in (left, right)
        )

    return search(x, y, classes, two)


def wrong_forgets_the_square(x, y, classes):
    """hint: square them before you sum"""

    def flat(left, right, c):
        return sum((len(side) - torch.bincount(side, minlength=c).sum()).float() for side in (left, right))

    return search(x, y, classes, flat)


def wrong_threshold_is_the_lower_value(x, y, classes):
    """hint: half-way between it and the next one"""
    return search(x, y, classes, threshold=lambda a, b: a)


def wrong_threshold_is_the_upper_value(x, y, classes):
    """hint: half-way between"""
    return search(x, y, classes, threshold=lambda a, b: b)


def wrong_every_value_is_a_threshold(x, y, classes):
    """hint: half-way between it and the next one"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        for threshold in x[:, f]:
            below = x[:, f] <= threshold
            cost = cost_of(y[below], y[~below], classes)
            if cost < least:
                best, least = (f, threshold.item()), cost
    return best


def wrong_forgets_to_sort(x, y, classes):
    """hint: sort each feature first"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        for i in range(len(x) - 1):
            if x[i, f] < x[i + 1, f]:
                cost = cost_of(y[: i + 1], y[i + 1 :], classes)
                if cost < least:
                    best, least = (f, ((x[i, f] + x[i + 1, f]) / 2).item()), cost
    return best


def wrong_labels_stay_where_they_were(x, y, classes):
    """hint: y[order]"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values = x[:, f].sort().values
        for i in range(len(x) - 1):
            if values[i] < values[i + 1]:
                cost = cost_of(y[: i + 1], y[i + 1 :], classes)
                if cost < least:
                    best, least = (f, ((values[i] + values[i + 1]) / 2).item()), cost
    return best


def wrong_sorts_the_rows_by_feature_0(x, y, classes):
    """hint: each feature has an order of its own"""
    order = x[:, 0].argsort()
    return wrong_forgets_to_sort(x[order], y[order], classes)


def wrong_parts_equal_values(x, y, classes):
    """hint: skip places where"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values, order = x[:, f].sort(stable=True)
        labels = y[order]
        for i in range(len(x) - 1):
            cost = cost_of(labels[: i + 1], labels[i + 1 :], classes)
            if cost < least:
                best, least = (f, ((values[i] + values[i + 1]) / 2).item()), cost
    return best


def wrong_largest_impurity(x, y, classes):
    """hint: the least is wanted"""
    return search(x, y, classes, lambda left, right, c: -cost_of(left, right, c))


def wrong_returns_after_the_first_feature(x, y, classes):
    """hint: looked at feature 0 only"""
    for _ in range(x.shape[1]):
        return search(x[:, :1], y, classes)


def wrong_least_begins_anew(x, y, classes):
    """hint: set it before both loops"""
    for f in range(x.shape[1]):
        best, least = None, float("inf")
        values, order = x[:, f].sort()
        for i in range(len(x) - 1):
            cost = cost_of(y[order[: i + 1]], y[order[i + 1 :]], classes)
            if values[i] < values[i + 1] and cost < least:
                best, least = (f, ((values[i] + values[i + 1]) / 2).item()), cost
    return best


def wrong_only_what_makes_purer(x, y, classes):
    """hint: begin with ∞"""
    found = search(x, y, classes)
    if found is None:
        return None
    below = x[:, found[0]] <= found[1]
    gain = len(y) * gini(y, classes) - cost_of(y[below], y[~below], classes)
    return found if gain > 1e-6 else None


def wrong_one_place_too_few(x, y, classes):
    """hint: never try the last place"""
    return search(x, y, classes, places=lambda n: range(n - 2))


def wrong_begins_with_the_second_place(x, y, classes):
    """hint: never try the first place"""
    return search(x, y, classes, places=lambda n: range(1, n - 1))


def wrong_at_the_mean(x, y, classes):
    """hint: the mean of each feature only"""
    found = []
    for f in range(x.shape[1]):
        mean = x[:, f].mean()
        found.append((cost_of(y[x[:, f] <= mean], y[x[:, f] > mean], classes).item(), f, mean.item()))
    return min(found)[1:]


def wrong_place_instead_of_threshold(x, y, classes):
    """hint: the threshold is a value of x"""
    found = search(x, y, classes)
    return found and (found[0], int((x[:, found[0]] <= found[1]).sum()) - 1)


def wrong_threshold_first(x, y, classes):
    """hint: the feature comes first"""
    found = search(x, y, classes)
    return found and (found[1], found[0])


def wrong_impurity_too(x, y, classes):
    """hint: without the impurity"""
    found = search(x, y, classes)
    if found is None:
        return None
    below = x[:, found[0]] <= found[1]
    return *found, cost_of(y[below], y[~below], classes) / len(y)


def wrong_threshold_alone(x, y, classes):
    """hint: return (feature, threshold)"""
    found = search(x, y, classes)
    return found and found[1]


def wrong_always_a_split(x, y, classes):
    """hint: begin with None"""
    return search(x, y, classes) or (0, 0.0)


def wrong_no_return(x, y, classes):
    """hint: return"""
    search(x, y, classes)


def _cost(*sides):
    return sum(len(y) - (torch.bincount(y).double() ** 2).sum().item() / max(len(y), 1) for y in sides)


def wrong_rows_as_they_came_asked(x, y, classes):
    """hint: sort each feature first"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        for i in range(len(x) - 1):
            t = float(x[i, f] + x[i + 1, f]) / 2
            cost = _cost(y[x[:, f] <= t], y[x[:, f] > t])
            if cost < least:
                best, least = (f, t), cost
    return best


def wrong_between_equals_asked(x, y, classes):
    """hint: values are equal"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values = x[:, f].sort().values
        for i in range(len(x) - 1):
            t = float(values[i] + values[i + 1]) / 2
            cost = _cost(y[x[:, f] <= t], y[x[:, f] > t])
            if cost < least:
                best, least = (f, t), cost
    return best


def wrong_one_row_short(x, y, classes):
    """hint: labels[: i + 1]"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values, order = x[:, f].sort()
        for i in range(len(x) - 1):
            cost = _cost(y[order[:i]], y[order[i:]])
            if values[i] < values[i + 1] and cost < least:
                best, least = (f, float(values[i] + values[i + 1]) / 2), cost
    return best


def crash_rows_for_features(x, y, classes):
    """line: x[:, f].sort()
    hint: not range(len(x))"""
    best, least = None, float("inf")
    for f in range(len(x)):
        values, order = x[:, f].sort()
        for i in range(len(x) - 1):
            cost = _cost(y[order[: i + 1]], y[order[i + 1 :]])
            if values[i] < values[i + 1] and cost < least:
                best, least = (f, float(values[i] + values[i + 1]) / 2), cost
    return best


def crash_one_index_too_far(x, y, classes):
    """line: values[i] == values[i + 1]
    hint: range(len(x) - 1)"""
    best, least = None, float("inf")
    for f in range(x.shape[1]):
        values, order = x[:, f].sort()
        for i in range(len(x)):
            if values[i] == values[i + 1]:
                continue
            cost = cost_of(y[order[: i + 1]], y[order[i + 1 :]], classes)
            if cost < least:
                best, least = (f, ((values[i] + values[i + 1]) / 2).item()), cost
    return best


def crash_unpacks_a_tensor(x, y, classes):
    """line: values, order = x[:, f].argsort()"""
    for f in range(x.shape[1]):
        values, order = x[:, f].argsort()
        return f, values[order[0]]
