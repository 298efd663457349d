"""How good a classifier is, counted batch by batch so that the batches' sizes play no part.

metric = F1(classes=10)
for logits, labels in batches:
    metric.update(logits, labels)
metric.value()

A metric keeps sums over examples and divides at the end. A mean of the batches' means would count an example
of the last, smaller batch for more than others, and F1 has no mean over batches at all. Several processes add
their sums, by `state` and `load`, and have the value of all examples together.
"""

from mmcourse.metrics.base import Metric
from mmcourse.metrics.calibration import CalibrationError, calibration_error
from mmcourse.metrics.confusion import F1, Confusion, confusion_counts, confusion_matrix, f1_score
from mmcourse.metrics.counting import Accuracy, MeanLoss, TopK, accuracy, top_k_accuracy
from mmcourse.metrics.retrieval import RecallAtK, recall_at_k

__all__ = [
    "F1",
    "Accuracy",
    "CalibrationError",
    "Confusion",
    "MeanLoss",
    "Metric",
    "RecallAtK",
    "TopK",
    "accuracy",
    "calibration_error",
    "confusion_counts",
    "confusion_matrix",
    "f1_score",
    "recall_at_k",
    "top_k_accuracy",
]
