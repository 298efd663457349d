"""From the cases of an exercise to the inputs that are tried, in order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from mmcourse.checks.exercise import Args, Case, Exercise
from mmcourse.checks.walk import float_tensors, map_tensors


@dataclass(frozen=True)
class Trial:
    """One input, known by its name and seed; `fresh()` makes its arguments anew, the same every time."""

    name: str
    fresh: Callable[[], Args]
    gradient: bool = False
    timed: bool = False
    seed: int = 0


def trials(exercise: Exercise, seed: int) -> Iterator[Trial]:
    """The declared cases, then the variants derived from the first case that holds float tensors."""
    timed = [case for case in exercise.cases if case.timed] or [exercise.cases[-1]]
    plain = [
        Trial(
            case.name,
            _maker(case, seed, number),
            gradient=exercise.gradient and case.gradient,
            timed=exercise.slow_factor is not None and case in timed,
            seed=seed,
        )
        for number, case in enumerate(exercise.cases)
    ]
    yield from plain
    source = next((trial for trial in plain if exercise.variants and float_tensors(trial.fresh())), None)
    if source is None:
        return
    for variant in exercise.variants:
        change = _change(variant)
        if change is not None:
            yield Trial(f"{source.name}, {variant}", _changed(source, change), seed=seed)


def _maker(case: Case, seed: int, number: int) -> Callable[[], Args]:
    def fresh() -> Args:
        generator = torch.Generator().manual_seed(seed * 1009 + number)
        return copy.deepcopy(Args.of(case.make(generator)))  # a case may hand out a constant

    return fresh


def _changed(source: Trial, change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[], Args]:
    return lambda: map_tensors(source.fresh(), change)


def _change(variant: str) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """What a variant does to every tensor; None where this machine has no second device."""
    if variant == "non-contiguous":
        return _non_contiguous
    if variant == "float64":
        return lambda x: x.double() if x.dtype == torch.float32 else x
    return (lambda x: x.to("cuda")) if torch.cuda.is_available() else None


def _non_contiguous(x: torch.Tensor) -> torch.Tensor:
    """The same numbers laid out so that `view` cannot flatten them; of one axis, every second place."""
    if x.dim() > 1:
        turned = x.transpose(-1, -2).contiguous().transpose(-1, -2)
        if not turned.is_contiguous():
            return turned
    return torch.stack([x, x], -1)[..., 0]
