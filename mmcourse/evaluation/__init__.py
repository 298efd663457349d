"""How good a trained model is, what each sense adds to it, and whether one method beats another.

logits, labels = predict(model, batches)
accuracy(logits, labels)
"""

from mmcourse.evaluation.contributions import (
    coalition_values,
    conditional_utilisation,
    permutation_share,
    shapley,
    shuffled_pairs,
)
from mmcourse.evaluation.emap import Emap, emap
from mmcourse.evaluation.flops import flops, parameters
from mmcourse.evaluation.grids import Grid, drop_senses, grid, missing_sense_grid, noise_grid
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
    "Emap",
    "Grid",
    "Interval",
    "McNemar",
    "Ranking",
    "accuracy",
    "coalition_values",
    "conditional_utilisation",
    "confusion_counts",
    "critical_difference",
    "drop_senses",
    "emap",
    "flops",
    "friedman",
    "grid",
    "holm",
    "mcnemar",
    "missing_sense_grid",
    "noise_grid",
    "paired_bootstrap",
    "paired_t",
    "parameters",
    "permutation_share",
    "predict",
    "rank",
    "ranking",
    "shapley",
    "shuffled_pairs",
    "wilcoxon",
]
