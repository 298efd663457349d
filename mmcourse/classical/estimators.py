"""One adapter for every classifier of scikit-learn's kind: it is evaluated as a network is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from jaxtyping import Bool, Float, Int
from sklearn.base import BaseEstimator, clone
from torch import Tensor, nn

from mmcourse.classical.representation import Feature, represent
from mmcourse.errors import CourseError
from mmcourse.modules.multimodal import SENSES


class Classical(nn.Module):
    """A fitted classifier in the place of a network: batches in, log-probabilities out.

    estimator  with `classes_`, and predict_proba or else decision_function
    by         what makes the features of each sense (see represent), or None where batches hold them
    mean, std  of each feature over the training rows, by sense
    classes    of the answer; one that the training rows lack has the probability `floor`
    floor      smallest probability: forests and neighbours say 0 lightly, and -log 0 is infinite
    """

    def __init__(
        self,
        estimator: BaseEstimator,
        by: Mapping[str, Feature] | None,
        mean: Mapping[str, Tensor],
        std: Mapping[str, Tensor],
        classes: int,
        *,
        floor: float = 1e-6,
    ):
        super().__init__()
        self.estimator, self.by, self.classes, self.floor = estimator, by, classes, floor
        # Parameters, as a network's are, but none that an optimiser would move.
        self.mean, self.std = (
            nn.ParameterDict({name: nn.Parameter(x, requires_grad=False) for name, x in values.items()})
            for values in (mean, std)
        )

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give log-probabilities; those of a decision_function are a softmax of its scores, not calibrated.

        batch  as in training; what "present" [batch, sense] marks as missing counts as the training mean
        muted  a sense that is left out in every row, likewise
        """
        table = represent([batch], self.by)
        x = self.rows(table, muted).numpy()
        if not len(x):  # which scikit-learn refuses
            known = torch.zeros(0, len(self.estimator.classes_))
        elif hasattr(self.estimator, "predict_proba"):
            known = torch.from_numpy(self.estimator.predict_proba(x)).float()
        else:
            scores = torch.from_numpy(self.estimator.decision_function(x)).float()
            scores = torch.stack([-scores, scores], 1) / 2 if scores.ndim == 1 else scores
            known = torch.softmax(scores, 1)
        shares = torch.zeros(len(x), self.classes)
        shares[:, torch.as_tensor(self.estimator.classes_).long()] = known
        shares = shares.clamp(min=self.floor)
        return (shares / shares.sum(1, keepdim=True)).log().to(next(self.parameters()).device)

    def rows(self, table: dict[str, Tensor], muted: str | None = None) -> Float[Tensor, "row feature"]:
        """Lay the senses side by side, each feature on its scale."""
        if muted is not None and muted not in self.mean:
            raise ValueError(f"muted must be one of {', '.join(self.mean)}, got {muted!r}.")
        parts = []
        for sense, mean in self.mean.items():
            x, there = _needed(table, sense, len(mean)), _present(table, sense)
            if sense == muted:
                there = torch.zeros_like(there)
            x = torch.where(there[:, None], x, mean.cpu())
            _need_finite(x, sense)
            parts.append((x - mean.cpu()) / self.std[sense].cpu() if sense in self.std else x)
        return torch.cat(parts, 1)


