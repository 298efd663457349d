"""Exercises of lesson 3, from the size of an output to a whole network for pictures."""

from mmcourse.checks.lesson_03.convolution import conv2d
from mmcourse.checks.lesson_03.correlation import correlate
from mmcourse.checks.lesson_03.groups import grouped_conv2d
from mmcourse.checks.lesson_03.log_probabilities import log_softmax
from mmcourse.checks.lesson_03.losses import cross_entropy
from mmcourse.checks.lesson_03.receptive import receptive_field
from mmcourse.checks.lesson_03.sizes import output_size

__all__ = [
    "conv2d",
    "correlate",
    "cross_entropy",
    "grouped_conv2d",
    "log_softmax",
    "output_size",
    "receptive_field",
]
