"""Callbacks that write a training down: CSV for a spreadsheet, JSON lines for a program, TensorBoard.

A log is of one run. A run from the start begins its log anew; a run that goes on from a checkpoint takes its
epochs from the history in the checkpoint, drops what lies beyond it and a line that a kill has cut, and goes
on: the log is the one of a run that was never interrupted.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from mmcourse.errors import CourseError
from mmcourse.training.callbacks import Callback

if TYPE_CHECKING:
    from mmcourse.training.run import Run


def epoch_row(run: Run, epoch: int) -> dict[str, float]:
    """What the history says of one epoch.

    epoch    the first is number 1
    Returns  epoch, step (of the optimiser, at its end), learning_rate (of that step), train_loss, val_loss
             (both in the unit of the loss), val_accuracy (share correct), and the value of each metric that
             is one number
    """
    history = run.history
    step = run.total_steps // run.epochs * epoch
    row = {
        "epoch": epoch,
        "step": step,
        "learning_rate": history.learning_rate[step - 1],
        "train_loss": history.train_loss[epoch - 1],
        "val_loss": history.val_loss[epoch - 1],
        "val_accuracy": history.val_accuracy[epoch - 1],
    }
    metrics = {name: values[epoch - 1] for name, values in history.metrics.items()}
    return row | {name: float(value) for name, value in metrics.items() if _is_number(value)}


def _is_number(value: object) -> bool:
    if isinstance(value, list | tuple):  # a callback's notes of each step of the epoch
        return False
    return not hasattr(value, "numel") or value.numel() == 1


class _FileLog(Callback):
    """A text file that grows by whole lines, in one process of several.

    A disk that is full, or a file that cannot be written, is warned of once, and the training goes on.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self._file: io.TextIOBase | None = None
        self._warned = False

    def on_start(self, run: Run) -> None:
        """Write what is known of the run so far, and leave the file open for more."""
        if not run.world.first:
            return
        old = self._old()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self.path.with_name(self.path.name + ".part")
            unfinished.write_text(self._opening(run, old), encoding="utf-8")
            os.replace(unfinished, self.path)  # a kill leaves the old log or the new one, never half of one
            self._file = self.path.open("a", encoding="utf-8", newline="")
        except OSError as problem:
            self._warn(problem)

    def on_epoch(self, run: Run) -> None:
        """Add the epoch."""
        self._add(self._of_epoch(run, len(run.history.val_loss)))

    def on_end(self, run: Run) -> None:
        """Close the file."""
        if self._file is not None:
            self._file, file = None, self._file
            try:
                file.close()
            except OSError as problem:
                self._warn(problem)

    def _add(self, line: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line)
            self._file.flush()  # to the system, which keeps it when this process is killed
        except OSError as problem:
            self._warn(problem)

    def _warn(self, problem: OSError) -> None:
        if not self._warned:
            self._warned = True
            reason = problem.strerror or problem
            warnings.warn(f"the log {self.path} lacks lines: {reason}. Training goes on.", stacklevel=4)

    def _old(self) -> list[str]:
        """The lines of the file that is there. Raises CourseError where it is no log of this kind."""
        if self.path.is_dir():
            raise CourseError(f"{self.path} is a folder: name a file in it, such as {self.path / 'log'}.")
        if not self.path.exists():
            return []
        lines, words = self.path.read_text(encoding="utf-8", errors="replace").splitlines(), self._first_words
        if lines and not (lines[0].startswith(words) or words.startswith(lines[0])):  # the latter: cut short
            raise CourseError(f"{self.path} is not a log of a training: it is left alone. Name another file.")
        return lines

    _first_words: str

    def _opening(self, run: Run, old: list[str]) -> str:
        """The lines of a run that stands where this one does; old ones may lie beyond it."""
        raise NotImplementedError

    def _of_epoch(self, run: Run, epoch: int) -> str:
        raise NotImplementedError


