"""Answers to 04.3 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.utils.rnn import pad_sequence


def wrong_last_padded(x, lengths):
    """hint: padding of the others"""
    return x[:, x.shape[1] - 1, :]


def wrong_all_pairs(x, lengths):
    """hint: every length from every clip"""
    return x[:, lengths - 1, :]


def crash_axes_exchanged(x, lengths):
    """line: x[n - 1, i]
    hint: first axis of x is the batch
    """
    return torch.stack([x[n - 1, i] for i, n in enumerate(lengths)])


def wrong_one_frame_early(x, lengths):
    """hint: frame before the last valid one"""
    rows = []
    for i in range(len(x)):
        rows.append(x[i, max(int(lengths[i]) - 2, 0)])
    return torch.stack(rows)


def wrong_first_frame(x, lengths):
    """hint: first frame"""
    return torch.stack([clip[0] for clip in x])


def wrong_longest(x, lengths):
    """hint: longest clip for all"""
    return x[:, int(lengths.max()) - 1]


def wrong_length_of_the_first(x, lengths):
    """hint: first clip for all"""
    return x[:, lengths[0] - 1]


def wrong_gathers_one_feature(x, lengths):
    """hint: expand the index"""
    index = (lengths - 1).view(-1, 1, 1)
    return torch.gather(x, 1, index)[:, 0]


def wrong_last_feature(x, lengths):
    """hint: last axis is features"""
    return x[:, :, -1]


def wrong_keeps_time(x, lengths):
    """hint: not with a slice"""
    return torch.stack([x[i, n - 1 : n] for i, n in enumerate(lengths)])


def wrong_squeezes_the_batch_away(x, lengths):
    """hint: batch of one"""
    index = (lengths - 1)[:, None, None].expand(-1, -1, x.shape[2])
    return x.gather(1, index).squeeze()


def wrong_mean(x, lengths):
    """hint: mean"""
    return torch.stack([clip[:n].mean(dim=0) for clip, n in zip(x, lengths, strict=True)])


def wrong_largest(x, lengths):
    """hint: largest value"""
    return torch.stack([clip[:n].amax(dim=0) for clip, n in zip(x, lengths, strict=True)])


def wrong_returns_in_the_loop(x, lengths):
    """hint: inside your loop"""
    for i, n in enumerate(lengths):
        return x[i, n - 1]


def wrong_writes_one_row(x, lengths):
    """hint: inside your loop"""
    last = torch.zeros(len(x), x.shape[2])
    for i, n in enumerate(lengths):
        last[i] = x[i, n - 1]
        return last


def wrong_through_numpy(x, lengths):
    """hint: gradient"""
    return torch.tensor([x[i, n - 1].tolist() for i, n in enumerate(lengths)], dtype=x.dtype)


def wrong_times_a_mask(x, lengths):
    """hint: NaN · 0"""
    here = torch.arange(x.shape[1]) == (lengths - 1)[:, None]
    return (x * here[..., None]).sum(dim=1)


def right_loop(x, lengths):
    return torch.stack([clip[n - 1] for clip, n in zip(x, lengths.tolist(), strict=True)])


def right_gather(x, lengths):
    index = (lengths - 1).reshape(-1, 1, 1).expand(-1, 1, x.size(-1))
    return torch.gather(x, 1, index).squeeze(1)


def right_mask(*, x, lengths):
    return x[torch.arange(x.shape[1], device=x.device) == lengths[:, None] - 1]


def right_from_the_end_of_each(x, lengths):
    turned = pad_sequence([clip[:n].flip(0) for clip, n in zip(x, lengths, strict=True)])
    return turned[0]


def wrong_index_one_too_far(x, lengths):
    """hint: indices 0 to n − 1"""
    return torch.stack([x[i, lengths[i]] for i in range(len(x))])


def wrong_index_one_too_far_at_once(x, lengths):
    """hint: indices 0 to n − 1"""
    return x[torch.arange(len(x)), lengths]


def crash_gather_with_too_few_axes(x, lengths):
    """line: x.gather(1, lengths - 1)"""
    return x.gather(1, lengths - 1)


def wrong_zeros_are_padding(x, lengths):
    """hint: by its zeros"""
    return torch.stack([clip[clip.abs().sum(dim=1) != 0][-1] for clip in x])


def crash_all_frames_of_each_clip(x, lengths):
    """line: torch.stack(
    hint: its last
    """
    return torch.stack([clip[:n] for clip, n in zip(x, lengths, strict=True)])


def wrong_shortest(x, lengths):
    """hint: the shortest length"""
    return x[:, lengths.min() - 1]
