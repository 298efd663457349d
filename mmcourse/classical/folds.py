"""What a model says of rows that it was not trained on, for every training row: by cross-fitting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from mmcourse.errors import CourseError

_KEY = object()  # who has it may make an OutOfFold


@dataclass(frozen=True)
class OutOfFold:
    """Predictions of training rows by models that have not seen them. Only `out_of_fold` makes one.

    log_probs  [row, sense, class]; NaN where a sense is missing
    label      [row]
    fold       [row] the fold that was left out when the row's models were trained
    present    [row, sense] True where a row has the sense
    """

    log_probs: Float[Tensor, "row sense class"]
    label: Int[Tensor, " row"]
    fold: Int[Tensor, " row"]
    present: Bool[Tensor, "row sense"]
    key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self):
        if self.key is not _KEY:
            raise TypeError(
                "OutOfFold is made by out_of_fold alone: of other predictions nobody knows whether their "
                "model was trained on these rows."
            )


def deal_folds(
    labels: Int[Tensor, " row"],
    folds: int,
    *,
    groups: Sequence | None = None,
    generator: torch.Generator,
) -> Int[Tensor, " row"]:
    """Deal rows out to folds so that each has about its share of every class, and no group is in two.

    groups   one a row, such as the speaker; rows of one group stay together
    Returns  the fold of each row, 0..folds - 1
    Raises   CourseError where a class or the groups do not suffice for so many folds
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold  # a second to import

    names, counts = labels.unique(return_counts=True)
    if folds < 2 or len(names) < 2 or counts.min() < folds:
        raise CourseError(
            f"{folds} folds need two classes or more with at least as many rows each, got "
            f"{dict(zip(names.tolist(), counts.tolist(), strict=True))}: take fewer folds, 2 at least."
        )
    seed = int(torch.randint(2**31, (), generator=generator))
    rows = np.zeros(len(labels))
    if groups is None:
        splits = StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, labels.numpy())
    else:
        groups = np.asarray(groups)
        if len(groups) != len(labels) or len(np.unique(groups)) < folds:
            raise CourseError(
                f"{folds} folds need a group a row and as many groups, got {len(groups)} for {len(labels)} "
                f"rows and {len(np.unique(groups))} different ones."
            )
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
        splits = splitter.split(rows, labels.numpy(), groups)
    fold = torch.full((len(labels),), -1)
    for number, (_, held_out) in enumerate(splits):
        fold[torch.from_numpy(held_out)] = number
    return fold


def out_of_fold(
    make_model: Callable[[], Any],
    fit: Callable[[Any, dict], Any],
    predict: Callable[[Any, dict], Tensor],
    data: Mapping[str, Any],
    fold: Int[Tensor, " row"],
    *,
    classes: int,
    there: Bool[Tensor, " row"] | None = None,
) -> OutOfFold:
    """Predict each fold by a fresh model that was trained on all others.

    make_model  makes an untrained model, another one each time
    fit         fit(model, rows of data): trains it; whatever it returns, unless None, is the model to ask
    predict     predict(model, rows of data): logits or log-probabilities [row, class]
    data        tensors or lists with an entry a row, "label" among them. What is learned from data, such as
                a mean, belongs into fit; what fit needs for early stopping is cut from the rows that it gets
    fold        of each row, from deal_folds; the same for every sense, so that they can be stacked
    there       False for rows without this sense: nobody trains on them or predicts them
    Raises      CourseError for a model that comes twice, a class missing in a training part, and predictions
                of another shape
    Source      Wolpert 1992, "Stacked generalization", section 2
    """
    label = torch.as_tensor(data["label"])
    there = torch.ones(len(label), dtype=torch.bool) if there is None else there
    _need_rows(data, fold, there)
    log_probs, used = torch.full((len(label), 1, classes), torch.nan), []
    for number in fold.unique().tolist():
        inside, outside = there & (fold != number), there & (fold == number)
        lacking = sorted(set(label[there].tolist()) - set(label[inside].tolist()))
        if lacking:
            raise CourseError(
                f"without fold {number} nobody shows the classes {lacking}: take fewer folds, or groups that "
                "hold every class."
            )
        model = make_model()
        if any(model is other for other in used):
            raise CourseError(
                "make_model gave a model that has been trained already: make a new one each time."
            )
        used.append(model)
        fitted = fit(model, _rows(data, inside))
        if outside.any():
            said = torch.as_tensor(
                predict(model if fitted is None else fitted, _rows(data, outside))
            ).detach()
            if tuple(said.shape) != (int(outside.sum()), classes):
                raise CourseError(
                    f"predict must give [{int(outside.sum())}, {classes}], a row of scores for each row of "
                    f"fold {number}, got {list(said.shape)}."
                )
            log_probs[outside, 0] = said.cpu().float().log_softmax(1)
    return OutOfFold(log_probs, label, fold, there[:, None], _KEY)


def side_by_side(*senses: OutOfFold) -> OutOfFold:
    """Lay the predictions of several senses together, in this order.

    Raises  CourseError unless all have the same labels and were made with the same folds
    """
    first = senses[0]
    for other in senses[1:]:
        if not (torch.equal(other.fold, first.fold) and torch.equal(other.label, first.label)):
            raise CourseError(
                "senses that are stacked must have the same rows in the same folds: deal_folds once, for all."
            )
    log_probs, present = (
        torch.cat([getattr(sense, name) for sense in senses], 1) for name in ("log_probs", "present")
    )
    return OutOfFold(log_probs, first.label, first.fold, present, _KEY)


def _rows(data: Mapping[str, Any], chosen: Tensor) -> dict[str, Any]:
    """The chosen rows of each entry."""
    numbers = chosen.nonzero().squeeze(1)
    return {
        name: values[numbers] if isinstance(values, Tensor) else [values[row] for row in numbers.tolist()]
        for name, values in data.items()
    }


def _need_rows(data: Mapping[str, Any], fold: Tensor, there: Tensor) -> None:
    rows = {name: len(values) for name, values in data.items()} | {"fold": len(fold), "there": len(there)}
    if len(set(rows.values())) != 1:
        raise CourseError(f"all of data, fold and there need an entry a row, got {rows}.")
    if len(fold.unique()) < 2:
        raise CourseError("all rows are in one fold, and nothing is left to train on: see deal_folds.")
