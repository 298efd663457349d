"""Training: one loop to read in a sitting, on a GPU if there is one, in several processes if wanted."""

from mmcourse.training.batches import Batches
from mmcourse.training.checkpoints import Checkpoints
from mmcourse.training.devices import choose_device, evaluating, move
from mmcourse.training.distributed import World
from mmcourse.training.guards import Diverged, OutOfMemory
from mmcourse.training.history import History
from mmcourse.training.interrupt import Interrupted
from mmcourse.training.loop import fit, validate
from mmcourse.training.seeds import random_states, seed_all, seeded, set_random_states
from mmcourse.training.stopping import EarlyStopping

__all__ = [
    "Batches",
    "Checkpoints",
    "Diverged",
    "EarlyStopping",
    "History",
    "Interrupted",
    "OutOfMemory",
    "World",
    "choose_device",
    "evaluating",
    "fit",
    "move",
    "random_states",
    "seed_all",
    "seeded",
    "set_random_states",
    "validate",
]
