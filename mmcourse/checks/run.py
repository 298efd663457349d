"""The order in which an answer is tried; it stops at the first fault."""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mmcourse.checks import report
from mmcourse.checks.attempt import Attempt, CourseFault, attempt, graded, slowness, wanted_of
from mmcourse.checks.compare import Fault
from mmcourse.checks.exercise import Args, Exercise
from mmcourse.checks.fingerprint import of_answer
from mmcourse.checks.frames import says
from mmcourse.checks.guesses import guess, has_code
from mmcourse.checks.mistakes import likely_mistake
from mmcourse.checks.preserve import make_neutral, preserved
from mmcourse.checks.quiet import is_stub
from mmcourse.checks.result import NotPassed, Result
from mmcourse.checks.show import describe, kind
from mmcourse.checks.trials import Trial, trials


@dataclass(frozen=True)
class Failure:
    """The attempt that failed, on which trial, and the sentence that names the mistake ('' if unknown)."""

    trial: Trial
    attempt: Attempt
    hint: str


def check(exercise: Exercise, answer: Any, seed: int = 0) -> Result:
    """Try `answer` on every trial of `exercise` and say what came of it.

    Raises  NotPassed for any answer that is not correct, where a grade hangs on it (see `strict`)
    """
    # torch loads a large library when it is first needed; a time limit that broke it off left it half loaded.
    importlib.import_module("torch.fx.experimental.symbolic_shapes")
    with preserved():
        make_neutral(0)  # inputs and comparisons, too, are the same whatever the notebook has set
        result = _judged(exercise, answer, seed)
    if strict() and not result.passed:
        raise NotPassed(result.message) from None
    return result


def strict() -> bool:
    """Whether an exception is wanted: nbgrader gives points for a check cell that raises nothing."""
    return "NBGRADER_EXECUTION" in os.environ or os.environ.get("MMCOURSE_STRICT", "0") not in ("", "0")


def _judged(exercise: Exercise, answer: Any, seed: int) -> Result:
    if not callable(answer):
        says_what = f"Hand over the function itself: check.{exercise.name}({exercise.name})"
        given = "nothing" if answer is None else kind(answer)
        return Result(exercise.id, exercise.name, "wrong", f"{says_what}, not {given}.", seed=seed)
    fingerprint = of_answer(answer)
    use, misfit = _fitted(exercise, answer)
    if misfit is not None:
        return report.misfit(exercise, misfit, seed, fingerprint)
    try:
        count, failure = _first_failure(exercise, use, seed)
    except CourseFault as fault:
        return report.ours(exercise, fault, seed, fingerprint)
    if failure is None:
        return report.correct(exercise, count, seed, fingerprint)
    if is_stub(failure.attempt.outcome.error):
        return report.blank(exercise, seed, fingerprint, has_code(answer))
    return report.failed(exercise, failure.trial, failure.attempt, failure.hint, seed, fingerprint)


def _first_failure(exercise: Exercise, answer: Callable[..., Any], seed: int) -> tuple[int, Failure | None]:
    """How many inputs were tried, and the first failure; gradients count only where all outputs are right."""
    passed: list[tuple[Trial, Attempt]] = []
    try:
        for trial in trials(exercise, seed):
            tried = attempt(exercise, answer, trial, wanted_of(exercise, trial))
            if tried.fault is None and trial.timed:
                tried = slowness(exercise, answer, trial, tried)
            if tried.fault is not None:
                return len(passed) + 1, _failure(exercise, answer, trial, tried, passed)
            passed.append((trial, tried))
        for trial, right in passed:
            tried = graded(exercise, answer, trial, right) if trial.gradient else right
            if tried.fault is not None:
                return len(passed), _failure(exercise, answer, trial, tried, passed)
    except CourseFault:
        raise
    except Exception as error:  # an input that cannot be made
        raise CourseFault(f"an input could not be made: {says(error)}") from error
    return len(passed), None


def _failure(
    exercise: Exercise,
    answer: Callable[..., Any],
    trial: Trial,
    tried: Attempt,
    passed: list[tuple[Trial, Attempt]],
) -> Failure:
    if is_stub(tried.outcome.error):
        return Failure(trial, tried, "")
    hint = likely_mistake(exercise, answer, trial, tried, passed)
    return Failure(trial, tried, hint or guess(answer, trial, tried, [trial for trial, _ in passed]))


def _fitted(exercise: Exercise, answer: Any) -> tuple[Callable[..., Any], Fault | None]:
    """The answer in a form that takes the cases' arguments: by position, else by name where its names fit."""
    if not exercise.parameters or (exercise.call is not None and inspect.isclass(answer)):
        return answer, None
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # a built-in without one
        return answer, None
    names = exercise.parameters
    if _binds(signature, Args(tuple(names))):
        return answer, None
    if _binds(signature, Args((), dict.fromkeys(names))):
        return lambda *args, **kwargs: answer(**dict(zip(names, args, strict=False)), **kwargs), None
    if exercise.call is not None:  # which may hand over other arguments than the case's
        return answer, None
    return answer, Fault(
        "signature",
        f"the function is called with ({', '.join(names)}), yours takes {describe_signature(signature)}",
    )


def describe_signature(signature: inspect.Signature) -> str:
    """'(x, y=2)', without annotations."""
    plain = [value.replace(annotation=inspect.Parameter.empty) for value in signature.parameters.values()]
    return describe(
        str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))
    ).strip("'")


def _binds(signature: inspect.Signature, args: Args) -> bool:
    try:
        signature.bind(*args.args, **args.kwargs)
    except TypeError:
        return False
    return True
