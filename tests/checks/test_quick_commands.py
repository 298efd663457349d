"""Commands that only read and write notebooks load nothing heavy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


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
