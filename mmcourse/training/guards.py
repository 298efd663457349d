"""What goes wrong in training, said in a sentence: the batches, the labels, the loss, the memory."""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")
_CLEAR = 16  # a shuffled batch of so many examples holds one class about never


class Diverged(ArithmeticError):
    """The loss is no number any more; the message says where, and what the likely causes are."""


class OutOfMemory(RuntimeError):
    """The device could not hold the batch; the message says what to try."""


def need_batches(train: Collection[dict], val: Collection[dict], epochs: int) -> None:
    """Raise ValueError for no epochs or no batches, TypeError for batches that can be seen only once."""
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


def examples_of(batch: dict, where: str) -> int:
    """Return the examples of a batch. Raises TypeError for what is no batch, ValueError for an empty one."""
    if not isinstance(batch, dict) or not isinstance(batch.get("label"), Tensor) or batch["label"].ndim == 0:
        what = (
            f"a dict with {sorted(map(str, batch))}"
            if isinstance(batch, dict)
            else f"a {type(batch).__name__}"
        )
        raise TypeError(
            f'{where}: a batch is a dict of what the model takes and "label", a tensor [batch]; got {what}.'
        )
    if len(batch["label"]) == 0:
        raise ValueError(f"{where}: the batch has no examples.")
    return len(batch["label"])


def need_labels(logits: Tensor, labels: Tensor, where: str) -> None:
    """Raise ValueError where the labels [batch] do not fit the logits [batch, class].

    where  such as "epoch 2, batch 7", for the message
    """
    if logits.ndim != 2 or labels.ndim != 1 or len(logits) != len(labels):
        raise ValueError(
            f"{where}: the model must give logits [batch, class] for labels [batch]; "
            f"got {list(logits.shape)} for {list(labels.shape)}."
        )
    if labels.dtype != torch.int64:
        raise ValueError(f"{where}: labels are class numbers of dtype torch.int64, got {labels.dtype}.")
    if labels.device.type != "cpu":
        return  # reading them would make the GPU wait at each step
    low, high = (int(end) for end in labels.aminmax())
    if low < 0 or high >= logits.shape[1]:
        raise ValueError(
            f"{where}: label {low if low < 0 else high} is out of range; the model has {logits.shape[1]} "
            f"classes, numbered 0 to {logits.shape[1] - 1}. Do labels count from 0, and does the model have "
            "all classes?"
        )


def need_answers(logits: Tensor, where: str) -> None:
    """Raise Diverged where logits [batch, class] are NaN: the steps before broke the weights."""
    strange = int((~logits.amax(dim=1).isfinite()).sum())
    if strange:
        raise Diverged(
            f"{where}: the logits of {strange} of {len(logits)} examples are NaN or infinite. Either steps "
            "were too long: try a tenth of the learning rate; or this batch holds such numbers itself."
        )


def warn_of_one_class(labels: Tensor, classes: int, where: str) -> bool:
    """Warn, and return True, where a large batch holds one class only: its examples are not shuffled."""
    one = len(labels) >= _CLEAR and classes > 1 and bool((labels == labels[0]).all())
    if one:
        warnings.warn(
            f"{where}: all {len(labels)} examples are of class {int(labels[0])}. Sorted data teach one class "
            "after the other and forget the first: shuffle them (Batches with a seed, DataLoader with "
            "shuffle=True).",
            stacklevel=2,
        )
    return one


def need_finite(loss: float, batch: dict | None, *, where: str, learning_rate: float) -> None:
    """Raise Diverged where the loss is NaN or infinite, with the learning rate and the likely causes.

    batch  the one that the loss is of, or None where it is not at hand any more
    """
    if math.isfinite(loss):
        return
    lower = f"{learning_rate / 10:.2g}"
    long = f"the steps were too long: try learning_rate={lower}, or learning_rate_range to find one"
    broken = [
        name for name, values in (batch or {}).items() if isinstance(values, Tensor) and not _finite(values)
    ]
    if broken:
        names = ", ".join(map(repr, broken))
        cause = f"{names} of this batch holds NaN or infinite numbers: look at how it was made"
    elif batch is None:
        cause = f"either this batch holds NaN or infinite numbers, or {long}"
    else:
        cause = f"the batch itself is finite, so {long}; else look for a logarithm of 0 or a division by 0"
    raise Diverged(f"{where}: the loss is {loss} at a learning rate of {learning_rate:.3g}; {cause}.")


def _finite(values: Tensor) -> bool:
    return not values.is_floating_point() or bool(values.isfinite().all())


@contextmanager
def explained(size: int, where: str, accumulate: int = 1) -> Iterator[None]:
    """Turn torch's errors about memory and batches of one into a sentence.

    size        examples in the batch
    accumulate  batches that make one step
    """
    try:
        yield
    except (RuntimeError, ValueError) as error:
        text = str(error)
        if "Expected more than 1 value per channel" in text:
            raise ValueError(
                f"{where}: batch norm cannot learn from a batch of one example. Leave the last batch out "
                "(drop_last=True), or choose a batch_size that does not leave one over."
            ) from error
        if isinstance(error, torch.OutOfMemoryError) or any(words in text for words in _OF_MEMORY):
            half = max(1, size // 2)
            raise OutOfMemory(
                f"{where}: out of memory with batches of {size}. Try batches of {half} with "
                f"accumulate={accumulate * 2}, the same steps, or smaller pictures, clips or models."
            ) from error
        raise
