"""Exercise notebooks are built from solutions: answers out, stubs in, work kept."""

import re
import sys

import nbformat
import pytest

from mmcourse.checks import books, build
from mmcourse.errors import CourseError


def test_the_answer_is_gone_and_the_stub_says_what_to_do(path):
    cell = books.cell_of(books.read(path), "09.1", "answer")
    stub = 'raise NotImplementedError("09.1: return the signal, twice as strong")'
    assert cell.source == f"def double(signal):\n    {stub}"


def test_nothing_of_the_answers_is_left_anywhere(solution, toy):
    says = {exercise.id: exercise.sentence for exercise in (toy.double, toy.label_share)}
    for cell in solution.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="labels.count(one)")]
            cell.execution_count = 3
        cell.metadata["answer"] = "labels.count(one)"
    text = nbformat.writes(build.without_answers(solution, says))
    assert "labels.count(one)" not in text
    assert "BEGIN SOLUTION" not in text
    assert '"execution_count": 3' not in text
    assert "labels.count(one)" in nbformat.writes(solution)  # the solution itself is untouched


def test_a_built_notebook_is_valid_and_locked_where_it_must_be(path):
    notebook = books.read(path)
    nbformat.validate(notebook)
    assert books.cell_of(notebook, "09.1", "check").metadata.editable is False
    assert books.cell_of(notebook, "09.1", "answer").metadata.deletable is False
    assert "editable" not in books.cell_of(notebook, "09.1", "answer").metadata


def test_building_again_changes_nothing(course, path):
    before = path.read_bytes()
    (built,) = build.build(course)
    assert not built.changed
    assert path.read_bytes() == before
    assert not (course / "exercises" / ".backup").exists()


def test_building_over_work_keeps_a_copy(course, path, fill_in):
    fill_in(path, "09.1", "def double(signal):\n    return signal * 2  # mine")
    work = path.read_bytes()
    (built,) = build.build(course)
    assert built.changed
    assert built.backup.read_bytes() == work
    assert "mine" not in path.read_text()


def test_building_over_a_broken_notebook_keeps_a_copy(course, path):
    path.write_text("{ broken")
    (built,) = build.build(course)
    assert built.backup.read_text() == "{ broken"


def test_building_a_changed_solution_over_a_blank_exercise_makes_no_copy(course, path):
    source = course / "solutions" / "09_toys.ipynb"
    notebook = books.read(source)
    notebook.cells[0].source = "# Other toys"
    books.write(notebook, source)
    (built,) = build.build(course)
    assert built.changed
    assert built.backup is None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda nb: nb.cells.pop(4), "09.1 has no cell “try”"),
        (lambda nb: nb.cells[3].metadata.clear(), "09.1: the “answer” cell's nbgrader grade_id is None"),
        (lambda nb: nb.cells[3].metadata.nbgrader.update(grade=True), "solution and not grade"),
        (lambda nb: nb.cells[5].metadata.nbgrader.update(points=0), "with points"),
        (lambda nb: nb.cells[3].update(source="def double(signal): ..."), "09.1: the answer is not marked"),
        (lambda nb: nb.cells[4].update(source="### BEGIN SOLUTION\n### END SOLUTION"), "holds an answer"),
        (lambda nb: [cell.update(id=cell.id.replace("09-1", "09-7")) for cell in nb.cells], "declared in no"),
        (lambda nb: nb.cells.append(nb.cells[3]), "09.1 has two cells “answer”"),
    ],
)
def test_a_solution_out_of_order_is_refused(course, path, spoil, words):
    source = course / "solutions" / "09_toys.ipynb"
    notebook = books.read(source)
    spoil(notebook)
    books.write(notebook, source)
    before = path.read_bytes()
    with pytest.raises(CourseError, match=re.escape(words)):
        build.build(course)
    assert path.read_bytes() == before


def test_without_nbgrader_there_is_a_sentence(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    with pytest.raises(CourseError, match="needs nbgrader"):
        build.build(course)
