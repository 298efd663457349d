"""What processes do in tests: `torchrun … -m tests.training.worker TASK FOLDER`, results in the folder."""

import os
import sys
import time
from pathlib import Path

import torch
from torch import nn

from mmcourse import metrics
from mmcourse.training import Batches, Callback, Checkpoints, fit, validate
from mmcourse.training.distributed import World, leave, processes
from mmcourse.training.loop import take_step
from mmcourse.training.sharded import shard
from mmcourse.training.start import start
from tests.training.toys import Toy, make_table

ROWS, BATCH, EPOCHS = 41, 8, 3  # the last batch is one example: fewer than processes
STEPS = EPOCHS * 6


class Halt(Callback):
    """Break off after a step, in all processes."""

    def __init__(self, step):
        self.step = step

    def on_step(self, run):
        if run.step == self.step:
            raise Halted


class Halted(Exception):
    pass


class NormToy(nn.Module):
    """A model with buffers."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layers = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))

    def forward(self, batch):
        return self.layers(batch["x"])


def train(model=None, dropout=0.0, folder=None, halt=None, epochs=EPOCHS, callbacks=(), **options):
    """Train a small model; return what can be compared."""
    model = Toy(dropout=dropout) if model is None else model
    world = World.current()
    try:
        history = fit(
            model,
            Batches(make_table(ROWS), BATCH, seed=0),
            Batches(make_table(23, seed=1), 5),
            epochs=epochs,
            seed=0,
            learning_rate=0.02,
            callbacks=[*callbacks, Halt(halt)],
            checkpoints=None if folder is None else Checkpoints(folder, every=1, keep=100),
            **options,
        )
    except Halted:
        return None
    weights = {name: tensor.clone() for name, tensor in world.model_state(model).items()}
    curves = [history.train_loss, history.val_loss, history.val_accuracy]
    return {"weights": weights, "curves": curves, "stopped": history.stopped}


def gradients(rows, accumulate=1, max_norm=None):
    """Return the gradients with which a step on batches of `rows` moves the weights."""
    model, table = Toy(dropout=0.0), make_table(sum(rows))
    parts = {name: values.split(rows) for name, values in table.items()}
    batches = [{name: values[i] for name, values in parts.items()} for i in range(len(rows))]
    options = fit.__kwdefaults__ | {"epochs": 1, "seed": 0, "max_norm": max_norm, "accumulate": accumulate}
    run = start(model, batches, batches, options)
    take_step(run, batches)
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}


GRADIENTS = {
    "even": {"rows": [8]},
    "uneven": {"rows": [7]},
    "one example": {"rows": [1]},
    "accumulated": {"rows": [7, 4], "accumulate": 2},
    "accumulated, the last has one example": {"rows": [6, 1], "accumulate": 2},
    "clipped": {"rows": [7], "max_norm": 0.01},
}


class Columns(nn.Module):
    """Logits that are columns of the batch: to the bit the same, whatever other rows there are."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(0.5))

    def forward(self, batch):
        return batch["x"][:, :3] * self.scale


def measured():
    """Return every metric on 23 examples in batches of 5."""
    counted = {
        "accuracy": metrics.Accuracy(),
        "top 2": metrics.TopK(2),
        "confusion": metrics.Confusion(3),
        **{f"f1 {name}": metrics.F1(3, average=name) for name in ("macro", "micro", "weighted", None)},
        "calibration": metrics.CalibrationError(bins=5),
    }
    batches = Batches(make_table(23, seed=1), 5)
    loss, accuracy = validate(Columns(), batches, metrics=counted.values(), world=World.current())
    return {"loss": loss, "accuracy": accuracy} | {
        name: torch.as_tensor(metric.value()) for name, metric in counted.items()
    }


TRAININGS = {
    "plain": {},
    "accumulated": {"accumulate": 4},
    "stopped early": {"patience": 1, "epochs": 9, "max_norm": None, "schedule": "constant"},
    "metric": {"metrics": {"f1": metrics.F1(3)}, "monitor": "f1", "patience": 2},
}


def everything(folder):
    """All that one start of the processes can do."""
    world = World.current()
    loose = Toy(seed=world.rank, dropout=0.0)  # not the same weights: the first one's count
    found = {
        "world": (world.rank, world.size),
        "sum": world.sum(torch.tensor([1.0, world.rank], dtype=torch.float64)),
        "gather": world.gather({"rank": world.rank}),
        "gradients": {name: gradients(**case) for name, case in GRADIENTS.items()},
        "metrics": measured(),
        **{name: train(**options) for name, options in TRAININGS.items()},
        "other weights": train(loose),
        "dropout": train(dropout=0.5),
        "batch norm": train_norm(),
        "different batches": refused(),
    }
    train(dropout=0.0, folder=folder / "plain", halt=9)
    train(dropout=0.5, folder=folder / "dropout", halt=9)
    train(dropout=0.0, folder=folder / f"of process {world.rank}")
    return found


def train_norm():
    """Train with batch norm, on batches that leave each process two rows at least."""
    model, table = NormToy(), make_table(40)
    fit(model, Batches(table, BATCH, seed=0), Batches(table, 5), epochs=2, seed=0)
    return model.state_dict()


def refused():
    """Give each process batches in an order of its own."""
    batches = Batches(make_table(ROWS), BATCH, seed=World.current().rank)
    try:
        fit(Toy(), batches, batches, epochs=1, seed=0)
    except ValueError as error:
        return str(error)


def sharded(folder):
    """Train a model that is split between the processes."""
    model = shard(Toy(dropout=0.0), layers=())
    held = sum(parameter.to_local().numel() for parameter in model.parameters())
    found = {"held": held, "plain": train(model, folder=folder / "sharded")}
    found["stopped early"] = train(shard(Toy(dropout=0.0)), **TRAININGS["stopped early"])
    found["accumulated"] = train(shard(Toy(dropout=0.0)), accumulate=4)
    train(shard(Toy(dropout=0.0)), folder=folder / "halted", halt=9)
    found["resumed"] = train(shard(Toy(dropout=0.0)), folder=folder / "halted")
    return found


def resumed(folder):
    """Go on from where the folders' trainings stand."""
    return {name: train(dropout=d, folder=folder / name) for name, d in (("plain", 0.0), ("dropout", 0.5))}


class Slowly(Callback):
    """Say which process this is, and leave time to kill it."""

    def __init__(self, folder):
        self.folder = folder

    def on_start(self, run):
        (self.folder / f"begins-{run.world.rank}-{os.getpid()}").write_text(str(run.step))
        (self.folder / f"pid-{run.world.rank}").write_text(str(os.getpid()))

    def on_step(self, run):
        time.sleep(0.03)


def slowly(folder):
    """Train with time to be killed."""
    return train(dropout=0.5, folder=folder / "slowly", callbacks=[Slowly(folder)])


def broken(folder):
    """Train on a table with NaN in a row of the second process, in the fourth batch."""
    table = make_table(ROWS)
    table["x"][3 * BATCH + 1] = torch.nan
    batches = Batches(table, BATCH)
    fit(Toy(), batches, batches, epochs=9, seed=0, checkpoints=Checkpoints(folder / "broken", every=1))


def main(task, folder):
    """Do the task in each process, and leave what it found in a file of its own."""
    with processes("cpu") as world:
        found = globals()[task](folder)
    torch.save(found, folder / f"{task}-{world.rank}.pt")
    leave()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
