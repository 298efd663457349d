"""Exercises of lesson 7, from joining decisions to comparing fusions."""

from mmcourse.checks.lesson_07.averaging import average_decisions
from mmcourse.checks.lesson_07.bootstrap import bootstrap_difference
from mmcourse.checks.lesson_07.choosing import choose_weight
from mmcourse.checks.lesson_07.experts import product_of_experts
from mmcourse.checks.lesson_07.folding import out_of_fold
from mmcourse.checks.lesson_07.mcnemar import mcnemar

__all__ = [
    "average_decisions",
    "bootstrap_difference",
    "choose_weight",
    "mcnemar",
    "out_of_fold",
    "product_of_experts",
]
