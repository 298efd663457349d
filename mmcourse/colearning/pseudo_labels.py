"""Which examples get a label from a model: the surest ones, and of each class alike."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor


def few_labels(
    labels: Int[Tensor, " example"], per_class: int, *, seed: int
) -> tuple[Int[Tensor, " labelled"], Int[Tensor, " unlabelled"]]:
    """Choose at random which examples keep their label, `per_class` of each class; the rest shall lose it.

    Returns  (rows with a label, rows without), each in rising order
    Raises   ValueError for a class with fewer examples
    """
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    chosen = []
    for label in labels.unique():
        own = order[labels[order] == label]
        if not 1 <= per_class <= len(own):
            raise ValueError(
                f"class {int(label)} has {len(own)} examples: per_class must lie in 1..{len(own)}, "
                f"got {per_class}."
            )
        chosen.append(own[:per_class])
    kept = torch.zeros(len(labels), dtype=torch.bool)
    kept[torch.cat(chosen)] = True
    return kept.nonzero().flatten(), (~kept).nonzero().flatten()


def confident(
    log_probs: Float[Tensor, "example class"], per_class: int, threshold: float = 0.0
) -> tuple[Int[Tensor, " chosen"], Int[Tensor, " chosen"]]:
    """Choose the examples that a model is surest of: at most `per_class` of each class that it names.

    Without the balance over classes a class that a model favours would crowd out the others, round by round.

    per_class  how many of each class, at least 1
    threshold  the least probability of the class that is named, 0 to 1
    Returns    (rows, the classes that they get), class by class, the surest first; of equal ones the earlier
    Raises     ValueError for a per_class or threshold out of range
    """
    if per_class < 1 or not 0 <= threshold <= 1:
        raise ValueError(
            f"per_class must be 1 or more and threshold lie in 0..1, got {per_class} and {threshold}."
        )
    sure, named = log_probs.double().exp().max(dim=1)
    order = sure.argsort(descending=True, stable=True)
    order = order[sure[order] >= threshold]
    rows = [order[named[order] == label][:per_class] for label in range(log_probs.shape[1])]
    chosen = torch.cat(rows)
    return chosen, named[chosen]
