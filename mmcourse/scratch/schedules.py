"""How long steps are in the course of training: pure functions from the step to the learning rate.

for step, batch in enumerate(batches):
    optimiser.lr = one_cycle(step, total_steps, max_lr=2e-3)
"""

import math


def cosine(step: int, total_steps: int, lr: float, lr_min: float = 0.0, warmup: int = 0) -> float:
    """Fall along half a cosine: lr_min + ½ (lr - lr_min) (1 + cos(π · step / total_steps)).

    step         number of the step, from 0; at total_steps the fall is over
    total_steps  steps of the whole training, warm-up included
    lr, lr_min   learning rate at the top and at the end
    warmup       steps before the fall: from lr / (warmup + 1) up to lr, evenly
    Raises       ValueError for a step outside 0..total_steps, or a warm-up that leaves no time to fall
    Source       Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5
    """
    _need_step(step, total_steps, last=total_steps)
    if not 0 <= warmup < total_steps:
        raise ValueError(f"warmup must lie in 0..{total_steps - 1} of {total_steps} steps, got {warmup}.")
    if step < warmup:
        return lr * (step + 1) / (warmup + 1)
    return _half_cosine(lr, lr_min, (step - warmup) / (total_steps - warmup))


def one_cycle(
    step: int,
    total_steps: int,
    max_lr: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> float:
    """Rise along half a cosine to max_lr, then fall along another to almost 0.

    step              number of the step, 0..total_steps - 1
    total_steps       steps of the whole training
    max_lr            learning rate at the top, after pct_start · total_steps steps
    pct_start         share of the steps that rise, in 0..1
    div_factor        the first learning rate is max_lr / div_factor
    final_div_factor  the last one is max_lr / div_factor / final_div_factor
    Raises            ValueError for a step outside 0..total_steps - 1, or a share outside 0..1
    Source            Smith & Topin 2018, "Super-convergence", section 3; torch.optim.lr_scheduler.OneCycleLR
    """
    _need_step(step, total_steps, last=total_steps - 1)
    if not 0 <= pct_start <= 1:
        raise ValueError(f"pct_start must lie in 0..1, got {pct_start}.")
    first, top, end = max_lr / div_factor, pct_start * total_steps - 1, total_steps - 1
    if step <= top or top == end:
        return _half_cosine(first, max_lr, step / top if top > 0 else 1.0)
    return _half_cosine(max_lr, first / final_div_factor, (step - top) / (end - top))


def _half_cosine(start: float, end: float, share: float) -> float:
    """Go from start (share 0) to end (share 1), slowly at both ends."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _need_step(step: int, total_steps: int, last: int) -> None:
    if total_steps < 1:
        raise ValueError(f"total_steps must be at least 1, got {total_steps}.")
    if not 0 <= step <= last:
        raise ValueError(f"step must lie in 0..{last} for {total_steps} steps, got {step}.")
