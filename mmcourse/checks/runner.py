"""`mmcourse check`: run a learner's notebook in a fresh kernel and read what its check cells say."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from mmcourse.checks import books, fingerprint
from mmcourse.checks.exercise import Exercise
from mmcourse.checks.progress import stored_result
from mmcourse.checks.result import Result
from mmcourse.kernels import unattended

CELL_SECONDS = 60
_GRACE = 5.0  # seconds a cell has to obey an interrupt before its kernel is ended
_GRADING = ("MMCOURSE_STRICT", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING")


@dataclass(frozen=True)
class Verdict:
    """What a check said about one exercise: its status, its text, and the outputs to store."""

    exercise: Exercise
    status: str
    text: str
    outputs: list[Any]


class _KernelLost(Exception):
    """The kernel died, or did not obey an interrupt and was ended, while `cell` ran."""

    def __init__(self, cell: NotebookNode, reason: str):
        self.cell, self.reason = cell, reason


def check_book(
    path: Path, asked: list[Exercise], say: Callable[[Verdict], None], seconds: float = CELL_SECONDS
) -> tuple[list[Verdict], bool]:
    """Run the notebook at `path`, hand the verdict on each of the `asked` exercises to `say`, store results.

    Returns the verdicts, and whether they could be stored: not in a notebook that was saved meanwhile.
    An answer that takes the kernel with it costs only itself: the others run again in another kernel.
    Raises  CourseError when the notebook is missing or broken
    """
    before = path.read_bytes() if path.exists() else b""
    notebook = books.read(path)
    verdicts: dict[str, Verdict] = {}

    def found(verdict: Verdict) -> None:
        verdicts[verdict.exercise.id] = verdict
        say(verdict)

    for exercise in asked:
        if books.cell_of(notebook, exercise.id, "check") is None:
            lost = f"Its check cell is gone from {path.name}: mmcourse reset {exercise.id}"
            found(_verdict(exercise, "not attempted", lost, notebook))
    lost_in: set[str] = set()
    while left := [exercise for exercise in asked if exercise.id not in verdicts]:
        try:
            asyncio.run(_run(notebook, path.parent, left, lost_in, found, seconds))
        except _KernelLost as loss:
            part = books.part_of(loss.cell)
            lost_in.update(part[:1] if part else ())
            for exercise in left:  # a cell of the learner's own, outside exercises, stops them all
                if exercise.id not in verdicts and (part is None or part[0] == exercise.id):
                    found(_lost(exercise, loss, notebook))
    stored = _store(path, before, verdicts)
    return [verdicts[exercise.id] for exercise in asked], stored


_HANGS = "does not come to an end, and did not let itself be interrupted"
_DIES = "ended the kernel: it calls exit, or takes all the memory"


async def _run(
    notebook: NotebookNode,
    folder: Path,
    asked: list[Exercise],
    skipped: set[str],
    found: Callable[[Verdict], None],
    seconds: float,
) -> None:
    """Run all cells but the checks of other exercises and those of `skipped` ones, in a kernel of its own."""
    wanted = {exercise.id: exercise for exercise in asked}
    client = _client(notebook, folder, seconds)
    with unattended() as environment:
        environment = {key: value for key, value in environment.items() if key not in _GRADING}
        async with client.async_setup_kernel(env=environment):
            try:
                for index, cell in enumerate(client.nb.cells):
                    part = books.part_of(cell)
                    if part and (part[0] in skipped or (part[1] == "check" and part[0] not in wanted)):
                        continue
                    await _execute(client, cell, index, seconds)
                    if part and part[1] == "check":
                        found(_read(wanted[part[0]], client.nb, cell))
                        del wanted[part[0]]
                    if not wanted:
                        return
            except _KernelLost:
                await client.km.shutdown_kernel(now=True)
                raise


def _client(notebook: NotebookNode, folder: Path, seconds: float) -> Any:
    from nbclient import NotebookClient

    copy = books.copy(notebook)
    log = logging.getLogger("mmcourse.check")  # nbclient reports every time-out as an error of its own
    log.setLevel(logging.CRITICAL)
    return NotebookClient(
        copy,
        timeout=max(1, round(seconds)),
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        log=log,
    )


async def _execute(client: Any, cell: NotebookNode, index: int, seconds: float) -> None:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        await asyncio.wait_for(client.async_execute_cell(cell, index), seconds + _GRACE)
    except (TimeoutError, CellTimeoutError, DeadKernelError):
        # nbclient calls a kernel dead, too, when waiting for it was given up
        alive = await client.km.is_alive()
        raise _KernelLost(cell, _HANGS if alive else _DIES) from None


def _read(exercise: Exercise, notebook: NotebookNode, check: NotebookNode) -> Verdict:
    stored = stored_result(check.get("outputs", []))
    if stored is not None:
        text = next(o["data"]["text/plain"] for o in check.outputs if "text/plain" in o.get("data", {}))
        return Verdict(exercise, stored["status"], text, list(check.outputs))
    answer = books.cell_of(notebook, exercise.id, "answer")
    for where, cell in (("answer", answer), ("check", check)):
        errors = [output for output in (cell or {}).get("outputs", []) if output.output_type == "error"]
        if errors:
            return _verdict(exercise, *_reason(exercise, where, errors[0], answer), notebook)
    restores = f"mmcourse reset {exercise.id} restores it"
    return _verdict(exercise, "crashed", f"Its check cell says nothing; {restores}", notebook)


def _reason(
    exercise: Exercise, where: str, error: NotebookNode, answer: NotebookNode | None
) -> tuple[str, str]:
    """Status and sentence for an error that ended the answer or the check cell."""
    if error.ename == "KeyboardInterrupt":  # nbclient's, when the cell's time was over
        return "too slow", f"Its {where} cell does not come to an end"
    missing = re.match(r"name '(\w+)' is not defined", error.evalue)
    if where == "check" and error.ename == "NameError" and missing and missing[1] == exercise.name:
        stub = f"`mmcourse reset {exercise.id}` brings the stub back"
        if answer is None or not answer.source.strip():
            return "not attempted", f"Its answer cell is empty, so nothing defines {exercise.name}; {stub}"
        return "crashed", (
            f"The cell that defines {exercise.name} was not run, or {exercise.name} was renamed: the check "
            f"asks for a function of that name; {stub}"
        )
    return "crashed", f"Its {where} cell ends with {error.ename}: {error.evalue}"


def _verdict(exercise: Exercise, status: str, reason: str, notebook: NotebookNode) -> Verdict:
    """A verdict in place of the one that the check cell could not give, in the same form."""
    answer = books.cell_of(notebook, exercise.id, "answer")
    judged = fingerprint.of_source(answer.source) if answer is not None else ""
    result = Result(exercise.id, exercise.name, status, f"{reason.rstrip('.')}.", answer=judged)
    output = nbformat.v4.new_output("display_data", data=result._repr_mimebundle_())
    return Verdict(exercise, status, result.message, [output])


def _lost(exercise: Exercise, loss: _KernelLost, notebook: NotebookNode) -> Verdict:
    status = "too slow" if loss.reason == _HANGS else "crashed"
    return _verdict(exercise, status, f"The cell {loss.cell.get('id')} {loss.reason}", notebook)


def _store(path: Path, before: bytes, verdicts: dict[str, Verdict]) -> bool:
    """Put the check cells' new outputs into the file, unless it was changed while the notebook ran."""
    if path.read_bytes() != before:
        return False
    notebook = books.read(path)
    for verdict in verdicts.values():
        cell = books.cell_of(notebook, verdict.exercise.id, "check")
        if cell is not None:
            cell.outputs = verdict.outputs
    books.write(notebook, path)
    return True
