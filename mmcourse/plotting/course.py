"""The map of the course: seventeen lessons under the article's three questions, and one more."""

from __future__ import annotations

from matplotlib.patches import FancyBboxPatch

from mmcourse.plotting.style import FULL_WIDTH, figure

# One row a question: its name, what is asked, its colour (none of the senses'), its lessons: number, subject.
_ROWS = (
    (
        "start",
        "What do two senses\ngain over one?",
        "#FFFFFF",
        ((0, "See, hear, train, compare:\nall three questions at a glance"),),
    ),
    (
        "represent",
        "How does a machine\nsee and hear?",
        "#56B4E9",
        (
            (1, "Data and\nfeatures"),
            (2, "Classical\nbaselines"),
            (3, "Convolution"),
            (4, "Recurrence"),
            (5, "Attention"),
        ),
    ),
    (
        "fuse",
        "How do two senses\nbecome one answer?",
        "#CC79A7",
        ((7, "Fusion"), (9, "Speech\nrecognition"), (11, "Misaligned\npairs")),
    ),
    (
        "optimise",
        "How does it learn\nfrom both?",
        "#E69F00",
        (
            (6, "Training,\nGPUs"),
            (8, "Learning\ntogether"),
            (10, "Too little\ndata"),
            (12, "Cost and\nspeed"),
        ),
    ),
    (
        "use",
        "Can it be trusted,\nand put to use?",
        "#B0B0B0",
        (
            (13, "Explaining\na decision"),
            (14, "Privacy,\nsecurity"),
            (15, "A whole\nsystem"),
            (16, "Answers,\nerrata"),
        ),
    ),
)


def course_map(here: int = 0):
    """Draw the lessons as boxes, a row for each question they answer, and mark the one the reader is in.

    here     number of the lesson, 0..16
    Returns  the Axes
    """
    rows, row_height, left, right, gap = len(_ROWS), 1.08, 1.75, 7.45, 0.1
    _, ax = figure(width=FULL_WIDTH, height=rows * 0.86)
    ax.set(xlim=(0, 7.5), ylim=(0, rows * row_height))
    ax.set_axis_off()
    for row, (name, question, colour, lessons) in enumerate(_ROWS):
        y = (rows - 1 - row) * row_height + gap
        ax.text(0.02, y + 0.72, name, fontweight="bold", fontsize=11, va="center")
        ax.text(0.02, y + 0.26, question, fontsize=9, va="center")
        width = (right - left + gap) / max(len(lessons), 4) if row else right - left + gap
        for place, (number, words) in enumerate(lessons):
            _box(ax, left + place * width, y, width - gap, number, words, colour, number == here)
    return ax


def _box(ax, x: float, y: float, width: float, number: int, words: str, colour: str, here: bool) -> None:
    """Draw one lesson: its number above, its words below; a thick rim says "you are here"."""
    ax.add_patch(
        FancyBboxPatch(
            (x, y),
            width,
            0.92,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=colour,
            alpha=1 if here else 0.55,
            edgecolor="black",
            linewidth=2.5 if here else 0.6,
        )
    )
    ax.text(x + 0.08, y + 0.74, str(number), fontweight="bold", fontsize=10, va="center")
    ax.text(x + width / 2, y + 0.34, words, fontsize=8.5, ha="center", va="center", linespacing=1.15)
