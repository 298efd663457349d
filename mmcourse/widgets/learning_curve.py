"""The learning-curve panel: a small network trains, and its curve and its border grow while it does."""

from __future__ import annotations

from collections.abc import Callable

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from mmcourse import plotting
from mmcourse.data.progress import quiet
from mmcourse.plotting.live import TRAIN, VAL
from mmcourse.plotting.style import GREY, as_array
from mmcourse.training import Batches, Callback, History, evaluating, fit
from mmcourse.widgets.moons import PointNetwork, two_moons
from mmcourse.widgets.stage import film, slider

EPOCHS, FRAMES = 150, 15  # epochs of a training; how often it is drawn
_TOP = 1.6  # of the axis of losses, in nats
_SPAN = (-2.0, 3.0, -1.6, 2.1)  # of the points that are drawn: left, right, bottom, top


def learning_curve_panel(
    *, examples: int = 40, hidden: int = 64, dropout: float = 0.0, weight_decay: float = 0.0, seed: int = 0
) -> None:
    """Train a network anew at each move of a dial, and watch its losses and the border between the classes.

    examples      of the training set, where its dial starts; there are always 1,000 to validate with
    hidden        width of the network
    dropout       share of hidden numbers that are set to 0 while training
    weight_decay  of AdamW
    seed          of the points and the weights
    """
    controls = {
        "examples": slider("training examples", 20, 400, 20, examples),
        "hidden": slider("width of the network", 2, 64, 2, hidden),
        "dropout": slider("dropout", 0.0, 0.8, 0.1, dropout),
        "weight_decay": slider("weight decay", 0.0, 5.0, 0.5, weight_decay),
    }

    def play(show: Callable[[Figure], None], **values) -> None:
        learn(show, seed=seed, **values)

    film(
        play,
        controls,
        alt="the losses of training and validation after each epoch, and the border between two classes",
    )


def learn(
    show: Callable[[Figure], None],
    *,
    examples: int,
    hidden: int,
    dropout: float,
    weight_decay: float,
    seed: int = 0,
) -> History:
    """Train on all points at once for 150 epochs and show a figure every ten; where it is quiet, the last."""
    train, val = two_moons(examples, seed), two_moons(1000, seed + 1)
    return fit(
        PointNetwork(hidden, dropout, seed),
        Batches(train, examples),
        Batches(val, 1000),
        epochs=EPOCHS,
        seed=seed,
        learning_rate=1e-2,
        weight_decay=weight_decay,
        schedule="constant",
        warmup=0.0,
        callbacks=[_Frames(show, train)],
    )


class _Frames(Callback):
    """Shows a figure every few epochs."""

    def __init__(self, show: Callable[[Figure], None], train: dict[str, Tensor]):
        self.show, self.train = show, train

    def on_epoch(self, run) -> None:
        done = len(run.history.val_loss)
        if done == run.epochs or (done % (run.epochs // FRAMES) == 0 and not quiet()):
            self.show(draw_training(run.history, run.model, self.train, run.epochs))


def draw_training(history: History, model: nn.Module, train: dict[str, Tensor], epochs: int) -> Figure:
    """Draw the losses so far beside the training points and what the network makes of the plane.

    epochs  length of the axis, so that the figure stays the same while training goes on
    """
    fig, (curve, plane) = plotting.figure(1, 2, height=3.2, width_ratios=(1.35, 1))
    _draw_curve(curve, history, epochs)
    _draw_plane(plane, model, train)
    return fig


def _draw_curve(ax, history: History, epochs: int) -> None:
    places, ends = range(1, len(history.val_loss) + 1), {}
    for name, losses, colour in (
        ("training", history.train_loss, TRAIN),
        ("validation", history.val_loss, VAL),
    ):
        ax.plot(places, losses, color=colour)
        ends[name] = (places[-1], min(losses[-1], _TOP))
    best = min(places, key=lambda epoch: history.val_loss[epoch - 1])
    ax.axvline(best, color=GREY, linestyle=":", linewidth=1)
    ax.set(xlabel="epoch", ylabel="loss (nats)", xlim=(0, 1.3 * epochs), ylim=(0, _TOP))
    ax.set_xticks(range(0, epochs + 1, 50))
    ax.set_title(f"validation is best after epoch {best}: {history.val_loss[best - 1]:.2f} nats")
    plotting.label_line_ends(ax, ends, {"training": TRAIN, "validation": VAL})


def _draw_plane(ax, model: nn.Module, train: dict[str, Tensor]) -> None:
    left, right, bottom, top = _SPAN
    y, x = torch.meshgrid(torch.linspace(bottom, top, 60), torch.linspace(left, right, 80), indexing="ij")
    with evaluating(model):
        probs = model({"point": torch.stack([x.flatten(), y.flatten()], dim=1)}).softmax(dim=-1)
    share = as_array(probs[:, 1].reshape(x.shape))
    ax.imshow(share, extent=_SPAN, origin="lower", cmap="PuOr", vmin=0, vmax=1, alpha=0.7, aspect="auto")
    for label, (face, marker) in enumerate((("#B35806", "o"), ("#542788", "s"))):
        points = as_array(train["point"][train["label"] == label])
        ax.plot(*points.T, marker, color=face, markeredgecolor="white", markeredgewidth=0.5, markersize=4)
    ax.set(xlim=_SPAN[:2], ylim=_SPAN[2:], xticks=[], yticks=[])
    ax.grid(False)
    ax.set_title("training points, and the model's answer")
