"""Which learning rate to take: a short run through all of them, after Smith 2017."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mmcourse.training.devices import move
from mmcourse.training.order import order_of, set_order
from mmcourse.training.seeds import seeded
from mmcourse.training.steps import make_optimiser

MEMORY = 0.9  # share of the smoothed loss that is kept from step to step
TOO_MUCH = 4  # times the best smoothed loss: beyond it there is nothing to learn


@dataclass(frozen=True)
class Range:
    """What a range test saw, one entry a step.

    learning_rates  from low upwards; fewer than were asked for where the loss ran away
    losses          mean loss of each batch before its step; the last may be NaN or ∞
    smoothed        their running mean, finite
    suggestion      a tenth of the rate where the smoothed loss is lowest, for the highest rate of a schedule:
                    at the lowest point steps begin to do harm. None where the loss never fell
    """

    learning_rates: list[float]
    losses: list[float]
    smoothed: list[float]

    @property
    def suggestion(self) -> float | None:
        """A rate to start from."""
        lowest = min(range(len(self.smoothed)), key=self.smoothed.__getitem__, default=0)
        return self.learning_rates[lowest] / 10 if lowest else None


def learning_rate_range(
    model: nn.Module,
    batches: Collection[dict],
    *,
    low: float = 1e-5,
    high: float = 1.0,
    steps: int = 100,
    seed: int,
    optimiser: Callable | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    max_norm: float | None = 1.0,
) -> Range:
    """Train a copy of a model at a rate that grows from step to step, until its loss runs away.

    The rate grows by the same factor each step. The test ends early at a loss that is no number, or where the
    smoothed one is over 4 times the best. Model, mode, order of the batches and random numbers are afterwards
    as they were before.

    batches    as for `fit`; they start again where they end before the steps do
    low, high  first and last rate
    seed       of everything random inside the model
    optimiser  (parameters, lr=…) -> optimiser; by default AdamW as `fit` has it
    loss       (logits, labels) -> mean over the examples
    max_norm   longest gradient that a step follows, as in `fit`; None follows any
    Returns    a Range; draw its losses over the logarithm of the rates, and take its suggestion as a start
    Raises     ValueError for no batches, rates or steps out of range, TypeError for an optimiser made already
    Source     Smith 2017, "Cyclical learning rates for training neural networks", § 3.3
    """
    if not 0 < low < high < math.inf:
        raise ValueError(f"rates must grow from above 0: got low {low} and high {high}.")
    if steps < 2:
        raise ValueError(f"steps must be at least 2, got {steps}.")
    if len(batches) == 0:
        raise ValueError("there are no batches: is the data set smaller than one batch with drop_last?")
    if isinstance(optimiser, torch.optim.Optimizer):
        raise TypeError("the optimiser would move the model itself: give a function such as torch.optim.SGD.")
    rates = [low * (high / low) ** (step / (steps - 1)) for step in range(steps)]
    order = order_of(batches)
    try:
        with seeded(seed):
            return _climb(copy.deepcopy(model).train(), batches, rates, optimiser, loss, max_norm)
    finally:
        set_order(batches, order)


def _climb(model, batches, rates: list[float], optimiser, loss_function, max_norm: float | None) -> Range:
    """Take a step at each rate, as long as the loss allows."""
    optimiser = make_optimiser(optimiser, model.parameters(), rates[0], weight_decay=1e-2)
    device = next(model.parameters()).device
    seen, mean = Range([], [], []), 0.0
    for step, (rate, batch) in enumerate(zip(rates, again_and_again(batches), strict=False), start=1):
        for group in optimiser.param_groups:
            group["lr"] = rate
        batch = move(batch, device)
        loss = loss_function(model(batch), batch["label"])
        seen.learning_rates.append(rate)
        seen.losses.append(loss.item())
        if not math.isfinite(seen.losses[-1]):
            break
        mean = MEMORY * mean + (1 - MEMORY) * seen.losses[-1]
        seen.smoothed.append(mean / (1 - MEMORY**step))  # it started at 0, and is too small at first
        if seen.smoothed[-1] > TOO_MUCH * min(seen.smoothed):
            break
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if max_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimiser.step()
    return seen


def again_and_again(batches: Collection[dict]) -> Iterator[dict]:
    """Give the batches, and when they are through, give them anew; without end."""
    while True:
        yield from batches
