"""Methods, data and whole comparisons that other processes can import."""

import os
import signal
import time
import warnings

import torch

from mmcourse.evaluation import Budget, Method, compare_methods, network
from tests.training.toys import Toy, make_table

BUDGET = Budget(epochs=2, batch_size=16)


def tables(seed=0, rows=48):
    sizes = {"train": (rows, seed), "val": (30, seed + 100), "test": (40, seed + 200)}
    return {part: make_table(*size) for part, size in sizes.items()}


def toy(task, dropout=0.5):
    return Toy(seed=task.seed, dropout=dropout)


def guess(task):
    """Name classes by the share that they have in training."""
    shares = torch.bincount(task.train["label"], minlength=task.classes).double()
    return lambda table: (shares / shares.sum()).log().expand(len(table["label"]), -1)


def slow(task):
    time.sleep(float(os.environ.get("SLOW", "30")))
    return guess(task)


def fails_on_odd_seeds(task):
    if task.seed % 2:
        raise ValueError("the seed is odd")
    return guess(task)


def dies(task):
    os.kill(os.getpid(), signal.SIGKILL)


def chatters(task):
    print("words that must not get among the reports")
    warnings.warn("a thing to know", stacklevel=1)
    return guess(task)


def pressed(task):
    """Ctrl-C while the second seed trains."""
    if task.seed == 1:
        signal.raise_signal(signal.SIGINT)
    return task.fit(Toy())


GUESS, TOY = Method("guess", guess), network("toy", toy, learning_rate=0.02)


def run(folder, methods=(GUESS, TOY), **options):
    options = {"seeds": range(3), "conditions": {"table": tables}, "budget": BUDGET} | options
    return compare_methods(list(methods), store=folder, **options)
