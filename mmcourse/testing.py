"""The one place that says how the course is tested, for `mmcourse test`, `make test` and CI alike."""

import os
import subprocess
import sys
from pathlib import Path

from mmcourse.kernels import unattended
from mmcourse.lab import course_folder

EVERYTHING = ("notebooks", "solutions", "tests")
CELL_SECONDS = 300


def command(folder: Path, extra: list[str], workers: int) -> list[str]:
    """pytest's command line: unit tests and the cells of notebooks in one run, with one closing line.

    extra    more arguments; paths among them replace the whole set
    workers  processes; all cells of a notebook, and all tests of a file, stay on one of them
    """
    chosen = any(not word.startswith("-") and Path(word.split("::")[0]).exists() for word in extra)
    paths = [] if chosen else [name for name in EVERYTHING if (folder / name).is_dir()]
    return [
        *(sys.executable, "-m", "pytest"),
        # In this order, since what lasts longest (lessons, the browser) must not be left for the end.
        *("-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"),
        *("--nbval", "--nbval-current-env", "--nbval-cell-timeout", str(CELL_SECONDS)),
        *("--ignore-glob", "notebooks/*/*.ipynb"),  # lessons on other data, which not everybody has
        *("--nbval-sanitize-with", "tests/nbval_sanitize.cfg"),
        *paths,
        *extra,
    ]


def run(extra: list[str]) -> int:
    """Test the course and return pytest's exit code."""
    folder = course_folder()
    cores = os.cpu_count() or 1
    workers = min(cores, 4)  # each may take 2 GiB
    with unattended() as environment:
        environment["OMP_NUM_THREADS"] = str(max(1, cores // workers))
        return subprocess.run(command(folder, extra, workers), cwd=folder, env=environment).returncode
