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
    notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert list(notebooks.faults(notebook, len(text.encode()))) == []


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_cell_ids_are_readable_and_each_occurs_once(path):
    stored = json.loads(path.read_text(encoding="utf-8"))  # nbformat would mend repeated ids in silence
    ids = [cell["id"] for cell in stored["cells"]]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if re.fullmatch("[0-9a-f]{8}", name)] == []
