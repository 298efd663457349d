"""A training to be killed, in a file of its own so that another process can import it."""

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
