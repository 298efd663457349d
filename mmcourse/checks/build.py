"""solutions/ → exercises/: take the answers out with nbgrader's own preprocessors, and compare the two."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from mmcourse.checks import books, catalog
from mmcourse.checks.files import back_up
from mmcourse.errors import CourseError

_KEPT = ("nbgrader", "tags", "deletable", "editable")  # all other cell metadata could hold an answer
_BEGIN = "BEGIN SOLUTION"


@dataclass(frozen=True)
class Built:
    """One notebook that was built: its path, whether it changed, the copy of the work it replaced."""

    path: Path
    changed: bool
    backup: Path | None = None


def sentences() -> dict[str, str]:
    """What the stub of each exercise says, by id."""
    return {exercise.id: exercise.sentence for exercise in catalog.exercises()}


def build(folder: Path, lessons: list[str] | None = None) -> list[Built]:
    """Write the exercise notebooks of the course in `folder`; work that they hold is backed up first.

    Raises  CourseError for a solution that is not in order: nothing is written then
    """
    says = sentences()
    sources = [
        path
        for path in sorted((folder / "solutions").glob("[0-9][0-9]_*.ipynb"))
        if lessons is None or path.name[:2] in lessons
    ]
    if not sources:
        raise CourseError(f"There is no solution to build from in {folder.name}/solutions/.")
    fresh = {path: without_answers(books.read(path), says, path.name) for path in sources}
    return [_replace(folder / "exercises" / path.name, notebook) for path, notebook in fresh.items()]


def _replace(path: Path, fresh: NotebookNode) -> Built:
    backup = None
    if path.exists():
        try:
            present = books.read(path)
        except CourseError:
            backup = back_up(path)
        else:
            if present == fresh:
                return Built(path, changed=False)
            if holds_work(present, fresh):
                backup = back_up(path)
    books.write(fresh, path)
    return Built(path, changed=True, backup=backup)


def holds_work(present: NotebookNode, fresh: NotebookNode) -> bool:
    """Whether a notebook holds anything a learner made: answers, cells of their own, changed trials."""
    known = {cell.id for cell in fresh.cells}
    for cell in present.cells:
        part = books.part_of(cell)
        if part is None and cell.get("id") not in known and cell.source.strip():
            return True
        if part and part[1] == "answer" and "raise NotImplementedError(" not in cell.source:
            return True
        if part and part[1] == "try" and cell.get("outputs"):
            return True
    return False


def without_answers(
    solution: NotebookNode, says: Mapping[str, str], name: str = "the notebook"
) -> NotebookNode:
    """A solution notebook with its answers, outputs and counters taken out; `solution` stays as it is.

    says    what the stub of each exercise raises, by id
    Raises  CourseError for faults of the notebook, and where nbgrader is not installed
    """
    faults = list(faults_of(solution, says))
    if faults:
        raise CourseError(f"{name} is not in order:\n" + "\n".join(f"  {fault}" for fault in faults))
    notebook, resources = books.copy(solution), {}
    for preprocessor in _preprocessors(says):
        notebook, resources = preprocessor.preprocess(notebook, resources)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in _KEPT if key in cell.metadata})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _preprocessors(says: Mapping[str, str]) -> list[Any]:
    try:
        from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, LockCells
    except ImportError as error:
        raise CourseError(
            "Building exercises needs nbgrader. Install the course with its tools: "
            'pip install -e ".[dev]" -c constraints.txt'
        ) from error

    class ClearAnswers(ClearSolutions):
        """Leaves a stub that says what is to be done in this very exercise."""

        def preprocess_cell(self, cell: NotebookNode, resources: Any, cell_index: int) -> Any:
            part = books.part_of(cell)
            if part is not None and part[1] == "answer":
                sentence = json.dumps(says[part[0]], ensure_ascii=False)
                self.code_stub = {"python": f"raise NotImplementedError({sentence})"}
            return super().preprocess_cell(cell, resources, cell_index)

    log = logging.getLogger("mmcourse.build")
    return [kind(log=log) for kind in (LockCells, ClearAnswers, ClearOutput, CheckCellMetadata)]


def faults_of(solution: NotebookNode, says: Mapping[str, str]) -> Iterator[str]:
    """What keeps a solution notebook from being built or graded, a sentence each."""
    found = [part for part in map(books.part_of, solution.cells) if part]
    for twice in sorted({part for part in found if found.count(part) > 1}):
        yield f"{twice[0]} has two cells “{twice[1]}”."
    for exercise in books.exercise_ids(solution):
        if exercise not in says:
            yield f"{exercise} is declared in no lesson of mmcourse/checks."
        for part in books.PARTS:
            if (exercise, part) not in found:
                yield f"{exercise} has no cell “{part}”."
    for cell in solution.cells:
        part = books.part_of(cell)
        if part is None or part[1] in ("task", "try"):
            if _BEGIN in cell.source:
                yield f"Cell {cell.id!r} holds an answer, but its id is not that of an answer cell."
        else:
            yield from _grading_faults(cell, *part)


def _grading_faults(cell: NotebookNode, exercise: str, part: str) -> Iterator[str]:
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("grade_id") != cell.id:
        yield f"{exercise}: the “{part}” cell's nbgrader grade_id is {marks.get('grade_id')!r}, not its id."
    if part == "answer":
        if not marks.get("solution") or marks.get("grade"):
            yield f"{exercise}: the answer cell must be marked solution and not grade for nbgrader."
        if _BEGIN not in cell.source:
            yield f"{exercise}: the answer is not marked (### BEGIN SOLUTION … ### END SOLUTION)."
    elif not marks.get("grade") or marks.get("solution") or not marks.get("points", 0) > 0:
        yield f"{exercise}: the check cell must be marked grade, with points, for nbgrader."


def disagreements(fresh: NotebookNode, exercise: NotebookNode, strict: bool) -> list[str]:
    """Where an exercise notebook differs from the freshly built one.

    strict  True: in anything at all, as it must be in the repository. False: outside answers, trials,
            outputs and cells of the learner's own, so that filled-in exercises agree.
    """
    if strict:
        if fresh == exercise:
            return []
        pairs = zip(fresh.cells, exercise.cells, strict=False)
        different = [ours.id for ours, theirs in pairs if ours != theirs]
        return different or ["the number of cells, or the notebook's metadata"]
    cells = {cell.get("id"): cell for cell in exercise.cells}
    return [cell.id for cell in fresh.cells if not _agrees(cell, cells.get(cell.id))]


def _agrees(cell: NotebookNode, there: NotebookNode | None) -> bool:
    part = books.part_of(cell)
    free = part is not None and part[1] in ("answer", "try")
    if there is None or there.metadata.get("nbgrader") != cell.metadata.get("nbgrader"):
        return False
    return free or there.source == cell.source
