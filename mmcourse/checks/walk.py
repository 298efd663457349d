"""Go through nested arguments and outputs: find tensors, change them, tell whether anything was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from mmcourse.checks.exercise import Args


def float_tensors(value: Any) -> list[torch.Tensor]:
    """All floating-point and complex tensors among arguments or outputs, in order."""
    if isinstance(value, Args):
        return float_tensors([*value.args, *value.kwargs.values()])
    if isinstance(value, torch.Tensor):
        return [value] if value.is_floating_point() or value.is_complex() else []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in float_tensors(item)]
    return []


def map_tensors(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """A copy of nested `value` with every tensor changed."""
    if isinstance(value, Args):
        return Args(map_tensors(value.args, change), map_tensors(dict(value.kwargs), change))
    if isinstance(value, torch.Tensor):
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(map_tensors(item, change) for item in value)
    if type(value) is dict:
        return {key: map_tensors(item, change) for key, item in value.items()}
    return value


def changed(now: Any, before: Any) -> bool:
    """Whether an argument is no longer what it was; objects of other kinds are not looked into."""
    if isinstance(before, Args):
        return changed(list(now.args), list(before.args)) or changed(dict(now.kwargs), dict(before.kwargs))
    if isinstance(before, torch.Tensor):
        return now.shape != before.shape or not torch.equal(
            torch.nan_to_num(now.detach()), torch.nan_to_num(before.detach())
        )
    if isinstance(before, np.ndarray):
        return not np.array_equal(now, before, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, dict):
        return list(now) != list(before) or any(changed(now[key], before[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return len(now) != len(before) or any(map(changed, now, before))
    if isinstance(before, (set, frozenset, str, bytes, int, float, complex)):
        return now != before and before == before
    return False
