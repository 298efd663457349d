"""Answers to 01.7 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.utils.rnn import pad_sequence


def wrong_pads_on_the_left(clips):
    """hint: left"""
    longest = max(len(clip) for clip in clips)
    speech = torch.zeros(len(clips), longest, dtype=clips[0].dtype)
    mask = torch.zeros(len(clips), longest, dtype=torch.bool)
    for i, clip in enumerate(clips):
        speech[i, longest - len(clip) :] = clip
        mask[i, longest - len(clip) :] = True
    return speech, mask


def wrong_mask_the_other_way_round(clips):
    """hint: other way round"""
    speech = pad_sequence(clips, batch_first=True)
    mask = torch.ones(speech.shape, dtype=torch.bool)
    for i, clip in enumerate(clips):
        mask[i, : len(clip)] = False
    return speech, mask


def wrong_mask_from_zeros(clips):
    """hint: silence"""
    speech = pad_sequence(clips, batch_first=True)
    return speech, speech != 0


def wrong_cut_to_the_shortest(clips):
    """hint: shortest"""
    shortest = min(len(clip) for clip in clips)
    speech = torch.stack([clip[:shortest] for clip in clips])
    return speech, torch.ones_like(speech, dtype=torch.bool)


def wrong_sorted_by_length(clips):
    """hint: order"""
    clips = sorted(clips, key=len, reverse=True)
    speech = pad_sequence(clips, batch_first=True)
    mask = torch.stack([torch.arange(speech.shape[1]) < len(clip) for clip in clips])
    return speech, mask


def wrong_time_first(clips):
    """hint: time first"""
    speech = pad_sequence(clips)
    lengths = torch.tensor([len(clip) for clip in clips])
    return speech, torch.arange(len(speech))[:, None] < lengths


def wrong_float_mask(clips):
    """hint: bool"""
    speech = pad_sequence(clips, batch_first=True)
    mask = torch.zeros_like(speech)
    for i, clip in enumerate(clips):
        mask[i, : len(clip)] = 1
    return speech, mask


def wrong_one_mask_too_long(clips):
    """hint: one too many"""
    speech = pad_sequence(clips, batch_first=True)
    lengths = torch.tensor([len(clip) for clip in clips])
    return speech, torch.arange(speech.shape[1]) <= lengths[:, None]


def wrong_repeats_the_last_value(clips):
    """hint: zeros"""
    longest = max(map(len, clips))
    rows, masks = [], []
    for clip in clips:
        missing = longest - len(clip)
        rows.append(torch.cat([clip, clip[-1:].repeat(missing)]))
        masks.append(torch.arange(longest) < len(clip))
    return torch.stack(rows), torch.stack(masks)


def wrong_loops_the_clip(clips):
    """hint: zeros"""
    longest = max(map(len, clips))
    speech = torch.stack([clip.repeat(longest // len(clip) + 1)[:longest] for clip in clips])
    mask = torch.stack([torch.arange(longest) < len(clip) for clip in clips])
    return speech, mask


def wrong_lengths_for_a_mask(clips):
    """hint: lengths"""
    return pad_sequence(clips, batch_first=True), torch.tensor([len(clip) for clip in clips])


def wrong_speech_only(clips):
    """hint: two"""
    return pad_sequence(clips, batch_first=True)


def wrong_everything_valid(clips):
    """hint: True everywhere"""
    speech = pad_sequence(clips, batch_first=True)
    return speech, torch.ones_like(speech, dtype=torch.bool)


def wrong_mask_first(clips):
    """hint: order of the two"""
    speech = pad_sequence(clips, batch_first=True)
    lengths = torch.tensor([len(clip) for clip in clips])
    return torch.arange(speech.shape[1]) < lengths[:, None], speech


def right_loops(clips):
    longest = 0
    for clip in clips:
        longest = max(longest, clip.numel())
    rows, mask = [], []
    for clip in clips:
        rows.append(torch.tensor(clip.tolist() + [0.0] * (longest - len(clip)), dtype=clip.dtype))
        mask.append([True] * len(clip) + [False] * (longest - len(clip)))
    return torch.stack(rows), torch.tensor(mask)


def right_list_of_two_non_contiguous(clips, padding=0.0):
    speech = pad_sequence(clips, padding_value=padding).T
    mask = pad_sequence([torch.ones(len(clip), dtype=torch.bool) for clip in clips]).T
    return [speech, mask]


def right_lengths_compared(*, clips):
    lengths = torch.tensor([clip.shape[0] for clip in clips])
    valid = torch.arange(int(lengths.max())) < lengths.unsqueeze(1)
    speech = torch.zeros(valid.shape, dtype=clips[0].dtype)
    speech[valid] = torch.cat(list(clips))
    return speech, valid


def crash_stacks_unequal(clips):
    """line: torch.stack(clips)"""
    speech = torch.stack(clips)
    return speech, speech == speech


def crash_list_has_no_shape(clips):
    """line: clips.shape"""
    speech = torch.zeros(clips.shape)
    return speech, speech.bool()


def wrong_fills_with_ones(clips):
    """hint: fill up with zeros"""
    longest = max(map(len, clips))
    speech = torch.ones(len(clips), longest)
    mask = torch.zeros(len(clips), longest, dtype=torch.bool)
    for i, clip in enumerate(clips):
        speech[i, : len(clip)] = clip
        mask[i, : len(clip)] = True
    return speech, mask


def wrong_fills_with_minus_one(clips):
    """hint: fill up with zeros"""
    speech, mask = wrong_fills_with_ones(clips)
    return torch.where(mask, speech, -1.0), mask
