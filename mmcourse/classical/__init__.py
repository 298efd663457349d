"""Classical methods, scikit-learn's and those of mmcourse.scratch, evaluated like a network.

    features = {"image": hog_of(cell=2), "speech": mfcc_of(8000)}
    model = fit_classical(SVC(C=10), data.loader(sets.train), features)
    logits, labels = evaluation.predict(model, data.loader(sets.test, shuffle=False))

Features need to be made once only: `table = represent(batches, features)` is itself a batch, so that
`fit_classical(SVC(), [table])` and `predict(model, [other_table])` do the same.
"""

from mmcourse.classical.estimators import Classical, fit_classical
from mmcourse.classical.folds import OutOfFold, deal_folds, out_of_fold, side_by_side
from mmcourse.classical.own import Forest, KernelSVM, LinearSVM, Logistic, Neighbours, Tree
from mmcourse.classical.representation import hog_of, mfcc_of, pixels, pooled_log_mel, represent
from mmcourse.classical.stacking import Stacking

__all__ = [
    "Classical",
    "Forest",
    "KernelSVM",
    "LinearSVM",
    "Logistic",
    "Neighbours",
    "OutOfFold",
    "Stacking",
    "Tree",
    "deal_folds",
    "fit_classical",
    "hog_of",
    "mfcc_of",
    "out_of_fold",
    "pixels",
    "pooled_log_mel",
    "represent",
    "side_by_side",
]
