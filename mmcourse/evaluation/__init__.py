"""How good a trained model is, what each sense adds to it, and whether one method beats another.

logits, labels = predict(model, batches)
accuracy(logits, labels)
"""

from mmcourse.evaluation.prediction import predict
from mmcourse.metrics import accuracy, confusion_counts

__all__ = [
    "accuracy",
    "confusion_counts",
    "predict",
]
