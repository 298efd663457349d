"""Answers to 05.9 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def waves(angles):
    out = torch.zeros(len(angles), 2 * angles.shape[1])
    out[:, 0::2], out[:, 1::2] = torch.sin(angles), torch.cos(angles)
    return out


def wrong_halves(time, features):
    """hint: stand in turns"""
    angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features)
    return torch.cat([torch.sin(angles), torch.cos(angles)], dim=-1)


def wrong_cosine_first(time, features):
    """hint: sine and cosine are exchanged"""
    angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features)
    return torch.stack([torch.cos(angles), torch.sin(angles)], dim=-1).flatten(1)


def wrong_exponent_of_each_column(time, features):
    """hint: share one"""
    out = torch.zeros(time, features)
    for t in range(time):
        for i in range(features):
            angle = t / 10000 ** (i / features)
            out[t, i] = math.sin(angle) if i % 2 == 0 else math.cos(angle)
    return out


def wrong_factor_two_forgotten(time, features):
    """hint: exponents are off"""
    return waves(torch.arange(time)[:, None] / 10000 ** (torch.arange(features // 2) / features))


def wrong_factor_two_twice(time, features):
    """hint: exponents are off"""
    return waves(torch.arange(time)[:, None] / 10000 ** (2 * torch.arange(0, features, 2) / features))


def wrong_multiplied(time, features):
    """hint: it divides"""
    return waves(torch.arange(time)[:, None] * 10000 ** (torch.arange(0, features, 2) / features))


def wrong_base(time, features):
    """hint: count its zeros"""
    return waves(torch.arange(time)[:, None] / 1000 ** (torch.arange(0, features, 2) / features))


def wrong_counted_from_one(time, features):
    """hint: counted from 0"""
    place = torch.arange(1, time + 1)[:, None]
    return waves(place / 10000 ** (torch.arange(0, features, 2) / features))


def wrong_sines(time, features):
    """hint: odd columns hold the cosine"""
    angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features)
    return angles.repeat_interleave(2, dim=1).sin()


def wrong_angles(time, features):
    """hint: their sine and cosine"""
    angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features)
    return angles.repeat_interleave(2, dim=1)


def wrong_batch(time, features):
    """hint: serve every clip"""
    angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features)
    return waves(angles).unsqueeze(0)


def wrong_half_of_the_columns(time, features):
    """hint: one column for each pair"""
    return torch.sin(torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features))


def wrong_double(time, features):
    """hint: float32 is wanted"""
    place = torch.arange(time, dtype=torch.float64)[:, None]
    angles = place / 10000 ** (torch.arange(0, features, 2) / features)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


def right_columns(time, features):
    return waves(torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features))


def right_by_exp(time, features):
    rates = torch.exp(torch.arange(0, features, 2).float() * (-math.log(10000.0) / features))
    return waves(torch.arange(time).float().unsqueeze(1) * rates)


def right_loops(*, time, features):
    rows = []
    for t in range(time):
        row = []
        for i in range(0, features, 2):
            angle = t / 10000 ** (i / features)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row)
    return torch.tensor(rows)


def crash_without_an_axis(time, features):
    """line: torch.arange(time) / 10000
    hint: axis of its own
    """
    return torch.sin(torch.arange(time) / 10000 ** (torch.arange(0, features, 2) / features))


def crash_columns_of_the_wrong_size(time, features):
    """line: out[:, 0::2] = angles.sin()"""
    out = torch.zeros(time, features)
    angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(features) / features)
    out[:, 0::2] = angles.sin()
    out[:, 1::2] = angles.cos()
    return out
