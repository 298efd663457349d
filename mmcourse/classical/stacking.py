"""Stacking: a classifier learns from the decisions of the senses who is to be believed when."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from mmcourse.classical.folds import OutOfFold
from mmcourse.errors import CourseError

LEAST = -15.0  # surer than e^-15 is not sure of anything more
FLOOR = 1e-6  # smallest probability of an answer: forests say 0 lightly


class Stacking(nn.Module):
    """Late fusion by a classifier whose features are the log-probabilities of all senses.

    It learns from `OutOfFold` predictions only. On their own training rows models are surer than they should
    be, those that memorise most of all, and these would be believed. The senses asked later are trained anew
    on all training rows.

    estimator  "logistic", "forest" or a classifier with predict_proba; a copy is fitted
    seed       of the forest
    Source     Wolpert 1992, "Stacked generalization"; with log-probabilities and a linear model: Ting &
               Witten 1999, "Issues in stacked generalization"
    """

    def __init__(self, estimator: str | BaseEstimator = "logistic", *, seed: int = 0):
        super().__init__()
        known = {
            "logistic": LogisticRegression(C=1.0, max_iter=2000),
            "forest": RandomForestClassifier(300, min_samples_leaf=3, random_state=seed),
        }
        if isinstance(estimator, str) and estimator not in known:
            raise CourseError(
                f"estimator must be one of {', '.join(known)}, or a classifier, got {estimator!r}."
            )
        chosen = known[estimator] if isinstance(estimator, str) else estimator
        if not hasattr(chosen, "predict_proba"):
            raise TypeError(f"{chosen!r} gives no probabilities: take a classifier that has predict_proba.")
        self.estimator, self.shape = clone(chosen), None

    def fit(self, predictions: OutOfFold) -> Stacking:
        """Learn from predictions that were made out of fold; rows without any sense are left out.

        Raises  TypeError for anything else than an OutOfFold
        """
        if not isinstance(predictions, OutOfFold):
            raise TypeError(
                f"stacking learns from out_of_fold(...), got {type(predictions).__name__}: models are too "
                "sure of the rows that they were trained on."
            )
        self.shape = tuple(predictions.log_probs.shape[1:])
        rows = predictions.present.any(1)
        features = _features(predictions.log_probs, predictions.present)
        self.estimator.fit(features[rows].numpy(), predictions.label[rows].numpy())
        return self

    def forward(
        self,
        log_probs: Float[Tensor, "batch sense class"],
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> Float[Tensor, "batch class"]:
        """Give log-probabilities, equal ones for an example without any sense; no gradient goes through.

        log_probs  of the senses in the order of training; what is missing may hold anything, NaN too
        present    True where an example has a sense; all have all where None
        Raises     CourseError before `fit`, and for other senses or classes than in training
        """
        if self.shape is None or tuple(log_probs.shape[1:]) != self.shape:
            wanted = "fit(out_of_fold(...)) first" if self.shape is None else f"[batch, *{list(self.shape)}]"
            raise CourseError(f"stacking needs {wanted}; got log_probs {list(log_probs.shape)}.")
        present = log_probs.new_ones(log_probs.shape[:2], dtype=torch.bool) if present is None else present
        shares = torch.zeros(len(log_probs), self.shape[1])
        if len(log_probs):
            features = _features(log_probs.detach().cpu().float(), present.cpu())
            known = torch.from_numpy(self.estimator.predict_proba(features.numpy())).float()
            shares[:, torch.as_tensor(self.estimator.classes_).long()] = known
        shares = torch.where(present.cpu().any(1, keepdim=True), shares.clamp(min=FLOOR), 1)
        return (shares / shares.sum(1, keepdim=True)).log().to(log_probs)


def _features(log_probs: Tensor, present: Tensor) -> Float[Tensor, "row feature"]:
    """Log-probabilities less their mean, and who is there. A missing sense, 0, is as a uniform one."""
    x = torch.where(present[..., None], log_probs, 0).clamp(min=LEAST)
    return torch.cat([(x - x.mean(2, keepdim=True)).flatten(1), present.float()], 1)
