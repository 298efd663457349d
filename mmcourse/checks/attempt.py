"""One answer on one trial: its output and what it did to its input; then its gradients, its time."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch

from mmcourse.checks.compare import Fault, Rules, compare
from mmcourse.checks.exercise import Args, Exercise
from mmcourse.checks.frames import says
from mmcourse.checks.memory import is_refused
from mmcourse.checks.remembered import LARGEST, remembered
from mmcourse.checks.sandbox import Outcome, run
from mmcourse.checks.show import describe
from mmcourse.checks.trials import Trial
from mmcourse.checks.walk import changed, float_tensors, is_plain

COMPARE_SECONDS = 20.0
REPEATS = 3  # timings, of which the fastest counts
SLOW_FROM = 0.02  # seconds; below, the time says nothing about the answer
# torch's words for an in-place change of what the gradient still needs, or of an input itself
_IN_PLACE = re.compile(r"in-?place operation")
_NEW = (
    "You changed a tensor in place that the gradient still needs: make a new one (torch.where, masked_fill)."
)
_STAY = "Stay in torch: NumPy, .numpy(), .item(), .tolist(), .detach() and torch.tensor(…) cut the way back."


class CourseFault(Exception):
    """The exercise itself is at fault: its reference fails, or its cases do not fit it."""


@dataclass(frozen=True)
class Wanted:
    """What the reference gives on a trial; `gradients` is None until they are asked for."""

    value: Any
    gradients: list[torch.Tensor] | None = None


@dataclass(frozen=True)
class Attempt:
    """What an answer gave on a trial, and the first thing wrong with it."""

    outcome: Outcome
    wanted: Wanted
    fault: Fault | None = None
    gradients: list[torch.Tensor] | None = None


def wanted_of(exercise: Exercise, trial: Trial) -> Wanted:
    """Run the reference.

    Raises  CourseFault when it fails: then the exercise is broken, not the answer
    """
    key = ("reference", trial.name, trial.seed)
    return remembered(
        exercise, key, lambda: _asked(exercise, trial), lambda made: is_plain(made.value, LARGEST)
    )


def _asked(exercise: Exercise, trial: Trial) -> Wanted:
    args = trial.fresh()
    outcome = run(lambda: exercise.use(exercise.reference, args), 10 * exercise.time_limit)
    if outcome.error is not None:
        raise CourseFault(f"its reference fails on “{trial.name}”: {says(outcome.error)}") from outcome.error
    return Wanted(outcome.value)


def attempt(
    exercise: Exercise, answer: Callable[..., Any], trial: Trial, wanted: Wanted, explain: bool = True
) -> Attempt:
    """Run `answer` and find its first fault: crash, nothing returned, output, input changed.

    explain  whether the likely cause is asked for, too
    """
    args = trial.fresh()
    outcome = run(lambda: exercise.use(answer, args), exercise.time_limit)
    fault = _ended_early(outcome, exercise.time_limit) or _output_fault(
        exercise, outcome.value, wanted, trial, explain
    )
    if fault is None and not exercise.in_place and changed(args, trial.fresh()):
        says_what = "the function changes its input"
        fault = Fault("in place", says_what, "Work on a copy: the caller may still need what it handed over.")
    return Attempt(outcome, wanted, fault)


def graded(exercise: Exercise, answer: Callable[..., Any], trial: Trial, tried: Attempt) -> Attempt:
    """`tried`, whose output is right, with its gradients and the first fault in them.

    Raises  CourseFault when the reference has no gradients on this trial
    """
    wanted = tried.wanted
    if wanted.gradients is None:
        wanted = replace(wanted, gradients=_wanted_gradients(exercise, trial))
    outcome = run(lambda: _gradients(exercise, answer, trial), exercise.time_limit)
    fault = _ended_early(outcome, exercise.time_limit)
    if fault is not None and fault.stage == "exception":
        says_what = f"the output is right, but with inputs that require a gradient it ends with {fault.says}"
        way_out = _NEW if _IN_PLACE.search(str(outcome.error)) else _STAY
        fault = Fault("gradient crash", says_what, f"The check asks for that, as training does. {way_out}")
    elif fault is None:
        fault = _gradient_fault(exercise, outcome.value, wanted, trial)
    return Attempt(replace(tried.outcome, error=outcome.error), wanted, fault, outcome.value)


def _wanted_gradients(exercise: Exercise, trial: Trial) -> list[torch.Tensor]:
    outcome = run(lambda: _gradients(exercise, exercise.reference, trial), 10 * exercise.time_limit)
    if outcome.error is not None or outcome.value is None:
        reason = says(outcome.error) if outcome.error is not None else "it has none"
        raise CourseFault(f"its reference gives no gradient on “{trial.name}”: {reason}") from outcome.error
    return outcome.value


def slowness(exercise: Exercise, answer: Callable[..., Any], trial: Trial, tried: Attempt) -> Attempt:
    """`tried` with a fault if the answer takes more than `slow_factor` times as long as the reference."""
    theirs = _fastest(exercise, exercise.reference, trial)
    allowed = max(exercise.slow_factor * theirs, SLOW_FROM)
    yours = _fastest(exercise, answer, trial, hopeless=10 * allowed)
    if yours <= allowed:
        return tried
    says_what = (
        f"right, but {yours / theirs:.0f} times as slow as need be (allowed: {exercise.slow_factor:g})"
    )
    return replace(
        tried, fault=Fault("slow", says_what, "Is there a Python loop that one tensor operation can do?")
    )


def _fastest(
    exercise: Exercise, function: Callable[..., Any], trial: Trial, hopeless: float = float("inf")
) -> float:
    """Seconds of the fastest of a few calls. One that takes longer than `hopeless` is the last."""
    seconds = []
    for _ in range(REPEATS):
        args = trial.fresh()
        seconds.append(run(lambda args=args: exercise.use(function, args), exercise.time_limit).seconds)
        if seconds[-1] > hopeless:
            break
    return min(seconds)


def _ended_early(outcome: Outcome, limit: float) -> Fault | None:
    error = outcome.error
    if error is None:
        return None
    if outcome.too_slow:
        likely = "Does every loop come to its end? Does the work grow with the size of the input only?"
        return Fault("too slow", f"not done after {limit:g} s", likely)
    if is_refused(error):
        likely = "An intermediate result is far too large: which shapes do you multiply?"
        return Fault("exception", "it asks for more memory than there is", likely)
    if isinstance(error, SystemExit):
        return Fault(
            "exception", "it calls exit()", "A function ends with `return`; exit() would end the notebook."
        )
    if isinstance(error, RecursionError):
        return Fault(
            "exception", "RecursionError: the function calls itself without end", "When does it stop?"
        )
    return Fault("exception", says(error))


def _output_fault(
    exercise: Exercise, value: Any, wanted: Wanted, trial: Trial, explain: bool
) -> Fault | None:
    if value is None and wanted.value is not None:
        return Fault("none", "the function returned None", "Does it end with `return`?")
    if exercise.judge is not None:
        return _judged(exercise, value, wanted, trial)
    rules = Rules(exercise.tolerance, exercise.exact_dtype, exercise.accept_numpy, exercise.scaled, explain)
    if is_plain(value, LARGEST):
        with contextlib.suppress(Exception):  # a dtype that torch can hardly calculate with
            return compare(value, wanted.value, rules)
    compared = run(lambda: compare(value, wanted.value, rules), COMPARE_SECONDS)
    if compared.error is not None:  # an object whose == raises or never ends
        return Fault("type", f"the output, {describe(value)}, cannot be compared")
    return compared.value


def _judged(exercise: Exercise, value: Any, wanted: Wanted, trial: Trial) -> Fault | None:
    args = trial.fresh()
    judged = run(lambda: exercise.judge(value, wanted.value, args), COMPARE_SECONDS)
    if judged.error is None:
        return Fault("judge", judged.value.rstrip(".")) if judged.value else None
    itself = run(lambda: exercise.judge(wanted.value, wanted.value, args), COMPARE_SECONDS)
    if itself.error is not None:
        raise CourseFault(f"its judge fails on the reference: {says(itself.error)}")
    return Fault(
        "type", f"the output, {describe(value, 60)}, is of another form than {describe(wanted.value, 60)}"
    )


def _gradients(exercise: Exercise, function: Callable[..., Any], trial: Trial) -> list[torch.Tensor] | None:
    """Gradients of the float arguments under a random upstream gradient; None if none flows back.

    Random, because under a sum those of a softmax are 0 for every answer.
    """
    args = trial.fresh()
    inputs = [tensor.requires_grad_() for tensor in float_tensors(args)]
    outputs = float_tensors([exercise.use(function, args)])
    generator = torch.Generator().manual_seed(0)
    upstream = [
        torch.randn(out.shape, generator=generator, dtype=out.dtype).to(out.device) for out in outputs
    ]
    pairs = [(out, up) for out, up in zip(outputs, upstream, strict=True) if out.requires_grad]
    if not pairs:
        return None
    outputs, upstream = zip(*pairs, strict=True)
    return list(torch.autograd.grad(outputs, inputs, upstream, allow_unused=True, materialize_grads=True))


def _gradient_fault(exercise: Exercise, value: Any, wanted: Wanted, trial: Trial) -> Fault | None:
    if value is None:
        says_what = (
            "the output is right, but no gradient flows back to the input, so nothing before this step could "
            "be trained"
        )
        return Fault("gradient", says_what, _STAY)
    names = _argument_names(exercise, trial.fresh())
    rules = Rules(exercise.tolerance, exact_dtype=False, scaled=exercise.scaled)
    for name, got, want in zip(names, value, wanted.gradients, strict=True):
        fault = compare(got, want, rules, f"gradient of {name}")
        if fault is not None:
            cut = f"No gradient at all flows back to {name}. {_STAY}" if want.any() and not got.any() else ""
            return Fault("gradient", f"the output is right, but the {fault.says}", cut or fault.likely)
    return None


def _argument_names(exercise: Exercise, args: Args) -> list[str]:
    """A name for every float tensor among the arguments, in the order of `float_tensors`."""
    names = [*exercise.parameters, *(f"argument {n}" for n in range(len(exercise.parameters) + 1, 99))]
    named = [*zip(names, args.args, strict=False), *args.kwargs.items()]
    return [name for name, value in named for _ in float_tensors(value)]
