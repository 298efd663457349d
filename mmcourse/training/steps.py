"""The optimiser, and how its learning rate changes from step to step."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, OneCycleLR

from mmcourse.scratch.schedules import cosine

SCHEDULES = ("one_cycle", "cosine", "constant")


def make_optimiser(
    optimiser: Callable | torch.optim.Optimizer | None,
    parameters: Iterable[nn.Parameter],
    learning_rate: float,
    weight_decay: float,
) -> torch.optim.Optimizer:
    """Return AdamW, or what `optimiser(parameters, lr=learning_rate)` makes, or the one that is given made.

    Raises  ValueError for a learning rate or weight decay below 0, or a model without parameters
    """
    parameters = list(parameters)
    if not any(parameter.requires_grad for parameter in parameters):
        raise ValueError(
            "the model has no parameter that learns: is each layer an attribute, or in an nn.ModuleList?"
        )
    for name, value in {"learning_rate": learning_rate, "weight_decay": weight_decay}.items():
        if not 0 <= value < float("inf"):
            raise ValueError(f"{name} must be 0 or more, got {value}.")
    if isinstance(optimiser, torch.optim.Optimizer):
        return optimiser
    if optimiser is None:
        return adamw(parameters, lr=learning_rate, weight_decay=weight_decay)
    return optimiser(parameters, lr=learning_rate)


def adamw(parameters: Iterable[nn.Parameter | dict], **options) -> torch.optim.AdamW:
    """Return torch's AdamW, which on a CPU updates all parameters by one call.

    That is the formula of the dozen calls for each parameter which torch makes there if it isn't asked, equal
    but for rounding; a small model spends a fifth of its training on them. On a GPU torch has its own choice.

    parameters  or groups of them, as torch.optim takes them
    options     of torch.optim.AdamW
    """
    groups = list(parameters)
    flat = [one for group in groups for one in (group["params"] if isinstance(group, dict) else [group])]
    on_cpu = all(one.device.type == "cpu" and one.is_floating_point() for one in flat)
    return torch.optim.AdamW(groups, **options, fused=on_cpu or None)


def make_schedule(
    schedule: str | Callable[[int, int], float],
    optimiser: torch.optim.Optimizer,
    total_steps: int,
    warmup: float,
) -> LRScheduler:
    """Return what sets the learning rate of each step; the optimiser's own is the highest.

    schedule     "one_cycle": up over the warm-up, then down to 0 along a cosine, momentum the other way;
                 "cosine": up in a line, then down to 0 along a cosine; "constant": up in a line, then level;
                 or a function (step, total_steps) -> factor of the highest learning rate
    total_steps  steps of the optimiser in the whole training
    warmup       share of the steps on which the learning rate rises, 0 to below 1
    Source       Smith & Topin 2018, "Super-convergence"; Loshchilov & Hutter 2017, "SGDR" (cosine)
    """
    if not 0 <= warmup < 1:
        raise ValueError(f"warmup is a share of the steps, from 0 to below 1; got {warmup}.")
    if callable(schedule):
        return LambdaLR(optimiser, lambda step: schedule(step, total_steps))
    if schedule == "one_cycle":
        highest = [group["lr"] for group in optimiser.param_groups]
        turns = bool({"betas", "momentum"} & {name for name, value in optimiser.defaults.items() if value})
        if abs(warmup * total_steps - 1) < 1e-6:
            warmup += 1e-6 / total_steps  # a rise of exactly one step makes torch divide by its length, 0
        return OneCycleLR(optimiser, highest, total_steps, pct_start=warmup, cycle_momentum=turns)
    rise = min(round(warmup * total_steps), total_steps - 1)
    if schedule == "cosine":
        return LambdaLR(optimiser, lambda step: cosine(min(step, total_steps), total_steps, 1.0, warmup=rise))
    if schedule == "constant":
        return LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / (rise + 1)))
    raise ValueError(f"schedule is one of {', '.join(SCHEDULES)}, or a function; got {schedule!r}.")
