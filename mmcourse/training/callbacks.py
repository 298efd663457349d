"""What is called while a model trains: a method for the start, each step, each epoch and the end."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmcourse.training.run import Run


class Callback:
    """Something that looks on while `fit` trains. Methods that are not overridden do nothing.

    Each gets the run: run.model, run.epoch (finished) of run.epochs, run.batch of run.batches in the epoch in
    work, run.step of run.total_steps of the optimiser, run.loss of the last step, run.learning_rate of the
    next, run.history, run.first (False where the run goes on from a checkpoint) and run.world.first (the
    process that writes).

    A step's callbacks come before its checkpoint: what a killed run has told and not saved comes once more
    when it goes on, and nothing is left out.
    """

    def on_start(self, run: Run) -> None:
        """Before the first step of this process."""

    def on_step(self, run: Run) -> None:
        """After each step of the optimiser."""

    def on_epoch(self, run: Run) -> None:
        """After each epoch, when it has been validated and its entries are in the history."""

    def on_end(self, run: Run) -> None:
        """At the end, be it regular, early, interrupted, or by an error."""


class ProgressBar(Callback):
    """A bar over all steps, with the epoch and the last loss. Silent where MMCOURSE_QUIET is set.

    seconds  between two looks at it; the steps in between cost it a glance at the clock
    """

    def __init__(self, seconds: float = 0.2):
        self.seconds = seconds
        self._bar = None

    def on_start(self, run: Run) -> None:
        """Open the bar where the run stands; in one process of several."""
        from mmcourse.data.progress import bar  # not above: its package takes a second to import

        if run.world.first:
            self._bar = bar(total=run.total_steps, initial=run.step, unit="step", dynamic_ncols=True)
            self._due = perf_counter() + self.seconds

    def on_step(self, run: Run) -> None:
        """Move the bar, if it is time to."""
        if self._bar is not None and perf_counter() >= self._due:
            self._show(run)

    def on_end(self, run: Run) -> None:
        """Show the last state and close the bar."""
        if self._bar is not None:
            self._show(run)
            self._bar.close()
            self._bar = None

    def _show(self, run: Run) -> None:
        self._due = perf_counter() + self.seconds
        epoch = min(run.epoch + 1, run.epochs)
        self._bar.set_description_str(f"epoch {epoch} of {run.epochs}", refresh=False)
        self._bar.set_postfix_str(f"loss {run.loss:.3f}", refresh=False)
        self._bar.update(run.step - self._bar.n)
