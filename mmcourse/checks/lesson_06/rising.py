"""The learning rate of every step: up in a line, down along a cosine."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06.rising_mistakes import MISTAKES
from mmcourse.checks.lesson_06.ways import rising as ways

torch = lazy("torch")


def _rates(answer, steps, total_steps, peak, warmup):
    """The learning rate of each of the steps, as one tensor where they are numbers."""
    rates = [answer(step, total_steps, peak, warmup) for step in steps]
    if any(rate is None for rate in rates):
        return None
    if all(isinstance(rate, (int, float)) or getattr(rate, "shape", None) == () for rate in rates):
        return torch.tensor([float(rate) for rate in rates], dtype=torch.float64)
    return rates


def _steps(total_steps, beyond=2):
    return list(range(total_steps + beyond))


def _any_order(g):
    return torch.randperm(30, generator=g)[:12].tolist(), 30, 2.0, 6


learning_rate = Exercise(
    id="06.5",
    name="learning_rate",
    title="Up in a line, down along a cosine",
    difficulty=2,
    minutes=15,
    stub="return the learning rate of a step: a linear warm-up, then half a cosine down to 0",
    parameters=("step", "total_steps", "peak", "warmup"),
    reference=ways.at,
    call=_rates,
    hints=(
        "Which of the two parts is a step in, and what share of that part has passed?",
        "Step 0 must not be wasted on a rate of 0. What is added to step, and to warmup, so that the peak is "
        "reached in step warmup?",
        "step < warmup: peak * (step + 1) / (warmup + 1). Else progress = (step - warmup) / (total_steps - "
        "warmup), 1 at most, and peak * (1 + math.cos(math.pi * progress)) / 2.",
    ),
    cases=(
        Case("6 steps, 2 of them warm-up", lambda g: (_steps(6), 6, 1.0, 2)),
        Case("no warm-up", lambda g: (_steps(5), 5, 1.0, 0)),
        Case("a peak of 3", lambda g: (_steps(12, 0), 12, 3.0, 4)),
        Case("a warm-up of one step", lambda g: (_steps(8), 8, 0.5, 1)),
        Case("one step to fall", lambda g: (_steps(4), 4, 1.0, 3)),
        Case("a training of one step", lambda g: (_steps(1), 1, 1.0, 0)),
        Case("a hundred steps", lambda g: (_steps(100), 100, 1 + torch.rand(1, generator=g).item(), 10)),
        Case("far behind the end", lambda g: ([9, 10, 11, 15, 20, 37], 10, 1.0, 3)),
        Case("steps in any order", _any_order),
    ),
    mistakes=MISTAKES,
    noticing="Half of the way down the rate is half the peak, but most steps are near the top or near 0: "
    "long steps to find the valley, short ones to settle in it.",
)
