"""A number at every crossing of two dials, and one at every step of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmcourse.plotting.comparison import percent_tick
from mmcourse.plotting.style import as_array, figure, looks, spread_out


def heat_map(
    grid,
    *,
    ax=None,
    title: str = "",
    label: str = "test accuracy",
    vmin=None,
    vmax=None,
    form: str = "{:.0%}",
):
    """Draw a number at every crossing of two dials, as colour and in figures.

    grid        a Grid: row_name, rows, col_name, cols and values [row, col]
    label       what the numbers are
    vmin, vmax  ends of the colours, to give neighbours the same
    form        how a number is written
    Returns     the Axes
    """
    values = as_array(grid.values).astype(float)
    rows, cols = values.shape
    ax = ax if ax is not None else figure(width=2.2 + 0.62 * cols, height=1.2 + 0.42 * rows)[1]
    shown = ax.imshow(values, cmap="viridis", vmin=vmin, vmax=vmax, aspect="auto")
    for row, col in np.ndindex(rows, cols):
        ink = "black" if shown.norm(values[row, col]) > 0.55 else "white"
        ax.text(col, row, form.format(values[row, col]), ha="center", va="center", color=ink, fontsize=9)
    ax.set_xticks(range(cols), [_word(setting) for setting in grid.cols])
    ax.set_yticks(range(rows), [_word(setting) for setting in grid.rows])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set(xlabel=grid.col_name, ylabel=grid.row_name)
    ax.set_title(title)
    ax.figure.colorbar(shown, ax=ax, label=label, format=percent_tick if "%" in form else None)
    return ax


def gradient_norms(norms: Mapping[str, Sequence[float]], *, smooth: int = 10, ax=None, title: str = ""):
    """Draw the length of each branch's gradient over the steps of training, on a logarithmic axis.

    norms    branch -> one length a step, as BranchGradients notes them
    smooth   steps of a running mean, drawn over the single ones
    Returns  the Axes
    """
    ax = ax if ax is not None else figure(height=2.8)[1]
    if not norms or any(len(one) == 0 for one in norms.values()):
        raise ValueError("there are no gradient norms to draw: was the callback given to fit?")
    style, ends = looks(norms), {}
    for name, one in norms.items():
        lengths = as_array(one).astype(float)
        width = max(1, min(smooth, len(lengths)))
        mean = np.convolve(lengths, np.ones(width) / width, mode="valid")
        steps = np.arange(1, len(lengths) + 1)
        ax.plot(steps, lengths, color=style[name][0], alpha=0.25, linewidth=0.8)
        ax.plot(steps[width - 1 :], mean, color=style[name][0])
        ends[name] = (steps[-1], mean[-1])
    ax.set_yscale("log")
    ax.set(xlabel="step", ylabel="gradient norm")
    ax.set_title(title)
    fraction = ax.transData + ax.transAxes.inverted()  # the axis is logarithmic: names are spread as drawn
    places = spread_out([fraction.transform(end)[1] for end in ends.values()], 0.085)
    for (name, (x, _)), place in zip(ends.items(), places, strict=True):
        ax.annotate(
            name,
            (x, place),
            xycoords=ax.get_xaxis_transform(),
            xytext=(6, 0),
            textcoords="offset points",
            color=style[name][0],
            va="center",
            fontsize=9,
            annotation_clip=False,
        )
    return ax


def _word(setting: object) -> str:
    """Write a dial's setting: shares of examples that are missing as per cent, None as none."""
    return "none" if setting is None else f"{setting:g}" if isinstance(setting, float) else str(setting)
