"""Exercise notebooks are brought back: broken, missing, or one exercise of many."""

import re

import pytest

from mmcourse.checks import books
from mmcourse.checks.reset import reset_exercise, reset_lesson, solution
from mmcourse.errors import CourseError


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


def test_resetting_one_exercise_keeps_the_others_and_a_copy(course, path, toy, fill_in):
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
