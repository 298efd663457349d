"""The exercise notebooks as files: find, read and write them safely, find the cells of an exercise."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mmcourse.errors import CourseError

PARTS = ("task", "answer", "try", "check")
BACKUPS = ".backup"
_CELL = re.compile(r"ex-(\d\d)-(\d+)-(task|answer|try|check)")
_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)


def book(folder: Path, lesson: str, kind: str = "exercises") -> Path:
    """The exercise (or solution) notebook of `lesson`, '01'; `folder` is the course's.

    A lesson whose exercise file is gone gets the path that it will have again.
    Raises  CourseError where neither exercises nor solution are there
    """
    for place in (kind, "solutions", "exercises"):
        found = sorted((folder / place).glob(f"{lesson}_*.ipynb"))
        if found:
            return folder / kind / found[0].name
    raise CourseError(
        f"Lesson {lesson} has no notebook in {kind}/. Is this the whole course? Clone it again."
    )


def read(path: Path) -> NotebookNode:
    """Read a notebook.

    Raises  CourseError with the reason and the way back: missing, empty, cut off, merge conflict, no notebook
    """
    where = f"{path.parent.name}/{path.name}"
    way_back = f"`mmcourse reset {path.name[:2]}` keeps a copy of it and writes a fresh one."
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        fresh = f"`mmcourse reset {path.name[:2]}` writes a fresh one."
        raise CourseError(f"{where} is not there. {fresh}") from None
    except UnicodeDecodeError:
        raise CourseError(f"{where} is not a notebook any more: it is not text. {way_back}") from None
    except OSError as error:
        raise CourseError(f"{where} cannot be read: {error.strerror}. Are its permissions right?") from None
    try:
        notebook = nbformat.v4.reads_json(text)
        sound = notebook.nbformat == 4 and all(_is_cell(cell) for cell in notebook.cells)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise CourseError(f"{where} {_what_broke(text, error)} {way_back}") from None
    if not sound:
        raise CourseError(f"{where} is not a notebook of format 4. {way_back}")
    return notebook


def _is_cell(cell: NotebookNode) -> bool:
    return isinstance(cell.source, str) and cell.cell_type in ("code", "markdown", "raw")


def _what_broke(text: str, error: Exception) -> str:
    if not text.strip():
        return "is empty."
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text[: conflict.start()].count("\n") + 1
        return f"holds a merge conflict of git in line {line} ({conflict[1]}): settle it there, or:"
    return f"is broken (line {getattr(error, 'lineno', 1)}): it was cut off or edited by hand."


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in one step: a reader sees the old file or the new one, never half of it."""
    write_text(nbformat.v4.writes_json(notebook, ensure_ascii=False).rstrip("\n") + "\n", path)


def write_text(text: str, path: Path) -> None:
    """Write a text file in one step, with the rights that the file had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(unfinished, mode)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def copy(notebook: NotebookNode) -> NotebookNode:
    """A copy that shares nothing with `notebook`."""
    return nbformat.from_dict(json.loads(json.dumps(notebook)))


def back_up(path: Path) -> Path:
    """Copy a notebook, whatever state it is in, beside its folder's others under a time stamp."""
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    copy = folder / f"{path.stem}_{stamp}.ipynb"
    for number in range(2, 1000):
        if not copy.exists():
            break
        copy = folder / f"{path.stem}_{stamp}_{number}.ipynb"
    shutil.copy2(path, copy)
    return copy


def part_of(cell: NotebookNode) -> tuple[str, str] | None:
    """('01.2', 'answer') for a cell of an exercise, else None.

    By its id; by nbgrader's grade id where a program gave the cell a new id.
    """
    for name in (cell.get("id", ""), cell.metadata.get("nbgrader", {}).get("grade_id", "")):
        match = _CELL.fullmatch(str(name))
        if match:
            return f"{match[1]}.{match[2]}", match[3]
    return None


def cell_of(notebook: NotebookNode, exercise: str, part: str) -> NotebookNode | None:
    """The cell of an exercise: its 'task', 'answer', 'try' or 'check'; None if it was deleted."""
    return next((cell for cell in notebook.cells if part_of(cell) == (exercise, part)), None)


def exercise_ids(notebook: NotebookNode) -> list[str]:
    """The exercises whose cells are in a notebook, in order."""
    parts = (part_of(cell) for cell in notebook.cells)
    return list(dict.fromkeys(part[0] for part in parts if part))
