"""A learning curve that grows while a model trains, and what a step of training spends its time on."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from mmcourse.data.progress import quiet
from mmcourse.plotting.picture import picture
from mmcourse.plotting.style import GREY, as_array, figure, label_line_ends, look
from mmcourse.training.callbacks import Callback

TRAIN, VAL = look("", 0)[0], look("both")[0]
PARTS = {  # where a step's time goes: computing in the colours of models, waiting in greys
    "loading": "#AAAAAA",
    "copying": GREY,
    "forward": look("", 2)[0],
    "backward": look("image")[0],
    "step": look("", 1)[0],
}
_ALT = "learning curve: the loss of training and of validation after each epoch"


class LiveCurve(Callback):
    """Draw the loss of training and of validation after each epoch, one figure in place of the last.

    In a notebook only; where MMCOURSE_QUIET is set, the last figure alone.

    seconds  at least so long between two figures, so that drawing (a tenth of a second) slows nothing down
    """

    def __init__(self, seconds: float = 1.0):
        self.seconds = seconds
        self._handle, self._due = None, 0.0

    def on_start(self, run) -> None:
        """Begin a new figure at the first epoch."""
        self._handle, self._due = None, 0.0
        self._drawn = 0

    def on_epoch(self, run) -> None:
        """Draw the curve so far, if it is time to."""
        if perf_counter() >= self._due and not quiet():
            self._show(run)
            self._due = perf_counter() + self.seconds

    def on_end(self, run) -> None:
        """Draw the whole curve."""
        self._show(run)

    def _show(self, run) -> None:
        history = run.history
        epochs = len(history.val_loss)
        if not run.world.first or get_ipython() is None or epochs in (0, self._drawn):
            return
        shown = picture(draw_losses(history.train_loss[:epochs], history.val_loss, run.epochs), _ALT)
        if self._handle is None:
            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)
        self._drawn = epochs


def draw_losses(train_loss, val_loss, epochs: int) -> Figure:
    """Draw both losses against epochs, and mark the epoch where validation was best.

    train_loss, val_loss  [epoch], at least one; NaN and ∞ leave a gap
    epochs                length of the axis, so that the figure stays the same while training goes on
    """
    train_loss, val_loss = as_array(train_loss).astype(float), as_array(val_loss).astype(float)
    if len(train_loss) != len(val_loss) or not len(val_loss):
        raise ValueError(
            "both losses need an entry an epoch, "
            f"got {len(train_loss)} of training and {len(val_loss)} of validation."
        )
    fig, ax = figure(height=2.8)
    places, ends = range(1, len(val_loss) + 1), {}
    curves = (("training", train_loss, TRAIN, "D"), ("validation", val_loss, VAL, "^"))
    for name, losses, colour, marker in curves:
        ax.plot(places, losses, color=colour, marker=marker, markevery=max(1, len(losses) // 12))
        if known := np.flatnonzero(np.isfinite(losses)).tolist():
            ends[name] = (places[known[-1]], losses[known[-1]])
    ax.set(xlabel="epoch", ylabel="loss (nats)", xlim=(0.5, max(epochs, len(val_loss)) + 0.5))
    ax.xaxis.get_major_locator().set_params(integer=True)  # there is no epoch 2.5
    ax.set_ylim(bottom=0)
    if ends:
        label_line_ends(ax, ends, {"training": TRAIN, "validation": VAL})
    if "validation" in ends:
        best = int(np.nanargmin(np.where(np.isfinite(val_loss), val_loss, np.nan)))
        ax.axvline(best + 1, color=GREY, linestyle=":", linewidth=1)
        ax.set_title(f"validation is best after epoch {best + 1}: {val_loss[best]:.3f} nats")
    return fig


def time_shares(parts: dict[str, dict[str, float]], *, ax=None, title: str = ""):
    """Draw where the time of training goes: a bar of the parts of a step for each configuration.

    parts    name of a configuration -> part of the step -> seconds, as Shares.parts of mmcourse.training has
    Returns  the Axes
    Raises   ValueError for a part that no step has
    """
    if unknown := sorted({part for seconds in parts.values() for part in seconds} - PARTS.keys()):
        raise ValueError(f"a step consists of {', '.join(PARTS)}; got {', '.join(unknown)}.")
    ax = ax if ax is not None else figure(height=0.9 + 0.5 * len(parts))[1]
    for row, seconds in enumerate(parts.values()):
        whole, left = sum(seconds.values()), 0.0
        for part, took in seconds.items():
            share = took / whole
            bar = ax.barh(row, share, left=left, color=PARTS[part], label=None if row else part)
            if share > 0.08:
                ink = "white" if part in ("copying", "backward") else "black"
                ax.bar_label(bar, [f"{share:.0%}"], label_type="center", color=ink, fontsize=9)
            left += share
    ax.set_yticks(range(len(parts)), list(parts))
    ax.invert_yaxis()
    ax.set(xlim=(0, 1), xlabel="share of the time of a step")
    ax.grid(False)
    ax.set_title(title)
    ax.legend(ncols=len(PARTS), loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0, handlelength=1)
    return ax
