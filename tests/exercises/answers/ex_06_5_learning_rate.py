"""Answers to 06.5 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def _fall(step, total_steps, peak, warmup):
    progress = min(1.0, (step - warmup) / (total_steps - warmup))
    return peak * 0.5 * (1 + math.cos(math.pi * progress))


def wrong_first_step_of_0(step, total_steps, peak, warmup):
    """hint: step 0 has a rate of 0"""
    if step < warmup:
        return peak * step / warmup
    return _fall(step, total_steps, peak, warmup)


def wrong_first_step_of_0_one_more_stair(step, total_steps, peak, warmup):
    """hint: one step behind"""
    if step < warmup:
        return peak * step / (warmup + 1)
    return _fall(step, total_steps, peak, warmup)


def wrong_peak_early(step, total_steps, peak, warmup):
    """hint: one step early"""
    if step < warmup:
        return peak * (step + 1) / warmup
    return _fall(step, total_steps, peak, warmup)


def wrong_warm_up_along_a_cosine(step, total_steps, peak, warmup):
    """hint: yours goes along a cosine"""
    if step < warmup:
        return peak * 0.5 * (1 - math.cos(math.pi * (step + 1) / (warmup + 1)))
    return _fall(step, total_steps, peak, warmup)


def wrong_no_warm_up(step, total_steps, peak, warmup):
    """hint: falls from step 0 on"""
    return _fall(step, total_steps, peak, 0)


def wrong_warm_up_level(step, total_steps, peak, warmup):
    """hint: at the peak at once"""
    if step < warmup:
        return peak
    return _fall(step, total_steps, peak, warmup)


def wrong_progress_of_everything(step, total_steps, peak, warmup):
    """hint: jumps down behind the warm-up"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min(step / total_steps, 1)
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_progress_over_all_steps(step, total_steps, peak, warmup):
    """hint: How many steps fall?"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min((step - warmup) / total_steps, 1)
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_product(step, total_steps, peak, warmup):
    """hint: You multiply the warm-up by a cosine"""
    factor = min(1, (step + 1) / (warmup + 1))
    return factor * _fall(step, total_steps, peak, 0)


def wrong_last_step_of_0(step, total_steps, peak, warmup):
    """hint: one step early"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min(1, (step - warmup) / max(1, total_steps - warmup - 1))
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_last_step_of_0_unguarded(step, total_steps, peak, warmup):
    """hint: one step early"""
    if step <= warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min((step - warmup) / (total_steps - 1 - warmup), 1.0)
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_minimum_of_the_warm_up(step, total_steps, peak, warmup):
    """hint: one step early"""
    rise = min(1, (step + 1) / warmup)
    progress = max(0, min(1, (step - warmup) / (total_steps - warmup)))
    return rise * peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_falls_a_step_early(step, total_steps, peak, warmup):
    """hint: peak is never reached"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min(1, (step + 1 - warmup) / (total_steps - warmup))
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_whole_division(step, total_steps, peak, warmup):
    """hint: leaves out the fraction"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min(1, (step - warmup) // (total_steps - warmup))
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wrong_up_again(step, total_steps, peak, warmup):
    """hint: goes up again"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = (step - warmup) / (total_steps - warmup)
    return peak * (1 + math.cos(math.pi * progress)) / 2


def _with(fall):
    def rate(step, total_steps, peak, warmup):
        if step < warmup:
            return peak * (step + 1) / (warmup + 1)
        return peak * fall(min(1, (step - warmup) / (total_steps - warmup)))

    return rate


def wrong_twice_the_peak(step, total_steps, peak, warmup):
    """hint: twice the peak"""
    return _with(lambda p: 1 + math.cos(math.pi * p))(step, total_steps, peak, warmup)


def wrong_below_0(step, total_steps, peak, warmup):
    """hint: falls below 0"""
    return _with(lambda p: math.cos(math.pi * p))(step, total_steps, peak, warmup)


def wrong_brackets_in_the_warm_up(step, total_steps, peak, warmup):
    """hint: missing in the warm-up"""
    if step < warmup:
        return peak * step + 1 / warmup + 1
    return _fall(step, total_steps, peak, warmup)


def wrong_brackets_in_the_fall(step, total_steps, peak, warmup):
    """hint: missing in the fall"""
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min(1.0, (step - warmup) / (total_steps - warmup))
    return peak * 1 + math.cos(math.pi * progress) / 2


def wrong_quarter(step, total_steps, peak, warmup):
    """hint: a quarter"""
    return _with(lambda p: math.cos(math.pi * p / 2))(step, total_steps, peak, warmup)


def wrong_pi_forgotten(step, total_steps, peak, warmup):
    """hint: leaves out π"""
    return _with(lambda p: (1 + math.cos(p)) / 2)(step, total_steps, peak, warmup)


def wrong_degrees(step, total_steps, peak, warmup):
    """hint: takes radians"""
    return _with(lambda p: (1 + math.cos(180 * p)) / 2)(step, total_steps, peak, warmup)


def wrong_rises(step, total_steps, peak, warmup):
    """hint: yours rises"""
    return _with(lambda p: (1 - math.cos(math.pi * p)) / 2)(step, total_steps, peak, warmup)


def wrong_line(step, total_steps, peak, warmup):
    """hint: falls in a line"""
    return _with(lambda p: 1 - p)(step, total_steps, peak, warmup)


def wrong_level(step, total_steps, peak, warmup):
    """hint: stays at the peak"""
    return peak * min(1, (step + 1) / (warmup + 1))


def wrong_share_of_the_peak(step, total_steps, peak, warmup):
    """hint: multiply it by peak"""
    return _with(lambda p: (1 + math.cos(math.pi * p)) / 2)(step, total_steps, 1.0, warmup)


def wrong_warm_up_as_a_share(step, total_steps, peak, warmup):
    """hint: is a number of steps"""
    steps = warmup * total_steps
    if step < steps:
        return peak * (step + 1) / (steps + 1)
    return _fall(step, total_steps, peak, steps)


def wrong_nothing_returned(step, total_steps, peak, warmup):
    """hint: should end with return"""
    rate = peak * (step + 1) / (warmup + 1)
    if step >= warmup:
        rate = _fall(step, total_steps, peak, warmup)
    print(rate)


def wrong_nothing_returned_in_the_warm_up(step, total_steps, peak, warmup):
    """hint: return"""
    if step < warmup:
        peak * (step + 1) / (warmup + 1)
    else:
        return _fall(step, total_steps, peak, warmup)


class _Counted:
    step = 0


def wrong_counts_by_itself(step, total_steps, peak, warmup):
    """hint: wanted"""
    _Counted.step = 0 if step == 0 else _Counted.step + 1
    step = _Counted.step
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return _fall(step, total_steps, peak, warmup)


def right_in_torch(step, total_steps, peak, warmup):
    rise = torch.tensor((step + 1) / (warmup + 1))
    progress = torch.tensor((step - warmup) / (total_steps - warmup)).clamp(0, 1)
    return peak * torch.where(progress > 0, torch.cos(progress * torch.pi / 2) ** 2, rise.clamp(max=1))


def right_scheduler_of_torch(*, step, total_steps, peak, warmup):
    if step >= total_steps:
        return 0
    if step < warmup:
        return (step + 1) * peak / (warmup + 1)
    weight = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([weight], lr=peak)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, total_steps - warmup)
    for _ in range(step - warmup):
        optimiser.step()
        schedule.step()
    return schedule.get_last_lr()[0]


def right_peak_in_the_first_part(step, total_steps, peak, warmup, lowest=0.0):
    if step <= warmup:
        return peak * (step + 1) / (warmup + 1)
    if step >= total_steps:
        return lowest
    return lowest + (peak - lowest) / 2 * (1 + math.cos((step - warmup) / (total_steps - warmup) * math.pi))


def crash_cosine_of_a_number(step, total_steps, peak, warmup):
    """line: torch.cos(
    hint: there is math.cos
    """
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = min((step - warmup) / (total_steps - warmup), 1.0)
    return peak * (1 + torch.cos(math.pi * progress)) / 2


def crash_table_too_short(step, total_steps, peak, warmup):
    """line: rates[step]
    hint: table ends with the training
    """
    rates = [peak * (i + 1) / (warmup + 1) for i in range(warmup)]
    falling = total_steps - warmup
    rates += [peak * (1 + math.cos(math.pi * i / falling)) / 2 for i in range(falling)]
    return rates[step]
