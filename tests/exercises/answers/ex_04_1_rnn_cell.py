"""Answers to 04.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch.nn import functional


def wrong_forgets_tanh(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: goes into tanh"""
    return functional.linear(input, w_ih, b_ih) + functional.linear(hidden, w_hh, b_hh)


def wrong_state_by_columns(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: mixes by columns"""
    return (torch.matmul(input, w_ih.t()) + torch.matmul(hidden, w_hh) + b_ih + b_hh).tanh()


def wrong_weights_in_front(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: each clip is a column"""
    total = w_ih @ input.T + w_hh @ hidden.T + (b_ih + b_hh).unsqueeze(1)
    return torch.tanh(total)


def wrong_bias_added_along_the_batch(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: the biases go to clips"""
    return torch.tanh(torch.mm(w_ih, input.T) + torch.mm(w_hh, hidden.T) + b_ih + b_hh)


def wrong_one_bias(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: both are added"""
    return torch.tanh(functional.linear(input, w_ih, b_ih) + functional.linear(hidden, w_hh))


def wrong_the_other_bias(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: both are added"""
    return torch.tanh(functional.linear(input, w_ih) + functional.linear(hidden, w_hh, b_hh))


def wrong_no_bias(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: both biases are missing"""
    return torch.tanh(torch.cat([input, hidden], dim=1) @ torch.cat([w_ih, w_hh], dim=1).T)


def wrong_sigmoid(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: sigmoid"""
    return 1 / (1 + torch.exp(-(input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh)))


def wrong_relu(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: relu"""
    return (input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh).clamp(min=0)


def wrong_softmax(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: share a sum of 1"""
    return functional.softmax(input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh, dim=1)


def wrong_tanh_of_each_part(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: tanh comes once"""
    new = torch.tanh(functional.linear(input, w_ih, b_ih))
    old = torch.tanh(functional.linear(hidden, w_hh, b_hh))
    return new + old


def wrong_tanh_before_the_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: tanh comes once"""
    return torch.tanh(input @ w_ih.T + b_ih) + hidden @ w_hh.T + b_hh


def wrong_adds_the_old_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: only through w_hh"""
    return hidden + torch.tanh(input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh)


def wrong_forgets_the_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: remembers nothing"""
    return torch.tanh(input @ w_ih.T + b_ih)


def wrong_state_without_weights(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: through its own weights"""
    return torch.tanh(input @ w_ih.T + b_ih + hidden + b_hh)


def wrong_tanh_by_hand(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: overflows"""
    a = input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh
    return (torch.exp(a) - torch.exp(-a)) / (torch.exp(a) + torch.exp(-a))


def wrong_detached_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: earlier frames"""
    return torch.tanh(input @ w_ih.T + b_ih + hidden.detach() @ w_hh.T + b_hh)


def wrong_empty(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: None"""
    torch.tanh(input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh)


def right_torch(input, hidden, w_ih, w_hh, b_ih, b_hh):
    return torch.rnn_tanh_cell(input, hidden, w_ih, w_hh, b_ih, b_hh)


def right_side_by_side(*, input, hidden, w_ih, w_hh, b_ih, b_hh):
    both = torch.cat([input, hidden], dim=-1)
    return torch.tanh(torch.einsum("bk,hk->bh", both, torch.cat([w_ih, w_hh], dim=-1)) + b_ih + b_hh)


def right_loops(input, hidden, w_ih, w_hh, b_ih, b_hh):
    columns = []
    for i in range(w_hh.shape[0]):
        total = (input * w_ih[i]).sum(dim=-1) + (hidden * w_hh[i]).sum(dim=-1) + b_ih[i] + b_hh[i]
        columns.append(total.tanh())
    return torch.stack(columns).T


def crash_without_turning(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: input @ w_ih
    hint: row i of a weight
    """
    return torch.tanh(input @ w_ih + b_ih + hidden @ w_hh + b_hh)


def crash_weights_in_front(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: w_hh @ hidden
    hint: row i of a weight
    """
    return torch.tanh(w_ih @ input + w_hh @ hidden + b_ih + b_hh)


def crash_weights_exchanged(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: hidden @ w_ih.T
    hint: input to hidden
    """
    return torch.tanh(hidden @ w_ih.T + input @ w_hh.T + b_ih + b_hh)


def crash_math(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: math.tanh"""
    return math.tanh(input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh)


def wrong_b_ih_twice(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: where b_hh belongs"""
    return torch.tanh(functional.linear(input, w_ih, b_ih) + functional.linear(hidden, w_hh, b_ih))


def wrong_state_first(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: another order than their weights"""
    both = torch.cat([hidden, input], dim=1)
    return torch.tanh(functional.linear(both, torch.cat([w_ih, w_hh], dim=1), b_ih + b_hh))


def wrong_times(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: number by number"""
    return torch.tanh(input * w_ih.T + hidden * w_hh.T + b_ih + b_hh)


def wrong_times_without_turning(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: a row of the weights times the frame"""
    return torch.tanh(input * w_ih + b_ih + hidden * w_hh + b_hh)


def wrong_output_and_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: One tensor is wanted"""
    h = torch.tanh(input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh)
    return h, h


def wrong_weights_of_the_state_first(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: another order than their weights"""
    both = torch.cat([input, hidden], -1)
    return torch.tanh(both @ torch.cat([w_hh, w_ih], 1).T + b_ih + b_hh)
