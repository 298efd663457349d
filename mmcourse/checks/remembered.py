"""What an exercise gave on its inputs whoever answers it, kept so that the next check need not ask again.

The reference's outputs and those of the known mistakes are the same at every check; a learner's answer is
not, and is never kept. Only one exercise's are kept, the last one's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mmcourse.checks.exercise import Exercise

LARGEST = 100_000  # numbers in an output that is kept
Made = TypeVar("Made")

_of: Exercise | None = None
_kept: dict[tuple, Any] = {}


def remembered(
    exercise: Exercise, key: tuple, make: Callable[[], Made], keep: Callable[[Made], bool]
) -> Made:
    """Return what `make()` gave under this key before, or make it now.

    exercise  as declared; another than the last one's forgets what was kept
    key       says whose output it is, on which input and from which seed
    keep      whether what was made may be kept
    """
    global _of
    if _of is not exercise:
        _of = exercise
        _kept.clear()
    if key not in _kept:
        made = make()
        if not keep(made):
            return made
        _kept[key] = made
    return _kept[key]
