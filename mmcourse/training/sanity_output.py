"""Checks of what a model gives: finite logits, one example at a time, the same each time in evaluation."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mmcourse.training.devices import move

TRIED = 8  # examples that are compared one by one


@dataclass(frozen=True)
class Check:
    """One question about a model: what was asked, whether the answer is good, and a sentence."""

    name: str
    passed: bool
    words: str


class Subject:
    """A model and a batch under test; whatever is tried on it is tried on copies."""

    def __init__(self, model: nn.Module, batch: dict, seed: int):
        parameter = next(model.parameters(), torch.zeros(0))
        self.model, self.seed = model, seed
        self.batch = move(batch, parameter.device)
        self.labels = self.batch["label"]
        if len(self.labels) < 2:
            raise ValueError(f"sanity needs a batch of two examples or more, got {len(self.labels)}.")
        self.copy()  # so that a model that cannot be copied is refused before anything else is said

    def copy(self) -> nn.Module:
        """A copy of the model. Raises TypeError where there is none."""
        try:
            return copy.deepcopy(self.model)
        except RuntimeError as error:
            raise TypeError(
                "the model cannot be copied: a tensor among its attributes was computed from parameters. "
                "Compute it in forward."
            ) from error

    def rows(self, rows: Sequence[int]) -> dict:
        """A batch of these examples; what has no row for each example stays as it is."""
        count, chosen = len(self.labels), {}
        for name, value in self.batch.items():
            if isinstance(value, Tensor) and value.ndim and len(value) == count:
                value = value[list(rows)].clone()
            elif isinstance(value, list | tuple) and len(value) == count:
                value = [value[row] for row in rows]
            chosen[name] = value
        return chosen

    @torch.no_grad()
    def logits(
        self,
        rows: Sequence[int] | None = None,
        *,
        train: bool = False,
        seed: int = 0,
        still: Callable[[nn.Module], bool] = lambda module: False,
    ) -> Tensor:
        """What a copy gives for some examples, by default for all.

        train  whether it is in training; the modules that are `still` are not
        seed   added to the subject's
        """
        model = self.copy().train(train)
        for module in model.modules():
            if still(module):
                module.training = False
        torch.manual_seed(self.seed + seed)
        return model(self.rows(range(len(self.labels)) if rows is None else rows))


def finite(subject: Subject, classes: int | None) -> list[Check]:
    """Whether the logits are [batch, class] and finite; else where the first number that is not came from."""
    shape, count = "shape of the logits", len(subject.labels)
    logits = subject.logits()
    if logits.ndim != 2 or len(logits) != count or logits.shape[1] != (classes or logits.shape[1]):
        want = f"[{count}, {classes}]" if classes else f"[{count}, classes]"
        return [Check(shape, False, f"{list(logits.shape)} where {want} was to come.")]
    checks = [Check(shape, True, f"{list(logits.shape)}: [batch, class].")]
    if logits.isfinite().all():
        return [*checks, Check("finite", True, "all logits are finite numbers.")]
    return [*checks, Check("finite", False, _first_strange(subject))]


def _first_strange(subject: Subject) -> str:
    for name, value in subject.batch.items():
        if isinstance(value, Tensor) and not value.isfinite().all():
            return f"{name!r} of the batch holds NaN or ∞ already: mend the data."
    model, found = subject.copy().eval(), []

    def look(module: nn.Module, _inputs: tuple, output: object) -> None:
        outputs = output if isinstance(output, tuple) else (output,)
        if any(isinstance(value, Tensor) and not value.isfinite().all() for value in outputs) and not found:
            found.append(module)

    for module in model.modules():
        module.register_forward_hook(look)
    with torch.no_grad():
        model(subject.rows(range(len(subject.labels))))
    names = {module: name for name, module in model.named_modules()}
    where = names.get(found[0]) if found else ""
    kind = type(found[0] if found else model).__name__
    return f"NaN or ∞ comes first out of {f'{where!r}, a {kind}' if where else f'{kind}.forward itself'}."


def labels_fit(subject: Subject, classes: int | None) -> Check:
    """Whether labels are whole numbers from 0 to classes - 1."""
    name, labels = "labels", subject.labels
    logits = subject.logits()
    classes = classes or (logits.shape[-1] if logits.ndim else 0)
    if labels.ndim != 1 or labels.dtype != torch.int64:
        return Check(name, False, f"must be int64 [batch], got {labels.dtype} {list(labels.shape)}.")
    low, high = int(labels.min()), int(labels.max())
    if low >= 0 and high < classes:
        return Check(name, True, f"lie in 0..{classes - 1}.")
    why = " They are counted from 1: subtract 1." if low > 0 and high == classes else ""
    return Check(name, False, f"lie in {low}..{high}, but the classes are 0..{classes - 1}.{why}")


def batch_of_one(subject: Subject) -> Check:
    """Whether a batch of one example works: evaluation meets it in the last batch, use meets it always."""
    name, why = "batch of one", "a squeeze without an axis?"
    want = [1, subject.logits().shape[1]]
    try:
        got = list(subject.logits([0]).shape)
    except Exception as error:  # whatever the model raises is what there is to tell
        return Check(
            name, False, f"breaks ({type(error).__name__}: {_line(error)}): a squeeze without an axis?"
        )
    if got != want:
        return Check(name, False, f"gives {got} where {want} was to come: {why}")
    try:
        subject.logits([0], train=True)
    except Exception as error:
        if "more than 1 value per channel" not in str(error):
            return Check(name, False, f"breaks in training ({type(error).__name__}: {_line(error)}).")
        return Check(name, True, "works in evaluation; batch norm cannot train on it: drop a last one.")
    return Check(name, True, "works.")


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0].rstrip(".")


def eval_repeats(subject: Subject) -> Check:
    """Whether evaluation gives the same twice, whatever the random numbers."""
    name = "evaluation repeats"
    if _close(subject.logits(), subject.logits(seed=1)):
        return Check(name, True, "eval() gives the same logits twice.")
    return Check(
        name,
        False,
        "eval() gives other logits each time. Dropout is left on: F.dropout needs training=self.training, "
        "a nn.Dropout must be an attribute.",
    )


def independent(subject: Subject) -> Check:
    """Whether an example's logits do not depend on the others of its batch."""
    name = "examples apart"
    rows = list(range(min(TRIED, len(subject.labels))))
    together, alone = subject.logits(), [subject.logits([row, row])[0] for row in rows]
    if not all(_close(one, together[row]) for row, one in enumerate(alone)):
        if all(any(_close(one, other) for other in together) for one in alone):
            return Check(name, False, "the logits come out in another order than the examples went in.")
        return Check(
            name,
            False,
            "an example's logits change with the others of its batch: look for a mean, a softmax or a "
            "normalisation over axis 0, or a reshape that moves it.",
        )
    together = subject.logits(train=True, still=drops)
    alone = [subject.logits([row, row], train=True, still=drops)[0] for row in rows]
    if all(_close(one, together[row]) for row, one in enumerate(alone)):
        return Check(name, True, "no example's logits depend on the others of its batch.")
    mixing = [place for place, module in subject.model.named_modules() if mixes(module)]
    if mixing:
        return Check(name, True, f"in evaluation; in training batch norm mixes them: {', '.join(mixing)}.")
    return Check(name, False, "in training an example's logits change with the others, without a batch norm.")


