"""Training: one loop to read in a sitting, on a GPU if there is one, in several processes if wanted."""

from mmcourse.training.batches import Batches
from mmcourse.training.callbacks import Callback, ProgressBar
from mmcourse.training.checkpoints import Checkpoints
from mmcourse.training.devices import choose_device, evaluating, move
from mmcourse.training.distributed import World
from mmcourse.training.guards import Diverged, OutOfMemory
from mmcourse.training.history import History
from mmcourse.training.interrupt import Interrupted
from mmcourse.training.learning_rates import Range, learning_rate_range
from mmcourse.training.logs import CsvLog, JsonLog, TensorBoard
from mmcourse.training.loop import fit, validate
from mmcourse.training.sanity import Report, Unsound, sanity
from mmcourse.training.seeds import random_states, seed_all, seeded, set_random_states
from mmcourse.training.stopping import EarlyStopping
from mmcourse.training.timing import Shares, where_time_goes

__all__ = [
    "Batches",
    "Callback",
    "Checkpoints",
    "CsvLog",
    "Diverged",
    "EarlyStopping",
    "History",
    "Interrupted",
    "JsonLog",
    "OutOfMemory",
    "ProgressBar",
    "Range",
    "Report",
    "Shares",
    "TensorBoard",
    "Unsound",
    "World",
    "choose_device",
    "evaluating",
    "fit",
    "learning_rate_range",
    "move",
    "random_states",
    "sanity",
    "seed_all",
    "seeded",
    "set_random_states",
    "validate",
    "where_time_goes",
]
