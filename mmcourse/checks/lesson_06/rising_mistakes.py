"""Mistakes that people make with a schedule of the learning rate."""

import math
from functools import partial

from mmcourse.checks import Mistake, lazy
from mmcourse.checks.lesson_06.ways import rising as ways

torch = lazy("torch")

_UP = (
    "In the warm-up the rate goes from peak / (warmup + 1) in step 0, in equal stairs, to peak in step "
    "warmup: "
)
_DOWN = "progress goes from 0 in step warmup to 1 in step total_steps: "
_COSINE = "The fall is half a cosine, peak · (1 + cos(π · progress)) / 2: "

MISTAKES = (
    Mistake(
        "step 0 wasted",
        partial(ways.at, rise=lambda step, warmup: step / warmup),
        _UP + "yours is step / warmup, so step 0 has a rate of 0 and is wasted.",
    ),
    Mistake(
        "step 0 wasted, and late",
        partial(ways.at, rise=lambda step, warmup: step / (warmup + 1)),
        _UP + "yours is one step behind, and step 0 is wasted on a rate of 0.",
    ),
    Mistake(
        "peak one step early",
        partial(ways.at, rise=lambda step, warmup: (step + 1) / warmup),
        _UP + "yours is at the peak one step early, and then stays there a step.",
    ),
    Mistake(
        "warm-up along a cosine",
        partial(ways.at, rise=lambda step, warmup: (1 - math.cos(math.pi * (step + 1) / (warmup + 1))) / 2),
        _UP + "yours goes along a cosine.",
    ),
    Mistake(
        "warm-up constant",
        partial(ways.at, rise=lambda step, warmup: 1.0),
        _UP + "yours is at the peak at once.",
    ),
    Mistake(
        "brackets in the warm-up",
        partial(ways.at, brackets=False),
        "Brackets are missing in the warm-up: peak * (step + 1) / (warmup + 1).",
    ),
    Mistake(
        "brackets in the fall",
        ways.without_brackets,
        "Brackets are missing in the fall: peak times all of (1 + cos(π · progress)), and half of that.",
    ),
    Mistake("no warm-up", ways.no_warmup, _UP + "yours falls from step 0 on."),
    Mistake(
        "warm-up as a share",
        ways.as_a_share,
        "warmup is a number of steps; you take it for a share of the training.",
    ),
    Mistake(
        "progress of the whole training",
        partial(ways.at, progress=ways.of_all),
        _DOWN + "yours is step / total_steps, so the rate jumps down behind the warm-up.",
    ),
    Mistake(
        "progress too slow",
        partial(ways.at, progress=lambda step, total_steps, warmup: (step - warmup) / total_steps),
        _DOWN + "you divide by total_steps, so the end is reached too late. How many steps fall?",
    ),
    Mistake(
        "both multiplied",
        ways.product,
        "You multiply the warm-up by a cosine of the whole training: first only the warm-up counts, then "
        "only the cosine, which begins in step warmup.",
    ),
    *(
        Mistake(
            f"last step is 0, {name}",
            partial(ways.at, progress=progress),
            _DOWN + "yours is there one step early, and the last step of the training moves nothing.",
        )
        for name, progress in (("guarded", ways.last_step_is_0), ("unguarded", ways.divided_by_no_steps))
    ),
    Mistake(
        "late fall",
        partial(ways.at, progress=ways.late_fall),
        _DOWN + "your fall begins one step late.",
    ),
    Mistake(
        "early fall",
        partial(ways.at, progress=ways.early_fall),
        _DOWN + "your fall begins one step early, so the peak is never reached.",
    ),
    Mistake(
        "whole division",
        partial(
            ways.at, progress=lambda step, total_steps, warmup: (step - warmup) // (total_steps - warmup)
        ),
        "// leaves out the fraction: progress is divided by /.",
    ),
    Mistake(
        "up again",
        partial(ways.at, ends=False),
        "Behind total_steps the cosine goes up again: there the rate stays 0, so progress is 1 at most.",
    ),
    Mistake(
        "twice too high",
        partial(ways.at, fall=lambda progress: 1 + math.cos(math.pi * progress)),
        _COSINE + "the half is missing, and the rate jumps to twice the peak.",
    ),
    Mistake(
        "below 0",
        partial(ways.at, fall=lambda progress: math.cos(math.pi * progress)),
        _COSINE + "yours falls below 0, and training would go uphill.",
    ),
    Mistake(
        "quarter of a cosine",
        partial(ways.at, fall=lambda progress: math.cos(math.pi / 2 * progress)),
        _COSINE + "yours is a quarter of one, steepest at its end.",
    ),
    Mistake(
        "no pi",
        partial(ways.at, fall=lambda progress: (1 + math.cos(progress)) / 2),
        _COSINE + "yours leaves out π and never gets down to 0.",
    ),
    Mistake(
        "degrees",
        partial(ways.at, fall=lambda progress: (1 + math.cos(180 * progress)) / 2),
        "math.cos takes radians: half a turn is math.pi, not 180.",
    ),
    Mistake(
        "whole turn",
        partial(ways.at, fall=lambda progress: (1 + math.cos(2 * math.pi * progress)) / 2),
        _COSINE + "yours is a whole turn, down and up again.",
    ),
    Mistake(
        "upwards",
        partial(ways.at, fall=lambda progress: (1 - math.cos(math.pi * progress)) / 2),
        _COSINE + "yours rises, with 1 − cos.",
    ),
    Mistake(
        "sine",
        partial(ways.at, fall=lambda progress: (1 + math.sin(math.pi * progress)) / 2),
        _COSINE + "yours is a sine.",
    ),
    Mistake(
        "in a line",
        partial(ways.at, fall=lambda progress: 1 - progress),
        _COSINE + "yours falls in a line.",
    ),
    Mistake(
        "level",
        partial(ways.at, fall=lambda progress: 1.0),
        "Behind the warm-up your rate stays at the peak: it falls to 0 along half a cosine.",
    ),
    Mistake(
        "exponential",
        partial(ways.at, fall=ways.exponential),
        _COSINE + "yours falls by a factor in each step and never is 0.",
    ),
    Mistake(
        "no peak",
        partial(ways.at, times=1.0),
        "This is the share of the peak: multiply it by peak.",
    ),
    Mistake(
        "nothing returned", lambda *args: None, "The function returns nothing: it should end with return."
    ),
    Mistake(
        "table too short",
        ways.from_a_table,
        "Your table ends with the training: the rate of step total_steps, and of all behind it, is 0.",
    ),
    Mistake(
        "torch of a number",
        partial(ways.at, fall=lambda progress: torch.cos(math.pi * progress)),
        "torch.cos takes tensors; for a number there is math.cos.",
    ),
)
