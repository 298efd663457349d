"""Small things to train in tests: a model with dropout, and a table that it can learn."""

import torch
from torch import nn


class Toy(nn.Module):
    """Two linear layers with dropout between them, on a batch's "x"."""

    def __init__(self, seed=0, dropout=0.5):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.layers = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(dropout), nn.Linear(16, 3))

    def forward(self, batch, negative=False):
        logits = self.layers(batch["x"])
        return -logits if negative else logits


def make_table(rows=90, seed=0):
    """Three classes, told apart by which of the first three numbers is large."""
    generator = torch.Generator().manual_seed(seed)
    label = torch.randint(3, (rows,), generator=generator)
    x = torch.randn(rows, 6, generator=generator)
    x[torch.arange(rows), label] += 3
    return {"x": x, "label": label}
