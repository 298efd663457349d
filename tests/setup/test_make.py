"""The Makefile installs when the pins changed and only then; a stand-in for Python notes what it is asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine")

STAND_IN = """#!/bin/sh
echo "$@" >> calls
case "$*" in *install*) exit $(cat pip_ends_with 2>/dev/null || echo 0);; esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile, the pins, and a `.venv` whose Python only takes notes."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN)
    python.chmod(0o755)
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *words], cwd=folder, env=clean, capture_output=True, text=True, timeout=60)


def calls(folder: Path) -> list[str]:
    """What the stand-in was asked since the last call of this function."""
    notes = folder / "calls"
    lines = notes.read_text().splitlines() if notes.exists() else []
    notes.unlink(missing_ok=True)
    return lines


INSTALL = "-m pip install --disable-pip-version-check -e .[dev] -c constraints.txt"


def test_second_time_touches_neither_pip_nor_the_network(clone):
    assert make(clone, "setup").returncode == 0
    assert INSTALL in calls(clone)
    assert make(clone, "setup").returncode == 0
    assert calls(clone) == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_are_installed(clone, name):
    make(clone, "setup")
    calls(clone)
    with (clone / name).open("a") as file:
        file.write("# one more line\n")
    make(clone, "setup")
    assert INSTALL in calls(clone)


def test_moved_folder_is_installed_again(clone, tmp_path_factory):
    make(clone, "setup")
    moved = tmp_path_factory.mktemp("moved") / "clone"
    shutil.copytree(clone, moved)
    calls(moved)
    make(moved, "setup")
    assert INSTALL in calls(moved)


def test_broken_off_install_is_tried_again(clone):
    (clone / "pip_ends_with").write_text("1")
    assert make(clone, "lab").returncode != 0
    assert not any("mmcourse" in call for call in calls(clone))  # nothing starts on half a set
    (clone / "pip_ends_with").write_text("0")
    assert make(clone, "setup").returncode == 0
    assert INSTALL in calls(clone)


def test_lab_and_test_set_up_build_the_data_and_pass_arguments_on(clone):
    make(clone, "setup")
    calls(clone)
    make(clone, "lab", "ARGS=--no-browser")
    assert calls(clone) == ["-m mmcourse lab --no-browser"]  # which builds the data itself
    make(clone, "test", "ARGS=-k mel")
    assert calls(clone) == ["-m mmcourse data build digits", "-m mmcourse test -k mel"]


def test_no_python_is_said_in_words(clone):
    shutil.rmtree(clone / ".venv")
    failed = make(clone, "lab", "PYTHON=no-such-python")
    assert failed.returncode != 0
    assert "No Python 3.11 or newer with venv among: no-such-python." in failed.stdout
    assert "make PYTHON=" in failed.stdout


def test_help_is_the_default_and_names_every_target(clone):
    shown = make(clone).stdout
    assert shown == make(clone, "help").stdout
    for target in ("help", "lab", "test", "lint", "notebooks", "bench", "clean"):
        assert f"\n  {target} " in shown
