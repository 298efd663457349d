"""From the cases of an exercise to the list of inputs that are tried, in order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from mmcourse.checks.exercise import Args, Exercise


@dataclass(frozen=True)
class Trial:
    """One input; `fresh()` makes its arguments anew, the same every time."""

    name: str
    fresh: Callable[[], Args]
    gradient: bool = False
    timed: bool = False


def trials(exercise: Exercise, seed: int) -> Iterator[Trial]:
    """The declared cases, then the variants derived from the first case that holds float tensors."""
    derived_from = None
    for number, case in enumerate(exercise.cases):
        fresh = _maker(case.make, seed, number)
        yield Trial(case.name, fresh, exercise.gradient and case.gradient, case.timed)
        if derived_from is None and float_tensors(fresh()):
            derived_from = case.name, fresh
    if derived_from is None:
        return
    name, fresh = derived_from
    for variant in exercise.variants:
        change = _change(variant)
        if change is not None:
            yield Trial(f"{name}, {variant}", _changed(fresh, change))


def float_tensors(value: Any) -> list[torch.Tensor]:
    """All floating-point tensors among arguments or outputs, in order."""
    if isinstance(value, Args):
        return float_tensors([*value.args, *value.kwargs.values()])
    if isinstance(value, torch.Tensor):
        return [value] if value.is_floating_point() or value.is_complex() else []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in float_tensors(item)]
    return []


def _maker(make: Callable[[Any], Any], seed: int, number: int) -> Callable[[], Args]:
    def fresh() -> Args:
        generator = torch.Generator().manual_seed(seed * 1009 + number)
        return copy.deepcopy(Args.of(make(generator)))

    return fresh


def _changed(fresh: Callable[[], Args], change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[], Args]:
    def changed() -> Args:
        args = fresh()
        kwargs = {name: _map(value, change) for name, value in args.kwargs.items()}
        return Args(tuple(_map(value, change) for value in args.args), kwargs)

    return changed


def _map(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(_map(item, change) for item in value)
    if type(value) is dict:
        return {key: _map(item, change) for key, item in value.items()}
    return value


def _change(variant: str) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """What a variant does to every tensor; None where this machine has no second device."""
    if variant == "non-contiguous":
        return lambda x: torch.stack([x, x], -1)[..., 0]
    if variant == "float64":
        return lambda x: x.double() if x.dtype == torch.float32 else x
    if torch.cuda.is_available():
        return lambda x: x.to("cuda")
    return None
