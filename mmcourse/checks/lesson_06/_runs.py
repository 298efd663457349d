"""Small trainings that can be saved and gone on with, and what may happen to their files."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmcourse.checks import lazy

torch = lazy("torch")

_OPTIMISERS = {
    "SGD": ("SGD", {"lr": 0.1}),
    "SGD with momentum": ("SGD", {"lr": 0.1, "momentum": 0.9}),
    "SGD, then slower": ("SGD", {"lr": 0.1}),
    "AdamW": ("AdamW", {"lr": 0.01}),
}


@dataclass
class Run:
    """A training: all that decides what its next step does."""

    model: Any
    optimiser: Any
    generator: Any
    slows: bool

    def train(self, steps: int) -> None:
        """Steps on data and noise that the generator draws."""
        for _ in range(steps):
            x = torch.randn(8, 2, generator=self.generator)
            noise = torch.randn(8, 2, generator=self.generator)
            self.optimiser.zero_grad()
            (self.model(x) - x.flip(1) - 0.1 * noise).square().mean().backward()
            self.optimiser.step()

    def slow_down(self) -> None:
        """Lower the learning rate as a schedule would, where this run has one."""
        if self.slows:
            self.optimiser.param_groups[0]["lr"] = 0.01

    def unlike(self, other: Run) -> list[str]:
        """What differs between two runs: their parts by name."""
        ours, theirs = self._parts(), other._parts()
        return [name for name in ours if not _equal(ours[name], theirs[name])]

    def _parts(self) -> dict[str, Any]:
        state = self.optimiser.state_dict()
        return {
            "weights": dict(self.model.named_parameters()),
            "buffers": dict(self.model.named_buffers()),
            "optimiser": state["state"],
            "learning rate": [group["lr"] for group in state["param_groups"]],
            "generator": self.generator.get_state(),
            "mode": self.model.training,
        }


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return one == other


def started(model: str, optimiser: str, seed: int = 0) -> Run:
    """A run at its beginning."""
    nn, generator = torch.nn, torch.Generator().manual_seed(seed)
    between = {
        "two layers": [],
        "batch norm": [nn.BatchNorm1d(3)],
        "dropout": [_dropout(generator)],
    }[model]
    network = nn.Sequential(nn.Linear(2, 3), *between, nn.Tanh(), nn.Linear(3, 2))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    name, options = _OPTIMISERS[optimiser]
    made = getattr(torch.optim, name)(network.parameters(), **options)
    return Run(network, made, generator, slows="slower" in optimiser)


def _dropout(generator: Any) -> Any:
    """Dropout that draws from the generator of the run, for its state is all that a checkpoint holds."""

    class Dropout(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            if not self.training:
                return x
            return x * (torch.rand(x.shape, generator=generator) > 0.25) / 0.75

    return Dropout()


class _NoSpace:
    """What cannot be written: the disk is full."""

    def __reduce__(self) -> Any:
        raise OSError("No space left on device")


@contextmanager
def disk_full(run: Run) -> Iterator[None]:
    """Within, writing the run's model fails halfway."""
    layer = run.model[0]
    kind = type(layer)
    layer.__class__ = type("Linear", (kind,), {"get_extra_state": lambda self: _NoSpace()})
    try:
        yield
    finally:
        layer.__class__ = kind


_ran: list[str] = []


def _run_code() -> dict[str, Any]:
    """What a hostile file has called while it is read; this one only takes note."""
    _ran.append("code")
    return {}


class _Foreign:
    def __reduce__(self) -> Any:
        return _run_code, ()


def code_is_run(load: Callable[[Path], Any], folder: Path) -> bool:
    """Whether load(path) runs code that a file holds: one of torch's form and one of pickle's."""
    _ran.clear()
    for write in (torch.save, _pickled):
        path = folder / "foreign.pt"
        write(_Foreign(), path)
        with suppress(Exception):  # refused, as it should be
            load(path)
    return bool(_ran)


def _pickled(value: Any, path: Path) -> None:
    path.write_bytes(pickle.dumps(value))
