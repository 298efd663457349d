"""Answers to 04.2 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn import functional


def cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(functional.linear(x, w_ih, b_ih) + functional.linear(h, w_hh, b_hh))


def wrong_loops_over_the_batch(input, w_ih, w_hh, b_ih, b_hh):
    """hint: along the batch"""
    h = torch.zeros(input.shape[1], w_hh.shape[0])
    states = []
    for x in input:
        h = cell(x, h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states)


def wrong_loops_over_the_batch_and_stacks_on_time(input, w_ih, w_hh, b_ih, b_hh):
    """hint: along the batch"""
    h = torch.zeros(input.shape[1], w_hh.shape[0])
    states = []
    for x in input:
        h = cell(x, h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


def wrong_torch_time_first(input, w_ih, w_hh, b_ih, b_hh):
    """hint: along the batch"""
    network = nn.RNN(input.shape[2], len(w_hh))
    names = [name for name, _ in network.named_parameters()]
    given = dict(zip(names, (w_ih, w_hh, b_ih, b_hh), strict=True))
    return torch.func.functional_call(network, given, (input,))[0]


def wrong_stacks_in_front(input, w_ih, w_hh, b_ih, b_hh):
    """hint: new axis in front"""
    h = torch.zeros(len(input), len(w_hh))
    states = []
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states)


def wrong_cat(input, w_ih, w_hh, b_ih, b_hh):
    """hint: torch.cat lays"""
    h = torch.zeros(len(input), len(w_hh))
    states = []
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.cat(states, dim=1)


def wrong_last_state(input, w_ih, w_hh, b_ih, b_hh):
    """hint: last state only"""
    h = torch.zeros(len(input), len(w_hh))
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
    return h


def wrong_state_set_to_zero_in_the_loop(input, w_ih, w_hh, b_ih, b_hh):
    """hint: from zeros again"""
    states = []
    for t in range(input.size(1)):
        h = torch.zeros(len(input), len(w_hh))
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


def wrong_state_carried_from_clip_to_clip(input, w_ih, w_hh, b_ih, b_hh):
    """hint: nothing to do with each other"""
    output = torch.zeros(input.shape[0], input.shape[1], len(w_hh))
    h = torch.zeros(1, len(w_hh))
    for i in range(input.shape[0]):
        for t in range(input.shape[1]):
            h = cell(input[i, t][None], h, w_ih, w_hh, b_ih, b_hh)
            output[i, t] = h[0]
    return output


def wrong_starts_from_ones(input, w_ih, w_hh, b_ih, b_hh):
    """hint: starts from a state of zeros"""
    h, states = torch.ones(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, 1)


def wrong_collects_before_the_step(input, w_ih, w_hh, b_ih, b_hh):
    """hint: before each frame"""
    h, states = torch.zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        states.append(h)
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
    return torch.stack(states, 1)


def wrong_keeps_the_zeros(input, w_ih, w_hh, b_ih, b_hh):
    """hint: zeros before the first frame"""
    states = [torch.zeros(len(input), len(w_hh))]
    for t in range(input.size(1)):
        states.append(cell(input[:, t], states[-1], w_ih, w_hh, b_ih, b_hh))
    return torch.stack(states, 1)


def wrong_backwards(input, w_ih, w_hh, b_ih, b_hh):
    """hint: last frame to the first"""
    h, states = torch.zeros(len(input), len(w_hh)), []
    for t in reversed(range(input.size(1))):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, 1)


def wrong_no_tanh(input, w_ih, w_hh, b_ih, b_hh):
    """hint: no tanh"""
    h, states = torch.zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = input[:, t] @ w_ih.T + h @ w_hh.T + b_ih + b_hh
        states.append(h)
    return torch.stack(states, 1)


def wrong_list(input, w_ih, w_hh, b_ih, b_hh):
    """hint: torch.stack"""
    h, states = torch.zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return states


def wrong_detached_state(input, w_ih, w_hh, b_ih, b_hh):
    """hint: gradient stops at every step"""
    h, states = input.new_zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = cell(input[:, t], h.detach(), w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, 1)


def right_clip_by_clip(input, w_ih, w_hh, b_ih, b_hh):
    rows = []
    for clip in input:
        h, states = torch.zeros_like(w_hh[0]), []
        for frame in clip:
            h = torch.tanh(w_ih @ frame + b_ih + w_hh @ h + b_hh)
            states.append(h)
        rows.append(torch.stack(states))
    return torch.stack(rows)


def right_torch(input, w_ih, w_hh, b_ih, b_hh):
    network = nn.RNN(input.shape[2], len(w_hh), batch_first=True)
    names = [name for name, _ in network.named_parameters()]
    given = dict(zip(names, (w_ih, w_hh, b_ih, b_hh), strict=True))
    return torch.func.functional_call(network, given, (input,))[0]


def right_written_into_a_tensor(*, input, w_ih, w_hh, b_ih, b_hh):
    output = torch.zeros(*input.shape[:2], w_hh.shape[0]).to(input)
    total = functional.linear(input, w_ih, b_ih + b_hh)
    h = output[:, 0].clone()
    for t in range(input.shape[1]):
        h = torch.tanh(total[:, t] + h @ w_hh.T)
        output[:, t] = h
    return output


def crash_all_frames_in_a_step(input, w_ih, w_hh, b_ih, b_hh):
    """line: output[:, t] = h"""
    h = torch.zeros(len(input), len(w_hh))
    output = torch.zeros(*input.shape[:2], len(w_hh))
    for t in range(input.size(1)):
        h = cell(input, h, w_ih, w_hh, b_ih, b_hh)
        output[:, t] = h
    return output


def crash_zeros_of_float32(input, w_ih, w_hh, b_ih, b_hh):
    """line: cell(input[:, t], h
    hint: torch.zeros makes float32
    """
    h, states = torch.zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


def crash_clip_for_frame(input, w_ih, w_hh, b_ih, b_hh):
    """line: cell(input[t], h
    hint: input[:, t]
    """
    h, states = input.new_zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = cell(input[t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


def crash_state_as_wide_as_the_frame(input, w_ih, w_hh, b_ih, b_hh):
    """line: h @ w_hh.T
    hint: as many as w_hh has rows
    """
    h, states = input.new_zeros(len(input), input.size(2)), []
    for t in range(input.size(1)):
        h = torch.tanh(input[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


def wrong_returns_in_the_loop(input, w_ih, w_hh, b_ih, b_hh):
    """hint: inside your loop"""
    h, states = input.new_zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
        return torch.stack(states, dim=1)


def wrong_one_tensor_for_all_states(input, w_ih, w_hh, b_ih, b_hh):
    """hint: overwritten in each step"""
    h, states = torch.zeros(len(input), len(w_hh)), []
    for t in range(input.size(1)):
        h[:] = cell(input[:, t], h, w_ih, w_hh, b_ih, b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


def wrong_output_and_last_state(input, w_ih, w_hh, b_ih, b_hh):
    """hint: states after every frame are enough"""
    output = right_clip_by_clip(input, w_ih, w_hh, b_ih, b_hh)
    return output, output[:, -1]
