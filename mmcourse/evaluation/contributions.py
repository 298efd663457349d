"""What each sense adds to an answer: a sense taken away, exact Shapley values, shares, utilisation.

values = coalition_values(model, table)      # accuracy with every choice of senses
shapley(values)                              # sense -> its part of what all of them add

A table is a dict of tensors, one row an example, with "label".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

import torch
from torch import Tensor, nn

from mmcourse.evaluation.prediction import predict
from mmcourse.metrics import accuracy
from mmcourse.training import Batches

WAYS = ("permuted", "present", "muted")
COLUMNS = {
    "speech": ("speech", "lengths", "mask")
}  # of a table that belong to a sense; others: one, its name
Values = Mapping[frozenset, float]


def shuffled_pairs(table: dict[str, Tensor], sense: str, *, seed: int, within_class: bool = False) -> dict:
    """Deal one sense of a table out to other examples: a control in which the pairing says nothing.

    within_class  only among examples of the same label: what the senses say of the class stays, what else
                  they have in common (a voice, a noise, a moment) goes
    Returns       another table; labels and the other senses stay where they were
    Raises        ValueError for a sense that the table lacks
    """
    columns = columns_of(table, sense)
    generator, label = torch.Generator().manual_seed(seed), table["label"]
    order = torch.randperm(len(label), generator=generator)
    if within_class:
        source, mixed = label.argsort(stable=True), torch.empty_like(order)
        mixed[source] = order[label[order].argsort(stable=True)]
        order = mixed
    return table | {name: table[name][order] for name in columns}


def coalition_values(
    model: nn.Module,
    table: dict[str, Tensor],
    *,
    senses: Sequence[str] = ("image", "speech"),
    absent: str | Callable[[dict, frozenset], dict] = "permuted",
    measure: Callable[[Tensor, Tensor], float] = accuracy,
    seed: int = 0,
    draws: int = 1,
    batch_size: int = 256,
) -> dict[frozenset, float]:
    """Measure a model with every choice of its senses, the others taken away.

    absent   how a sense is taken away. "permuted": it comes from another example, drawn at random, as the
             model knows it; "present": `batch["present"]` is False there; "muted": the model is called with
             `muted=sense`, one sense at a time; or a function (table, missing senses) -> table
    measure  (logits, labels) -> number, higher is better
    draws    permutations to average over
    Returns  frozenset of senses -> measure. With no sense at all it is that of naming the classes' shares in
             the table, whatever the model would say of nothing.
    Raises   ValueError for fewer than two senses, one that the table lacks, or another way
    """
    senses = _several(senses)
    for sense in senses:
        columns_of(table, sense)
    if not callable(absent) and absent not in WAYS:
        raise ValueError(f"absent is one of {', '.join(map(repr, WAYS))} or a function; got {absent!r}.")
    if absent == "muted" and len(senses) > 2:
        raise ValueError(
            f"a model mutes one sense at a time; for {len(senses)} senses take another `absent`."
        )
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws}.")
    values, labels = {}, table["label"]
    for size in range(1, len(senses) + 1):
        for kept in map(frozenset, combinations(senses, size)):
            missing = [sense for sense in senses if sense not in kept]
            repeats = range(draws if missing and absent == "permuted" else 1)
            scores = [
                measure(_without(model, table, missing, senses, absent, seed + draw, batch_size), labels)
                for draw in repeats
            ]
            values[kept] = math.fsum(scores) / len(scores)
    shares = torch.bincount(labels).double() / len(labels)
    values[frozenset()] = measure(shares.clamp(min=1e-12).log().expand(len(labels), -1), labels)
    return values


def _without(model, table, missing, senses, absent, seed, batch_size) -> Tensor:
    """Return the logits of a model from whose table some senses were taken away."""
    options = {}
    if callable(absent):
        table = absent(table, frozenset(missing)) if missing else table
    elif absent == "present":
        present = torch.tensor([sense not in missing for sense in senses])
        table = table | {"present": present.repeat(len(table["label"]), 1)}
    elif absent == "muted":
        options = {"muted": missing[0]} if missing else {}
    else:
        for number, sense in enumerate(missing):
            table = shuffled_pairs(table, sense, seed=1000 * seed + number)
    return predict(model, Batches(table, batch_size), **options)[0]


def shapley(values: Values | Callable[[frozenset], float], senses: Collection[str] | None = None) -> dict:
    """Divide what all senses add over nothing among them, exactly.

    A sense's part is its mean gain over all orders in which the senses may come in.

    values   every set of senses -> number, as `coalition_values` gives it; or a function, with `senses`
    Returns  sense -> part; the parts sum to values[all] - values[none]
    Raises   ValueError for more than 12 senses, or a set without a value
    Source   Shapley 1953, "A value for n-person games"; for senses Hu, Li & Zhou 2022, "SHAPE"
    """
    if senses is None:
        if callable(values):
            raise ValueError("a function of sets needs their senses: shapley(function, senses).")
        senses = max(values, key=len)
    senses = sorted(senses)
    if len(senses) > 12:
        raise ValueError(f"{len(senses)} senses have {2 ** len(senses):,} sets; sample orders instead.")
    worth = {
        kept: values(kept) if callable(values) else _value(values, kept)
        for size in range(len(senses) + 1)
        for kept in map(frozenset, combinations(senses, size))
    }
    parts = {}
    for sense in senses:
        gains = []
        for kept in worth:
            if sense not in kept:
                orders = math.factorial(len(kept)) * math.factorial(len(senses) - len(kept) - 1)
                gains.append(orders * (worth[kept | {sense}] - worth[kept]))
        parts[sense] = math.fsum(gains) / math.factorial(len(senses))
    return parts


def permutation_share(values: Values) -> dict[str, float]:
    """Return each sense's share of what is lost when one sense is taken away, 0..1; they sum to 1.

    A sense whose loss makes nothing worse has 0; where no sense's does, all are 0.

    values  as `coalition_values` gives them with absent="permuted"
    Source  Breiman 2001, "Random forests", section 10, for features; here a sense is one
    """
    everything = max(values, key=len)
    lost = {
        sense: max(0.0, values[everything] - _value(values, everything - {sense}))
        for sense in sorted(everything)
    }
    total = math.fsum(lost.values())
    return {sense: loss / total if total > 0 else 0.0 for sense, loss in lost.items()}


def conditional_utilisation(values: Values) -> dict[str, float]:
    """Return what each sense adds to the others, as a share of the accuracy with all: (A - A without) / A.

    A large difference between senses says that the model learnt to lean on one of them.

    values  accuracies of all sets of senses
    Raises  ValueError where the accuracy with all senses is 0
    Source  Wu, Jastrzębski, Cho & Geras 2022, "Characterizing and overcoming the greedy nature of learning in
            multi-modal deep neural networks", section 3
    """
    everything = max(values, key=len)
    whole = values[everything]
    if not whole > 0:
        raise ValueError(f"a share of the accuracy with all senses needs one above 0, got {whole}.")
    return {sense: (whole - _value(values, everything - {sense})) / whole for sense in sorted(everything)}


def _value(values: Values, kept: frozenset) -> float:
    if kept not in values:
        raise ValueError(
            f"there is no value for {sorted(kept) or 'no sense'}; it takes one for every set of senses."
        )
    return values[kept]


def _several(senses: Sequence[str]) -> tuple[str, ...]:
    if isinstance(senses, str) or len(set(senses)) < 2 or len(set(senses)) != len(senses):
        raise ValueError(f"contributions are of two or more different senses, got {senses!r}.")
    return tuple(senses)


def columns_of(table: dict[str, Tensor], sense: str) -> list[str]:
    """Name the columns of a table that belong to a sense. Raises ValueError where it has none."""
    columns = [name for name in COLUMNS.get(sense, (sense,)) if name in table]
    if sense not in columns:
        raise ValueError(f"the table has no {sense!r}; it has {', '.join(table)}.")
    return columns
