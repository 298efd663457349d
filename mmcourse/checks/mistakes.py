"""Which of the known mistakes an answer makes: the one that fails in the same way on the same input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mmcourse.checks.attempt import Attempt, CourseFault, attempt, slowness, wanted_of
from mmcourse.checks.compare import Rules, compare
from mmcourse.checks.exercise import Exercise
from mmcourse.checks.frames import says
from mmcourse.checks.sandbox import run
from mmcourse.checks.trials import Trial, trials

SECONDS = 1.0  # a known mistake gets no more time than this


def likely_mistake(
    exercise: Exercise, answer: Callable[..., Any], trial: Trial, tried: Attempt, seed: int
) -> str:
    """The sentence of the mistake that fits best, or ''."""
    brief = replace(exercise, time_limit=min(SECONDS, exercise.time_limit))
    fitting = [mistake for mistake in exercise.mistakes if _alike(brief, mistake.wrong, trial, tried)]
    if len(fitting) > 1 and not tried.outcome.too_slow:
        best = max(_agreements(brief, [mistake.wrong for mistake in fitting], answer, seed))
        fitting = [fitting[-best[1]]]
    return fitting[0].sentence if fitting else ""


def _alike(exercise: Exercise, wrong: Callable[..., Any], trial: Trial, tried: Attempt) -> bool:
    """Whether the mistake ends at the same stage, with the same output, gradients or kind of error."""
    other = attempt(exercise, wrong, trial, tried.wanted)
    if other.fault is None and tried.fault.stage == "slow":
        other = slowness(exercise, wrong, trial, other)
    if other.fault is None or other.fault.stage != tried.fault.stage:
        return False
    if tried.fault.stage == "exception":  # the words count: any slip in a shape is a RuntimeError
        return says(other.outcome.error) == says(tried.outcome.error)
    if tried.fault.stage in ("too slow", "slow", "in place", "none"):
        return True
    if tried.fault.stage == "gradient":
        return _same(other.gradients, tried.gradients, exercise.tolerance)
    if tried.fault.stage == "judge" and other.fault.says == tried.fault.says:
        return True
    return _same(other.outcome.value, tried.outcome.value, exercise.tolerance)


def _agreements(
    exercise: Exercise, wrongs: list[Callable[..., Any]], answer: Callable[..., Any], seed: int
) -> list[tuple[int, int]]:
    """On how many trials each mistake gives what the answer gives; with it minus its place, for ties."""
    counts = [0] * len(wrongs)
    for trial in trials(exercise, seed):
        try:
            wanted = wanted_of(exercise, trial)
        except CourseFault:  # said when the trial's own turn comes
            break
        yours = attempt(exercise, answer, trial, wanted)
        for place, wrong in enumerate(wrongs):
            theirs = attempt(exercise, wrong, trial, wanted)
            if yours.outcome.error is None and theirs.outcome.error is None:
                counts[place] += _same(theirs.outcome.value, yours.outcome.value, exercise.tolerance)
            else:
                counts[place] += type(theirs.outcome.error) is type(yours.outcome.error)
    return [(count, len(wrongs) - place) for place, count in enumerate(counts)]


def _same(one: Any, other: Any, tolerance: float) -> bool:
    compared = run(lambda: compare(one, other, Rules(tolerance)), SECONDS)
    return compared.error is None and compared.value is None
