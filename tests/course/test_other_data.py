"""Lessons with a switch for their data: the switch is turned in a copy, and the copy runs on human speech."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mmcourse import notebooks, other_data
from mmcourse.errors import CourseError

ROOT = Path(__file__).parents[2]
LESSONS = [path for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")) if other_data.has_switch(path)]
COPIES = sorted((ROOT / "notebooks").glob("*/[0-9]*.ipynb"))
FEW = 200  # pairs of each part: no lesson shall need a minute
IMPORTS = "from mmcourse.claims import claim, measured_on"
LINES = 'DATASET = "digits"  # or "mnist-fsdd"\nEXAMPLES = None\nmeasured_on(DATASET, EXAMPLES)'


def lesson(*sources: str) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def test_the_switch_is_turned_and_nothing_else():
    book = lesson(IMPORTS, LINES, 'old = f("digits", DATASET)')
    copy = other_data.turned(book, "07_fusion.ipynb", "mnist-fsdd", 300)
    about, first, switch, last = (cell.source for cell in copy.cells)
    assert about.startswith(
        "> **[07_fusion.ipynb](../07_fusion.ipynb) on `mnist-fsdd`**, with at most 300 pairs"
    )
    assert (first, last) == (IMPORTS, 'old = f("digits", DATASET)')
    assert (
        switch == 'DATASET = "mnist-fsdd"  # or "mnist-fsdd"\nEXAMPLES = 300\nmeasured_on(DATASET, EXAMPLES)'
    )


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (["x = 1"], '0 lines `DATASET = "digits"`'),
        (['DATASET = "digits"'], "0 lines `EXAMPLES = None`"),
        ([LINES, LINES], '2 lines `DATASET = "digits"`'),
        (['if True:\n    DATASET = "digits"\nEXAMPLES = None'], '0 lines `DATASET = "digits"`'),
    ],
)
def test_a_lesson_without_its_switch_is_named(sources, words):
    with pytest.raises(CourseError, match=f"07.ipynb has {words}.* has one"):
        other_data.turned(lesson(*sources), "07.ipynb", "mnist-fsdd", None)


def test_links_of_the_text_are_mended():
    text = (
        "[a](01_data.ipynb) ![b](images/b.png) [c](https://c.org) [d](#d) [e](../exercises/07.ipynb) `](x)`"
    )
    book = lesson(LINES)
    book.cells.append(new_markdown_cell(text))
    other_data.turned(book, "07.ipynb", "mnist-fsdd", None)
    assert re.findall(r"\]\((.*?)\)", book.cells[-1].source)[:5] == [
        "../01_data.ipynb",
        "../images/b.png",
        "https://c.org",
        "#d",
        "../../exercises/07.ipynb",
    ]


def test_a_copy_runs_and_is_stored_beside_the_lesson_which_stays(tmp_path, monkeypatch, capsys):
    (tmp_path / "notebooks").mkdir()
    source = tmp_path / "notebooks" / "07_fusion.ipynb"
    nbformat.write(lesson(IMPORTS, LINES, 'claim("all is well", EXAMPLES is None)'), source)
    nbformat.write(lesson("x = 1"), tmp_path / "notebooks" / "00_start.ipynb")
    before = source.read_bytes()
    monkeypatch.setattr(other_data, "course_folder", lambda: tmp_path)
    other_data.renew([], "mnist-fsdd", 50)
    assert capsys.readouterr().out == "✓ notebooks/mnist-fsdd/07_fusion.ipynb\n"
    assert source.read_bytes() == before
    stored = nbformat.read(tmp_path / "notebooks" / "mnist-fsdd" / source.name, as_version=4)
    said = stored.cells[-1].outputs[0].text
    assert said == "✗ does not hold on mnist-fsdd with at most 50 examples: all is well\n"
    assert len(notebooks.find(tmp_path)) == 2, "the copy is taken for a lesson"


def test_an_unknown_data_set_is_refused_before_anything_runs():
    with pytest.raises(CourseError, match=r"There is no data set 'mnist'.*mnist-fsdd"):
        other_data.renew([], "mnist")


@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_stored_copy_has_no_fault_and_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    copy = nbformat.reads(text, as_version=4)
    assert list(notebooks.faults(copy, len(text.encode()))) == []
    assert f"on `{path.parent.name}`" in copy.cells[0].source


@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_stored_copy_is_that_of_the_lesson_as_it_is_now(path):
    """Where this fails: `mmcourse notebooks --data DATASET LESSON` makes the copy anew."""
    lesson = nbformat.read(ROOT / "notebooks" / path.name, as_version=4)
    now = other_data.turned(lesson, path.name, path.parent.name, other_data.EXAMPLES)
    stored = nbformat.read(path, as_version=4)
    assert [cell.source for cell in stored.cells] == [cell.source for cell in now.cells]


def test_each_lesson_with_a_switch_has_its_copy():
    assert {path.name for path in COPIES if path.parent.name == "mnist-fsdd"} == {p.name for p in LESSONS}


@pytest.mark.real_data
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_lesson_runs_on_human_speech(path, tmp_path):
    copy = other_data.turned(nbformat.read(path, as_version=4), path.name, "mnist-fsdd", FEW)
    done = notebooks.run(tmp_path / path.name, copy)
    printed = "".join(o.get("text", "") for cell in done.cells for o in cell.get("outputs", []))
    assert "The text was written for all of digits." in printed
