"""A training loop to read in one sitting: batches in, a trained model and its history out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy


@dataclass
class History:
    """What `fit` saw: one entry an epoch.

    train_loss    mean cross-entropy over the epoch's training examples, in nats, while the weights moved
    val_loss      the same over the validation examples, after the epoch
    val_accuracy  share of validation examples named right, 0..1
    seconds       of the whole training
    """

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    seconds: float = 0.0


class Batches:
    """Deal out tensors that lie in memory, batch by batch; shuffled anew each epoch when there is a seed.

    table       name -> tensor, all with the same first axis: one row an example
    batch_size  rows of a batch; the last one may be smaller
    seed        of the shuffling, or None for the order of the table
    Why         a DataLoader collates example by example, which takes longer than these small models do
    """

    def __init__(self, table: dict[str, Tensor], batch_size: int = 64, *, seed: int | None = None):
        sizes = {name: len(values) for name, values in table.items()}
        if len(set(sizes.values())) != 1:
            raise ValueError(f"every tensor needs the same number of rows, got {sizes}.")
        if 0 in sizes.values():
            raise ValueError(f"every tensor needs at least one row, got {sizes}.")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
        self.table = table
        self.batch_size = batch_size
        self.rows = next(iter(sizes.values()))
        self._generator = None if seed is None else torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return -(-self.rows // self.batch_size)

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        order = torch.arange(self.rows)
        if self._generator is not None:
            order = torch.randperm(self.rows, generator=self._generator)
        for rows in order.split(self.batch_size):
            yield {name: values[rows] for name, values in self.table.items()}


def fit(
    model: nn.Module,
    train: Collection[dict],
    val: Collection[dict],
    *,
    epochs: int,
    seed: int,
    learning_rate: float = 2e-3,
    weight_decay: float = 1e-2,
    max_norm: float = 1.0,
    device: torch.device | str | None = None,
) -> History:
    """Train a classifier in place and say how it went.

    model          takes a batch and returns logits [batch, class]
    train, val     give batches with a "label" of shape [batch], anew each time they are iterated
    seed           of everything random inside the model, such as dropout; the batches bring their own
    learning_rate  of Adam, where it is highest: it rises over the first tenth of training, then falls to 0
    max_norm       longest gradient that a step follows; longer ones are shortened to it
    device         where to train; by default where the model is
    Returns        the History; the model stays as the last epoch left it, in the mode it came in
    Raises         ValueError for no epochs or no batches, TypeError for batches that can be seen only once
    """
    _need_batches(train, val, epochs)
    device = torch.device(device) if device is not None else next(model.parameters()).device
    model.to(device)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=learning_rate, total_steps=epochs * len(train), pct_start=0.1
    )
    history, was_training, start = History(), model.training, perf_counter()
    with torch.random.fork_rng():  # the caller's random numbers go on as if nothing had happened
        torch.manual_seed(seed)
        for _ in range(epochs):
            history.train_loss.append(_train_one_epoch(model, train, optimiser, schedule, max_norm, device))
            loss, accuracy = validate(model, val)
            history.val_loss.append(loss)
            history.val_accuracy.append(accuracy)
    model.train(was_training)
    history.seconds = perf_counter() - start
    return history


def _need_batches(train: Collection[dict], val: Collection[dict], epochs: int) -> None:
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}.")
    for name, batches in {"train": train, "val": val}.items():
        if not hasattr(batches, "__len__"):
            raise TypeError(
                f"{name} must have a length and give its batches anew each epoch, as a Batches, a DataLoader "
                f"or a list does; got {type(batches).__name__}."
            )
        if len(batches) == 0:
            raise ValueError(f"{name} has no batches: is the data set smaller than one batch with drop_last?")


def _train_one_epoch(model, train, optimiser, schedule, max_norm: float, device: torch.device) -> float:
    """Take one step a batch and return the mean loss over the examples."""
    model.train()
    total, count = 0.0, 0
    for batch in train:
        batch = move(batch, device)
        loss = cross_entropy(model(batch), batch["label"])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimiser.step()
        schedule.step()
        total, count = total + loss.item() * len(batch["label"]), count + len(batch["label"])
    return total / count  # over examples: the last batch is smaller


def validate(model: nn.Module, batches: Iterable[dict]) -> tuple[float, float]:
    """Return the mean cross-entropy (nats) and the accuracy (share correct) over the examples."""
    total, correct, count = 0.0, 0, 0
    device = next(model.parameters()).device
    with evaluating(model):
        for batch in batches:
            batch = move(batch, device)
            logits = model(batch)
            total += cross_entropy(logits, batch["label"], reduction="sum").item()
            correct += (logits.argmax(dim=-1) == batch["label"]).sum().item()
            count += len(batch["label"])
    return total / count, correct / count


@contextmanager
def evaluating(model: nn.Module) -> Iterator[nn.Module]:
    """Switch off dropout and gradients within the block, and give the model its mode back afterwards."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train(was_training)


def move(batch: dict, device: torch.device | str) -> dict:
    """Bring a batch's tensors to a device; what is not a tensor (names, ids) stays as it is."""
    return {name: value.to(device) if isinstance(value, Tensor) else value for name, value in batch.items()}
