"""Checkpoints: when a run is saved, which ones are kept, and from which one it goes on."""

from __future__ import annotations

import platform
import re
import warnings
from pathlib import Path
from time import monotonic

import numpy
import torch

from mmcourse import __version__
from mmcourse.training.interrupt import Interrupted
from mmcourse.training.run import Run
from mmcourse.training.whole_files import Unreadable, read_whole, remove_leftovers, write_whole

FORMAT = "mmcourse training checkpoint 1"
TOGETHER = 10  # steps between two agreements of several processes whether to save: each costs a message


class Checkpoints:
    """A folder of checkpoints of one run, the last `keep` of them.

    folder   where they lie; made when the first is saved
    every    steps between two; None saves at the end of each epoch only
    minutes  between two, besides those; for epochs that take hours
    keep     how many are kept: with two, the one before stands in for a last one that cannot be read
    Raises   ValueError for an `every`, `minutes` or `keep` that is too small
    """

    def __init__(
        self,
        folder: Path | str | None,
        *,
        every: int | None = None,
        minutes: float | None = None,
        keep: int = 2,
    ):
        if every is not None and every < 1:
            raise ValueError(
                f"every must be at least 1 step, or None for the end of each epoch; got {every}."
            )
        if minutes is not None and not minutes > 0:
            raise ValueError(f"minutes must be above 0, or None for no clock; got {minutes}.")
        if keep < 1:
            raise ValueError(f"keep must be at least 1 checkpoint, got {keep}.")
        self.folder = None if folder is None else Path(folder)
        self.every = every
        self.minutes = minutes
        self.keep = keep
        self._last = monotonic()
        self._outdated: list[Path] = []  # of a run that was begun anew
        self._problem = ""  # why the last one could not be written
        self._warned = False

    @classmethod
    def of(cls, checkpoints: Checkpoints | Path | str | None) -> Checkpoints:
        """Return the Checkpoints that `fit` was given, or those of a folder."""
        return checkpoints if isinstance(checkpoints, cls) else cls(checkpoints)

    def paths(self) -> list[Path]:
        """Return the checkpoints that are there, the last one first."""
        there = [] if self.folder is None else self.folder.glob("step-*.pt")
        return sorted((path for path in there if _step(path) is not None), key=_step, reverse=True)

    def begin(self, run: Run, resume: bool) -> None:
        """Bring the run to the last checkpoint that can be read, if there are any.

        resume  or leave it at its start; the checkpoints that are there go when the first new one is written
        Raises  ValueError where none can be read, or the run that was saved was another one
        """
        if self.folder is None:
            return
        self._last, self._warned = monotonic(), False
        if run.world.first:
            remove_leftovers(self.folder)
        self._outdated = [] if resume else self.paths()
        paths = self.paths() if resume else []
        for path in paths:
            try:
                state = read_whole(path, FORMAT)
            except Unreadable as error:
                then = "; the one before it is used." if path != paths[-1] else "."
                warnings.warn(f"{path} was passed over: {error}{then}", stacklevel=2)
                continue
            _need_same(run, state["config"], path)
            _load(run, state["run"], path)
            return
        if paths:
            raise ValueError(
                f"none of the {len(paths)} checkpoints in {self.folder} can be read. To begin anew, give "
                "resume=False or another folder."
            )

    def save(self, run: Run) -> None:
        """Write a checkpoint; where that fails, warn once and let the training go on.

        All processes must call it; the first one writes.
        """
        if self.folder is None:
            return
        state = {
            "format": FORMAT,
            "versions": {
                "mmcourse": __version__,
                "torch": str(torch.__version__),
                "numpy": numpy.__version__,
                "python": platform.python_version(),
            },
            "config": run.config,
            "run": run.state_dict(),
        }
        self._last = monotonic()
        if run.world.first:
            try:
                self._write(run.step, state)
            except OSError as error:
                self._note(error)

    def _write(self, step: int, state: dict) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"step-{step:010d}.pt", state, replacing=self._outdated)
        self._outdated, self._problem = [], ""
        # One with a higher number could not be read, or this run would have begun there: it is not counted.
        for old in [path for path in self.paths() if _step(path) <= step][self.keep :]:
            old.unlink(missing_ok=True)

    def _note(self, error: OSError) -> None:
        self._problem = error.strerror or str(error)
        if self._warned:
            return
        self._warned = True
        there = [path.name for path in self.paths()]
        warnings.warn(
            f"no checkpoint could be written to {self.folder} ({self._problem}). Training goes on and tries "
            f"again each time; {f'{there[0]}, the last good one, stays' if there else 'none is there yet'}.",
            stacklevel=2,
        )

    def after_step(self, run: Run, interrupted: bool) -> None:
        """Save where it is time to. Raises Interrupted where Ctrl-C was pressed."""
        stop, late = interrupted, self._late()
        if run.world.size > 1:
            stop, late = _agreed(run, stop, late) if run.step % TOGETHER == 0 else (False, False)
        if stop or late or (self.every and run.step % self.every == 0):
            self.save(run)
        if stop:
            raise Interrupted(self._how_to_go_on(run))

    def after_epoch(self, run: Run, interrupted: bool) -> None:
        """Save. Raises Interrupted where Ctrl-C was pressed."""
        stop, _ = _agreed(run, interrupted, False)
        self.save(run)
        if stop:
            raise Interrupted(self._how_to_go_on(run))

    def _late(self) -> bool:
        return self.minutes is not None and monotonic() - self._last >= 60 * self.minutes

    def _how_to_go_on(self, run: Run) -> str:
        where = f"Stopped after {run.position}."
        if self.folder is None:
            return f'{where} Nothing was saved; with fit(…, checkpoints="folder") the same call would go on.'
        if self._problem:
            there = [path.name for path in self.paths()]
            last = f"{there[0]} is the last checkpoint" if there else "there is no checkpoint"
            return f"{where} It could not be saved to {self.folder} ({self._problem}); {last}."
        return f"{where} Saved to {self.folder}: the same call of fit goes on from there."


