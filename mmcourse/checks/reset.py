"""Back to the blank exercise, with a copy of the work; and the answer, for those who ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from mmcourse.checks import books, build
from mmcourse.checks.exercise import Exercise
from mmcourse.checks.files import back_up
from mmcourse.errors import CourseError


@dataclass(frozen=True)
class Restored:
    """What was restored, and the copy of what was there before (None if nothing was)."""

    path: Path
    backup: Path | None


def reset_lesson(folder: Path, lesson: str) -> Restored:
    """Write the lesson's exercise notebook anew, whatever state the present one is in; a copy is kept."""
    path = books.book(folder, lesson)
    fresh = _fresh(folder, lesson)
    backup = back_up(path) if path.exists() else None
    books.write(fresh, path)
    return Restored(path, backup)


def reset_exercise(folder: Path, exercise: Exercise) -> Restored:
    """Restore the cells of one exercise and leave all others as they are; a copy of the notebook is kept.

    Raises  CourseError when the notebook is missing or broken: only the whole lesson can be reset then
    """
    path = books.book(folder, exercise.lesson)
    notebook, fresh = books.read(path), _fresh(folder, exercise.lesson)
    for place, cell in enumerate(fresh.cells):
        part = books.part_of(cell)
        if part is None or part[0] != exercise.id:
            continue
        present = books.cell_of(notebook, *part)
        if present is not None:
            notebook.cells[notebook.cells.index(present)] = cell
        else:
            notebook.cells.insert(_place_after(notebook, fresh.cells[:place]), cell)
    backup = back_up(path)
    books.write(notebook, path)
    return Restored(path, backup)


def _place_after(notebook: NotebookNode, before: list[NotebookNode]) -> int:
    """The place behind the last cell of the fresh notebook's `before` that is still there."""
    ids = [cell.get("id") for cell in notebook.cells]
    places = [ids.index(cell.id) + 1 for cell in before if cell.id in ids]
    return places[-1] if places else 0


def _fresh(folder: Path, lesson: str) -> NotebookNode:
    path = books.book(folder, lesson, "solutions")
    return build.without_answers(books.read(path), build.sentences(), path.name)


def solution(folder: Path, exercise: Exercise) -> str:
    """The answer cell of the solution, without the markers."""
    path = books.book(folder, exercise.lesson, "solutions")
    cell = books.cell_of(books.read(path), exercise.id, "answer")
    if cell is None:
        raise CourseError(f"{exercise.id} has no answer in solutions/{path.name}. Please report this.")
    return re.sub(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", "", cell.source, flags=re.MULTILINE).rstrip()
