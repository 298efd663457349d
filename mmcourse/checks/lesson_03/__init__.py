"""Exercises of lesson 3, from the size of an output to a whole network for pictures."""

from mmcourse.checks.lesson_03.log_probabilities import log_softmax
from mmcourse.checks.lesson_03.losses import cross_entropy
from mmcourse.checks.lesson_03.receptive import receptive_field
from mmcourse.checks.lesson_03.sizes import output_size

__all__ = ["cross_entropy", "log_softmax", "output_size", "receptive_field"]
