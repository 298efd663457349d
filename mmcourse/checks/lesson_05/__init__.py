"""Exercises of lesson 5, from the score of one key to a whole block of a transformer."""

from mmcourse.checks.lesson_05.blocks import encoder_block
from mmcourse.checks.lesson_05.masked import masked_softmax
from mmcourse.checks.lesson_05.scores import scores

__all__ = [
    "encoder_block",
    "masked_softmax",
    "scores",
]
