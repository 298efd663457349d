"""One look for every figure of the course: sizes, colours, and names at the ends of lines."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

# Okabe & Ito 2008: told apart with every common form of colour blindness. The marker says it again in print.
SENSE = {"image": ("#0072B2", "s"), "speech": ("#D55E00", "o"), "both": ("#009E73", "^")}
OTHERS = (("#CC79A7", "D"), ("#E69F00", "v"), ("#56B4E9", "P"), ("#000000", "X"), ("#8C6D00", "*"))
GREY = "#5F5F5F"
FULL_WIDTH = 7.5  # inches, the width of a notebook's text column at 100 dots an inch
_SMALL = 9  # points, of the figures on the axes and of the names beside lines

_STYLE = {
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.prop_cycle": plt.cycler(color=[colour for colour, _ in (*SENSE.values(), *OTHERS)]),
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "xtick.labelsize": _SMALL,
    "ytick.labelsize": _SMALL,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "image.cmap": "viridis",
    "image.interpolation": "nearest",
}


def use_style() -> None:
    """Set the course's look for every figure that follows in this Python process; a lesson calls it first."""
    plt.rcParams.update(_STYLE)


def figure(rows: int = 1, cols: int = 1, *, width: float = FULL_WIDTH, height: float = 2.6, **options):
    """Make a figure and its axes; like `plt.subplots`, whose options it takes.

    width, height  of the whole figure, in inches
    Returns        (figure, axes): one Axes, or an array [rows, cols] without axes of length 1
    """
    return plt.subplots(rows, cols, figsize=(width, height), layout="constrained", **options)


def look(name: str, index: int = 0) -> tuple[str, str]:
    """Give a series its colour and marker: a sense always has its own, others take theirs by `index`."""
    return SENSE[name] if name in SENSE else OTHERS[index % len(OTHERS)]


def looks(names) -> dict[str, tuple[str, str]]:
    """Give each of several series a colour and marker, in order, so that no two look alike.

    Raises  ValueError for more series than there are looks, and so never draws two alike or drops one
    """
    others = [name for name in names if name not in SENSE]
    if len(others) > len(OTHERS):
        raise ValueError(
            f"{len(others)} series beside the senses, but only {len(OTHERS)} looks that can be told apart. "
            "Draw fewer in one figure."
        )
    return {name: look(name, others.index(name) if name in others else 0) for name in names}


def spread_out(positions, gap: float) -> np.ndarray:
    """Move positions on a line as little as possible (least squares) until all are at least `gap` apart.

    positions  any order, any unit; the result keeps their order
    Source     with z_i = y_i - i * gap the wish reads "z does not fall": isotonic regression
    """
    from sklearn.isotonic import isotonic_regression  # half a second to import, and few figures need it

    positions = np.asarray(positions, dtype=float)
    order = np.argsort(positions, kind="stable")
    steps = gap * np.arange(len(positions))
    apart = np.empty_like(positions)
    apart[order] = isotonic_regression(positions[order] - steps) + steps
    return apart


def label_line_ends(ax, ends: dict[str, tuple[float, float]], colours: dict[str, str]) -> None:
    """Write each line's name beside its end, pushed apart where lines end close together.

    ends     name -> (x, y) of the line's last point, in data units; set the y-limits before the call
    colours  name -> colour of the words
    """
    height_pt = ax.get_position().height * ax.figure.get_figheight() * 72
    low, high = ax.get_ylim()
    places = spread_out([y for _, y in ends.values()], 1.35 * _SMALL / height_pt * (high - low))
    for (name, (x, _)), place in zip(ends.items(), places, strict=True):
        ax.annotate(
            name,
            (x, place),
            xytext=(8, 0),
            textcoords="offset points",
            color=colours[name],
            fontsize=_SMALL,
            va="center",
            annotation_clip=False,
        )


def as_array(values) -> np.ndarray:
    """Take a tensor (from any device, with or without gradient), an array or a list as an array."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values)
