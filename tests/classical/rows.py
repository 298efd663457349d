"""Rows to learn from: clouds around a centre for each class, and the digits' pictures of scikit-learn."""

from functools import lru_cache

import torch
from sklearn.datasets import load_digits
from torch import Tensor


def clouds(rows: int, features: int, classes: int, *, seed: int = 0, spread: float = 1.0) -> tuple:
    """x float32 [row, feature] and y [row], every class as often."""
    generator = torch.Generator().manual_seed(seed)
    centres = torch.randn(classes, features, generator=torch.Generator().manual_seed(99))
    y = torch.arange(rows) % classes
    return centres[y] + spread * torch.randn(rows, features, generator=generator), y


@lru_cache(maxsize=1)
def digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x and y of 1,200 pictures of 8 × 8 to learn from, and of 597 to be asked; standardised by the first."""
    x, y = (torch.from_numpy(values) for values in load_digits(return_X_y=True))
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    x, y = x.float()[order], y[order].long()
    mean, std = x[:1200].mean(0), x[:1200].std(0)
    x = (x - mean) / torch.where(std > 0, std, 1.0)
    return x[:1200], y[:1200], x[1200:], y[1200:]


def share(found, wanted: Tensor) -> float:
    """Of right answers."""
    return (torch.as_tensor(found) == wanted).double().mean().item()