def fit_classical(
    estimator: BaseEstimator | Sequence[BaseEstimator],
    train: Iterable[dict],
    by: Mapping[str, Feature] | None = None,
    *,
    val: Iterable[dict] | None = None,
    senses: Sequence[str] = SENSES,
    classes: int | None = None,
    scale: bool = True,
) -> Classical:
    """Fit a copy of a classifier to the features of the training batches.

    estimator  scikit-learn's or mmcourse.classical's; of several, the one with most right answers on val is
               taken, the first of equals
    train      batches, or a list with one table of `represent`
    by         what makes the features of each sense; None where the batches hold features
    val        batches to choose by
    senses     those that count, of those that there are
    classes    how many; one more than the largest label where None
    scale      bring each feature to mean 0 and deviation 1 over the training rows, and only those
    Raises     CourseError for what the classifier could not learn from, with the next step
    """
    candidates = list(estimator) if isinstance(estimator, Sequence) else [estimator]
    for candidate in candidates:
        _need_classifier(candidate)
    if len(candidates) != 1 and (val is None or not candidates):
        raise CourseError(f"to choose one of {len(candidates)} classifiers, give val=, batches to choose by.")
    table = represent(train, by)
    found = [sense for sense in senses if sense in table]
    if not found:
        raise CourseError(f"there is no {' or '.join(senses)} in the batches, which hold {sorted(table)}.")
    label = _labels(table)
    classes = int(label.max()) + 1 if classes is None else classes
    mean, std = zip(*(_statistics(table, sense) for sense in found), strict=True)
    statistics = dict(zip(found, mean, strict=True)), dict(zip(found, std, strict=True)) if scale else {}
    fitted = []
    for candidate in candidates:
        model = Classical(clone(candidate), by, *statistics, classes)
        model.estimator.fit(model.rows(table).numpy(), label.numpy())
        fitted.append(model)
    if len(fitted) == 1:
        return fitted[0]
    table = represent(val, by)
    chosen = Classical(None, None, *statistics, classes).rows  # the same rows for all
    rows, wanted = chosen(table).numpy(), _labels(table, least=1).numpy()
    return max(fitted, key=lambda model: (model.estimator.predict(rows) == wanted).mean())


def _statistics(table: dict[str, Tensor], sense: str) -> tuple[Tensor, Tensor]:
    """Mean and deviation over the rows that have the sense; 1 for a feature that never changes."""
    x, there = table[sense], _present(table, sense)
    if not there.any():
        raise CourseError(f"no training row has {sense}: leave it out by senses=.")
    x = x[there].double()
    _need_finite(x, sense)
    mean, std = x.mean(0), x.std(0, correction=0)
    still = std <= 1e-7 * mean.abs()
    return mean.float(), torch.where(still, 1.0, std).float()


def _present(table: dict[str, Tensor], sense: str) -> Bool[Tensor, " row"]:
    if "present" in table:
        return table["present"][:, SENSES.index(sense)]
    return torch.ones(len(table[sense]), dtype=torch.bool)


def _needed(table: dict[str, Tensor], sense: str, width: int) -> Float[Tensor, "row feature"]:
    if sense not in table or table[sense].shape[1] != width:
        got = list(table[sense].shape) if sense in table else sorted(table)
        raise CourseError(f"{sense} must have {width} features, as in training, got {got}.")
    return table[sense].float()


def _labels(table: dict[str, Tensor], least: int = 2) -> Int[Tensor, " row"]:
    label = table.get("label")
    if label is None or label.is_floating_point() or label.dtype == torch.bool:
        raise CourseError("batches need a 'label', integers [batch]: number the classes 0, 1, ....")
    if label.min() < 0:
        raise CourseError(f"labels are numbered from 0, got {int(label.min())}.")
    if len(label.unique()) < least:
        raise CourseError(
            f"all {len(label)} rows have the class {int(label[0])}: there is nothing to tell apart."
        )
    return label.long()


def _need_finite(x: Tensor, sense: str) -> None:
    bad = ~x.isfinite()
    if bad.any():
        row, feature = bad.nonzero()[0].tolist()
        raise CourseError(
            f"feature {feature} of {sense} is {x[row, feature].item()} in row {row}: "
            "leave the row out, or mark it as missing by 'present'."
        )


def _need_classifier(estimator: object) -> None:
    if not isinstance(estimator, BaseEstimator) or not hasattr(estimator, "fit"):
        raise TypeError(f"estimator must be a classifier as scikit-learn has them, got {estimator!r}.")
    if not (hasattr(estimator, "predict_proba") or hasattr(estimator, "decision_function")):
        raise TypeError(
            f"{estimator!r} gives neither probabilities nor scores for classes: take a classifier."
        )
