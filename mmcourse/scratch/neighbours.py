"""Ask the most similar training examples: k nearest neighbours, a block of distances at a time."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating
from ._rows import need_labels

WEIGHTS = ("uniform", "distance")


def squared_distances(
    x: Float[Tensor, "row feature"], reference: Float[Tensor, "other feature"]
) -> Float[Tensor, "row other"]:
    """Give every ‖x - r‖² = ‖x‖² - 2 x·r + ‖r‖², by one matrix product and without [row, other, feature].

    The three terms nearly cancel where x and r are alike; so they are computed in float64.

    Raises  TypeError for integers, ValueError for shapes that do not fit
    """
    _need_same_features(x, reference)
    a, b = x.double(), reference.double()
    squares = a.square().sum(1, keepdim=True) - 2 * a @ b.T + b.square().sum(1)
    return squares.clamp(min=0).to(torch.promote_types(x.dtype, reference.dtype))


def k_nearest(
    x: Float[Tensor, "row feature"],
    reference: Float[Tensor, "other feature"],
    k: int,
    *,
    chunk: int = 1024,
) -> tuple[Float[Tensor, "row k"], Int[Tensor, "row k"]]:
    """Find the k rows of reference that are closest to each row of x, closest first.

    Memory does not grow with the number of pairs: at most chunk × chunk distances exist at once, and the k
    best of each block meet the k best of those before it.

    k        how many, at most the rows of reference
    chunk    rows of x and of reference that meet at once
    Returns  (distances, indices); of rows equally far away, those with the smaller index
    Raises   TypeError for integers, ValueError for shapes that do not fit or a k out of range
    Source   Fix & Hodges 1951, "Discriminatory analysis"; equal to scikit-learn's brute force
    """
    _need_same_features(x, reference)
    if not 1 <= k <= len(reference):
        raise ValueError(f"k must lie in 1..{len(reference)}, the rows to choose from, got {k}.")
    if chunk < 1:
        raise ValueError(f"chunk must be 1 or more rows, got {chunk}.")
    found = [_nearest_of(some, reference, k, chunk) for some in x.detach().split(chunk)]
    if not found:
        return x.new_zeros(0, k), torch.zeros(0, k, dtype=torch.long, device=x.device)
    distances, indices = (torch.cat(parts) for parts in zip(*found, strict=True))
    return distances.to(x.dtype), indices


def knn_scores(
    x: Float[Tensor, "row feature"],
    reference: Float[Tensor, "other feature"],
    labels: Int[Tensor, " other"],
    k: int,
    *,
    classes: int,
    weights: str = "uniform",
    chunk: int = 1024,
) -> Float[Tensor, "row class"]:
    """Let the k nearest neighbours vote: the share of votes for each class.

    labels   class numbers of the rows of reference
    weights  "uniform", one vote each; or "distance", votes of 1 / distance, where a neighbour in the very
             same place outvotes all others
    chunk    see k_nearest
    Raises   as k_nearest, and ValueError for labels out of range
    Source   Cover & Hart 1967, "Nearest neighbor pattern classification"; distances: Dudani 1976
    """
    need_choice(weights, "weights", WEIGHTS)
    need_labels(labels, len(reference), classes)
    distances, indices = k_nearest(x, reference, k, chunk=chunk)
    votes = torch.ones_like(distances)
    if weights == "distance":
        same = distances == 0
        votes = torch.where(same.any(1, keepdim=True), same.to(votes.dtype), 1 / distances)
    scores = votes.new_zeros(len(x), classes).scatter_add_(1, labels[indices].long(), votes)
    return scores / scores.sum(1, keepdim=True)


def knn_classify(
    x: Float[Tensor, "row feature"],
    reference: Float[Tensor, "other feature"],
    labels: Int[Tensor, " other"],
    k: int,
    *,
    classes: int,
    weights: str = "uniform",
    chunk: int = 1024,
) -> Int[Tensor, " row"]:
    """Name the class with most votes among the k nearest; of classes with as many, the first.

    The arguments, errors and source are those of knn_scores.
    """
    scores = knn_scores(x, reference, labels, k, classes=classes, weights=weights, chunk=chunk)
    return scores.argmax(1)


def _nearest_of(x: Tensor, reference: Tensor, k: int, chunk: int) -> tuple[Tensor, Tensor]:
    """Distances and indices for some rows of x, over reference block by block."""
    x, found = x.double(), []
    for start in range(0, len(reference), chunk):
        block = reference[start : start + chunk].double()
        ranks = torch.addmm(block.square().sum(1), x, block.T, alpha=-2)  # without ‖x‖², the same for all
        ranks, columns = _smallest(ranks, k)
        found.append((ranks, columns + start))
        if len(found) == 2:
            ranks, columns = (torch.cat(parts, 1) for parts in zip(*found, strict=True))
            ranks, places = _smallest(ranks, k)
            found = [(ranks, columns.gather(1, places))]
    indices = found[0][1]
    # Few are left: their differences are taken one by one, so that the same place is exactly 0 away.
    exact = torch.stack([(x - reference[i].double()).square().sum(1) for i in indices.T], 1)
    exact, order = exact.sort(dim=1, stable=True)
    return exact.sqrt(), indices.gather(1, order)


def _smallest(ranks: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The k smallest of each row, in the order of their places; of equal ones the first.

    topk promises nothing about equal ones: where the next one after the last is as small, all are sorted.
    """
    if ranks.shape[1] <= k:
        return ranks, torch.arange(ranks.shape[1], device=ranks.device).expand_as(ranks)
    values, places = ranks.topk(k + 1, dim=1, largest=False)
    crowded = values[:, k] == values[:, k - 1]
    places = places[:, :k].clone()
    if crowded.any():
        places[crowded] = ranks[crowded].argsort(dim=1, stable=True)[:, :k]
    places = places.sort(dim=1).values
    return ranks.gather(1, places), places


def _need_same_features(x: Tensor, reference: Tensor) -> None:
    need_floating(x, "x")
    need_floating(reference, "reference")
    if x.ndim != 2 or reference.ndim != 2 or x.shape[1] != reference.shape[1]:
        raise ValueError(
            "x and reference must be [row, feature] with the same features, "
            f"got {list(x.shape)} and {list(reference.shape)}."
        )
