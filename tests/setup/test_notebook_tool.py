"""`mmcourse notebooks` stores what readers should see, whole or not at all."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mmcourse import notebooks
from mmcourse.errors import CourseError

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def book(*cells) -> nbformat.NotebookNode:
    return new_notebook(cells=list(cells), metadata=nbformat.from_dict(KERNEL))


def ran(source: str, *outputs, tags=(), **more):
    cell = new_code_cell(source, execution_count=1, outputs=list(outputs), **more)
    cell.metadata["tags"] = list(tags)
    return cell


def faults(*cells, size: int = 1000) -> list[str]:
    return list(notebooks.faults(book(*cells), size))


HOME = "/".join(["", "home", "anna", "course"])  # in pieces, since no file may hold such a path
STDERR = new_output("stream", name="stderr", text="UserWarning: old\n")
ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
FAULTY = {
    "stderr": (ran("f()", STDERR), "wrote to stderr: UserWarning: old"),
    "error": (ran("f()", ERROR), "ended with ValueError: no"),
    "path in a stream": (ran("f()", new_output("stream", text=f"{HOME}/a.wav")), "output names a path"),
    "path in a table": (
        ran("f()", new_output("display_data", {"text/html": f"<td>{HOME}</td>"})),
        "output names a path",
    ),
    "path in the source": (ran(f"open('{HOME}/a')"), "source names a path"),
    "path in the text": (new_markdown_cell(f"Look in {HOME}."), "source names a path"),
    "drive of Windows": (ran("f()", new_output("stream", text="C:\\Users\\anna")), "output names a path"),
    "never run": (new_code_cell("f()"), "never run"),
    "too long": (ran("\n".join(["x = 1"] * 26)), "26 lines of code; 25 are allowed"),
    "widget": (ran("f()", new_output("display_data", {notebooks.WIDGET: {}})), "stores a widget"),
}


@pytest.mark.parametrize(("cell", "words"), FAULTY.values(), ids=FAULTY)
def test_each_fault_is_found_once_and_named(cell, words):
    (found,) = faults(cell)
    assert words in found
    assert f"Cell {cell.id!r}" in found


def test_large_file_and_wrong_kernel_are_found():
    assert "1,000,001 bytes" in faults(size=1_000_001)[0]
    assert list(notebooks.faults(new_notebook(), 10)) == ["Its kernel is not called python3."]


def test_what_is_fine_has_no_fault():
    audio = '<audio src="data:audio/wav;base64,ab/home/cd/tmp/ef==">'
    fine = [
        new_markdown_cell("See https://example.org/home/page and and/or."),
        ran("\n".join(["x = 1"] * 25), new_output("stream", text="1/2 of 3\n")),
        ran("f()", ERROR, tags=["raises-exception"]),
        ran("f()", new_output("display_data", {"text/html": audio, "image/png": "ab/home/cd"})),
        new_code_cell(""),
    ]
    assert faults(*fine) == []


def test_run_is_clean_of_times_widgets_and_versions(tmp_path):
    cells = [
        new_code_cell("import ipywidgets\nx = 3\nprint(x)", id="one"),
        new_code_cell("ipywidgets.interact(lambda n: print(n), n=(0, 5));", id="two"),
    ]
    path = tmp_path / "00_try.ipynb"
    nbformat.write(book(*cells), path)
    done = notebooks.run(path)
    notebooks.store(done, path)
    first = path.read_text()
    assert [cell.execution_count for cell in done.cells] == [1, 2]
    assert done.cells[0].outputs[0].text == "3\n"
    assert done.cells[1].outputs[0].data["text/html"] == notebooks.RUN_ME
    assert not re.search("iopub|widget-state|version", first.replace("nbformat", ""))
    notebooks.store(notebooks.run(path), path)
    assert path.read_text() == first


def test_failing_cell_is_named_and_nothing_is_stored(tmp_path):
    path = tmp_path / "00_try.ipynb"
    nbformat.write(book(new_code_cell("1 / 0", id="boom")), path)
    before = path.read_bytes()
    with pytest.raises(CourseError, match="its cell 'boom' ended with ZeroDivisionError: division by zero"):
        notebooks.run(path)
    assert path.read_bytes() == before


def test_faulty_or_interrupted_store_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "00_try.ipynb"
    path.write_text("old")
    with pytest.raises(CourseError, match="was not stored:\n  Cell 'a': it wrote to stderr"):
        notebooks.store(book(ran("f()", STDERR, id="a")), path)

    def killed(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(notebooks.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        notebooks.store(book(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_names_choose_notebooks(tmp_path):
    for name in ("notebooks/00_start.ipynb", "notebooks/01_data.ipynb", "solutions/01_data.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    def found(*names: str) -> list[str]:
        return [str(path.relative_to(tmp_path).as_posix()) for path in notebooks.find(tmp_path, names)]

    assert found() == ["notebooks/00_start.ipynb", "notebooks/01_data.ipynb", "solutions/01_data.ipynb"]
    assert found("01") == ["notebooks/01_data.ipynb", "solutions/01_data.ipynb"]
    assert found("solutions", "01") == ["solutions/01_data.ipynb", "notebooks/01_data.ipynb"]
    assert found(str(Path("notebooks/01_data.ipynb"))) == ["notebooks/01_data.ipynb"]
    with pytest.raises(CourseError, match=r"called '07'. There are: 00_start, 01_data"):
        found("07")
