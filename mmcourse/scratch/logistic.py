"""Logistic regression for any number of classes: straight lines between them, and probabilities."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._rows import need_same_features, need_training_rows, one_hot
from .activations import log_softmax
from .quasi_newton import lbfgs


def fit_logistic(
    x: Float[Tensor, "row feature"],
    y: Int[Tensor, " row"],
    *,
    classes: int,
    C: float = 1.0,
    max_iter: int = 500,
    tol: float = 1e-5,
) -> dict[str, Tensor]:
    """Find the weights that make ½ ‖W‖² + C Σ cross-entropy(W x + b, y) smallest.

    The function is convex, so there is one lowest value and any method arrives there; bring the features to
    one scale before, or it takes long. Computed in float64.

    y         class numbers in 0..classes - 1; a class without rows gets an ever lower bias, until tol
    C         how much the rows count beside small weights, above 0
    max_iter  steps of lbfgs at most
    tol       largest size of a number of the gradient at which it is over
    Returns   weight [class, feature] and bias [class], as in torch.nn.Linear
    Raises    TypeError and ValueError for arguments that do not fit
    Source    Cox 1958, "The regression analysis of binary sequences"; the objective is scikit-learn's, where
              two classes share one row of weights and C = 1 is our C = ½
    """
    need_training_rows(x, y, classes)
    if not C > 0:
        raise ValueError(f"C must be above 0, got {C}.")
    rows = torch.cat([x.double(), x.new_ones(len(x), 1, dtype=torch.float64)], 1)  # bias as one more weight
    wanted = one_hot(y, classes)

    def objective(numbers: Tensor) -> tuple[Tensor, Tensor]:
        weight = numbers.view(classes, -1)
        small = torch.cat([weight[:, :-1], torch.zeros_like(weight[:, -1:])], 1)  # the bias may be large
        log_probs = log_softmax(rows @ weight.T, dim=1)
        value = small.square().sum() / 2 - C * (wanted * log_probs).sum()
        gradient = small + C * (log_probs.exp() - wanted).T @ rows
        return value, gradient.flatten()

    start = rows.new_zeros(classes * rows.shape[1])
    weight = lbfgs(objective, start, max_iter=max_iter, tol=tol).view(classes, -1).to(x.dtype)
    return {"weight": weight[:, :-1].contiguous(), "bias": weight[:, -1].contiguous()}


def linear_scores(
    parameters: Mapping[str, Tensor], x: Float[Tensor, "row feature"]
) -> Float[Tensor, "row class"]:
    """Give W x + b: logits after fit_logistic, distances to hyperplanes (times ‖w‖) after fit_linear_svm.

    parameters  weight [class, feature] and bias [class]
    """
    need_same_features(x, parameters["weight"].shape[1])
    return x @ parameters["weight"].T + parameters["bias"]
