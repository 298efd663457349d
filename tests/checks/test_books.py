"""Exercise notebooks as files: compared with fresh ones, found in, written in one step."""

import json

import nbformat
import pytest

from mmcourse.checks import books, build


def test_a_filled_in_exercise_agrees_outside_the_answers(path, fill_in):
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
