"""The methods of mmcourse.scratch with scikit-learn's interface."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from torch import Tensor

from mmcourse.scratch import forest, kernel_svm, logistic, neighbours, svm, trees


class _Own(ClassifierMixin, BaseEstimator):
    """Class numbers in and out as scikit-learn has them: any integers, kept in `classes_`."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> _Own:
        """Learn from rows X and their classes y."""
        self.classes_, places = np.unique(y, return_inverse=True)
        self.n_features_in_ = X.shape[1]
        self._learn(_rows(X), torch.from_numpy(places).long(), len(self.classes_))
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Name the class of each row."""
        return self.classes_[self._scores(_rows(X)).argmax(1).numpy()]

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        raise NotImplementedError

    def _scores(self, x: Tensor) -> Tensor:
        raise NotImplementedError


class _WithProbabilities(_Own):
    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Give the probability of each class, in the order of `classes_`."""
        return self._scores(_rows(X)).numpy()


class _WithScores(_Own):
    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Give the score of each class, in the order of `classes_`; of two classes, the difference."""
        scores = self._scores(_rows(X)).numpy()
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores


class Neighbours(_WithProbabilities):
    """scratch.neighbours: the votes of the k nearest."""

    def __init__(self, k: int = 5, weights: str = "uniform"):
        self.k = k
        self.weights = weights

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        self.known_ = x, y, classes

    def _scores(self, x: Tensor) -> Tensor:
        reference, y, classes = self.known_
        return neighbours.knn_scores(x, reference, y, self.k, classes=classes, weights=self.weights)


class Logistic(_WithProbabilities):
    """scratch.logistic: softmax regression."""

    def __init__(self, C: float = 1.0):
        self.C = C

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        self.parameters_ = logistic.fit_logistic(x, y, classes=classes, C=self.C)

    def _scores(self, x: Tensor) -> Tensor:
        return torch.softmax(logistic.linear_scores(self.parameters_, x), 1)


class LinearSVM(_WithScores):
    """scratch.svm: hinge loss by sub-gradient steps."""

    def __init__(self, C: float = 1.0, kind: str = "one_vs_rest", epochs: int = 100, seed: int = 0):
        self.C = C
        self.kind = kind
        self.epochs = epochs
        self.seed = seed

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        options = {"C": self.C, "kind": self.kind, "epochs": self.epochs, "generator": _seeded(self.seed)}
        self.parameters_ = svm.fit_linear_svm(x, y, classes=classes, **options)

    def _scores(self, x: Tensor) -> Tensor:
        return logistic.linear_scores(self.parameters_, x)


class KernelSVM(_WithScores):
    """scratch.kernel_svm with the RBF kernel; gamma is a number, or "scale" for one that suits the rows."""

    def __init__(self, C: float = 1.0, gamma: float | str = "scale"):
        self.C = C
        self.gamma = gamma

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        gamma = kernel_svm.scale_gamma(x) if self.gamma == "scale" else self.gamma
        self.kernel_ = partial(kernel_svm.rbf_kernel, gamma=gamma)
        self.parameters_ = kernel_svm.fit_kernel_svm(x, y, self.kernel_, classes=classes, C=self.C)

    def _scores(self, x: Tensor) -> Tensor:
        return kernel_svm.kernel_svm_scores(self.parameters_, x, self.kernel_)


class Tree(_WithProbabilities):
    """scratch.trees: one decision tree.

    seed  None takes the first of several questions that are equally good; a number draws one, as scikit-learn
    """

    def __init__(
        self,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_leaf: int = 1,
        seed: int | None = None,
    ):
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.seed = seed

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        options = self.get_params()
        seed = options.pop("seed")
        if seed is not None:  # all features, in an order that is drawn anew at each node
            options |= {"max_features": x.shape[1], "generator": _seeded(seed)}
        self.tree_ = trees.fit_tree(x, y, classes=classes, **options)

    def _scores(self, x: Tensor) -> Tensor:
        return trees.tree_scores(self.tree_, x)


class Forest(_WithProbabilities):
    """scratch.forest: the average of many trees."""

    def __init__(self, trees: int = 50, criterion: str = "gini", max_depth: int | None = None, seed: int = 0):
        self.trees = trees
        self.criterion = criterion
        self.max_depth = max_depth
        self.seed = seed

    def _learn(self, x: Tensor, y: Tensor, classes: int) -> None:
        options = {"trees": self.trees, "criterion": self.criterion, "max_depth": self.max_depth}
        self.forest_ = forest.fit_forest(x, y, classes=classes, generator=_seeded(self.seed), **options)

    def _scores(self, x: Tensor) -> Tensor:
        return forest.forest_scores(self.forest_, x)


def _rows(x: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(x))


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
