"""Exercises of lesson 5, from the score of one key to a whole block of a transformer."""

from mmcourse.checks.lesson_05.attention import attention
from mmcourse.checks.lesson_05.blocks import encoder_block
from mmcourse.checks.lesson_05.causal import causal_mask
from mmcourse.checks.lesson_05.masked import masked_softmax
from mmcourse.checks.lesson_05.masks import padding_mask
from mmcourse.checks.lesson_05.running import running_attention
from mmcourse.checks.lesson_05.scores import scores

__all__ = [
    "attention",
    "causal_mask",
    "encoder_block",
    "masked_softmax",
    "padding_mask",
    "running_attention",
    "scores",
]
