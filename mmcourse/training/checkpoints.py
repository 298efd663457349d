"""Checkpoints: all or nothing on the disk, so that a run killed at any moment can go on."""

from __future__ import annotations

import os
import platform
import warnings
from pathlib import Path

import torch

from mmcourse import __version__
from mmcourse.training.interrupt import Interrupted
from mmcourse.training.run import Run

FORMAT = "mmcourse training checkpoint 1"


class Checkpoints:
    """A folder of checkpoints of one run, the last `keep` of them.

    folder  where they lie; made when the first is saved
    every   steps between two; None saves at the end of each epoch only
    keep    how many are kept: with two, the one before stands in for a last one that cannot be read
    """

    def __init__(self, folder: Path | str | None, *, every: int | None = None, keep: int = 2):
        if every is not None and every < 1:
            raise ValueError(
                f"every must be at least 1 step, or None for the end of each epoch; got {every}."
            )
        if keep < 1:
            raise ValueError(f"keep must be at least 1 checkpoint, got {keep}.")
        self.folder = None if folder is None else Path(folder)
        self.every = every
        self.keep = keep
        self._warned = False

    @classmethod
    def of(cls, checkpoints: Checkpoints | Path | str | None) -> Checkpoints:
        """Return the Checkpoints that `fit` was given, or those of a folder."""
        return checkpoints if isinstance(checkpoints, cls) else cls(checkpoints)

    def paths(self) -> list[Path]:
        """Return the checkpoints that are there, the last one first."""
        return [] if self.folder is None else sorted(self.folder.glob("step-*.pt"), reverse=True)

    # L2: load_into(run), save(run), after_step(run, interrupted): first versions below

    def load_into(self, run: Run) -> None:
        for path in self.paths():
            try:
                state = torch.load(path, map_location="cpu", weights_only=True)
            except Exception as error:
                warnings.warn(f"{path.name} cannot be read ({error}); the one before is used.", stacklevel=2)
                continue
            run.load_state_dict(state["run"])
            return

    def save(self, run: Run) -> None:
        if self.folder is None:
            return
        state = {
            "format": FORMAT,
            "run": run.state_dict(),
            "versions": {
                "torch": torch.__version__,
                "mmcourse": __version__,
                "python": platform.python_version(),
            },
        }
        if run.world.first:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"step-{run.step:010d}.pt"
            temporary = path.with_suffix(f".tmp{os.getpid()}")
            torch.save(state, temporary)
            temporary.rename(path)
            for old in self.paths()[self.keep :]:
                old.unlink()

    def after_step(self, run: Run, interrupted: bool) -> None:
        if interrupted or (self.every and run.step % self.every == 0):
            self.save(run)
        if interrupted:
            raise Interrupted(f"Stopped in {run.where}.")
