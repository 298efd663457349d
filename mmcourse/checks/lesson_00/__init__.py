"""Exercises of lesson 0: read one sample, measure accuracy, let two senses decide, mute one of them."""

from mmcourse.checks.lesson_00.decisions import accuracy, average_senses
from mmcourse.checks.lesson_00.samples import duration, mute

__all__ = ["accuracy", "average_senses", "duration", "mute"]
