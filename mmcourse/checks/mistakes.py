"""Which of the known mistakes an answer makes: the one that fails in the same way on the same inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from numbers import Real
from typing import Any

import numpy as np
import torch

from mmcourse.checks.attempt import Attempt, CourseFault, Wanted, attempt, graded, slowness, wanted_of
from mmcourse.checks.compare import Rules, compare
from mmcourse.checks.exercise import Exercise, Mistake
from mmcourse.checks.frames import says
from mmcourse.checks.remembered import LARGEST, remembered
from mmcourse.checks.sandbox import run
from mmcourse.checks.trials import Trial, trials
from mmcourse.checks.walk import float_tensors, is_plain

SECONDS = 1.0  # a known mistake gets no more time than this


def likely_mistake(
    exercise: Exercise,
    answer: Callable[..., Any],
    trial: Trial,
    tried: Attempt,
    passed: list[tuple[Trial, Attempt]],
) -> str:
    """The sentence of the mistake that fits best, or ''; `passed` are the trials before the failing one.

    It has to fit on the failing input and on more than half of all: on one small input a wrong answer agrees
    with many a mistake by chance. The same error, word for word, is enough.
    """
    brief = replace(exercise, time_limit=min(SECONDS, exercise.time_limit))
    known = _Known(exercise, brief)
    fitting = [mistake for mistake in exercise.mistakes if _alike_here(known, mistake, trial, tried)]
    if not fitting:
        return ""
    if tried.fault.stage in ("too slow", "slow"):
        return fitting[0].sentence
    shares = _agreements(known, fitting, answer, {one.name: attempt for one, attempt in passed}, trial.seed)
    best = max(range(len(fitting)), key=lambda place: (shares[place], -place))
    enough = shares[best] > 0.5 or tried.fault.stage == "exception"
    return fitting[best].sentence if enough else ""


@dataclass(frozen=True)
class _Known:
    """What the known mistakes give, each call of which is made once.

    brief  the exercise with the time that a mistake may take
    """

    exercise: Exercise
    brief: Exercise

    def output(self, mistake: Mistake, trial: Trial, wanted: Wanted) -> Attempt:
        key = ("mistake", mistake.name, trial.name, trial.seed)
        return remembered(self.exercise, key, lambda: self._tried(mistake, trial, wanted), _keep)

    def _tried(self, mistake: Mistake, trial: Trial, wanted: Wanted) -> Attempt:
        return attempt(self.brief, mistake.wrong, trial, wanted, explain=False)

    def gradients(self, mistake: Mistake, trial: Trial, output: Attempt) -> Attempt:
        key = ("gradients", mistake.name, trial.name, trial.seed)
        return remembered(self.exercise, key, lambda: graded(self.brief, mistake.wrong, trial, output), _keep)


def _keep(made: Attempt) -> bool:
    """Not what would fill the memory."""
    if made.outcome.error is not None:
        made.outcome.error.__traceback__ = None  # it holds on to everything that the call had made
    return sum(x.numel() for x in float_tensors([made.outcome.value])) <= LARGEST


def _alike_here(known: _Known, mistake: Mistake, trial: Trial, tried: Attempt) -> bool:
    """Whether the mistake fails on the failing trial as the answer does."""
    other = known.output(mistake, trial, tried.wanted)
    if other.fault is None and tried.fault.stage == "slow":
        other = slowness(known.brief, mistake.wrong, trial, other)
    elif other.fault is None and tried.fault.stage.startswith("gradient"):
        other = known.gradients(mistake, trial, other)
    return other.fault is not None and _alike(known.brief, other, tried)


def _agreements(
    known: _Known, mistakes: list[Mistake], answer: Callable[..., Any], passed: dict[str, Attempt], seed: int
) -> list[float]:
    """On which share of the declared cases each mistake gives what the answer gives."""
    counts, total = [0] * len(mistakes), 0
    for trial in islice(trials(known.brief, seed), len(known.brief.cases)):
        try:
            wanted = wanted_of(known.exercise, trial)
        except CourseFault:  # said when the trial's own turn comes
            break
        total += 1
        yours = passed.get(trial.name) or attempt(known.brief, answer, trial, wanted, explain=False)
        for place, mistake in enumerate(mistakes):
            theirs = known.output(mistake, trial, wanted)
            both_crash = yours.outcome.error is not None and theirs.outcome.error is not None
            counts[place] += both_crash or _alike(known.brief, theirs, yours)
    return [count / max(total, 1) for count in counts]


def _alike(exercise: Exercise, one: Attempt, other: Attempt) -> bool:
    """Whether two attempts end at the same stage, with the same output, gradients or kind of error."""
    if one.fault is None or other.fault is None:
        return one.fault is other.fault
    stage = one.fault.stage
    if stage != other.fault.stage:
        return False
    if stage in ("exception", "gradient crash"):
        return _words(one.outcome.error) == _words(other.outcome.error)
    if stage in ("too slow", "slow", "in place", "none"):
        return True
    if stage == "gradient":
        return _same(one.gradients, other.gradients, exercise)
    if stage == "judge" and one.fault.says == other.fault.says:
        return True
    return _same(one.outcome.value, other.outcome.value, exercise)


def _words(error: BaseException) -> list[str]:
    """An error's words in any order: `a * b` and `b * a` complain about the same sizes."""
    return sorted(says(error).split())


def _same(one: Any, other: Any, exercise: Exercise) -> bool:
    rules = Rules(
        exercise.tolerance, exact_dtype=False, accept_numpy=True, scaled=exercise.scaled, explain=False
    )
    if is_plain(one, LARGEST) and is_plain(other, LARGEST):
        return compare(_plain(one), _plain(other), rules) is None
    compared = run(lambda: compare(_plain(one), _plain(other), rules), SECONDS)
    return compared.error is None and compared.value is None


def _plain(value: Any) -> Any:
    """`value` with every number as a float, be it an int, a NumPy number or a tensor without axes."""
    if isinstance(value, (torch.Tensor, np.generic)) and value.ndim == 0:
        value = value.item()
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value)
    if type(value) in (list, tuple):
        return [_plain(item) for item in value]
    if type(value) is dict:
        return {key: _plain(item) for key, item in value.items()}
    return value
