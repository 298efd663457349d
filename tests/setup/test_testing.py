"""One run tests units and notebooks; a cell that fails or prints something else turns it red."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from mmcourse import testing
from mmcourse.kernels import unattended

ROOT = Path(__file__).parents[2]


def book(path: Path, *cells: tuple[str, str]) -> None:
    """Store a notebook whose cells claim to have printed something."""
    path.parent.mkdir(exist_ok=True)
    stored = [
        new_code_cell(source, execution_count=1, outputs=[new_output("stream", text=text)])
        for source, text in cells
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=stored, metadata={"kernelspec": kernel}), path)


def test_notebooks_and_units_run_together_and_each_fault_is_seen(tmp_path):
    book(
        tmp_path / "notebooks/00_fine.ipynb",
        ("x = 3\nprint('✓ three')", "✓ three\n"),
        ("print(x, object())", "3 <object object at 0x7f00deadbeef>\n"),  # the address is folded
    )
    book(
        tmp_path / "solutions/00_red.ipynb",
        ("print('✓ three')", "✓ four\n"),
        ("raise SystemError", "\n"),
        ("print(1)", "1\n"),
    )
    book(tmp_path / "notebooks/mnist-fsdd/00_elsewhere.ipynb", ("print('✓ three')", "✓ four\n"))  # left out
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests/nbval_sanitize.cfg", tmp_path / "tests")
    (tmp_path / "tests/test_unit.py").write_text("def test_unit():\n    assert True\n")
    with unattended() as environment:
        ran = subprocess.run(
            testing.command(tmp_path, [], workers=2),
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert ran.returncode == 1
    assert re.findall(r"=+ (.*) in .*=+$", ran.stdout, re.M) == ["2 failed, 4 passed"]
    assert "FAILED solutions/00_red.ipynb::Cell 0" in ran.stdout
    assert "FAILED solutions/00_red.ipynb::Cell 1" in ran.stdout
    assert "encryption" not in ran.stderr


def test_paths_replace_the_whole_set_and_options_do_not(tmp_path, monkeypatch):
    (tmp_path / "tests" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    def chosen(*extra: str) -> list[str]:
        words = testing.command(tmp_path, list(extra), workers=1)
        return words[words.index("tests/nbval_sanitize.cfg") + 1 :]

    assert chosen() == ["tests"]  # what is not there is not asked for
    assert chosen("-k", "mel") == ["tests", "-k", "mel"]
    assert chosen("tests/data") == ["tests/data"]
    assert chosen("tests/data::test_x", "-x") == ["tests/data::test_x", "-x"]


def test_exit_code_is_pytest_s(monkeypatch):
    monkeypatch.setattr(testing, "course_folder", lambda: ROOT)
    monkeypatch.setattr(testing, "command", lambda *_: [sys.executable, "-c", "import os; os._exit(5)"])
    assert testing.run([]) == 5


def test_workers_share_the_cores(monkeypatch, tmp_path):
    monkeypatch.setattr(testing, "course_folder", lambda: tmp_path)
    monkeypatch.setattr(testing.os, "cpu_count", lambda: 8)
    show = "import os; raise SystemExit(int(os.environ['OMP_NUM_THREADS']))"
    monkeypatch.setattr(testing, "command", lambda folder, extra, workers: [sys.executable, "-c", show])
    assert testing.run([]) == 2
