"""A training: everything it is made of, where it stands, and the state from which it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter

import torch
from torch import Tensor, nn

from mmcourse.training.batches import in_groups
from mmcourse.training.distributed import World
from mmcourse.training.guards import need_finite
from mmcourse.training.history import History
from mmcourse.training.order import order_of, set_order
from mmcourse.training.precision import Precision
from mmcourse.training.seeds import random_states, seed_all, set_random_states
from mmcourse.training.stopping import EarlyStopping

READ_EVERY = 20  # steps between two readings of the losses, on a GPU


@dataclass
class Run:
    """All that `fit` works with.

    model, network      the model; the same as it is called in training (compiled, shared between processes)
    config              what must be the same for a run that is taken up again: names and numbers
    epoch, batch, step  where it stands: epochs done, batches done of the next epoch, steps of the optimiser
    """

    model: nn.Module
    network: Callable[[dict], Tensor]
    train: Sequence[dict]
    val: Sequence[dict]
    loss_function: Callable[[Tensor, Tensor], Tensor]
    metrics: Mapping[str, object]
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    precision: Precision
    stopping: EarlyStopping
    device: torch.device
    world: World
    epochs: int
    seed: int
    max_norm: float | None
    accumulate: int
    monitor: str
    memory_format: torch.memory_format | None
    callbacks: Sequence[object]
    config: dict
    history: History = field(default_factory=History)
    epoch: int = 0
    batch: int = 0
    step: int = 0
    total: float = 0.0  # sum of the losses of the examples of this epoch, and how many they were
    count: int = 0
    losses: list = field(default_factory=list)  # of the last batches: (mean, examples, where, learning rate)
    last_loss: Tensor | float = float("nan")
    warned: bool = False
    began: float = 0.0  # on the clock, less the seconds of the part before a checkpoint
    epoch_start: dict | None = None  # random numbers and order of the batches as the epoch in work began

    @property
    def batches(self) -> int:
        """Batches of an epoch."""
        return len(self.train)

    @property
    def total_steps(self) -> int:
        """Steps of the optimiser in the whole training."""
        return self.epochs * -(-self.batches // self.accumulate)

    @property
    def loss(self) -> float:
        """Mean loss of the last batch in this process; reading it makes a GPU wait."""
        return float(self.last_loss)

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return self.optimiser.param_groups[0]["lr"]

    @property
    def first(self) -> bool:
        """Whether nothing was done yet."""
        return self.step == 0 and self.epoch == 0

    @property
    def where(self) -> str:
        """Where it stands, in words, counted from 1."""
        return f"epoch {self.epoch + 1}, batch {self.batch + 1}"

    @property
    def position(self) -> str:
        """What was done last, in words, counted from 1."""
        if self.batch == 0:
            return f"epoch {self.epoch} of {self.epochs}"
        return f"batch {self.batch} of {self.batches} in epoch {self.epoch + 1} of {self.epochs}"

    def look_at_the_clock(self) -> None:
        """Note in the history how long it took so far."""
        self.history.seconds = perf_counter() - self.began

    def call(self, moment: str) -> None:
        """Tell the callbacks of "on_start", "on_step", "on_epoch" or "on_end"."""
        for callback in self.callbacks:
            getattr(callback, moment)(self)

    def note(self, loss: Tensor, count: int, batch: dict) -> None:
        """Take in the loss of a batch, and raise Diverged where it is no number.

        A GPU works ahead of Python, and reading a number makes Python wait for it: there losses are read by
        the dozen, and the error comes some steps late.
        """
        self.last_loss = loss
        self.losses.append((loss, count, self.where, self.learning_rate))
        if loss.device.type == "cpu" or len(self.losses) >= READ_EVERY:
            self.read_losses(batch)

    def read_losses(self, batch: dict | None = None) -> None:
        """Add the losses noted since the last time to those of the epoch."""
        noted, self.losses = self.losses, []
        for loss, count, where, learning_rate in noted:
            value = loss.item()
            need_finite(value, batch if len(noted) == 1 else None, where=where, learning_rate=learning_rate)
            self.total, self.count = self.total + value * count, self.count + count

    def mean_loss(self) -> float:
        """Mean over this epoch's training examples, those of all processes."""
        self.read_losses()
        total, count = self.world.sum(torch.tensor([self.total, self.count], dtype=torch.float64)).tolist()
        return total / count  # over examples: the last batch is smaller

    def finish(self) -> None:
        """Say why it ended, and put the best weights back where it was asked to look for them."""
        if self.stopping.done and self.epoch < self.epochs:
            self.history.stopped = (
                f"no better {self.monitor} than {self.stopping.best:.4g} in {self.stopping.waited} epochs"
            )
        if self.stopping.weights:
            self.world.load(self.model, self.stopping.weights)

    def groups(self) -> Iterator[list[dict]]:
        """Give the batches of this epoch that are still to do, as many at a time as make a step."""
        now = None
        if self.epoch_start is None:
            self.epoch_start = {"random": random_states(), "order": order_of(self.train)}
        else:  # an epoch that was broken off: its order comes from its start, the rest from where it was
            now = random_states()
            set_random_states(self.epoch_start["random"])
            set_order(self.train, self.epoch_start["order"])
        batches = iter(self.train)
        for _ in islice(batches, self.batch):
            pass
        if now is not None:
            set_random_states(now)
        yield from in_groups(batches, self.accumulate)

    def end_epoch(self) -> None:
        """Count an epoch as finished."""
        self.epoch, self.batch, self.total, self.count, self.epoch_start = self.epoch + 1, 0, 0.0, 0, None
        self.look_at_the_clock()

    def state_dict(self) -> dict:
        """Return all that is needed to go on as if nothing had happened; all processes must call it."""
        self.read_losses()
        self.look_at_the_clock()
        position = ("epoch", "batch", "step", "total", "count", "warned")
        return {
            "model": self.world.model_state(self.model),
            "optimiser": self.world.optimiser_state(self.model, self.optimiser),
            "schedule": {name: value for name, value in self.schedule.state_dict().items() if _plain(value)},
            "scaler": self.precision.scaler.state_dict(),
            "stopping": self.stopping.state_dict(),
            "history": self.history.state_dict(),
            "position": {name: getattr(self, name) for name in position},
            "order": order_of(self.train),
            "val_order": order_of(self.val),
            "processes": self.world.gather(
                {
                    "now": random_states(),
                    "epoch_start": self.epoch_start,
                    "total": self.total,
                    "count": self.count,
                }
            ),
        }

    def load_state_dict(self, state: dict) -> None:
        """Take up what `state_dict` returned, in this or another number of processes."""
        self.world.load(self.model, state["model"])
        self.world.load_optimiser(self.model, self.optimiser, state["optimiser"])
        self.schedule.load_state_dict({**self.schedule.state_dict(), **state["schedule"]})
        self.precision.scaler.load_state_dict(state["scaler"])
        self.stopping.load_state_dict(state["stopping"])
        self.history.load_state_dict(state["history"])
        for name, value in state["position"].items():
            setattr(self, name, value)
        set_order(self.train, state["order"])
        set_order(self.val, state["val_order"])
        self._load_process(state["processes"])

    def _load_process(self, processes: list[dict]) -> None:
        """Take over this process's part; a process that was not there begins random numbers of its own."""
        self.epoch_start = processes[0]["epoch_start"]
        if len(processes) == self.world.size:
            own = processes[self.world.rank]
            self.epoch_start, self.total, self.count = own["epoch_start"], own["total"], own["count"]
            set_random_states(own["now"])
            return
        sums = [sum(process[name] for process in processes) for name in ("total", "count")]
        self.total, self.count = sums if self.world.first else (0.0, 0)
        seed_all(self.seed + self.world.rank + self.world.size * (1 + self.step))


def _plain(value: object) -> bool:
    """Whether a checkpoint can hold a value of a schedule: numbers and lists, not functions."""
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str)
