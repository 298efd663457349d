"""Exercises of lesson 8: joint training, and senses that teach one another."""

from mmcourse.checks.lesson_08.blending import blend_weights
from mmcourse.checks.lesson_08.contrasting import info_nce
from mmcourse.checks.lesson_08.correlating import cca
from mmcourse.checks.lesson_08.distilling import distillation_loss
from mmcourse.checks.lesson_08.finding import recall_at_k
from mmcourse.checks.lesson_08.labelling import pseudo_labels
from mmcourse.checks.lesson_08.modulating import modulate
from mmcourse.checks.lesson_08.muting import modality_dropout
from mmcourse.checks.lesson_08.teaching import co_training_round
from mmcourse.checks.lesson_08.using import utilisation

__all__ = [
    "blend_weights",
    "cca",
    "co_training_round",
    "distillation_loss",
    "info_nce",
    "modality_dropout",
    "modulate",
    "pseudo_labels",
    "recall_at_k",
    "utilisation",
]
