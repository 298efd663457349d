"""How good a trained model is, what each sense adds to it, and whether one method beats another.

logits, labels = predict(model, batches)
accuracy(logits, labels)
"""

from mmcourse.evaluation.branch_gradients import BranchGradients
from mmcourse.evaluation.comparison import compare_methods
from mmcourse.evaluation.conditions import Data, Embedded, Encoders, Given, conditions_of, noisy
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
from mmcourse.evaluation.methods import Budget, Method, Tables, Task, network, settings_grid
from mmcourse.evaluation.prediction import predict
from mmcourse.evaluation.ranking import Ranking, critical_difference, friedman, rank, ranking
from mmcourse.evaluation.results import Pair, Results
from mmcourse.evaluation.statistics import (
    Interval,
    McNemar,
    holm,
    mcnemar,
    paired_bootstrap,
    paired_t,
    wilcoxon,
)
from mmcourse.evaluation.store import Store
from mmcourse.metrics import accuracy, confusion_counts

__all__ = [
    "BranchGradients",
    "Budget",
    "Data",
    "Emap",
    "Embedded",
    "Encoders",
    "Given",
    "Grid",
    "Interval",
    "McNemar",
    "Method",
    "Pair",
    "Ranking",
    "Results",
    "Store",
    "Tables",
    "Task",
    "accuracy",
    "coalition_values",
    "compare_methods",
    "conditional_utilisation",
    "conditions_of",
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
    "network",
    "noise_grid",
    "noisy",
    "paired_bootstrap",
    "paired_t",
    "parameters",
    "permutation_share",
    "predict",
    "rank",
    "ranking",
    "settings_grid",
    "shapley",
    "shuffled_pairs",
    "wilcoxon",
]
