"""Results in words: a small input, what was wanted, what came, the likely mistake; at most twelve lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mmcourse.checks.attempt import Attempt, CourseFault
from mmcourse.checks.compare import Fault
from mmcourse.checks.exercise import Exercise
from mmcourse.checks.frames import own_lines
from mmcourse.checks.result import Result
from mmcourse.checks.show import describe, describe_args
from mmcourse.checks.trials import Trial

_STATUS = {"exception": "crashed", "gradient crash": "crashed", "too slow": "too slow", "slow": "too slow"}
_SHOWS_OUTPUT = ("type", "dtype", "device", "rank", "shape", "nan", "values", "keys", "judge", "none")
_failures: Counter[str] = Counter()  # in a row, in this kernel


def correct(exercise: Exercise, count: int, seed: int, answer: str) -> Result:
    """All trials passed."""
    _failures.pop(exercise.id, None)
    lines = (f"Worth noticing: {exercise.noticing}",) if exercise.noticing else ()
    return _result(exercise, "correct", f"Tried on {count} inputs.", lines, seed=seed, answer=answer)


def blank(exercise: Exercise, seed: int, answer: str, has_code: bool) -> Result:
    """The stub is still there, perhaps beside code."""
    task = exercise.sentence.removeprefix(f"{exercise.id}: ")
    lines = (f"To do: {task}", f"A first hint: mmcourse hint {exercise.id}")
    if has_code:
        stub = "There is code in your answer, but the line `raise NotImplementedError(…)` ends it: delete it."
        lines = (stub,)
    return _result(exercise, "not attempted", "", lines, seed=seed, answer=answer)


def misfit(exercise: Exercise, fault: Fault, seed: int, answer: str) -> Result:
    """The answer cannot be called as the exercise calls it."""
    return _result(exercise, "wrong", f"{_sentence(fault.says)}", seed=seed, answer=answer)


def ours(exercise: Exercise, fault: CourseFault, seed: int, answer: str) -> Result:
    """The exercise is broken, whatever the answer."""
    lines = (
        f"The exercise fails before your answer counts: {fault}.",
        "Please report this line; until it is mended, go on with the next exercise.",
    )
    headline = "This is the course's fault, not yours."
    return _result(exercise, "crashed", headline, lines, seed=seed, answer=answer)


def failed(exercise: Exercise, trial: Trial, tried: Attempt, hint: str, seed: int, answer: str) -> Result:
    """The first fault, on the trial where it showed."""
    fault = tried.fault
    _failures[exercise.id] += 1
    lines = [_row("tried", f"{trial.name}: {describe_args(trial.fresh(), exercise.parameters)}")]
    if fault.stage in _SHOWS_OUTPUT:
        place = _place(fault, tried.wanted.value)
        lines.append(_row("wanted", describe(tried.wanted.value, place=place)))
        lines.append(_row("yours", describe(tried.outcome.value, place=place)))
    if fault.stage in ("exception", "gradient crash"):
        lines += [_row("at" if n == 0 else "", line) for n, line in enumerate(own_lines(tried.outcome.error))]
    if tried.outcome.printed.strip():
        lines.append(_row("printed", describe_text(tried.outcome.printed)))
    hint = hint or fault.likely
    if hint:
        lines.append(f"Hint: {hint}")
    lines.append(_way_on(exercise, named=bool(hint)))
    if trial.name != exercise.cases[0].name:
        lines.append(
            f"(Seed {seed}; the same inputs again: check.{exercise.name}({exercise.name}, seed={seed}))"
        )
    status = _STATUS.get(fault.stage, "wrong")
    headline = (
        _ended(fault.says) if fault.stage == "judge" else _sentence(fault.says)
    )  # it may begin with a name
    return _result(exercise, status, headline, tuple(lines), hint, seed, answer)


def _place(fault: Fault, wanted: Any) -> tuple[Any, ...]:
    """Where the fault is; a judge's sentence may begin with the key."""
    if fault.stage == "judge" and isinstance(wanted, Mapping):
        return tuple(key for key in wanted if isinstance(key, str) and fault.says.startswith(key))[-1:]
    return fault.place


def describe_text(text: str, width: int = 100) -> str:
    """The first line of what was printed."""
    lines = text.strip().splitlines()
    more = f" (… {len(lines) - 1} lines more)" if len(lines) > 1 else ""
    return lines[0][:width] + more


def _way_on(exercise: Exercise, named: bool) -> str:
    """The first hint itself when an answer whose mistake is not `named` fails twice; else where hints are."""
    if _failures[exercise.id] > 1 and not named:
        return f"First hint: {exercise.hints[0]} (More: mmcourse hint {exercise.id})"
    return f"Stuck? mmcourse hint {exercise.id}"


def _row(label: str, text: str) -> str:
    return f"  {label:<8}{text}"


def _sentence(text: str) -> str:
    text = text.rstrip(".")
    first = text.split(" ", 1)[0]
    # a name of code keeps its spelling, a word starts with a capital
    return _ended(f"{text[:1].upper() if first.isalpha() and first.islower() else text[:1]}{text[1:]}")


def _ended(text: str) -> str:
    return text if text.endswith(("?", "!", ".")) else f"{text}."


def _result(exercise: Exercise, status: str, headline: str, lines: Any = (), hint: str = "", seed: int = 0,
            answer: str = "") -> Result:  # fmt: skip
    return Result(exercise.id, exercise.name, status, headline, tuple(lines), hint, seed, answer)
