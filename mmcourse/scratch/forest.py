"""Random forests: trees that each see other rows and ask about other features, and their average."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._rows import need_training_rows
from .trees import fit_tree, tree_scores


def fit_forest(
    x: Float[Tensor, "row feature"],
    y: Int[Tensor, " row"],
    *,
    classes: int,
    trees: int = 50,
    criterion: str = "gini",
    max_depth: int | None = None,
    min_samples_leaf: int = 1,
    max_features: int | None = None,
    generator: torch.Generator,
) -> list[dict[str, Tensor]]:
    """Let many trees grow, each from as many rows drawn with putting back, and so with other mistakes.

    trees         how many
    criterion, max_depth, min_samples_leaf  see fit_tree
    max_features  features drawn at each node; the root of their number where None
    generator     of the rows and the features
    Returns       trees, as fit_tree gives them
    Raises        TypeError and ValueError for arguments that do not fit
    Source        Breiman 2001, "Random forests", sections 3 and 4
    """
    need_training_rows(x, y, classes)
    if trees < 1:
        raise ValueError(f"trees must be 1 or more, got {trees}.")
    options = {
        "classes": classes,
        "criterion": criterion,
        "max_depth": max_depth,
        "min_samples_leaf": min_samples_leaf,
        "max_features": max(1, math.isqrt(x.shape[1])) if max_features is None else max_features,
        "generator": generator,
    }
    forest = []
    while len(forest) < trees:
        rows = torch.randint(len(x), (len(x),), generator=generator, device=generator.device).to(x.device)
        if (y[rows] != y[rows[0]]).any():  # by chance, few rows may be all of one class
            forest.append(fit_tree(x[rows], y[rows], **options))
    return forest


def forest_scores(
    forest: list[dict[str, Tensor]], x: Float[Tensor, "row feature"]
) -> Float[Tensor, "row class"]:
    """Average the shares of classes that the trees give.

    forest  as fit_forest gives it
    Raises  as tree_scores
    """
    return torch.stack([tree_scores(tree, x) for tree in forest]).mean(0)
