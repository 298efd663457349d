"""Exercises of lesson 6, from one training step to a whole training loop."""

from mmcourse.checks.lesson_06.accumulating import accumulated_step
from mmcourse.checks.lesson_06.broken import train
from mmcourse.checks.lesson_06.checkpoint import Checkpoint
from mmcourse.checks.lesson_06.clipping import clipped_step
from mmcourse.checks.lesson_06.dealing import rows_of_process
from mmcourse.checks.lesson_06.macro import macro_f1
from mmcourse.checks.lesson_06.measuring import validate
from mmcourse.checks.lesson_06.moving import EMA
from mmcourse.checks.lesson_06.reducing import reduced_gradients
from mmcourse.checks.lesson_06.rising import learning_rate
from mmcourse.checks.lesson_06.searching import learning_rate_range
from mmcourse.checks.lesson_06.step import training_step
from mmcourse.checks.lesson_06.stopping import EarlyStopping
from mmcourse.checks.lesson_06.whole import fit

__all__ = [
    "EMA",
    "Checkpoint",
    "EarlyStopping",
    "accumulated_step",
    "clipped_step",
    "fit",
    "learning_rate",
    "learning_rate_range",
    "macro_f1",
    "reduced_gradients",
    "rows_of_process",
    "train",
    "training_step",
    "validate",
]
