"""Answers to 01.4 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def wrong_twenty(power, filters, floor=1e-10):
    """hint: 20"""
    mel = power @ filters
    return 20 * torch.log10(torch.clamp(mel, min=floor))


def wrong_natural_logarithm(power, filters, floor=1e-10):
    """hint: natural"""
    return 10 * torch.log(torch.clamp(power @ filters, min=floor))


def wrong_bare_log10(power, filters, floor=1e-10):
    """hint: bel"""
    return torch.log10(torch.clamp(power @ filters, min=floor))


def wrong_adds_the_floor(power, filters, floor=1e-10):
    """hint: added"""
    mel = torch.matmul(power, filters)
    return 10 * torch.log10(mel + floor)


def wrong_no_floor(power, filters, floor=1e-10):
    """hint: silence"""
    return 10 * (power @ filters).log10()


def wrong_floor_after_the_log(power, filters, floor=1e-10):
    """hint: before the logarithm"""
    decibels = 10 * torch.log10(power @ filters)
    return torch.clamp(decibels, min=floor)


def wrong_floor_in_decibels_after_the_log(power, filters, floor=1e-10):
    """hint: slope of log at 0"""
    decibels = 10 * (power @ filters).log10()
    return decibels.clamp(min=10 * math.log10(floor))


def wrong_log_before_filters(power, filters, floor=1e-10):
    """hint: before the filters"""
    decibels = 10 * torch.log10(power.clamp(min=floor))
    return decibels @ filters


def wrong_floor_before_filters(power, filters, floor=1e-10):
    """hint: after the filters"""
    power = power.clone()
    power[power < floor] = floor
    return 10 * torch.log10(power @ filters)


def wrong_relative_to_the_loudest(power, filters, floor=1e-10):
    """hint: loudest"""
    decibels = 10 * torch.log10((power @ filters).clamp(min=floor))
    return decibels - decibels.max()


def wrong_floor_ignored(power, filters, floor=1e-10):
    """hint: floor it is given"""
    mel = power @ filters
    return 10 * torch.log10(torch.clamp(mel, min=1e-10))


def wrong_sign(power, filters, floor=1e-10):
    """hint: sign"""
    mel = (power @ filters).clamp(min=floor)
    return -10 * torch.log10(mel)


def wrong_log1p(power, filters, floor=1e-10):
    """hint: 1 +"""
    mel = (power @ filters).clamp(min=floor)
    return 10 * torch.log1p(mel) / math.log(10)


def wrong_forgets_the_log(power, filters, floor=1e-10):
    """hint: logarithm"""
    mel = power @ filters
    return torch.where(mel < floor, torch.full_like(mel, floor), mel)


def right_einsum(power, filters, floor=1e-10):
    mel = torch.einsum("...tf,fm->...tm", power, filters)
    mel = torch.where(mel > floor, mel, torch.full_like(mel, floor))
    return torch.log(mel) * (10 / math.log(10))


def right_loop_over_filters(power, filters, floor=1e-10, reference=1.0):
    columns = []
    for m in range(filters.shape[1]):
        energy = (power * filters[:, m]).sum(dim=-1)
        columns.append(10 * torch.log10(torch.clamp(energy, min=floor) / reference))
    return torch.stack(columns, dim=-1)


def right_transposed_result(*, power, filters, floor=1e-10):
    mel = filters.T @ power.transpose(-1, -2)  # mel time
    return mel.clamp(min=floor).log10().mul(10).transpose(-1, -2)


def crash_filters_transposed(power, filters, floor=1e-10):
    """line: power @ filters.T"""
    return 10 * torch.log10((power @ filters.T).clamp(min=floor))


def crash_math_log(power, filters, floor=1e-10):
    """line: math.log10"""
    return 10 * math.log10(power @ filters)
