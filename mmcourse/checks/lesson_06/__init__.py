"""Exercises of lesson 6, from one training step to a whole training loop."""

from mmcourse.checks.lesson_06.broken import train
from mmcourse.checks.lesson_06.measuring import validate
from mmcourse.checks.lesson_06.step import training_step

__all__ = [
    "train",
    "training_step",
    "validate",
]
