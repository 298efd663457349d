"""Answers to 04.10 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def network(w_ih, w_hh, b_ih, b_hh):
    gru = nn.GRU(w_ih.shape[1], w_hh.shape[1], batch_first=True)
    names = [name for name, _ in gru.named_parameters()]
    given = dict(zip(names, (w_ih, w_hh, b_ih, b_hh), strict=True))
    return lambda *inputs: torch.func.functional_call(gru, given, inputs)


def wrong_ignores_lengths(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: runs on over the padding"""
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(input)
    return output, h_n[0]


def wrong_sets_the_output_to_zero_afterwards(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: runs on over the padding"""
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(input)
    padding = torch.arange(input.shape[1]) >= lengths[:, None]
    return output.masked_fill(padding[..., None], 0), h_n[0]


def wrong_holds_the_output_too(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: only the state is kept"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        new = torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        h = torch.where((t < lengths).unsqueeze(1), new, h)
        states.append(h)
    return torch.stack(states, dim=1), h


def wrong_last_step_of_the_output(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: every clip but the longest"""
    packed = pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, _ = network(w_ih, w_hh, b_ih, b_hh)(packed)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])
    return output, output[:, -1]


def wrong_state_set_to_zero(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: its state is kept"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        h = torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        h = h.masked_fill((t >= lengths)[:, None], 0)
        states.append(h)
    return torch.stack(states, dim=1), h


def wrong_less_or_equal(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: while t < n"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        running = (t <= lengths)[:, None]
        h = torch.where(running, torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh), h)
        states.append(torch.where(running, h, torch.zeros_like(h)))
    return torch.stack(states, dim=1), h


def wrong_one_frame_too_few(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: last valid frame is not read"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        running = (t < lengths - 1)[:, None]
        h = torch.where(running, torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh), h)
        states.append(torch.where(running, h, torch.zeros_like(h)))
    return torch.stack(states, dim=1), h


def wrong_multiplies_by_the_mask(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: NaN · 0"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        running = (t < lengths)[:, None].float()
        h = running * torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh) + (1 - running) * h
        states.append(running * h)
    return torch.stack(states, dim=1), h


def wrong_zeros_again_in_every_step(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: from zeros again"""
    h = torch.zeros(len(input), w_hh.shape[1])
    last, states = h, []
    for t in range(input.shape[1]):
        running = (t < lengths)[:, None]
        new = torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(torch.where(running, new, 0))
        last = torch.where(running, new, 0)
    return torch.stack(states, dim=1), last


def wrong_time_first(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: new axis in front"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        running = (t < lengths)[:, None]
        h = torch.where(running, torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh), h)
        states.append(torch.where(running, h, 0))
    return torch.stack(states), h


def wrong_output_as_long_as_the_longest(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: as many steps as the input"""
    packed = pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(packed)
    return pad_packed_sequence(output, batch_first=True)[0], h_n[0]


def wrong_output_only(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: two results"""
    return right_clip_by_clip(input, lengths, w_ih, w_hh, b_ih, b_hh)[0]


def wrong_layers_axis(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: axis in front"""
    packed = pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(packed)
    return pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])[0], h_n


def wrong_shortest(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: stopped all clips at one length"""
    h, states = torch.zeros(len(input), w_hh.shape[1]), []
    for t in range(int(lengths.min())):
        h = torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    missing = input.shape[1] - len(states)
    return torch.stack(states + [torch.zeros_like(h)] * missing, dim=1), h


def right_clip_by_clip(input, lengths, w_ih, w_hh, b_ih, b_hh):
    rows, last = [], []
    for clip, n in zip(input, lengths.tolist(), strict=True):
        h, states = torch.zeros_like(w_hh[:1]), []
        for frame in clip[:n]:
            h = torch.gru_cell(frame[None], h, w_ih, w_hh, b_ih, b_hh)
            states.append(h[0])
        rows.append(torch.stack(states + [torch.zeros_like(h[0])] * (len(clip) - n)))
        last.append(h[0])
    return torch.stack(rows), torch.stack(last)


def right_packed(*, input, lengths, w_ih, w_hh, b_ih, b_hh):
    packed = pack_padded_sequence(input, lengths.cpu(), batch_first=True, enforce_sorted=False)
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(packed)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])
    return output, h_n[-1]


def right_read_at_the_end(input, lengths, w_ih, w_hh, b_ih, b_hh):
    output, _ = network(w_ih, w_hh, b_ih, b_hh)(input)
    padding = torch.arange(input.shape[1], device=input.device) >= lengths[:, None]
    output = output.masked_fill(padding[..., None], 0)
    return output, output[torch.arange(len(input), device=input.device), lengths - 1]


def crash_mask_without_an_axis(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """line: torch.where(t < lengths
    hint: (t < lengths)[:, None]
    """
    h, states = input.new_zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        h = torch.where(t < lengths, torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh), h)
        states.append(torch.where(t < lengths, h, 0))
    return torch.stack(states, dim=1), h


def crash_packed_output_is_no_tensor(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """line: output[:, -1]"""
    packed = pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, _ = network(w_ih, w_hh, b_ih, b_hh)(packed)
    return output, output[:, -1]


def crash_lengths_not_sorted(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """line: pack_padded_sequence(input, lengths, batch_first=True)"""
    packed = pack_padded_sequence(input, lengths, batch_first=True)
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(packed)
    return pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])[0], h_n[0]


def wrong_feeds_zeros(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: goes on moving its state"""
    padding = (torch.arange(input.shape[1]) >= lengths[:, None])[..., None]
    output, h_n = network(w_ih, w_hh, b_ih, b_hh)(input.masked_fill(padding, 0))
    return output.masked_fill(padding, 0), h_n[0]


def wrong_where_the_other_way_round(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: other way round"""
    h, states = input.new_zeros(len(input), w_hh.shape[1]), []
    for t in range(input.shape[1]):
        running = (t < lengths)[:, None]
        h = torch.where(running, h, torch.gru_cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh))
        states.append(torch.where(running, h, 0))
    return torch.stack(states, dim=1), h


def wrong_state_carried_from_clip_to_clip(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: second clip starts with"""
    output, last = torch.zeros(*input.shape[:2], w_hh.shape[1]), []
    h = torch.zeros(1, w_hh.shape[1])
    for i, n in enumerate(lengths):
        for t in range(n):
            h = torch.gru_cell(input[i : i + 1, t], h, w_ih, w_hh, b_ih, b_hh)
            output[i, t] = h[0]
        last.append(h[0])
    return output, torch.stack(last)


def loaded(w_ih, w_hh, b_ih, b_hh):
    """torch.nn.GRU that has copied the weights."""
    gru = nn.GRU(w_ih.shape[1], w_hh.shape[1], batch_first=True)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    gru.load_state_dict(dict(zip(names, (w_ih, w_hh, b_ih, b_hh), strict=True)))
    return gru


def wrong_weights_loaded(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """hint: load_state_dict copies"""
    gru = loaded(w_ih, w_hh, b_ih, b_hh).to(input.dtype)
    packed = pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, h_n = gru(packed)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])
    return output, h_n[0]


def crash_module_of_float32(input, lengths, w_ih, w_hh, b_ih, b_hh):
    """line: gru(packed)
    hint: .to(input.dtype)
    """
    gru = loaded(w_ih, w_hh, b_ih, b_hh)
    packed = pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, h_n = gru(packed)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])
    return output, h_n[0]
