"""One hint at a time: how many hints of each exercise have been shown is kept beside the caches."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from platformdirs import user_state_path

from mmcourse.checks.exercise import Exercise
from mmcourse.checks.files import write_text


def next_hint(exercise: Exercise) -> str:
    """The next hint of `exercise`, each one saying more than the last; in the end, the way to the answer."""
    shown = _read()
    number = min(shown.get(exercise.id, 0), len(exercise.hints))
    if number == len(exercise.hints):
        forget(exercise)
        return (
            f"You have seen all {number} hints of {exercise.id}; asked again, they start anew. "
            f"The answer itself: mmcourse solution {exercise.id}"
        )
    _write({**shown, exercise.id: number + 1})
    title = f"{exercise.id} {exercise.title}, hint {number + 1} of {len(exercise.hints)}:"
    return f"{title}\n{exercise.hints[number]}"


def forget(exercise: Exercise) -> None:
    """Begin again with the first hint."""
    shown = _read()
    if shown.pop(exercise.id, None) is not None:
        _write(shown)


def _file() -> Path:
    folder = os.environ.get("MMCOURSE_CACHE_DIR")
    return (Path(folder) if folder else user_state_path("mmcourse")) / "hints.json"


def _read() -> dict[str, int]:
    try:
        shown = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(shown, dict):
        return {}
    return {key: value for key, value in shown.items() if isinstance(value, int) and value >= 0}


def _write(shown: dict[str, int]) -> None:
    with contextlib.suppress(OSError):  # a read-only disk: the first hint again is better than none
        write_text(json.dumps(shown, indent=1), _file())
