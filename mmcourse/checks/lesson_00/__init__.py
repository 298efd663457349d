"""Exercises of lesson 0: read one sample, measure accuracy, let two senses decide, mute one of them."""

from mmcourse.checks.lesson_00.decisions import average_senses
from mmcourse.checks.lesson_00.samples import duration, mute
from mmcourse.checks.lesson_00.scores import accuracy

__all__ = ["accuracy", "average_senses", "duration", "mute"]
