"""What the exercises are checked with: the engine here, one `lesson_NN.py` for each lesson.

    from mmcourse.checks import lesson_01 as check
    check.frame(frame)          # → Result: not attempted, wrong, crashed, too slow or correct

Importing this package loads no torch, so that `mmcourse progress`, `hint` and `reset` start at once.
"""

from mmcourse.checks.exercise import Args, Case, Exercise, Mistake
from mmcourse.checks.lazy import lazy
from mmcourse.checks.quiet import install as _calm_stubs
from mmcourse.checks.result import NotPassed, Result

__all__ = ["Args", "Case", "Exercise", "Mistake", "NotPassed", "Result", "lazy"]

_calm_stubs()
