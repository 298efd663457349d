"""`mmcourse doctor`: what of this machine is ready for the course, and the next step where something is not.

The checks run in another process: what they look for (a torch build for another CPU, a broken sound library)
can end a process without a word, and the table must come all the same.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from mmcourse.doctor.checks import CHECKS, REINSTALL, Line

__all__ = ["CHECKS", "Line", "look", "report", "table"]

SECONDS = 120  # a first `import torch` from a slow disk takes tens of them
SIGNS = {"ok": "[green]✓ ok[/]", "warning": "[yellow]! warning[/]", "missing": "[red]✗ missing[/]"}


def look(checks: Mapping[str, Callable[[], Line]] = CHECKS, seconds: float = SECONDS) -> dict[str, Line]:
    """Run the checks and return the line of each, also of one that raises, crashes or never ends.

    seconds  how long one check may take
    """
    lines, pool = {}, None
    for name, check in checks.items():
        # spawn: a forked child would inherit locks of threads that it does not have
        pool = pool or ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        lines[name], alive = ask(check, pool, seconds)
        if not alive:
            stop(pool)
            pool = None
    if pool:
        stop(pool)
    return lines


def ask(check: Callable[[], Line], pool: ProcessPoolExecutor, seconds: float) -> tuple[Line, bool]:
    """The answer of one check, and whether the pool can still be used."""
    try:
        return pool.submit(check).result(seconds), True
    except NoAnswer:
        return Line("missing", f"no answer in {seconds:g} s", f"Try again, then: {REINSTALL}"), False
    except BrokenProcessPool:
        return Line("missing", "the check ended Python without a word", REINSTALL), False
    except Exception as error:
        first = str(error).strip().partition("\n")[0]
        return Line("missing", f"{type(error).__name__}: {first}", REINSTALL), True


def stop(pool: ProcessPoolExecutor) -> None:
    """End a pool whose process may be stuck; waiting for it, as `shutdown` alone does, would be stuck too."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def table(lines: Mapping[str, Line]) -> Table:
    """The lines as a table for the terminal."""
    rows = Table(title="Is this machine ready?", title_justify="left", show_lines=False)
    for heading in ("what", "state", "found", "next step"):
        rows.add_column(heading, overflow="fold")
    for name, line in lines.items():
        rows.add_row(name, SIGNS[line.state], line.text, line.next_step)
    return rows


def report() -> int:
    """Print the table and one closing sentence; return 0 if lesson 0 can run, else 1."""
    console = Console(highlight=False)
    with console.status("Looking …"):
        lines = look()
    console.print(table(lines))
    missing = [name for name, line in lines.items() if line.state == "missing"]
    if missing:
        console.print(f"Lesson 0 cannot run yet: see {', '.join(missing)}.")
        return 1
    console.print("Lesson 0 can run: `mmcourse lab`, or `make lab` in the course's folder.")
    return 0
