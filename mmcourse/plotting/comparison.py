"""Methods beside each other: accuracy of every seed, cost against accuracy, average ranks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

from mmcourse.plotting.style import GREY, OTHERS, SENSE, as_array, figure, spread_out

LEVELS = {
    "one sense": OTHERS[2],
    "early": OTHERS[1],
    "intermediate": SENSE["both"],
    "late": OTHERS[0],
    "": ("#0072B2", "o"),
}
_INK = "#222222"


def accuracy_dots(
    scores: Mapping[str, Sequence[float]],
    *,
    levels: Mapping[str, str] | None = None,
    near: Collection[str] | None = None,
    chance: float | None = None,
    xlabel: str = "test accuracy (share correct)",
    ax=None,
    title: str = "",
):
    """Draw every seed of every method as a dot on its line, the mean as a bar, the best mean on top.

    scores   name -> one accuracy a seed, shares 0..1; as many methods as you like
    levels   name -> "one sense", "early", "intermediate" or "late", for colour and marker
    near     methods within seed noise of the best: their dots are filled, others are hollow; None fills all
    chance   accuracy of guessing, drawn as a dashed line
    Returns  the Axes
    """
    if not scores:
        raise ValueError("there are no scores to draw; give at least one method.")
    ax = ax if ax is not None else figure(height=0.9 + 0.24 * len(scores))[1]
    names = sorted(scores, key=lambda name: np.mean(as_array(scores[name])))
    for place, name in enumerate(names):
        runs = as_array(scores[name]).astype(float).ravel()
        colour, marker = LEVELS[(levels or {}).get(name, "")]
        full = near is None or name in near
        up = place + (np.linspace(-0.16, 0.16, len(runs)) if len(runs) > 1 else np.zeros(1))
        ax.plot([runs.min(), runs.max()], [place, place], color=colour, alpha=0.35, linewidth=1.2)
        ax.plot(runs, up, marker, color=colour, markerfacecolor=colour if full else "white", linestyle="none")
        ax.plot([runs.mean()] * 2, [place - 0.34, place + 0.34], color=_INK, linewidth=2)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(percent_tick)
    ax.set_title(title)
    if chance is not None:
        ax.axvline(chance, color=GREY, linestyle="--", linewidth=1)
        ax.annotate(
            "chance",
            (chance, 0),
            xycoords=ax.get_xaxis_transform(),
            xytext=(3, 3),
            textcoords="offset points",
            color=GREY,
            fontsize=8,
        )
    subplot = ax.get_subplotspec()
    if subplot is None or subplot.is_last_row():
        hollow = near is not None and not set(names) <= set(near)
        ax.set_xlabel(xlabel + "\nfilled: within seed noise of the best; hollow: told apart" * hollow)
    if subplot is None or subplot.is_first_row():
        _legend(ax, {(levels or {}).get(name, "") for name in names})
    return ax


def _legend(ax, levels: set[str]) -> None:
    """Say above the axes what colours mean, where there is something to tell apart."""
    handles = [
        Line2D([], [], color=colour, marker=marker, linestyle="none", label=level)
        for level, (colour, marker) in LEVELS.items()
        if level in levels and level
    ]
    if handles:
        ax.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(handles),
            fontsize=8,
            handletextpad=0.2,
            columnspacing=1.2,
            borderaxespad=0.2,
        )
        ax.set_title(ax.get_title(loc="left"), pad=18)


def cost_against_accuracy(
    scores: Mapping[str, Sequence[float]],
    costs: Mapping[str, float],
    *,
    xlabel: str = "parameters",
    ylabel: str = "test accuracy (share correct)",
    ax=None,
    title: str = "",
):
    """Draw each method at its cost and mean accuracy, with the range over seeds; names stand at the side.

    scores   name -> one accuracy a seed
    costs    name -> a number above 0, such as parameters; drawn on a logarithmic axis
    Returns  the Axes
    Raises   ValueError for names without a cost, or a cost of 0
    """
    if scores.keys() != costs.keys() or not costs or min(costs.values()) <= 0:
        raise ValueError(f"every method needs a cost above 0, got {dict(costs)} for {list(scores)}.")
    ax = ax if ax is not None else figure(height=max(3.0, 0.5 + 0.2 * len(scores)))[1]
    runs = {name: as_array(one).astype(float).ravel() for name, one in scores.items()}
    for name, one in runs.items():
        ax.vlines(costs[name], one.min(), one.max(), color=LEVELS[""][0], alpha=0.5)
        ax.plot(costs[name], one.mean(), "o", color=LEVELS[""][0], markersize=6)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title)
    ax.yaxis.set_major_formatter(percent_tick)
    ax.margins(x=0.08, y=0.08)
    low, high = ax.get_ylim()
    gap = 0.155 / (ax.figure.get_figheight() * 0.78) * (high - low)  # inches that a name is high
    places = spread_out([one.mean() for one in runs.values()], gap)
    for (name, one), place in zip(runs.items(), places, strict=True):
        ax.annotate(
            name,
            (costs[name], one.mean()),
            xytext=(1.03, (place - low) / (high - low)),
            textcoords="axes fraction",
            fontsize=9,
            va="center",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 1, "shrinkB": 4},
            annotation_clip=False,
        )
    return ax


def critical_difference(
    ranks: Mapping[str, float],
    difference: float,
    groups: Sequence[Sequence[str]],
    *,
    ax=None,
    title: str = "",
):
    """Draw average ranks on a line, best on the left, with a bar over each group that is not told apart.

    ranks       name -> average rank, 1 for the best
    difference  ranks that differ by less are not told apart; drawn as a scale above the line
    groups      names of each group, as `Ranking.groups` gives them
    Returns     the Axes
    Source      Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", figure 1
    """
    names = sorted(ranks, key=ranks.__getitem__)
    left, right = names[: -(-len(names) // 2)], names[-(-len(names) // 2) :]
    depth = 0.45 + 0.3 * len(groups)
    ax = ax if ax is not None else figure(height=1.1 + 0.28 * (depth + len(left)))[1]
    last = max(len(names), int(np.ceil(max(ranks.values()))))
    span = last - 1
    ax.set_axis_off()
    ax.set(xlim=(1 - 0.45 * span, last + 0.45 * span), ylim=(depth + len(left) + 0.2, -2.2))
    ax.hlines(0, 1, last, color=_INK, linewidth=1.2)
    for rank in range(1, last + 1):
        ax.vlines(rank, -0.18, 0, color=_INK, linewidth=1.2)
        ax.text(rank, -0.28, str(rank), ha="center", va="bottom", fontsize=9)
    ax.plot([1, 1 + difference], [-1.5, -1.5], "|-", color=GREY, markersize=8, linewidth=1.2, clip_on=False)
    ax.text(1, -1.65, f"critical difference {difference:.2f}", ha="left", va="bottom", fontsize=8, color=GREY)
    for side, members in ((-1, left), (1, right[::-1])):
        edge = 1 - 0.06 * span if side < 0 else last + 0.06 * span
        for number, name in enumerate(members):
            y = depth + number + 0.4
            ax.plot([ranks[name], ranks[name], edge], [0, y, y], color=_INK, linewidth=0.8)
            words, end = [name, f"{ranks[name]:.2f}"][::-side], "right" if side < 0 else "left"
            ax.text(edge + side * 0.02 * span, y, "  ".join(words), ha=end, va="center", fontsize=9)
    for number, group in enumerate(groups):
        inside = [ranks[name] for name in group]
        y = 0.35 + 0.3 * number
        ax.hlines(y, min(inside) - 0.03 * span, max(inside) + 0.03 * span, color=LEVELS[""][0], linewidth=4)
    ax.set_title(title)
    return ax


def percent_tick(share: float, place: int | None = None) -> str:
    """Write a tick: matplotlib's own formatter gives 84.0% for 84%."""
    return f"{100 * share:.4g}%"
