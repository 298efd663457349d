"""Whether a model is fit to be trained: the mistakes that raise no error and cost days, found in seconds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from torch import nn

from mmcourse.training.sanity_learning import loss_at_start, no_softmax, overfits, parameters_move, registered
from mmcourse.training.sanity_output import (
    Check,
    Subject,
    batch_of_one,
    eval_repeats,
    finite,
    independent,
    labels_fit,
    train_and_eval,
)
from mmcourse.training.seeds import seeded


class Unsound(ValueError):
    """A model that did not pass `sanity`; the message says what is wrong with it."""


@dataclass(frozen=True)
class Report:
    """What `sanity` found: one line a check when printed.

    checks  each with .name, .passed and .words
    """

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check did."""
        return all(check.passed for check in self.checks)

    def raise_if_bad(self) -> None:
        """Raise Unsound with the sentences of the checks that did not pass."""
        if not self.passed:
            raise Unsound("\n".join(f"{c.name}: {c.words}" for c in self.checks if not c.passed))

    def __str__(self) -> str:
        wide = max(len(check.name) for check in self.checks)
        return "\n".join(
            f"{'ok    ' if check.passed else 'not ok'}  {check.name:<{wide}}  {check.words}"
            for check in self.checks
        )


def sanity(
    model: nn.Module,
    batch: dict,
    *,
    classes: int | None = None,
    seed: int = 0,
    frozen: Collection[str] = (),
) -> Report:
    """Try a model on one batch and say what would go wrong in training, before training.

    It tries copies: the model, the batch and the random numbers are afterwards as they were before. Where the
    logits or labels cannot be used at all, only that is said. What passes can still be wrong in other ways.

    model    takes a batch and returns logits [batch, class]
    batch    with a "label" [batch]; two examples or more, a dozen are enough
    classes  how many there are; by default what the model gives
    seed     of dropout, and of the steps by which a copy learns the batch by heart
    frozen   beginnings of names of parameters that are meant not to learn, such as "encoder."
    Returns  a Report: print it, or call its raise_if_bad
    Raises   ValueError for a batch of fewer than two examples, TypeError for a model that cannot be copied
    Source   Karpathy 2019, "A recipe for training neural networks", §§ 2-3
    """
    subject = Subject(model, batch, seed)
    with seeded(seed):
        checks = [registered(subject), *finite(subject, classes), labels_fit(subject, classes)]
        if all(check.passed for check in checks[1:]):
            checks += [loss_at_start(subject), no_softmax(subject), *parameters_move(subject, tuple(frozen))]
            checks += [batch_of_one(subject), eval_repeats(subject)]
            if checks[-1].passed:  # or all that compares outputs would find the same fault again
                checks += [independent(subject), train_and_eval(subject)]
            checks.append(overfits(subject))
    return Report(tuple(checks))