def train_and_eval(subject: Subject) -> Check:
    """Whether training differs from evaluation by dropout and batch norm alone."""
    name = "train and eval"
    quiet = subject.logits()
    if not _close(subject.logits(train=True, still=lambda module: drops(module) or mixes(module)), quiet):
        return Check(name, False, "differ, and not by dropout or batch norm: look for uses of self.training.")
    if _close(subject.logits(train=True), quiet):
        return Check(name, True, "give the same logits.")
    kinds = {type(module).__name__ for module in subject.model.modules() if drops(module) or mixes(module)}
    return Check(name, True, f"differ by {', '.join(sorted(kinds))} alone.")


def drops(module: nn.Module) -> bool:
    """Whether a module drops at random in training: a dropout, or one with a dropout among its options."""
    if isinstance(module, nn.modules.dropout._DropoutNd):
        return True
    options = vars(module).items()
    return any("drop" in name and isinstance(share, float) and share > 0 for name, share in options)


def mixes(module: nn.Module) -> bool:
    """Whether a module normalises by statistics of the batch in training."""
    return isinstance(module, nn.modules.batchnorm._BatchNorm)


def _close(a: Tensor, b: Tensor) -> bool:
    """Whether logits agree but for rounding: sizes of batches and kernels move the last digits."""
    return a.shape == b.shape and torch.allclose(a.float(), b.float(), rtol=1e-3, atol=1e-4)
