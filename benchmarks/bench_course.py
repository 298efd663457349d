"""How long a learner waits: `python benchmarks/bench_course.py`.

Starting the package and the commands that need no torch, and running each lesson in a fresh kernel.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from harness import store, timed

from mmcourse import notebooks
from mmcourse.lab import course_folder

TIMED_IMPORT = "import time; start = time.perf_counter(); import mmcourse; print(time.perf_counter() - start)"
TURNS = 5
LIMITS = {"07": "120"}  # seconds of a lesson that compares many trainings; 60 for the others


def import_seconds() -> float:
    """Median time of `import mmcourse` in a fresh process, Python's own start left out."""
    command = [sys.executable, "-c", TIMED_IMPORT]
    return statistics.median(float(subprocess.check_output(command, text=True)) for _ in range(TURNS))


def command_seconds(words: Sequence[str]) -> float:
    """Median time of a whole command, from typing it to the next prompt."""
    command = [sys.executable, "-m", "mmcourse", *words]
    return statistics.median(
        timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) for _ in range(TURNS)
    )


def run_lesson(path: Path, answers) -> None:
    """Run a lesson; send its seconds and the highest resident size of its kernel, in bytes."""
    import resource  # not on Windows

    seconds = timed(lambda: notebooks.run(path))
    unit = 1 if sys.platform == "darwin" else 1024
    answers.put((seconds, unit * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))


def lesson_cost(path: Path) -> tuple[float, int]:
    """The same from a process of its own: only then is the largest of its children this lesson's kernel."""
    context = get_context("spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=run_lesson, args=(path, answers))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"{path.name} did not run to its end.")
    return answers.get()


def row(what: str, seconds: float, most: str, memory: str = "–", most_memory: str = "–") -> dict[str, str]:
    return {
        "what": what,
        "seconds": f"{seconds:.2f}",
        "at most (s)": most,
        "memory (GB)": memory,
        "at most (GB)": most_memory,
    }


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "2"  # the machine that the limits are stated for has two cores
    rows = [
        row("import mmcourse", import_seconds(), "0.3"),
        row("mmcourse progress", command_seconds(["progress"]), "–"),
        row("mmcourse --help", command_seconds(["--help"]), "–"),
    ]
    for path in notebooks.find(course_folder(), ["notebooks"]):
        seconds, memory = lesson_cost(path)
        limit = LIMITS.get(path.stem[:2], "60")
        rows.append(row(f"lesson {path.stem}", seconds, limit, f"{memory / 1e9:.2f}", "2"))
    store("course", rows, "Lessons: from starting the kernel to the last cell, its highest resident memory.")


if __name__ == "__main__":
    main()
