"""Exercises of lesson 2, from the distance of two examples to a fair measure of a whole forest."""

from mmcourse.checks.lesson_02.clips import pooled_mfcc
from mmcourse.checks.lesson_02.descent import svm_step
from mmcourse.checks.lesson_02.directions import hog_cell
from mmcourse.checks.lesson_02.distances import squared_distances
from mmcourse.checks.lesson_02.folding import folds_by_speaker
from mmcourse.checks.lesson_02.margins import multiclass_hinge_loss
from mmcourse.checks.lesson_02.purity import impurity
from mmcourse.checks.lesson_02.scaling import standardise
from mmcourse.checks.lesson_02.splitting import best_split
from mmcourse.checks.lesson_02.unseen import out_of_bag
from mmcourse.checks.lesson_02.voting import knn_classify
from mmcourse.checks.lesson_02.walking import predict_tree

__all__ = [
    "best_split",
    "folds_by_speaker",
    "hog_cell",
    "impurity",
    "knn_classify",
    "multiclass_hinge_loss",
    "out_of_bag",
    "pooled_mfcc",
    "predict_tree",
    "squared_distances",
    "standardise",
    "svm_step",
]
