"""Answers to 01.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_no_overlap(waveform, frame_length, hop_length):
    """hint: hop_length"""
    frames = []
    for start in range(0, waveform.shape[-1] - frame_length + 1, frame_length):
        frames.append(waveform[..., start : start + frame_length])
    return torch.stack(frames, dim=-2)


def wrong_one_frame_short(waveform, frame_length, hop_length):
    """hint: last frame"""
    count = (waveform.shape[-1] - frame_length) // hop_length
    frames = [waveform[..., i * hop_length : i * hop_length + frame_length] for i in range(count)]
    return torch.stack(frames, dim=-2)


def wrong_frames_in_columns(waveform, frame_length, hop_length):
    """hint: transposed"""
    frames = []
    start = 0
    while start + frame_length <= waveform.shape[-1]:
        frames.append(waveform[..., start : start + frame_length])
        start += hop_length
    return torch.stack(frames, dim=-1)


def wrong_pads_the_last_frame(waveform, frame_length, hop_length):
    """hint: do not fill"""
    frames = []
    for start in range(0, waveform.shape[-1], hop_length):
        piece = waveform[..., start : start + frame_length]
        piece = torch.nn.functional.pad(piece, (0, frame_length - piece.shape[-1]))
        frames.append(piece)
    return torch.stack(frames, dim=-2)


def wrong_length_and_hop_swapped(waveform, frame_length, hop_length):
    """hint: swapped"""
    return waveform.unfold(-1, hop_length, frame_length)


def wrong_moves_one_sample(waveform, frame_length, hop_length):
    """hint: one sample"""
    rows = []
    for i in range(waveform.shape[-1] - frame_length + 1):
        rows.append(waveform[..., i : i + frame_length])
    return torch.stack(rows, -2)


def wrong_batch_in_one_row(waveform, frame_length, hop_length):
    """hint: batch"""
    signal = waveform.flatten()
    count = 1 + (len(signal) - frame_length) // hop_length
    index = torch.arange(count)[:, None] * hop_length + torch.arange(frame_length)
    return signal[index]


def wrong_starts_at_the_hop(waveform, frame_length, hop_length):
    """hint: first frame"""
    return waveform[..., hop_length:].unfold(-1, frame_length, hop_length)


def crash_counts_the_first_axis(waveform, frame_length, hop_length):
    """line: torch.stack(frames)"""
    frames = []
    for start in range(0, len(waveform) - frame_length + 1, hop_length):
        frames.append(waveform[start : start + frame_length])
    return torch.stack(frames)


def wrong_stacks_frames_in_front(waveform, frame_length, hop_length):
    """hint: before the batch"""
    frames = []
    for start in range(0, waveform.shape[-1] - frame_length + 1, hop_length):
        frames.append(waveform[..., start : start + frame_length])
    return torch.stack(frames)


def right_loop(waveform, frame_length, hop_length):
    n = 0
    pieces = []
    while n + frame_length <= waveform.size(-1):
        pieces.append(waveform[..., n : n + frame_length].clone())
        n = n + hop_length
    return torch.stack(pieces, dim=-2)


def right_gather(waveform, frame_length, hop_length):
    starts = torch.arange(0, waveform.shape[-1] - frame_length + 1, hop_length, device=waveform.device)
    inside = torch.arange(frame_length, device=waveform.device)
    return waveform[..., starts[:, None] + inside]


def right_non_contiguous_keywords(*, waveform, frame_length=400, hop_length=160):
    columns = [
        waveform[..., k : waveform.shape[-1] - frame_length + k + 1 : hop_length] for k in range(frame_length)
    ]
    return torch.stack(columns, dim=0).movedim(0, -1)


def crash_slices_past_the_end(waveform, frame_length, hop_length):
    """line: torch.stack(frames)"""
    frames = [waveform[s : s + frame_length] for s in range(0, len(waveform), hop_length)]
    return torch.stack(frames)


def crash_float_range(waveform, frame_length, hop_length):
    """line: range(count)"""
    count = (waveform.shape[-1] - frame_length) / hop_length + 1
    frames = []
    for i in range(count):
        frames.append(waveform[..., i * hop_length : i * hop_length + frame_length])
    return torch.stack(frames, dim=-2)


def crash_slices_the_batch(waveform, frame_length, hop_length):
    """line: waveform[i * hop_length
    hint: first axis
    """
    count = 1 + (waveform.shape[-1] - frame_length) // hop_length
    return torch.stack([waveform[i * hop_length : i * hop_length + frame_length] for i in range(count)])


def crash_unfolds_the_batch(waveform, frame_length, hop_length):
    """line: waveform.unfold(0
    hint: first axis
    """
    return waveform.unfold(0, frame_length, hop_length)


def crash_writes_frames_of_a_batch(waveform, frame_length, hop_length):
    """line: frames[i] = waveform
    hint: Count axes from the end
    """
    frames = torch.zeros(1 + (waveform.shape[-1] - frame_length) // hop_length, frame_length)
    for i in range(len(frames)):
        frames[i] = waveform[i * hop_length : i * hop_length + frame_length]
    return frames


def crash_ragged_last_frame(waveform, frame_length, hop_length):
    """line: torch.stack(frames)
    hint: shorter than the others
    """
    frames = [waveform[start : start + frame_length] for start in range(0, len(waveform), hop_length)]
    return torch.stack(frames)
