"""The order in which an answer is tried, and what is said about the first fault."""

from __future__ import annotations

from typing import Any

import torch

from mmcourse.checks.compare import Fault, Rules, compare
from mmcourse.checks.exercise import Args, Exercise
from mmcourse.checks.quiet import is_stub
from mmcourse.checks.result import Result
from mmcourse.checks.sandbox import Outcome, run
from mmcourse.checks.show import describe, describe_args
from mmcourse.checks.trials import Trial, float_tensors, trials


def check(exercise: Exercise, answer: Any, seed: int = 0) -> Result:
    """Try `answer` on every trial of `exercise` and stop at the first fault."""
    return _check(exercise, answer, seed)


def _check(exercise: Exercise, answer: Any, seed: int) -> Result:
    if not callable(answer):
        return Result(
            exercise.id, exercise.name, "wrong", f"Hand over the function itself, got {describe(answer)}."
        )
    count = 0
    for trial in trials(exercise, seed):
        count += 1
        wanted = exercise.use(exercise.reference, trial.fresh())
        outcome, args = _try(exercise, answer, trial)
        if outcome.error is not None and is_stub(outcome.error):
            return Result(exercise.id, exercise.name, "not attempted", exercise.sentence, seed=seed)
        fault = _fault(exercise, outcome, wanted, args, trial)
        if fault is not None:
            return _report(exercise, answer, trial, outcome, wanted, fault, seed)
    lines = (f"Worth noticing: {exercise.noticing}",) if exercise.noticing else ()
    return Result(exercise.id, exercise.name, "correct", f"{count} inputs tried.", lines, seed=seed)


def _try(exercise: Exercise, answer: Any, trial: Trial) -> tuple[Outcome, Args]:
    args = trial.fresh()
    return run(lambda: exercise.use(answer, args), exercise.time_limit), args


def _fault(exercise: Exercise, outcome: Outcome, wanted: Any, args: Args, trial: Trial) -> Fault | None:
    if outcome.too_slow:
        return Fault("too slow", f"not done after {exercise.time_limit:g} s")
    if outcome.error is not None:
        return Fault("exception", f"{type(outcome.error).__name__}: {outcome.error}")
    if outcome.value is None and wanted is not None:
        return Fault("none", "the function returned None", "Is there a `return` at the end?")
    if exercise.judge is not None:
        says = exercise.judge(outcome.value, wanted, trial.fresh())
        return Fault("judge", says) if says else None
    fault = compare(
        outcome.value, wanted, Rules(exercise.tolerance, exercise.exact_dtype, exercise.accept_numpy)
    )
    if fault is None and not exercise.in_place:
        before = trial.fresh()
        if compare(args.args, before.args, Rules(0)) or compare(
            dict(args.kwargs), dict(before.kwargs), Rules(0)
        ):
            return Fault(
                "in place", "the function changed its input", "Work on a copy: the caller still needs it."
            )
    return fault


def _report(
    exercise: Exercise, answer: Any, trial: Trial, outcome: Outcome, wanted: Any, fault: Fault, seed: int
) -> Result:
    status = {"exception": "crashed", "too slow": "too slow"}.get(fault.stage, "wrong")
    hint = _mistake(exercise, trial, outcome, fault) or fault.likely
    lines = [f"  tried     {describe_args(trial.fresh(), exercise.parameters)}"]
    if outcome.error is None:
        lines += [f"  wanted    {describe(wanted)}", f"  yours     {describe(outcome.value)}"]
    if hint:
        lines.append(f"  Hint: {hint}")
    return Result(exercise.id, exercise.name, status, fault.says + ".", tuple(lines), hint, seed)


def _mistake(exercise: Exercise, trial: Trial, outcome: Outcome, fault: Fault) -> str:
    for mistake in exercise.mistakes:
        other, _ = _try(exercise, mistake.wrong, trial)
        if fault.stage == "exception":
            if type(other.error) is type(outcome.error):
                return mistake.sentence
        elif other.error is None and compare(other.value, outcome.value, Rules(exercise.tolerance)) is None:
            return mistake.sentence
    return ""


__all__ = ["check", "float_tensors", "torch"]
