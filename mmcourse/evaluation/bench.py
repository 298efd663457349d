"""Where jobs of a comparison are done: what all of them share, and the data ready for the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from mmcourse.errors import CourseError
from mmcourse.evaluation.fingerprint import fingerprint
from mmcourse.evaluation.jobs import run_job
from mmcourse.evaluation.methods import Budget, Method, Tables
from mmcourse.evaluation.store import Store
from mmcourse.training import Diverged, seeded


@dataclass(frozen=True)
class Job:
    """What is to be done: names of a method and a condition, a seed, and the key of the result."""

    method: str
    condition: str
    seed: int
    key: str

    @property
    def data(self) -> tuple[str, int]:
        """Condition and seed: jobs that share them share their tables."""
        return self.condition, self.seed

    def __str__(self) -> str:
        return f"{self.method}, {self.condition}, seed {self.seed}"


@dataclass(frozen=True)
class Setup:
    """What all jobs of a comparison share: methods and conditions by name, and where results are kept."""

    methods: Mapping[str, Method]
    conditions: Mapping[str, object]
    budget: Budget
    store: Store
    threads: int


class Bench:
    """Does jobs one after the other, and holds the data of the last one, which the next often needs too."""

    def __init__(self, setup: Setup):
        self.setup = setup
        self._holds: tuple | None = None
        self._tables: Tables | None = None

    def do(self, job: Job) -> dict | str:
        """Do a job and keep its result; return it, or why there is none."""
        setup = self.setup
        try:
            if self._holds != job.data:
                self._holds, self._tables = None, None  # the old go before the new are made: memory
                self._tables = tables_of(
                    setup.conditions[job.condition], job.condition, job.seed, setup.store
                )
                self._holds = job.data
            outcome = run_job(setup.methods[job.method], self._tables, setup.budget, job.seed)
            setup.store.write(job.key, outcome)
            return outcome
        except Exception as error:  # a method may raise anything, and the others go on
            return explained(error)


def key_of(method: str, condition: str, budget: Budget, seed: int, threads: int) -> str:
    """Return the fingerprint of all that a job's result depends on; names that a reader gave do not count.

    method, condition  their own fingerprints, by `print_of`
    """
    return fingerprint(run_job, method, condition, budget, seed, threads)


def print_of(thing: Method | object, name: str) -> str:
    """Return the fingerprint of a method or a condition."""
    if isinstance(thing, Method):
        return fingerprint(thing.train, list(thing.settings), what=f"the method {name!r}")
    return fingerprint(thing, what=f"the condition {name!r}")


def tables_of(condition: object, name: str, seed: int, store: Store) -> Tables:
    """Return the tables of a condition for a seed.

    condition  tables, the same for each seed, or a function of the seed that makes them. Where it has `keep`
               set, they are made once and kept in the store.
    Raises     CourseError for what are no tables
    """
    if not callable(condition):
        return Tables.of(condition, f"the condition {name!r}")

    def make() -> Tables:
        with seeded(seed):
            return Tables.of(condition(seed), f"the condition {name!r}")

    if not getattr(condition, "keep", False):
        return make()
    key = fingerprint(tables_of, condition, seed, what=f"the condition {name!r}")
    kept = store.kept(key, lambda: vars(make()))
    return Tables(kept["train"], kept["val"], kept["test"])


@contextmanager
def on_threads(threads: int) -> Iterator[None]:
    """Let torch compute on so many threads within the block: sums come out the same wherever a job runs."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def explained(error: BaseException) -> str:
    """Say in a line why a job failed."""
    sentence = " ".join(str(error).split())
    if isinstance(error, CourseError | Diverged):
        return sentence
    return f"{type(error).__name__}: {sentence}" if sentence else type(error).__name__
