"""Answers to 05.3 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_as_torch_nn(lengths, time):
    """hint: other way round"""
    return torch.arange(time) >= lengths[:, None]


def wrong_less_or_equal(lengths, time):
    """hint: one frame of padding"""
    return torch.arange(time)[None] <= lengths[:, None]


def wrong_last_frame_missing(lengths, time):
    """hint: last frame is missing"""
    return torch.arange(time)[None] < lengths[:, None] - 1


def wrong_counted_from_one(lengths, time):
    """hint: last frame is missing"""
    return torch.arange(1, time + 1) < lengths[:, None]


def wrong_time_first(lengths, time):
    """hint: [batch, time] is wanted"""
    return torch.arange(time)[:, None] < lengths


def wrong_longest(lengths, time):
    """hint: ends with the longest clip"""
    return torch.arange(lengths.max().item()) < lengths[:, None]


def wrong_ones(lengths, time):
    """hint: a mask is boolean"""
    mask = torch.zeros(len(lengths), time)
    for row, n in zip(mask, lengths.tolist(), strict=True):
        row[:n] = 1
    return mask


def wrong_minus_infinity(lengths, time):
    """hint: adds to scores"""
    mask = torch.zeros(len(lengths), time)
    return mask.masked_fill(torch.arange(time) >= lengths[:, None], -torch.inf)


def wrong_table(lengths, time):
    """hint: every frame with every frame"""
    mask = torch.arange(time) < lengths[:, None]
    return mask.unsqueeze(1) & mask.unsqueeze(2)


def wrong_return_in_the_loop(lengths, time):
    """hint: inside your loop"""
    mask = torch.zeros(len(lengths), time, dtype=torch.bool)
    for i, n in enumerate(lengths):
        mask[i, :n] = True
        return mask


def wrong_first_frame_missing(lengths, time):
    """hint: frame 0 is missing"""
    index = torch.arange(time)
    return (index > 0) & (index < lengths[:, None])


def right_loop(lengths, time):
    mask = torch.zeros(len(lengths), time, dtype=torch.bool)
    for i, n in enumerate(lengths.tolist()):
        mask[i, :n] = True
    return mask


def right_stack(*, lengths, time):
    return torch.stack([torch.tensor([t < n for t in range(time)]) for n in lengths.tolist()])


def right_repeated(lengths, time):
    index = torch.arange(time).expand(len(lengths), time)
    return lengths.unsqueeze(1) > index


def crash_without_an_axis(lengths, time):
    """line: torch.arange(time) < lengths
    hint: lengths[:, None]
    """
    return torch.arange(time) < lengths


def crash_arange_of_lengths(lengths, time):
    """line: torch.arange(lengths)
    hint: one number
    """
    return torch.arange(lengths) < time
