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


def is_plain(value: Any, largest: int) -> bool:
    """Whether `value` is made of numbers, strings, tensors, arrays and plain containers of them alone.

    Comparing such values runs no code of the learner's and, with at most `largest` numbers in them, takes no
    time or memory to speak of.
    """
    left = [largest]
    return _is_plain(value, left) and left[0] >= 0


def _is_plain(value: Any, left: list[int]) -> bool:
    if type(value) is torch.Tensor and (value.layout is not torch.strided or value.is_meta):
        return False
    if type(value) is torch.Tensor or (type(value) is np.ndarray and value.dtype.kind in "fiub"):
        left[0] -= value.numel() if type(value) is torch.Tensor else value.size
        return True
    left[0] -= 1  # so that a list that holds itself comes to an end
    if left[0] < 0:
        return False
    if type(value) in (list, tuple):
        return all(_is_plain(item, left) for item in value)
    if type(value) is dict:
        return all(_is_plain(item, left) for pair in value.items() for item in pair)
    return value is None or type(value) in (bool, int, float, complex, str)


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
