"""What came out: accuracies with their spread over seeds, curves, confusions, one model's opinion."""

from __future__ import annotations

import numpy as np

from mmcourse.plotting.style import GREY, as_array, figure, label_line_ends, looks

_ACCURACY = "test accuracy (share correct)"


def accuracy_bars(
    scores: dict, *, chance: float | None = None, ax=None, ylabel: str = _ACCURACY, title: str = ""
):
    """Draw one bar a model, its mean over seeds, with every seed as a dot and the range as a whisker.

    scores   name -> one accuracy a seed, shares 0..1
    chance   accuracy of guessing, drawn as a dashed line
    Returns  the Axes
    """
    ax = ax if ax is not None else figure(width=min(7.5, 1.6 + 1.25 * len(scores)), height=2.8)[1]
    style = looks(scores)
    for place, (name, runs) in enumerate(scores.items()):
        runs = as_array(runs).astype(float).ravel()
        colour, marker = style[name]
        ax.bar(place, runs.mean(), width=0.62, color=colour, alpha=0.35)
        ax.vlines(place, runs.min(), runs.max(), color=colour)
        dots = place + np.linspace(-0.16, 0.16, len(runs)) if len(runs) > 1 else [place]
        ax.plot(dots, runs, marker, color=colour, markersize=4, linestyle="none")
        ax.annotate(
            f"{runs.mean():.1%}",
            (place, runs.max()),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    ax.set_xticks(range(len(scores)), list(scores))
    ax.set(ylabel=ylabel, ylim=(0, 1.1), xlim=(-0.6, len(scores) - 0.4), yticks=np.linspace(0, 1, 6))
    ax.set_title(title)
    _chance_line(ax, chance)
    return ax


def learning_curves(
    curves: dict,
    x=None,
    *,
    xlabel: str = "epoch",
    ylabel: str = "validation accuracy (share correct)",
    ylim: tuple[float, float] | None = (0, 1.02),
    chance: float | None = None,
    ax=None,
    title: str = "",
):
    """Draw one line a model: the mean over seeds, the range from lowest to highest, its name at the end.

    curves   name -> [seed, point]
    x        places of the points; 1, 2, 3, … where it is None
    Returns  the Axes
    """
    ax = ax if ax is not None else figure(height=3.0)[1]
    style, ends = looks(curves), {}
    for name, runs in curves.items():
        runs = as_array(runs).astype(float)
        if runs.ndim != 2:
            raise ValueError(
                f"the curves of {name!r} need shape [seed, point], got {list(runs.shape)}. "
                "Stack one row a seed; for one run write runs[None]."
            )
        places = np.arange(1, runs.shape[1] + 1) if x is None else as_array(x)
        colour, marker = style[name]
        every = max(1, len(places) // 12)
        ax.plot(places, runs.mean(0), color=colour, marker=marker, markevery=every)
        ax.fill_between(places, runs.min(0), runs.max(0), color=colour, alpha=0.15, linewidth=0)
        ends[name] = (places[-1], runs.mean(0)[-1])
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if x is None:
        ax.xaxis.get_major_locator().set_params(integer=True)  # there is no epoch 2.5
    if ylim is not None:
        ax.set_ylim(ylim)
    ax.set_title(title)
    _chance_line(ax, chance)
    label_line_ends(ax, ends, {name: colour for name, (colour, _) in style.items()})
    return ax


def confusion_matrix(counts, classes, *, ax=None, title: str = ""):
    """Draw how often each true class was called what.

    counts   [true class, predicted class], whole numbers
    classes  a word for each class
    Returns  the Axes; the colour is the share of the row, the figure in a field the count (none where 0)
    """
    counts = as_array(counts)
    if counts.shape != (len(classes), len(classes)):
        raise ValueError(
            f"{len(classes)} classes need counts of shape {[len(classes)] * 2}, got {list(counts.shape)}."
        )
    side = 1.2 + 0.3 * len(classes)
    ax = ax if ax is not None else figure(width=side, height=side)[1]
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, col in zip(*np.nonzero(counts), strict=True):
        ink = "white" if shares[row, col] > 0.55 else "black"
        ax.text(col, row, int(counts[row, col]), ha="center", va="center", color=ink, fontsize=7)
    ax.set_xticks(range(len(classes)), classes)
    ax.set_yticks(range(len(classes)), classes)
    ax.grid(False)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.set_title(title)
    return ax


def opinion(probs, classes, ax=None, *, sense: str = "both", truth: int | None = None, title: str = ""):
    """Draw what a model thinks of one sample: a bar a class.

    probs    [class], summing to 1
    sense    whose opinion it is, for the colour: "image", "speech", "both" or another name
    truth    the true class, whose name is printed bold
    Returns  the Axes
    """
    probs = as_array(probs).astype(float)
    if probs.shape != (len(classes),):
        raise ValueError(f"{len(classes)} classes need as many probabilities, got shape {list(probs.shape)}.")
    ax = ax if ax is not None else figure(width=4, height=2.2)[1]
    ((colour, _),) = looks([sense]).values()
    bars = ax.bar(range(len(classes)), probs, color=colour, alpha=0.35)
    bars[int(probs.argmax())].set_alpha(1)
    ax.set_xticks(range(len(classes)), classes)
    if truth is not None:
        ax.get_xticklabels()[truth].set(fontweight="bold", fontsize=11)
    ax.set(ylabel="probability", ylim=(0, 1.02), xlim=(-0.6, len(classes) - 0.4))
    ax.set_title(title)
    return ax


def _chance_line(ax, chance: float | None) -> None:
    """Draw the accuracy of guessing, where one is given, and say so at its left end."""
    if chance is None:
        return
    ax.axhline(chance, color=GREY, linestyle="--", linewidth=1)
    ax.annotate(
        "chance",
        (0, chance),
        xycoords=ax.get_yaxis_transform(),
        xytext=(3, 3),
        textcoords="offset points",
        color=GREY,
        fontsize=8,
    )
