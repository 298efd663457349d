"""Small things to train in tests: a model with dropout, and a table that it can learn."""

import signal

import torch
from torch import nn

from mmcourse.training import Callback, Checkpoints


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


class Stop(Callback):
    """Press Ctrl-C during a step, counted from 1."""

    def __init__(self, step):
        self.step = step

    def on_step(self, run):
        if run.step == self.step:
            signal.raise_signal(signal.SIGINT)


def differences(one, other, path="state"):
    """Name what is not the same to the bit in two states, such as those of two checkpoints."""
    if type(one) is not type(other):
        return [f"{path}: {type(one).__name__}, {type(other).__name__}"]
    if isinstance(one, torch.Tensor):
        return [] if one.dtype == other.dtype and torch.equal(one, other) else [path]
    if isinstance(one, dict):
        if list(one) != list(other):
            return [f"{path}: {list(one)}, {list(other)}"]
        return [found for key in one for found in differences(one[key], other[key], f"{path}.{key}")]
    if isinstance(one, list | tuple):
        if len(one) != len(other):
            return [f"{path}: {len(one)}, {len(other)} entries"]
        pairs = enumerate(zip(one, other, strict=True))
        return [found for i, pair in pairs for found in differences(*pair, f"{path}[{i}]")]
    return [] if one == other else [f"{path}: {one}, {other}"]


def last_state(folder):
    """Everything in the last checkpoint of a folder, but the seconds that it took."""
    state = torch.load(Checkpoints(folder).paths()[0], weights_only=True)
    assert state["run"]["history"].pop("seconds") > 0
    return state
