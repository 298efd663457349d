"""Answers to 04.7 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.utils.rnn import pad_sequence


def wrong_flips_everything(x, lengths):
    """hint: begins with padding"""
    return torch.flip(x, dims=[1])


def wrong_padding_set_to_zero(x, lengths):
    """hint: it stays as it was"""
    turned = torch.zeros_like(x)
    for i, n in enumerate(lengths):
        turned[i, :n] = x[i, :n].flip(0)
    return turned


def wrong_padding_set_to_zero_by_padding_again(x, lengths):
    """hint: as many frames as x"""
    rows = [clip[:n].flip(0) for clip, n in zip(x, lengths, strict=True)]
    return pad_sequence(rows, batch_first=True)


def wrong_both_parts_flipped(x, lengths):
    """hint: turned round within itself"""
    rows = [torch.cat([clip[:n].flip(0), clip[n:].flip(0)]) for clip, n in zip(x, lengths, strict=True)]
    return torch.stack(rows)


def wrong_index_one_too_large(x, lengths):
    """hint: n − 1 − t"""
    turned = x.clone()
    for i, n in enumerate(lengths.tolist()):
        for t in range(n):
            turned[i, t] = x[i, min(n - t, x.shape[1] - 1)]
    return turned


def wrong_leaves_the_last_frame(x, lengths):
    """hint: ends before index n"""
    turned = x.clone()
    for i, n in enumerate(lengths.tolist()):
        turned[i, : n - 1] = x[i, : n - 1].flip(0)
    return turned


def wrong_length_of_the_longest(x, lengths):
    """hint: each has its own"""
    n = int(lengths.max())
    return torch.cat([x[:, :n].flip(1), x[:, n:]], dim=1)


def wrong_length_of_the_first(x, lengths):
    """hint: each has its own"""
    n = int(lengths[0])
    return torch.cat([x[:, :n].flip(1), x[:, n:]], dim=1)


def wrong_clips_change_places(x, lengths):
    """hint: turned the batch round"""
    return x.flip(0)


def wrong_features(x, lengths):
    """hint: features of each frame"""
    return x.flip(-1)


def wrong_features_of_each_clip(x, lengths):
    """hint: time is axis 0"""
    rows = [torch.cat([clip[:n].flip(1), clip[n:]]) for clip, n in zip(x, lengths, strict=True)]
    return torch.stack(rows)


def wrong_flips_both_axes(x, lengths):
    """hint: together with time"""
    rows = [torch.cat([clip[:n].flip(0, 1), clip[n:]]) for clip, n in zip(x, lengths, strict=True)]
    return torch.stack(rows)


def wrong_drops_the_result_of_flip(x, lengths):
    """hint: flip makes a new tensor"""
    turned = x.clone()
    for i, n in enumerate(lengths):
        turned[i, :n].flip(0)
    return turned


def wrong_reads_what_it_wrote(x, lengths):
    """hint: already overwritten"""
    turned = x.clone()
    for i, n in enumerate(lengths.tolist()):
        for t in range(n):
            turned[i, t] = turned[i, n - t - 1]
    return turned


def wrong_changes_x(x, lengths):
    """hint: changed x"""
    for i, n in enumerate(lengths):
        x[i, :n] = x[i, :n].flip(0)
    return x


def wrong_rolls(x, lengths):
    """hint: in a circle"""
    return torch.stack([torch.roll(clip, int(n), dims=0) for clip, n in zip(x, lengths, strict=True)])


def wrong_through_a_list(x, lengths):
    """hint: gradient"""
    rows = []
    for clip, n in zip(x.tolist(), lengths.tolist(), strict=True):
        rows.append(clip[:n][::-1] + clip[n:])
    return torch.tensor(rows, dtype=x.dtype)


def right_clip_by_clip(x, lengths):
    rows = [torch.cat([clip[:n].flip(0), clip[n:]]) for clip, n in zip(x, lengths, strict=True)]
    return torch.stack(rows)


def right_index(*, x, lengths):
    t = torch.arange(x.shape[1], device=x.device)[None, :]
    place = lengths[:, None] - 1 - t
    place = torch.where(place < 0, t, place)
    return x[torch.arange(len(x), device=x.device)[:, None], place]


def right_writes_into_a_copy(x, lengths):
    turned = x.clone()
    for i in range(x.shape[0]):
        for t in range(int(lengths[i])):
            turned[i, t] = x[i, lengths[i] - 1 - t]
    return turned


def crash_negative_step(x, lengths):
    """line: clip[n - 1 :: -1]"""
    return torch.stack([clip[n - 1 :: -1] for clip, n in zip(x, lengths.tolist(), strict=True)])


def crash_stacks_unequal_clips(x, lengths):
    """line: torch.stack(
    hint: lengths differ
    """
    return torch.stack([clip[:n].flip(0) for clip, n in zip(x, lengths, strict=True)])


def wrong_padding_in_front(x, lengths):
    """hint: padding in front"""
    return torch.stack([torch.cat([c[n:], c[:n].flip(0)]) for c, n in zip(x, lengths, strict=True)])


def wrong_index_stuck(x, lengths):
    """hint: lies below 0"""
    place = (lengths[:, None] - 1 - torch.arange(x.shape[1])).clamp(min=0)
    return x.gather(1, place[..., None].expand_as(x))


def crash_index_below_zero(x, lengths):
    """line: x.gather(1
    hint: lies below 0
    """
    place = lengths[:, None] - 1 - torch.arange(x.shape[1])
    return x.gather(1, place[..., None].expand_as(x))
