"""Answers to 04.4 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.utils.rnn import pad_sequence


def wrong_padding_counts(x, lengths):
    """hint: the padding takes part"""
    return x.max(dim=1).values


def wrong_padding_to_zero(x, lengths):
    """hint: never the largest"""
    x = x.clone()
    for i, n in enumerate(lengths):
        x[i, n:] = 0
    return x.max(dim=1).values


def wrong_pads_clips_again(x, lengths):
    """hint: never the largest"""
    rows = [clip[:n] for clip, n in zip(x, lengths, strict=True)]
    return pad_sequence(rows, batch_first=True).amax(dim=1)


def wrong_multiplies_by_the_mask(x, lengths):
    """hint: never the largest"""
    mask = torch.arange(x.shape[1])[None] < lengths[:, None]
    return (x * mask.unsqueeze(-1)).amax(dim=1)


def wrong_starts_from_zero(x, lengths):
    """hint: never the largest"""
    best = torch.zeros(len(x), x.shape[2], dtype=x.dtype)
    for t in range(x.shape[1]):
        best = torch.where((t < lengths)[:, None], torch.maximum(best, x[:, t]), best)
    return best


def wrong_minus_a_billion(x, lengths):
    """hint: looks small enough"""
    padding = torch.arange(x.shape[1])[None] >= lengths[:, None]
    return x.masked_fill(padding[:, :, None], -1e9).max(dim=1)[0]


def wrong_minus_a_hundred(x, lengths):
    """hint: looks small enough"""
    padding = torch.arange(x.shape[1])[None] >= lengths[:, None]
    return torch.where(padding[:, :, None], -100.0, x).amax(1)


def wrong_finfo_tiny(x, lengths):
    """hint: never the largest"""
    padding = torch.arange(x.shape[1])[None] >= lengths[:, None]
    return torch.where(padding[:, :, None], torch.finfo(x.dtype).tiny, x).amax(1)


def wrong_adds_minus_infinity(x, lengths):
    """hint: NaN plus or times"""
    padding = torch.arange(x.shape[1])[None] >= lengths[:, None]
    penalty = torch.zeros(padding.shape).masked_fill(padding, float("-inf"))
    return (x + penalty[..., None]).amax(dim=1)


def wrong_mask_the_other_way_round(x, lengths):
    """hint: other way round"""
    valid = torch.arange(x.shape[1])[None] < lengths[:, None]
    return x.masked_fill(valid[..., None], -torch.inf).amax(dim=1)


def wrong_values_and_places(x, lengths):
    """hint: take .values"""
    padding = torch.arange(x.shape[1])[None] >= lengths[:, None]
    return x.masked_fill(padding[..., None], -torch.inf).max(dim=1)


def wrong_places(x, lengths):
    """hint: places of the largest"""
    return torch.stack([clip[:n].argmax(dim=0) for clip, n in zip(x, lengths, strict=True)])


def wrong_one_frame_too_many(x, lengths):
    """hint: `>=` and not `>`"""
    return torch.stack([x[i, : lengths[i] + 1].amax(dim=0) for i in range(len(x))])


def wrong_one_frame_too_few(x, lengths):
    """hint: last valid frame"""
    return torch.stack([x[i, : max(int(lengths[i]) - 1, 1)].amax(dim=0) for i in range(len(x))])


def wrong_length_of_the_first(x, lengths):
    """hint: first clip for all"""
    return x[:, : lengths[0]].amax(dim=1)


def wrong_mean(x, lengths):
    """hint: mean"""
    return torch.stack([clip[:n].mean(dim=0) for clip, n in zip(x, lengths, strict=True)])


def wrong_over_everything(x, lengths):
    """hint: over the features too"""
    return torch.stack([clip[:n].max() for clip, n in zip(x, lengths, strict=True)])


def wrong_keepdim(x, lengths):
    """hint: keepdim"""
    return torch.stack([clip[:n].amax(dim=0, keepdim=True) for clip, n in zip(x, lengths, strict=True)])


def wrong_changes_its_input(x, lengths):
    """hint: changed x"""
    for i, n in enumerate(lengths):
        x.data[i, n:] = -torch.inf
    return x.amax(dim=1)


def wrong_returns_in_the_loop(x, lengths):
    """hint: inside your loop"""
    for i, n in enumerate(lengths):
        return x[i, :n].amax(dim=0)


def right_loop(x, lengths):
    return torch.stack([clip[:n].max(dim=0).values for clip, n in zip(x, lengths.tolist(), strict=True)])


def right_frame_by_frame(x, lengths):
    best = torch.full_like(x[:, 0], float("-inf"))
    for t in range(x.shape[1]):
        best = torch.where((t < lengths)[:, None], torch.maximum(best, x[:, t]), best)
    return best


def right_lowest_number_of_the_type(*, x, lengths):
    valid = torch.arange(x.shape[1], device=x.device)[None, :] < lengths.unsqueeze(1)
    return torch.where(valid.unsqueeze(2), x, torch.finfo(x.dtype).min).max(dim=1)[0]


def right_first_frame_for_padding(x, lengths):
    valid = torch.arange(x.shape[1], device=x.device)[None, :] < lengths.unsqueeze(1)
    frames = [x[:, 0]]
    for t in range(1, x.shape[1]):
        frames.append(torch.where(valid[:, t, None], x[:, t], -torch.inf))
    return torch.stack(frames).amax(dim=0)


def crash_mask_without_features(x, lengths):
    """line: x.masked_fill(padding, -torch.inf)
    hint: padding[..., None]
    """
    padding = torch.arange(x.shape[1]) >= lengths[:, None]
    return x.masked_fill(padding, -torch.inf).amax(dim=1)


def crash_largest_of_features(x, lengths):
    """line: torch.stack(
    hint: over time
    """
    return torch.stack([clip[:n].amax(dim=-1) for clip, n in zip(x, lengths, strict=True)])


def wrong_over_the_batch(x, lengths):
    """hint: time is axis 1"""
    padding = torch.arange(x.shape[1])[None] >= lengths[:, None]
    return x.masked_fill(padding[..., None], -torch.inf).max(dim=0).values


def wrong_sizes(x, lengths):
    """hint: leave abs() out"""
    return torch.stack([clip[:n].abs().amax(dim=0) for clip, n in zip(x, lengths, strict=True)])


def crash_stacks_values_and_places(x, lengths):
    """line: torch.stack(
    hint: .values
    """
    return torch.stack([clip[:n].max(dim=0) for clip, n in zip(x, lengths, strict=True)])


def wrong_shortest(x, lengths):
    """hint: the shortest length"""
    return x[:, : lengths.min()].amax(1)


def wrong_mask_times_infinity(x, lengths):
    """hint: never multiply a mask"""
    padding = torch.arange(x.shape[1]) >= lengths[:, None]
    return (x + padding[..., None] * float("-inf")).amax(dim=1)
