"""A training to be killed, in a file of its own so that another process can import it."""

import os
import pathlib
import signal

from mmcourse.training import Batches, Callback, Checkpoints, fit
from tests.training.toys import Toy, make_table

STEPS = 3 * 6


class Tell(Callback):
    """Write down the step, where another process can see it."""

    def __init__(self, step):
        self.step = step

    def on_start(self, run):
        self.step.value = run.step

    def on_step(self, run):
        self.step.value = run.step


def train(folder, step=None):
    """Save after every step, so that a kill falls into the writing as often as not."""
    model = Toy()
    history = fit(
        model,
        Batches(make_table(), 16, seed=0),
        Batches(make_table(20, seed=1), 8),
        epochs=3,
        seed=0,
        learning_rate=0.02,
        patience=2,
        callbacks=[] if step is None else [Tell(step)],
        checkpoints=Checkpoints(folder, every=1),
    )
    return model, history


def train_until(folder, name, number, done):
    """Train, and be killed at the so-manieth call of os.fsync or Path.replace or Path.unlink, done or not."""
    owner = os if name == "fsync" else pathlib.Path
    function, calls = getattr(owner, name), []

    def deadly(*arguments, **options):
        calls.append(name)
        if len(calls) < number:
            return function(*arguments, **options)
        if done:
            function(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, deadly)
    train(folder)
