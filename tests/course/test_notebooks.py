"""The stored lessons and solutions are as a reader should find them."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from mmcourse import notebooks

ROOT = Path(__file__).parents[2]
STORED = notebooks.find(ROOT)


def test_there_are_lessons_and_each_has_its_exercises():
    lessons = {path.name for path in STORED if path.parent.name == "notebooks"}
    solutions = {path.name for path in STORED if path.parent.name == "solutions"}
    assert {"00_start_here.ipynb", "01_data.ipynb"} <= lessons
    assert solutions == lessons


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_stored_notebook_has_no_fault(path):
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.from_dict(json.loads(text))  # nbformat.read would mend repeated cell ids in silence
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert list(notebooks.faults(notebook, len(text.encode()))) == []
    assert [cell.id for cell in notebook.cells if re.fullmatch("[0-9a-f]{8}", cell.id)] == []  # not readable
