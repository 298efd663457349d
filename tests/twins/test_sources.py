"""What a docstring cites of the course is there: a lesson's heading, word for word."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = {int(path.name[:2]): path for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))}
FILES = [
    path for folder in ("scratch", "modules") for path in sorted((ROOT / "mmcourse" / folder).glob("*.py"))
]
CITED = [
    (path.name, int(number), heading)
    for path in FILES
    for number, heading in re.findall(r'lesson (\d+), "([^"]+)"', path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "number", "heading"), sorted(set(CITED)))
def test_a_cited_heading_stands_in_the_lesson(name, number, heading):
    cells = nbformat.read(LESSONS[number], as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert heading in re.findall(r"^#+ (?:\d+ · )?(.+)$", text, re.MULTILINE), f"{name} cites it"


def test_something_is_cited():
    assert len(CITED) > 20
