"""Answers to 04.6 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional


def gates(input, hidden, w_ih, w_hh, b_ih, b_hh):
    return (functional.linear(input, w_ih, b_ih) + functional.linear(hidden, w_hh, b_hh)).chunk(4, 1)


def wrong_order_of_keras(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: order i, f, g, o"""
    h, c = state
    i, f, o, g = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_order_of_the_paper(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: order i, f, g, o"""
    h, c = state
    f, i, o, g = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_order_of_tensorflow(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: order i, f, g, o"""
    h, c = state
    i, g, f, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_every_fourth_column(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: every fourth row"""
    h, c = state
    total = input @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = total.reshape(len(input), -1, 4).unbind(-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_memory_first(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: memory first"""
    h, c = torch.lstm_cell(input, state, w_ih, w_hh, b_ih, b_hh)
    return c, h


def wrong_state_only(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: the memory is missing"""
    return torch.lstm_cell(input, state, w_ih, w_hh, b_ih, b_hh)[0]


def wrong_output_and_pair(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: side by side"""
    h, c = torch.lstm_cell(input, state, w_ih, w_hh, b_ih, b_hh)
    return h, (h, c)


def wrong_shows_the_old_memory(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: old memory"""
    h, c = state
    i, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    h = o.sigmoid() * c.tanh()
    return h, f.sigmoid() * c + i.sigmoid() * g.tanh()


def wrong_no_tanh_on_the_way_out(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: before o lets it out"""
    h, c = state
    i, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c, c


def wrong_never_forgets(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: would only grow"""
    h, c = state
    i, _, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_no_input_gate(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: how much of g is written"""
    h, c = state
    _, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * c + g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_writes_what_was_forgotten(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: as a GRU does"""
    h, c = state
    _, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = torch.lerp(g.tanh(), c, f.sigmoid())
    return o.sigmoid() * c.tanh(), c


def wrong_forgets_from_the_state(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: f weighs the old memory, c"""
    h, c = state
    i, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * h + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_sigmoid_on_what_is_written(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: may be negative"""
    h, c = state
    i, f, g, o = (gate.sigmoid() for gate in gates(input, h, w_ih, w_hh, b_ih, b_hh))
    c = f * c + i * g
    return o * c.tanh(), c


def wrong_forget_bias_of_one(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: add 1 to the forget gate"""
    h, c = state
    i, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = torch.sigmoid(f + 1) * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_no_bias(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: both biases"""
    return torch.lstm_cell(input, state, w_ih, w_hh)


def wrong_numbers_without_a_past(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: stay in torch"""
    h, c = torch.lstm_cell(input, state, w_ih, w_hh, b_ih, b_hh)
    return h.detach(), c.detach()


def right_torch(input, state, w_ih, w_hh, b_ih, b_hh):
    return torch.lstm_cell(input, state, w_ih, w_hh, b_ih, b_hh)


def right_gate_by_gate(*, input, state, w_ih, w_hh, b_ih, b_hh):
    h, c = state
    sums = []
    for rows in torch.arange(4 * h.shape[1]).chunk(4):
        sums.append(input @ w_ih[rows].T + h @ w_hh[rows].T + (b_ih + b_hh)[rows])
    kept = torch.sigmoid(sums[1]) * c
    written = torch.sigmoid(sums[0]) * torch.tanh(sums[2])
    return [torch.sigmoid(sums[3]) * torch.tanh(kept + written), kept + written]


def right_side_by_side(input, state, w_ih, w_hh, b_ih, b_hh):
    weights = torch.cat([w_ih, w_hh], dim=1)
    total = torch.cat([input, state[0]], dim=1) @ weights.T + b_ih + b_hh
    i, f, g, o = total.unflatten(1, (4, -1)).unbind(1)
    new = f.sigmoid().mul(state[1]) + i.sigmoid().mul(g.tanh())
    return o.sigmoid() * new.tanh(), new


def crash_state_is_a_pair(input, state, w_ih, w_hh, b_ih, b_hh):
    """line: state @ w_hh.T"""
    total = input @ w_ih.T + b_ih + state @ w_hh.T + b_hh
    return total.chunk(4, dim=-1)


def crash_cuts_the_batch(input, state, w_ih, w_hh, b_ih, b_hh):
    """line: .chunk(4)
    hint: dim=-1
    """
    h, c = state
    i, f, g, o = (input @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def crash_three_blocks(input, state, w_ih, w_hh, b_ih, b_hh):
    """line: .chunk(3, dim=1)
    hint: four blocks
    """
    h, c = state
    i, f, g, o = (input @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(3, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def wrong_one_tensor(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: return the pair"""
    return torch.stack(torch.lstm_cell(input, state, w_ih, w_hh, b_ih, b_hh))


def wrong_memory_is_squeezed_by_a_sigmoid(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: you took a sigmoid"""
    h, c = state
    i, f, g, o = gates(input, h, w_ih, w_hh, b_ih, b_hh)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.sigmoid(), c


def wrong_reads_the_pair_the_other_way_round(input, state, w_ih, w_hh, b_ih, b_hh):
    """hint: h, c = state"""
    c, h = state
    return torch.lstm_cell(input, (h, c), w_ih, w_hh, b_ih, b_hh)
