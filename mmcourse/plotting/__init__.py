"""Every figure of the course in one style: units on the axes, colours that colour-blind readers tell apart.

Each sense has one colour and one marker everywhere: image a blue square, speech an orange disc, both a green
triangle. Functions draw into the Axes they get, or make a figure of the right size, and return the Axes.
"""

from mmcourse.plotting.comparison import accuracy_dots, cost_against_accuracy, critical_difference
from mmcourse.plotting.course import course_map
from mmcourse.plotting.grids import gradient_norms, heat_map
from mmcourse.plotting.results import accuracy_bars, confusion_matrix, learning_curves, opinion
from mmcourse.plotting.senses import empty, image, image_grid, spectrogram, waveform
from mmcourse.plotting.style import (
    FULL_WIDTH,
    GREY,
    SENSE,
    figure,
    label_line_ends,
    look,
    spread_out,
    use_style,
)

__all__ = [
    "FULL_WIDTH",
    "GREY",
    "SENSE",
    "accuracy_bars",
    "accuracy_dots",
    "confusion_matrix",
    "cost_against_accuracy",
    "course_map",
    "critical_difference",
    "empty",
    "figure",
    "gradient_norms",
    "heat_map",
    "image",
    "image_grid",
    "label_line_ends",
    "learning_curves",
    "look",
    "opinion",
    "spectrogram",
    "spread_out",
    "use_style",
    "waveform",
]
