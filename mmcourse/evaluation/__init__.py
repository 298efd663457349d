"""How good a trained model is, what each sense adds to it, and whether one method beats another.

logits, labels = predict(model, batches)
accuracy(logits, labels)
"""

from mmcourse.evaluation.flops import flops, parameters
from mmcourse.evaluation.prediction import predict
from mmcourse.evaluation.ranking import Ranking, critical_difference, friedman, rank, ranking
from mmcourse.evaluation.statistics import (
    Interval,
    McNemar,
    holm,
    mcnemar,
    paired_bootstrap,
    paired_t,
    wilcoxon,
)
from mmcourse.metrics import accuracy, confusion_counts

__all__ = [
    "Interval",
    "McNemar",
    "Ranking",
    "accuracy",
    "confusion_counts",
    "critical_difference",
    "flops",
    "friedman",
    "holm",
    "mcnemar",
    "paired_bootstrap",
    "paired_t",
    "parameters",
    "predict",
    "rank",
    "ranking",
    "wilcoxon",
]
