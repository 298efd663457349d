"""What the classical methods ask of the rows that they learn from."""

import torch
from torch import Tensor

from ._arguments import need_floating, need_integers


def need_training_rows(x: Tensor, y: Tensor, classes: int) -> None:
    """Raise unless x is finite [row, feature], and y names at least two classes, one a row."""
    need_floating(x, "x")
    if x.ndim != 2 or 0 in x.shape:
        raise ValueError(f"x must be [row, feature] with at least one of each, got {list(x.shape)}.")
    if not x.isfinite().all():
        row, feature = (~x.isfinite()).nonzero()[0].tolist()
        raise ValueError(
            f"x must be finite, got {x[row, feature].item()} in row {row}, feature {feature}: "
            "leave such rows out, or fill them in."
        )
    need_labels(y, len(x), classes)
    if len(y.unique()) < 2:
        raise ValueError(f"y must name at least two classes, got {int(y[0])} in all {len(y)} rows.")


def need_labels(y: Tensor, rows: int, classes: int) -> None:
    """Raise unless y holds class numbers in 0..classes - 1, one a row."""
    need_integers(y, "labels")
    if tuple(y.shape) != (rows,):
        raise ValueError(f"labels must be [{rows}], one a row, got {list(y.shape)}.")
    if rows and (y.min() < 0 or y.max() >= classes):
        raise ValueError(
            f"labels must lie in 0..{classes - 1} for {classes} classes, "
            f"got {int(y.min())} to {int(y.max())}."
        )


def need_same_features(x: Tensor, features: int) -> None:
    """Raise unless x is [row, features], as in training."""
    need_floating(x, "x")
    if x.ndim != 2 or x.shape[1] != features:
        raise ValueError(f"x must be [row, {features}], as in training, got {list(x.shape)}.")


def one_hot(y: Tensor, classes: int) -> Tensor:
    """Give float64 [row, class] with a 1 for each row's class."""
    return torch.zeros(len(y), classes, dtype=torch.float64, device=y.device).scatter_(
        1, y[:, None].long(), 1
    )
