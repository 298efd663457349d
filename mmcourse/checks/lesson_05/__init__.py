"""Exercises of lesson 5, from the score of one key to a whole block of a transformer."""

from mmcourse.checks.lesson_05.additive import additive_attention
from mmcourse.checks.lesson_05.attention import attention
from mmcourse.checks.lesson_05.blocks import encoder_block
from mmcourse.checks.lesson_05.causal import causal_mask
from mmcourse.checks.lesson_05.crossing import cross_attention
from mmcourse.checks.lesson_05.heads import multi_head_attention
from mmcourse.checks.lesson_05.masked import masked_softmax
from mmcourse.checks.lesson_05.masks import padding_mask
from mmcourse.checks.lesson_05.pooling import attention_pool
from mmcourse.checks.lesson_05.running import running_attention
from mmcourse.checks.lesson_05.scores import scores
from mmcourse.checks.lesson_05.splitting import split_heads
from mmcourse.checks.lesson_05.waves import sinusoidal

__all__ = [
    "additive_attention",
    "attention",
    "attention_pool",
    "causal_mask",
    "cross_attention",
    "encoder_block",
    "masked_softmax",
    "multi_head_attention",
    "padding_mask",
    "running_attention",
    "scores",
    "sinusoidal",
    "split_heads",
]
