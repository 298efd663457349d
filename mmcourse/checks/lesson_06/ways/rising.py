"""Ways to set the learning rate, right and wrong."""

import math


def at(
    step,
    total_steps,
    peak,
    warmup,
    *,
    rise=lambda step, warmup: (step + 1) / (warmup + 1),
    progress=lambda step, total_steps, warmup: (step - warmup) / (total_steps - warmup),
    fall=lambda progress: (1 + math.cos(math.pi * progress)) / 2,
    ends=True,
    times=None,
    brackets=True,
):
    """Up in a line, down along a cosine, with a switch for each slip."""
    if times is not None:
        peak = times
    if step < warmup:
        return peak * rise(step, warmup) if brackets else peak * step + 1 / warmup + 1
    share = progress(step, total_steps, warmup)
    return peak * fall(min(share, 1.0) if ends else share)


def of_all(step, total_steps, warmup):
    """Progress that does not know of a warm-up."""
    return step / total_steps


def product(step, total_steps, peak, warmup):
    """Warm-up times a cosine over the whole training."""
    rise = min(1.0, (step + 1) / (warmup + 1))
    return rise * at(step, total_steps, peak, 0)


def as_a_share(step, total_steps, peak, warmup):
    return at(step, total_steps, peak, warmup * total_steps)


def without_brackets(step, total_steps, peak, warmup):
    if step < warmup:
        return at(step, total_steps, peak, warmup)
    progress = min(1.0, (step - warmup) / (total_steps - warmup))
    return peak * 1 + math.cos(math.pi * progress) / 2


def no_warmup(step, total_steps, peak, warmup):
    return at(step, total_steps, peak, 0)


def late_fall(step, total_steps, warmup):
    """The fall begins a step later."""
    return max(0, step - warmup - 1) / (total_steps - warmup)


def early_fall(step, total_steps, warmup):
    """The fall begins a step earlier."""
    return (step - warmup + 1) / (total_steps - warmup)


def last_step_is_0(step, total_steps, warmup):
    return (step - warmup) / max(total_steps - 1 - warmup, 1)


def divided_by_no_steps(step, total_steps, warmup):
    """As above; by 0 where a single step is left to fall."""
    return (step - warmup) / (total_steps - 1 - warmup)


def from_a_table(step, total_steps, peak, warmup):
    return [at(number, total_steps, peak, warmup) for number in range(total_steps)][step]


def exponential(progress):
    return math.exp(-5 * progress)
