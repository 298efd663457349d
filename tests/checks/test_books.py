"""Exercise notebooks as files: built, compared, reset, and read when they are broken."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mmcourse.checks import books, build
from mmcourse.checks.reset import reset_exercise, reset_lesson, solution
from mmcourse.errors import CourseError


@pytest.fixture
def path(course):
    return course / "exercises" / "09_toys.ipynb"


def fill_in(path, exercise, source):
    notebook = books.read(path)
    books.cell_of(notebook, exercise, "answer").source = source
    books.write(notebook, path)


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


def test_building_over_work_keeps_a_copy(course, path):
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


def test_a_filled_in_exercise_agrees_outside_the_answers(path):
    fresh = books.read(path)
    fill_in(path, "09.1", "def double(signal):\n    return signal * 2")
    work = books.read(path)
    work.cells.insert(3, nbformat.v4.new_code_cell("my_own = 1"))
    books.cell_of(work, "09.1", "try").source = "double(3)"
    books.cell_of(work, "09.1", "check").outputs = [nbformat.v4.new_output("stream", text="x")]
    assert build.disagreements(fresh, work, strict=False) == []
    assert build.disagreements(fresh, work, strict=True)


@pytest.mark.parametrize("part", ["task", "check"])
def test_a_change_outside_the_answers_is_found(path, part):
    fresh, work = books.read(path), books.read(path)
    books.cell_of(work, "09.1", part).source += " changed"
    assert build.disagreements(fresh, work, strict=False) == [f"ex-09-1-{part}"]
    books.cell_of(work, "09.2", part).metadata["nbgrader"] = {"points": 100}
    assert build.disagreements(fresh, work, strict=False)[-1] == f"ex-09-2-{part}"


def test_strict_finds_a_filled_in_answer_and_a_lost_cell(path):
    fresh, work = books.read(path), books.read(path)
    assert build.disagreements(fresh, work, strict=True) == []
    books.cell_of(work, "09.2", "answer").source += "\n    return 1"
    assert build.disagreements(fresh, work, strict=True) == ["ex-09-2-answer"]
    del work.cells[-1]
    assert build.disagreements(fresh, work, strict=False) == ["ex-09-2-check"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b'{"cells": [', "is broken (line 1)"),
        (b'{\n"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n]}', "merge conflict of git in line 3"),
        (b"[1, 2]", "is broken"),
        (b"\xff\xfe\x00", "is not text"),
        (b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "cells": []}', "format 4"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is broken"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}', "is broken"),
    ],
)
def test_a_broken_notebook_gets_a_sentence_and_a_way_back(course, path, content, words):
    path.write_bytes(content)
    with pytest.raises(CourseError, match=re.escape(words)) as caught:
        books.read(path)
    assert "mmcourse reset 09" in str(caught.value)
    assert str(course) not in str(caught.value)
    restored = reset_lesson(course, "09")
    assert restored.backup.read_bytes() == content
    assert "raise NotImplementedError" in path.read_text()


def test_a_missing_notebook_gets_a_sentence_and_is_restored(course, path):
    path.unlink()
    with pytest.raises(CourseError, match=r"not there. `mmcourse reset 09` writes a fresh one"):
        books.read(path)
    restored = reset_lesson(course, "09")
    assert restored.backup is None
    assert path.exists()


def test_resetting_one_exercise_keeps_the_others_and_a_copy(course, path, toy):
    fill_in(path, "09.1", "def double(signal):\n    return 'mine'")
    fill_in(path, "09.2", "def label_share(labels):\n    return 'mine too'")
    before = path.read_bytes()
    restored = reset_exercise(course, toy.double)
    after = books.read(path)
    assert "raise NotImplementedError" in books.cell_of(after, "09.1", "answer").source
    assert "mine too" in books.cell_of(after, "09.2", "answer").source
    assert restored.backup.read_bytes() == before


def test_resetting_brings_back_deleted_cells_in_their_place(course, path, toy):
    fresh = books.read(path)
    notebook = books.read(path)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in ("ex-09-1-answer", "ex-09-1-check")]
    books.write(notebook, path)
    reset_exercise(course, toy.double)
    assert [cell.id for cell in books.read(path).cells] == [cell.id for cell in fresh.cells]


def test_two_resets_in_a_second_keep_two_copies(course, path):
    copies = {reset_lesson(course, "09").backup for _ in range(3)}
    assert len(copies) == 3


def test_the_solution_is_shown_without_markers(course, toy):
    assert solution(course, toy.double) == "def double(signal):\n    return 2 * signal"


def test_cells_are_found_by_grade_id_when_their_ids_are_new(path):
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 4
    path.write_text(json.dumps(notebook))
    assert books.cell_of(books.read(path), "09.2", "check").source == "check.label_share(label_share)"


def test_a_broken_off_write_leaves_the_old_file(path, monkeypatch):
    before, notebook = path.read_bytes(), books.read(path)
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        books.write(notebook, path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["09_toys.ipynb"]


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        (["progress"], {"torch", "nbformat", "nbgrader", "numpy"}),
        (["hint", "00.1"], {"torch", "nbformat", "nbgrader", "numpy"}),
        (["reset", "00"], {"torch"}),
        (["reset", "01.3"], {"torch"}),
    ],
)
def test_quick_commands_load_nothing_heavy(tmp_path, command, spared):
    """On a copy of the real course, in a process of its own."""
    code = f"""
import atexit, pathlib, sys
from mmcourse import cli, lab
lab.course_folder = lambda: pathlib.Path({str(tmp_path)!r})
atexit.register(lambda: print("loaded:", sorted({spared!r} & set(sys.modules))))
sys.argv[1:] = {command!r}
cli.main()
"""
    root = Path(__file__).resolve().parents[2]
    for kind in ("solutions", "exercises"):
        shutil.copytree(root / kind, tmp_path / kind)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "loaded: []"
