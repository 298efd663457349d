"""What is done: read from the exercise notebooks' stored check results, and kept nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from mmcourse.checks import books, catalog, fingerprint
from mmcourse.checks.exercise import Exercise
from mmcourse.checks.result import MIME, SIGNS, STATUSES
from mmcourse.errors import CourseError

UNCHECKED = "not checked"
_STYLES = {"correct": "green", "wrong": "red", "crashed": "red", "too slow": "yellow", UNCHECKED: "yellow"}


@dataclass(frozen=True)
class State:
    """Where one exercise stands: a status of a check, or UNCHECKED; `note` says more where needed."""

    exercise: Exercise
    status: str
    note: str = ""


def states(folder: Path, lesson: str) -> list[State]:
    """The state of every exercise of `lesson`, '01', in the course's `folder`.

    Raises  CourseError when the lesson's notebook is missing or broken
    """
    notebook = books.load(books.book(folder, lesson))
    return [state_of(notebook, exercise) for exercise in catalog.exercises(lesson)]


def state_of(notebook: Mapping[str, Any], exercise: Exercise) -> State:
    """What the stored output of the exercise's check cell says, if the answer is still the one it judged."""
    answer, check = (books.cell_of(notebook, exercise.id, part) for part in ("answer", "check"))
    if answer is None or check is None:
        lost = "answer" if answer is None else "check"
        return State(exercise, "not attempted", f"its {lost} cell is gone: mmcourse reset {exercise.id}")
    stored = stored_result(check.get("outputs", []))
    if stored is None:
        blank = "raise NotImplementedError(" in answer["source"]
        return State(exercise, "not attempted" if blank else UNCHECKED)
    sources = (cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    judged = stored.get("answer", "")
    if judged and judged not in map(fingerprint.of_source, sources):
        return State(exercise, UNCHECKED, f"changed since it was {stored['status']}")
    return State(exercise, stored["status"])


def stored_result(outputs: Iterable[Any]) -> dict[str, Any] | None:
    """The machine-readable part of the last check result among a cell's outputs."""
    found = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    found = [one for one in found if isinstance(one, dict) and one.get("status") in STATUSES]
    return found[-1] if found else None


def overview(folder: Path) -> list[Table | str]:
    """A table for each lesson that has exercises; a sentence where its notebook cannot be read."""
    parts: list[Table | str] = []
    done = total = 0
    for lesson in catalog.lessons():
        try:
            found = states(folder, lesson)
        except CourseError as error:
            parts.append(f"Lesson {lesson}: {error}")
            continue
        parts.append(table(found, _title(folder, lesson)))
        done, total = done + sum(state.status == "correct" for state in found), total + len(found)
    if not parts:
        return ["No lesson has exercises yet."]
    return [*parts, f"{done} of {total} exercises are correct. Next: {next_step(folder)}"]


def next_step(folder: Path) -> str:
    """The first exercise that is not correct, and where it is."""
    for lesson in catalog.lessons():
        path = books.book(folder, lesson)
        try:
            for state in states(folder, lesson):
                if state.status != "correct":
                    return f"{state.exercise.id} {state.exercise.title} (exercises/{path.name})"
        except CourseError:
            return f"mmcourse reset {lesson}"
    return "nothing is left, well done"


def table(found: list[State], title: str) -> Table:
    """The states of exercises as a table for the terminal."""
    result = Table(title=title, title_justify="left", title_style="bold")
    result.add_column("", width=1)
    result.add_column("id", no_wrap=True)
    result.add_column("exercise")
    result.add_column("level", no_wrap=True)
    result.add_column("min", justify="right")
    result.add_column("state")
    for state in found:
        said = state.note if state.status == UNCHECKED and state.note else state.status
        if state.note and said != state.note:
            said += f" ({state.note})"
        exercise = state.exercise
        stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
        sign = SIGNS.get(state.status, "?")
        result.add_row(
            sign, exercise.id, exercise.title, stars, str(exercise.minutes), said, style=style(state.status)
        )
    return result


def style(status: str) -> str:
    """The terminal's colour for a status."""
    return _STYLES.get(status, "")


def _title(folder: Path, lesson: str) -> str:
    path = books.book(folder, lesson)
    return f"Lesson {int(lesson)}   exercises/{path.name}"
