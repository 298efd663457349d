"""The exercise notebooks as files: find, read and write them safely, find the cells of an exercise."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcourse.checks.files import write_text
from mmcourse.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARTS = ("task", "answer", "try", "check")
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


def load(path: Path) -> dict[str, Any]:
    """Read a notebook as plain dicts and lists, each cell's source as one string; quick, loads no nbformat.

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
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            cell.setdefault("metadata", {})
        sound = notebook["nbformat"] == 4 and all(
            cell["cell_type"] in ("code", "markdown", "raw") for cell in notebook["cells"]
        )
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise CourseError(f"{where} {_what_broke(text, error)} {way_back}") from None
    if not sound:
        raise CourseError(f"{where} is not a notebook of format 4. {way_back}")
    return notebook


def read(path: Path) -> NotebookNode:
    """Read a notebook in order to run or change it.

    Raises  CourseError, as `load`
    """
    from nbformat import from_dict
    from nbformat.v4.rwbase import rejoin_lines

    return rejoin_lines(from_dict(load(path)))


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
    from nbformat.v4 import writes_json

    write_text(writes_json(notebook, ensure_ascii=False).rstrip("\n") + "\n", path)


def copy(notebook: NotebookNode) -> NotebookNode:
    """A copy that shares nothing with `notebook`."""
    from nbformat import from_dict

    return from_dict(json.loads(json.dumps(notebook)))


def part_of(cell: Mapping[str, Any]) -> tuple[str, str] | None:
    """('01.2', 'answer') for a cell of an exercise, else None.

    By its id; by nbgrader's grade id where a program gave the cell a new id.
    """
    for name in (cell.get("id", ""), cell["metadata"].get("nbgrader", {}).get("grade_id", "")):
        match = _CELL.fullmatch(str(name))
        if match:
            return f"{match[1]}.{match[2]}", match[3]
    return None


def cell_of(notebook: Mapping[str, Any], exercise: str, part: str) -> Any:
    """The cell of an exercise: its 'task', 'answer', 'try' or 'check'; None if it was deleted."""
    return next((cell for cell in notebook["cells"] if part_of(cell) == (exercise, part)), None)


def exercise_ids(notebook: Mapping[str, Any]) -> list[str]:
    """The exercises whose cells are in a notebook, in order."""
    parts = (part_of(cell) for cell in notebook["cells"])
    return list(dict.fromkeys(part[0] for part in parts if part))
