"""Data: pictures paired with speech, split by picture and by speaker.

    from mmcourse import data
    sets = data.load("digits", seed=0)
    sets.train[0]["image"], sets.train[0]["speech"], sets.train[0]["label"]

Your own files: `data.load("folder", images="pictures", speech="sounds")`, see `help(data.folders)`.
`load` gives train, val and test of a data set by name; `recordings` gives its speech alone, with
speakers; `collate` and `loader` make batches; `corruption` makes samples harder by a stated amount.
"""

import pkgutil
import sys
from importlib import import_module

from mmcourse.data import corruption, synthesis
from mmcourse.data.batching import BucketSampler, collate, loader
from mmcourse.data.catalog import load, names, recordings
from mmcourse.data.describe import Datasheet, Table
from mmcourse.data.sets import PairedDataset, Splits
from mmcourse.data.stores import Pictures, Recordings
from mmcourse.data.wording import near_matches

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


def __getattr__(name: str):
    """Import a module of the package when it is first asked for, as in `help(data.folders.source)`."""
    if any(module.name == name for module in pkgutil.iter_modules(__path__)):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"data has no {name!r}", name=name, obj=sys.modules[__name__])


def __dir__() -> list[str]:
    return sorted({*globals(), *(module.name for module in pkgutil.iter_modules(__path__))})
