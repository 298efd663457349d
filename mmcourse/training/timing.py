"""Where the time of training goes: waiting for batches, copying them, forward, backward, or the step."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.profiler import ProfilerActivity, profile

from mmcourse.training.devices import choose_device, move
from mmcourse.training.learning_rates import again_and_again
from mmcourse.training.order import order_of, set_order
from mmcourse.training.seeds import seeded
from mmcourse.training.steps import make_optimiser

PARTS = ("loading", "copying", "forward", "backward", "step")
WARM_UP = 3  # steps that are not counted: memory is reserved and kernels are chosen in them
LISTED = 10  # operators in the table


@dataclass
class Shares:
    """Seconds that the parts of some steps took together.

    loading           waiting for the next batch; workers that are fast enough bring it to about 0
    copying           bringing it to the device
    forward           from the batch to the loss
    backward          from the loss to the gradients
    step              from the gradients to the new weights
    samples           examples in these steps
    operators         (name, seconds, calls) of the dearest of torch's operators, where they were asked for;
                      seconds of the device itself, and without those of operators that it calls
    """

    loading: float = 0.0
    copying: float = 0.0
    forward: float = 0.0
    backward: float = 0.0
    step: float = 0.0
    samples: int = 0
    operators: tuple[tuple[str, float, int], ...] = ()

    @property
    def parts(self) -> dict[str, float]:
        """The seconds by name, in the order in which they pass."""
        return {name: getattr(self, name) for name in PARTS}

    @property
    def seconds(self) -> float:
        """Of all parts."""
        return sum(self.parts.values())

    @property
    def samples_a_second(self) -> float:
        """How fast training goes."""
        return self.samples / self.seconds

    @property
    def bound_by(self) -> str:
        """What to make faster: "loading" or "copying" where it takes over half the time, else "compute"."""
        slow = [name for name in ("loading", "copying") if self.parts[name] > self.seconds / 2]
        return slow[0] if slow else "compute"

    def __str__(self) -> str:
        lines = [f"{name:<9} {took:8.3f} s {took / self.seconds:5.0%}" for name, took in self.parts.items()]
        lines.append(f"{self.samples_a_second:,.0f} samples a second, bound by {self.bound_by}")
        lines += [f"{took:8.3f} s {calls:6} × {name}" for name, took, calls in self.operators]
        return "\n".join(lines)


def where_time_goes(
    model: nn.Module,
    batches: Collection[dict],
    *,
    steps: int = 20,
    device: torch.device | str | None = None,
    optimiser: Callable | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    operators: bool = False,
    seed: int = 0,
) -> Shares:
    """Train a copy of a model for some steps, with a clock between the parts of each.

    A GPU works behind the program's back, so the clock waits for it between the parts. Training itself does
    not, and can be faster than the sum of its parts. The model, the order of the batches and the random
    numbers are afterwards as they were before.

    batches    as for `fit`; they start again where they end before the steps do
    steps      that are counted, after 3 to warm up
    device     by default where the model is; "auto" for the best that there is
    optimiser  (parameters, lr=…) -> optimiser; by default AdamW
    operators  also run as many steps under torch.profiler, which slows them down, and list its operators
    Raises     ValueError for no batches or no steps
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}.")
    if len(batches) == 0:
        raise ValueError("there are no batches: is the data set smaller than one batch with drop_last?")
    device = next(model.parameters()).device if device is None else choose_device(device)
    model, order, shares = copy.deepcopy(model).to(device).train(), order_of(batches), Shares()
    try:
        with seeded(seed):
            step = _timed_step(
                model, batches, make_optimiser(optimiser, model.parameters(), 1e-3, 1e-2), loss
            )
            for _ in range(WARM_UP):
                step(Shares())
            for _ in range(steps):
                step(shares)
            if operators:
                shares.operators = _operators(step, steps, device)
    finally:
        set_order(batches, order)
    return shares


def _timed_step(model, batches, optimiser, loss_function) -> Callable[[Shares], None]:
    """Return a step of training that adds its times to the Shares that it is called with."""
    device, source = next(model.parameters()).device, again_and_again(batches)

    def step(shares: Shares) -> None:
        with _clock(shares, "loading", device):
            batch = next(source)
        with _clock(shares, "copying", device):
            batch = move(batch, device)
        with _clock(shares, "forward", device):
            loss = loss_function(model(batch), batch["label"])
        with _clock(shares, "backward", device):
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
        with _clock(shares, "step", device):
            optimiser.step()
        shares.samples += len(batch["label"])

    return step


@contextmanager
def _clock(shares: Shares, part: str, device: torch.device) -> Iterator[None]:
    start = perf_counter()
    yield
    if device.type in ("cuda", "mps"):
        getattr(torch, device.type).synchronize()
    setattr(shares, part, getattr(shares, part) + perf_counter() - start)


def _operators(
    step: Callable[[Shares], None], steps: int, device: torch.device
) -> tuple[tuple[str, float, int], ...]:
    """What torch.profiler says of some steps: the operators that took longest by themselves."""
    on_gpu = device.type == "cuda"
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]
    # Without this its library tells a notebook, past Python, about GPUs that are not there.
    os.environ.setdefault("KINETO_LOG_LEVEL", "6")
    with profile(activities=activities) as seen:
        for _ in range(steps):
            step(Shares())
    own = "self_device_time_total" if on_gpu else "self_cpu_time_total"
    took = [(event.key, getattr(event, own) / 1e6, event.count) for event in seen.key_averages()]  # from µs
    return tuple(sorted(took, key=lambda row: -row[1])[:LISTED])