def _step(path: Path) -> int | None:
    """Return the step in a checkpoint's name, None where there is none."""
    found = re.fullmatch(r"step-(\d+)\.pt", path.name)
    return int(found[1]) if found else None


def _load(run: Run, state: dict, path: Path) -> None:
    try:
        run.load_state_dict(state)
    except (KeyError, ValueError, RuntimeError) as error:
        why = " ".join(str(error).split()).rstrip(" .")
        raise ValueError(
            f"{path} does not fit this model, optimiser or these batches: {why}. To begin anew, give "
            "resume=False or another folder."
        ) from error


def _agreed(run: Run, *wishes: bool) -> list[bool]:
    """Return the wishes of all processes together: what one wants, all do, or they would wait for it."""
    mine = torch.tensor(wishes, dtype=torch.float32, device=run.device)
    return [count > 0 for count in run.world.sum(mine).tolist()]


def _need_same(run: Run, saved: dict, path: Path) -> None:
    """Raise ValueError where a run that is taken up again is not the one that was saved."""
    asked = dict(run.config)
    longer = asked["epochs"] > saved["epochs"]
    if asked["schedule"] == "constant" == saved["schedule"] and longer:
        asked["epochs"] = saved["epochs"]
    changed = [
        f"{name} was {saved.get(name)!r} and is now {asked.get(name)!r}"
        for name in {**saved, **asked}
        if saved.get(name) != asked.get(name)
    ]
    if not changed:
        return
    more = ""
    if longer and len(changed) == 1:
        more = ' More epochs change every learning rate, except with schedule="constant".'
    raise ValueError(
        f"{path} is of another training: {', '.join(changed)}.{more} To begin anew, give resume=False or "
        "another folder; to go on, give the old values."
    )
