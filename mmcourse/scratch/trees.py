"""Decision trees: questions about one feature at a time, each chosen to leave the purest two halves."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating
from ._rows import need_training_rows, one_hot

CRITERIA = ("gini", "entropy")
TOGETHER = 64  # features that are sorted at once, so that a table of all need not exist


def gini(counts: Float[Tensor, "*node class"]) -> Float[Tensor, "*node"]:
    """How often two rows of a node, drawn with putting back, differ in class: 1 - Σ_c share_c².

    counts  rows of each class; a node without rows has 0
    Source  Breiman et al. 1984, "Classification and regression trees", section 4.3
    """
    rows = counts.sum(-1)
    return _left_over(counts, rows, "gini") / rows.clamp(min=1)


def entropy(counts: Float[Tensor, "*node class"]) -> Float[Tensor, "*node"]:
    """How many yes-or-no answers the class of a row is worth: -Σ_c share_c log₂ share_c, in bits.

    counts  rows of each class; a node without rows has 0
    Source  Quinlan 1986, "Induction of decision trees", section 4
    """
    rows = counts.sum(-1)
    return _left_over(counts, rows, "entropy") / rows.clamp(min=1)


def best_split(
    x: Float[Tensor, "row feature"],
    y: Int[Tensor, " row"],
    *,
    classes: int,
    criterion: str = "gini",
    min_samples_leaf: int = 1,
) -> tuple[float, int, float] | None:
    """Try every threshold of every feature: sort it, and move the rows from right to left one by one.

    The counts of both sides at every place are running sums, so that all places of a feature cost one sort.

    min_samples_leaf  rows that either side keeps at least
    Returns           (rows · impurity that is left, feature, threshold half-way between two values); of
                      splits that are as good, the first. None where there is none
    Source            Breiman et al. 1984, section 4.2; equals scikit-learn's best splitter
    """
    best, rows, wanted = None, len(x), one_hot(y, classes)
    sizes = torch.arange(1, rows, device=x.device)[:, None].double()
    big_enough = (sizes >= min_samples_leaf) & (rows - sizes >= min_samples_leaf)
    for start in range(0, x.shape[1], TOGETHER):
        values, order = x[:, start : start + TOGETHER].sort(dim=0, stable=True)
        left = wanted[order].cumsum(0)  # [place, feature, class]
        left, right = left[:-1], left[-1] - left[:-1]
        left_over = _left_over(left, sizes, criterion) + _left_over(right, rows - sizes, criterion)
        left_over[~(big_enough & (values[1:] > values[:-1]))] = torch.inf
        smallest, place = left_over.T.flatten().min(0)  # feature by feature
        if smallest < (torch.inf if best is None else best[0]):
            feature, place = divmod(place.item(), rows - 1)
            below, above = values[place : place + 2, feature].double().tolist()
            middle = below / 2 + above / 2
            best = smallest.item(), start + feature, middle if middle < above else below
    return best


def fit_tree(
    x: Float[Tensor, "row feature"],
    y: Int[Tensor, " row"],
    *,
    classes: int,
    criterion: str = "gini",
    max_depth: int | None = None,
    min_samples_split: int = 2,
    min_samples_leaf: int = 1,
    max_features: int | None = None,
    generator: torch.Generator | None = None,
) -> dict[str, Tensor]:
    """Split the rows, and each half again, until a node has one class or may not be split.

    criterion          "gini" or "entropy"
    max_depth          questions on the way to a leaf at most
    min_samples_split  rows that a node needs to be split
    min_samples_leaf   rows that a leaf has at least
    max_features       features drawn anew at each node, by generator, to choose from; more where none of them
                       can be split. None for all, without drawing
    Returns            a row of each for a node, each node before its left half and that before its right one:
                       feature [node] (-1 for a leaf), threshold [node] (rows up to it go left), left [node],
                       right [node], probabilities [node, class]
    Raises             TypeError and ValueError for arguments that do not fit
    Source             Breiman et al. 1984; equals scikit-learn's DecisionTreeClassifier where no two splits
                       are as good
    """
    need_training_rows(x, y, classes)
    need_choice(criterion, "criterion", CRITERIA)
    _need_sizes(max_depth, min_samples_split, min_samples_leaf, max_features, generator)
    options = {"classes": classes, "criterion": criterion, "min_samples_leaf": min_samples_leaf}
    nodes: list[list] = []  # feature, threshold, left, right, counts
    todo = [(torch.arange(len(x), device=x.device), 0, None)]  # rows, depth, (parent, side)
    while todo:
        rows, depth, parent = todo.pop()
        counts = y[rows].bincount(minlength=classes)
        if parent is not None:
            nodes[parent[0]][parent[1]] = len(nodes)
        nodes.append([-1, 0.0, -1, -1, counts])
        if depth == max_depth or len(rows) < min_samples_split or counts.max() == len(rows):
            continue
        found = _best_of_some(x, y, rows, max_features, generator, options)
        if found is not None:
            feature, threshold = nodes[-1][:2] = found
            goes_left = x[rows, feature].double() <= threshold
            todo.append((rows[~goes_left], depth + 1, (len(nodes) - 1, 3)))
            todo.append((rows[goes_left], depth + 1, (len(nodes) - 1, 2)))  # taken out first
    return _as_tensors(nodes, x)


def tree_leaves(tree: dict[str, Tensor], x: Float[Tensor, "row feature"]) -> Int[Tensor, " row"]:
    """Number of the node in which each row ends: all rows go down together, a question at a time."""
    node = torch.zeros(len(x), dtype=torch.long, device=x.device)
    while True:
        feature = tree["feature"][node]
        inside = feature >= 0
        if not inside.any():
            return node
        value = x.gather(1, feature.clamp(min=0)[:, None])[:, 0].double()
        below = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
        node = torch.where(inside, below, node)


def tree_scores(tree: dict[str, Tensor], x: Float[Tensor, "row feature"]) -> Float[Tensor, "row class"]:
    """Give the shares of the classes in the leaf in which each row ends.

    tree    as fit_tree gives it
    Raises  TypeError for integers, ValueError for fewer features than the tree asks about
    """
    need_floating(x, "x")
    if x.ndim != 2 or x.shape[1] <= tree["feature"].max():
        raise ValueError(f"x must be [row, feature] as in training, got {list(x.shape)}.")
    return tree["probabilities"][tree_leaves(tree, x)]


def _left_over(counts: Tensor, rows: Tensor, criterion: str) -> Tensor:
    """Rows times impurity: n - Σ_c n_c² / n, or n log₂ n - Σ_c n_c log₂ n_c; 0 without rows."""
    if criterion == "gini":
        return rows - counts.square().sum(-1) / rows.clamp(min=1)
    return (torch.xlogy(rows, rows) - torch.xlogy(counts, counts).sum(-1)) / math.log(2)


def _best_of_some(
    x: Tensor,
    y: Tensor,
    rows: Tensor,
    max_features: int | None,
    generator: torch.Generator | None,
    options: dict,
) -> tuple[int, float] | None:
    """Feature and threshold of the best split by some features, or by the next ones where none has any."""
    if max_features is None:
        found = best_split(x[rows], y[rows], **options)
        return None if found is None else found[1:]
    order = torch.randperm(x.shape[1], generator=generator, device=generator.device).to(x.device)
    for some in order.split(max_features):
        found = best_split(x[rows[:, None], some], y[rows], **options)
        if found is not None:
            return some[found[1]].item(), found[2]
    return None


def _as_tensors(nodes: list[list], x: Tensor) -> dict[str, Tensor]:
    feature, threshold, left, right, counts = zip(*nodes, strict=True)
    counts = torch.stack(counts).to(x.dtype)
    whole = {"feature": feature, "left": left, "right": right}
    return {
        **{name: torch.tensor(values, device=x.device) for name, values in whole.items()},
        "threshold": torch.tensor(threshold, dtype=torch.float64, device=x.device),
        "probabilities": counts / counts.sum(1, keepdim=True),
    }


def _need_sizes(
    max_depth: int | None,
    min_samples_split: int,
    min_samples_leaf: int,
    max_features: int | None,
    generator: torch.Generator | None,
) -> None:
    if min_samples_split < 2 or min_samples_leaf < 1:
        raise ValueError(
            f"min_samples_split must be 2 or more and min_samples_leaf 1 or more, got {min_samples_split} "
            f"and {min_samples_leaf}."
        )
    if max_depth is not None and max_depth < 1:
        raise ValueError(f"max_depth must be 1 or more, or None for any, got {max_depth}.")
    if max_features is not None and (max_features < 1 or generator is None):
        raise ValueError(
            f"max_features must be 1 or more and drawn by a generator, got {max_features} and {generator}."
        )
