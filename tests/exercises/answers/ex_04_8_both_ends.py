"""Answers to 04.8 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_both_at_the_end_of_the_clip(output, lengths):
    """hint: wrong end"""
    return torch.stack([states[n - 1] for states, n in zip(output, lengths, strict=True)])


def wrong_both_at_the_end_of_the_batch(output, lengths):
    """hint: padding for all but the longest"""
    return output[:, -1, :]


def wrong_forward_padded(output, lengths):
    """hint: end of the batch"""
    size = output.shape[-1] // 2
    return torch.cat((output[:, -1, :size], output[:, 0, size:]), dim=1)


def wrong_where_they_start(output, lengths):
    """hint: read where they start"""
    size = output.shape[-1] // 2
    last = output[torch.arange(len(output)), lengths - 1]
    return torch.cat((output[:, 0, :size], last[:, size:]), dim=1)


def wrong_backward_at_the_end_of_the_batch(output, lengths):
    """hint: wrong end"""
    size = output.shape[-1] // 2
    last = output[torch.arange(len(output)), lengths - 1]
    return torch.cat((last[:, :size], output[:, -1, size:]), dim=1)


def wrong_both_at_the_beginning(output, lengths):
    """hint: has heard one frame"""
    return output[:, 0]


def wrong_backward_first(output, lengths):
    """hint: first forward, then backward"""
    size = output.shape[-1] // 2
    last = output[torch.arange(len(output)), lengths - 1]
    return torch.cat((output[:, 0, size:], last[:, :size]), dim=1)


def wrong_second_half_is_forward(output, lengths):
    """hint: halves are exchanged"""
    size = output.shape[-1] // 2
    last = output[torch.arange(len(output)), lengths - 1]
    return torch.cat((last[:, size:], output[:, 0, :size]), dim=1)


def wrong_every_second_number(output, lengths):
    """hint: every second number"""
    ways = output.unflatten(-1, (-1, 2))
    last = ways[torch.arange(len(output)), lengths - 1]
    return torch.cat([last[..., 0], ways[:, 0, :, 1]], dim=-1)


def wrong_adds_directions(output, lengths):
    """hint: added the two directions"""
    forward, backward = output.chunk(2, dim=2)
    return forward[torch.arange(len(output)), lengths - 1] + backward[:, 0]


def wrong_stacks_directions(output, lengths):
    """hint: new axis"""
    forward, backward = output.chunk(2, dim=2)
    rows = [torch.stack([f[n - 1], b[0]]) for f, b, n in zip(forward, backward, lengths, strict=True)]
    return torch.stack(rows)


def wrong_cat_without_dim(output, lengths):
    """hint: below each other"""
    forward, backward = output.chunk(2, dim=2)
    return torch.cat([forward[torch.arange(len(output)), lengths - 1], backward[:, 0]])


def wrong_whole_frames(output, lengths):
    """hint: whole frames"""
    return torch.cat([output[torch.arange(len(output)), lengths - 1], output[:, 0]], dim=1)


def wrong_two_results(output, lengths):
    """hint: two results"""
    forward, backward = output.chunk(2, dim=2)
    return forward[torch.arange(len(output)), lengths - 1], backward[:, 0]


def wrong_length_of_the_first(output, lengths):
    """hint: first clip for all"""
    forward, backward = output.chunk(2, dim=2)
    return torch.cat([forward[:, lengths[0] - 1], backward[:, 0]], dim=1)


def wrong_one_frame_late(output, lengths):
    """hint: indices 0 to n − 1"""
    forward, backward = output.chunk(2, dim=2)
    places = torch.minimum(lengths, torch.tensor(output.shape[1] - 1))
    return torch.cat([forward[torch.arange(len(output)), places], backward[:, 0]], dim=1)


def wrong_mean(output, lengths):
    """hint: mean over each clip"""
    return torch.stack([states[:n].mean(0) for states, n in zip(output, lengths, strict=True)])


def right_loop(output, lengths):
    size = output.shape[2] // 2
    rows = []
    for states, n in zip(output, lengths.tolist(), strict=True):
        rows.append(torch.cat([states[n - 1, :size], states[0, size:]]))
    return torch.stack(rows)


def right_gather(*, output, lengths):
    size = output.shape[2] // 2
    index = (lengths - 1)[:, None, None].expand(-1, 1, size)
    return torch.cat([output[..., :size].gather(1, index), output[:, :1, size:]], dim=2).squeeze(1)


def right_places_for_every_number(output, lengths):
    half = torch.arange(output.shape[2], device=output.device) < output.shape[2] // 2
    places = torch.where(half, lengths[:, None] - 1, 0)
    return output.gather(1, places[:, None]).squeeze(1)


def crash_cuts_the_batch(output, lengths):
    """line: forward[torch.arange(len(output)), lengths - 1]"""
    forward, backward = output.chunk(2)
    return torch.cat([forward[torch.arange(len(output)), lengths - 1], backward[:, 0]], dim=-1)


def crash_lengths_as_a_slice(output, lengths):
    """line: output[:, :lengths]"""
    return output[:, :lengths][:, -1]


def wrong_halves_of_time(output, lengths):
    """hint: cuts time into halves"""
    forward, backward = output.chunk(2, dim=1)
    return torch.cat([forward[:, -1], backward[:, 0]], dim=-1)


def wrong_averages_directions(output, lengths):
    """hint: averaged the two"""
    forward, backward = output.chunk(2, dim=2)
    return (forward[torch.arange(len(output)), lengths - 1] + backward[:, 0]) / 2
