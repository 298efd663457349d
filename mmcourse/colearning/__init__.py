"""One sense helps another learn: a shared space, labels for each other, a teacher with more senses."""

from mmcourse.colearning.co_training import CoTrained, co_training, network, self_training
from mmcourse.colearning.pseudo_labels import confident, few_labels
from mmcourse.colearning.teaching import Taught, TaughtLoss, with_teacher
from mmcourse.colearning.towers import (
    ContrastiveLoss,
    CorrelationLoss,
    PairAccuracy,
    TwoTowers,
    correlate,
    embeddings,
)
from mmcourse.colearning.zero_shot import prototypes, zero_shot_logits

__all__ = [
    "CoTrained",
    "ContrastiveLoss",
    "CorrelationLoss",
    "PairAccuracy",
    "Taught",
    "TaughtLoss",
    "TwoTowers",
    "co_training",
    "confident",
    "correlate",
    "embeddings",
    "few_labels",
    "network",
    "prototypes",
    "self_training",
    "with_teacher",
    "zero_shot_logits",
]
