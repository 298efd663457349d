"""All exercises of the course: found in the lesson modules beside this file, none of which loads torch."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from pathlib import Path

from mmcourse.checks.exercise import Exercise
from mmcourse.errors import CourseError

_MODULE = re.compile(r"lesson_(\d\d)")


def lessons() -> list[str]:
    """The lessons that have exercises, as two digits: ['00', '01', …]."""
    names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(match[1] for name in names if (match := _MODULE.fullmatch(name)))


def exercises(lesson: str | None = None) -> list[Exercise]:
    """The exercises of a lesson, or all, in the order of their ids.

    Raises  ValueError when two have the same id or one stands in another lesson's file
    """
    found: list[Exercise] = []
    for digits in lessons() if lesson is None else [lesson]:
        module = importlib.import_module(f"mmcourse.checks.lesson_{digits}")
        here = {id(value): value for value in vars(module).values() if isinstance(value, Exercise)}
        strays = [exercise.id for exercise in here.values() if exercise.lesson != digits]
        if strays:
            raise ValueError(f"exercise {strays[0]} stands in lesson_{digits}")
        found += sorted(here.values(), key=lambda exercise: int(exercise.id.split(".")[1]))
    ids = [exercise.id for exercise in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"two exercises have the id {twice[0]}")
    return found


def find_exercise(text: str) -> Exercise:
    """The exercise that '01.3', '1.3' or its name means.

    Raises  CourseError that lists the near matches
    """
    known = exercises()
    wanted = _normal(text)
    for exercise in known:
        if wanted in (exercise.id, exercise.name):
            return exercise
    names = {exercise.id: exercise.name for exercise in known}
    near = difflib.get_close_matches(wanted, [*names, *names.values()], n=3, cutoff=0.6)
    listed = ", ".join(f"{key} {name}" for key, name in names.items() if key in near or name in near)
    raise CourseError(
        f"There is no exercise {text!r}. "
        + (f"Near it: {listed}." if listed else "`mmcourse progress` lists them all.")
    )


def find_lesson(text: str) -> str:
    """The lesson that '01' or '1' means, as two digits.

    Raises  CourseError that lists the lessons there are
    """
    wanted = _normal(text)
    if wanted in lessons():
        return wanted
    raise CourseError(f"There is no lesson {text!r} with exercises. There are: {', '.join(lessons())}.")


def find(text: str) -> list[Exercise]:
    """The exercises that a lesson ('01', '1') or an exercise ('01.3', 'frame') means."""
    return exercises(find_lesson(text)) if text.strip().isdigit() else [find_exercise(text)]


def _normal(text: str) -> str:
    """'1.3' → '01.3', '1' → '01', '01.03' → '01.3'; anything else unchanged."""
    match = re.fullmatch(r"\s*(\d+)(?:\.(\d+))?\s*", text)
    if match is None:
        return text.strip()
    return f"{int(match[1]):02d}" + (f".{int(match[2])}" if match[2] else "")