class CsvLog(_FileLog):
    """A table with a row an epoch: that of `epoch_row`, beneath the names of its columns.

    path    of the file; missing folders are made. A log of an earlier run is overwritten, another file never
    Raises  CourseError at the start for a folder, or a file that is no such log
    """

    _first_words = "epoch,step,"

    def _opening(self, run: Run, old: list[str]) -> str:
        done = len(run.history.val_loss)
        return "".join(self._of_epoch(run, epoch) for epoch in range(1, done + 1))

    def _of_epoch(self, run: Run, epoch: int) -> str:
        row, lines = epoch_row(run, epoch), io.StringIO()
        writer = csv.DictWriter(lines, list(row), lineterminator="\n")
        if epoch == 1:  # only now the metrics' names are known
            writer.writeheader()
        writer.writerow(row)
        return lines.getvalue()


class JsonLog(_FileLog):
    """A line of JSON an epoch, {"event": "epoch", …} with `epoch_row`, and one every few steps.

    A step's line is {"event": "step", "epoch": …, "step": …, "loss": …, "learning_rate": …}. Numbers that
    JSON does not know, NaN and ∞, are null.

    path    of the file; missing folders are made. A log of an earlier run is overwritten, another file never
    every   steps from one line to the next, None for lines of epochs only
    Raises  ValueError for less than a step; at the start CourseError for a folder or another kind of file
    """

    _first_words = '{"event": '

    def __init__(self, path: str | os.PathLike, every: int | None = None):
        if every is not None and every < 1:
            raise ValueError(f"every must be at least 1 step, or None, got {every}.")
        super().__init__(path)
        self.every = every

    def on_step(self, run: Run) -> None:
        """Add the step, if it is its turn."""
        if self.every is not None and run.step % self.every == 0:
            row = {"epoch": run.epoch + 1, "step": run.step, "loss": run.loss}
            self._add(_json("step", row | {"learning_rate": run.history.learning_rate[-1]}))

    def _opening(self, run: Run, old: list[str]) -> str:
        epochs = [self._of_epoch(run, epoch) for epoch in range(1, len(run.history.val_loss) + 1)]
        steps = [line + "\n" for line in old if _is_step(line, run.step)]
        return "".join(sorted(steps + epochs, key=_place))

    def _of_epoch(self, run: Run, epoch: int) -> str:
        return _json("epoch", epoch_row(run, epoch))


def _json(event: str, row: dict[str, float]) -> str:
    known = {name: value if math.isfinite(value) else None for name, value in row.items()}
    return json.dumps({"event": event} | known, allow_nan=False, ensure_ascii=False) + "\n"


def _is_step(line: str, last: int) -> bool:
    """Whether a line is whole, and of a step that the checkpoint holds."""
    try:
        entry = json.loads(line)
    except ValueError:  # cut by a kill
        return False
    return isinstance(entry, dict) and entry.get("event") == "step" and entry["step"] <= last


def _place(line: str) -> tuple[int, bool]:
    entry = json.loads(line)
    return entry["step"], entry["event"] == "epoch"


class TensorBoard(Callback):
    """Scalars for TensorBoard: those of `epoch_row` at each epoch, and the loss every few steps.

    folder  of the run, which `tensorboard --logdir` takes
    every   steps from one loss to the next
    Raises  CourseError where TensorBoard is not installed, ValueError for less than a step
    """

    def __init__(self, folder: str | os.PathLike, every: int = 20):
        if every < 1:
            raise ValueError(f"every must be at least 1 step, got {every}.")
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise CourseError(
                "TensorBoard is not installed: type `pip install tensorboard`, "
                "or use CsvLog, which needs nothing."
            ) from None
        self.folder, self.every = Path(folder), every
        self._make, self._writer = SummaryWriter, None

    def on_start(self, run: Run) -> None:
        """Open the log; of an earlier run, what lies beyond the checkpoint is hidden."""
        if run.world.first:
            self._writer = self._make(str(self.folder), purge_step=0 if run.first else run.step + 1)

    def on_step(self, run: Run) -> None:
        """Add the loss, if it is its turn."""
        if self._writer is not None and run.step % self.every == 0:
            self._writer.add_scalar("step/loss", run.loss, run.step)
            self._writer.flush()  # or a kill loses the last two minutes

    def on_epoch(self, run: Run) -> None:
        """Add the epoch."""
        if self._writer is None:
            return
        row = epoch_row(run, len(run.history.val_loss))
        for name in row.keys() - {"epoch", "step"}:
            self._writer.add_scalar(f"epoch/{name}", row[name], row["step"])
        self._writer.flush()

    def on_end(self, run: Run) -> None:
        """Close the log."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
