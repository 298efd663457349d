"""The data that bench_fusion.py compares methods on: noisy pairs, with a number for each training speaker."""

from dataclasses import dataclass

import torch

from mmcourse import compare, data
from mmcourse.data import mnist_fsdd
from mmcourse.errors import CourseError

PAIRS = {"digits": 4, "mnist-fsdd": 1}  # recordings that each picture meets
EXAMPLES = 2400  # training pairs of mnist-fsdd
VALIDATION = 300  # of mnist-fsdd; its test part stays whole


@dataclass(frozen=True)
class Spoken:
    """Tables of some data, with a column "speaker" in train: stacking deals folds by it.

    noisy       what makes the tables of a seed
    validation  rows of val that are kept; all where None
    """

    noisy: compare.Data
    validation: int | None = None

    def __call__(self, seed: int) -> compare.Tables:
        """Make the tables of a seed."""
        tables = self.noisy(seed)
        pairs = self.noisy.pairs_per_image
        limit = self.noisy.examples
        images = None if limit is None else -(-limit // pairs)
        train = data.load(self.noisy.name, seed=seed, pairs_per_image=pairs, max_images=images).train
        rows = len(tables.train["label"])
        if not torch.equal(train.labels[:rows], tables.train["label"]):
            raise RuntimeError("the pairs of these two calls differ, so their speakers do too.")
        numbers = {name: number for number, name in enumerate(sorted(set(train.speakers)))}
        speaker = torch.tensor([numbers[name] for name in train.speakers[:rows]])
        val = {name: values[: self.validation] for name, values in tables.val.items()}
        return compare.Tables(tables.train | {"speaker": speaker}, val, tables.test)


def conditions(noise: str = "middle", *, smoke: bool = False) -> dict[str, Spoken]:
    """Return both data sets at a noise, each seed with its own split; mnist-fsdd only where it is here."""

    def noisy(name: str, examples: int | None) -> compare.Data:
        return compare.noisy(noise, name=name, pairs_per_image=PAIRS[name], examples=examples)[noise]

    found = {f"digits, {noise}": Spoken(noisy("digits", 200 if smoke else None))}
    if not smoke and is_here():
        found[f"mnist-fsdd, {noise}"] = Spoken(noisy("mnist-fsdd", EXAMPLES), VALIDATION)
    return found


def is_here() -> bool:
    """Say whether mnist-fsdd can be had without fetching it, and print why where it cannot."""
    try:
        mnist_fsdd.recordings(download=False)
        data.load("mnist-fsdd", max_images=20)
    except CourseError as error:
        print(f"Without mnist-fsdd: {error}")
        return False
    return True
