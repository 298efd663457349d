"""Data: pictures paired with speech, split by picture and by speaker.

    from mmcourse import data
    sets = data.load("digits", seed=0)
    sets.train[0]["image"], sets.train[0]["speech"], sets.train[0]["label"]

`load` gives train, val and test of a data set by name; `recordings` gives its speech alone, with
speakers; `collate` and `loader` make batches; `corruption` makes samples harder by a stated amount.
"""

from mmcourse.data import corruption, synthesis
from mmcourse.data.batching import BucketSampler, collate, loader
from mmcourse.data.catalog import load, names, near_matches, recordings
from mmcourse.data.describe import Datasheet, Table
from mmcourse.data.sets import PairedDataset, Splits
from mmcourse.data.stores import Pictures, Recordings

__all__ = [
    "BucketSampler",
    "Datasheet",
    "PairedDataset",
    "Pictures",
    "Recordings",
    "Splits",
    "Table",
    "collate",
    "corruption",
    "load",
    "loader",
    "names",
    "near_matches",
    "recordings",
    "synthesis",
]
