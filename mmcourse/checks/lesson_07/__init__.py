"""Exercises of lesson 7, from joining decisions to comparing fusions."""

from mmcourse.checks.lesson_07.averaging import average_decisions
from mmcourse.checks.lesson_07.bootstrap import bootstrap_difference
from mmcourse.checks.lesson_07.choosing import choose_weight
from mmcourse.checks.lesson_07.experts import product_of_experts
from mmcourse.checks.lesson_07.factors import LowRankFusion
from mmcourse.checks.lesson_07.folding import out_of_fold
from mmcourse.checks.lesson_07.gating import gated
from mmcourse.checks.lesson_07.listening import cross_modal
from mmcourse.checks.lesson_07.mcnemar import mcnemar
from mmcourse.checks.lesson_07.outer import tensor_fusion

__all__ = [
    "LowRankFusion",
    "average_decisions",
    "bootstrap_difference",
    "choose_weight",
    "cross_modal",
    "gated",
    "mcnemar",
    "out_of_fold",
    "product_of_experts",
    "tensor_fusion",
]
