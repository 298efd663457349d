"""Answers to 04.5 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional


def parts(input, hidden, w_ih, w_hh, b_ih, b_hh):
    x = functional.linear(input, w_ih, b_ih).chunk(3, dim=1)
    h = functional.linear(hidden, w_hh, b_hh).chunk(3, dim=1)
    return *x, *h


def wrong_resets_before_the_product(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: after the product"""
    w_ir, w_iz, w_in = w_ih.chunk(3)
    w_hr, w_hz, w_hn = w_hh.chunk(3)
    b_ir, b_iz, b_in = b_ih.chunk(3)
    b_hr, b_hz, b_hn = b_hh.chunk(3)
    r = torch.sigmoid(input @ w_ir.T + b_ir + hidden @ w_hr.T + b_hr)
    z = torch.sigmoid(input @ w_iz.T + b_iz + hidden @ w_hz.T + b_hz)
    n = torch.tanh(input @ w_in.T + b_in + (r * hidden) @ w_hn.T + b_hn)
    return (1 - z) * n + z * hidden


def wrong_update_the_other_way_round(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: how much of the old state stays"""
    x_r, x_z, x_n, h_r, h_z, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return hidden + z * (torch.tanh(x_n + r * h_n) - hidden)


def wrong_order_of_the_paper(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: order r, z, n"""
    x_z, x_r, x_n, h_z, h_r, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * hidden


def wrong_proposal_first(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: order r, z, n"""
    x_n, x_r, x_z, h_n, h_r, h_z = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * hidden


def wrong_every_third_column(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: every third row"""
    x = functional.linear(input, w_ih, b_ih).view(len(input), -1, 3)
    h = functional.linear(hidden, w_hh, b_hh).view(len(input), -1, 3)
    r, z = torch.sigmoid(x[..., 0] + h[..., 0]), torch.sigmoid(x[..., 1] + h[..., 1])
    return (1 - z) * torch.tanh(x[..., 2] + r * h[..., 2]) + z * hidden


def wrong_without_reset(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: r is not used"""
    total = input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh
    _, z, n = total.split(hidden.shape[1], dim=-1)
    z = z.sigmoid()
    return (1 - z) * n.tanh() + z * hidden


def wrong_resets_the_frame_too(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: only what the state brings"""
    total = input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh
    r, z, n = total.split(hidden.shape[1], dim=-1)
    r, z = r.sigmoid(), z.sigmoid()
    return (1 - z) * (r * n).tanh() + z * hidden


def wrong_bias_outside_the_bracket(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: outside the bracket"""
    size = hidden.shape[1]
    x = input @ w_ih.T + b_ih + b_hh
    h = hidden @ w_hh.T
    r = torch.sigmoid(x[:, :size] + h[:, :size])
    z = torch.sigmoid(x[:, size : 2 * size] + h[:, size : 2 * size])
    n = torch.tanh(x[:, 2 * size :] + r * h[:, 2 * size :])
    return (1 - z) * n + z * hidden


def wrong_sigmoid_everywhere(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: only gates are sigmoids"""
    x_r, x_z, x_n, h_r, h_z, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.sigmoid(x_n + r * h_n) + z * hidden


def wrong_tanh_gates(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: a gate can be negative"""
    x_r, x_z, x_n, h_r, h_z, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.tanh(x_r + h_r), torch.tanh(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * hidden


def wrong_gates_from_the_frame(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: old state takes part"""
    x_r, x_z, x_n, _, _, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r), torch.sigmoid(x_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * hidden


def wrong_proposal_only(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: this is the proposal"""
    x_r, _, x_n, h_r, _, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    return torch.tanh(x_n + torch.sigmoid(x_r + h_r) * h_n)


def wrong_reset_in_place_of_update(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: you mixed by r"""
    x_r, _, x_n, h_r, _, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r = torch.sigmoid(x_r + h_r)
    return (1 - r) * torch.tanh(x_n + r * h_n) + r * hidden


def wrong_without_b_hh(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: one of the two biases"""
    return torch.gru_cell(input, hidden, w_ih, w_hh, b_ih, torch.zeros_like(b_hh))


def wrong_without_biases(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: both biases"""
    return torch.gru_cell(input, hidden, w_ih, w_hh)


def wrong_detached_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: stay in torch"""
    return torch.gru_cell(input, hidden, w_ih, w_hh, b_ih, b_hh).detach()


def right_torch(input, hidden, w_ih, w_hh, b_ih, b_hh):
    return torch.gru_cell(input, hidden, w_ih, w_hh, b_ih, b_hh)


def right_split_weights(*, input, hidden, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (input @ w.T + b for w, b in zip(w_ih.chunk(3), b_ih.chunk(3), strict=True))
    h_r, h_z, h_n = (hidden @ w.T + b for w, b in zip(w_hh.chunk(3), b_hh.chunk(3), strict=True))
    r = 1 / (1 + torch.exp(-(x_r + h_r)))
    z = 1 / (1 + torch.exp(-(x_z + h_z)))
    return torch.lerp(torch.tanh(x_n + r * h_n), hidden, z)


def right_slices(input, hidden, w_ih, w_hh, b_ih, b_hh, training=False):
    size = hidden.shape[-1]
    x, h = input @ w_ih.T + b_ih, hidden @ w_hh.T + b_hh
    gates = torch.sigmoid(x[:, : 2 * size] + h[:, : 2 * size])
    n = (x[:, 2 * size :] + gates[:, :size] * h[:, 2 * size :]).tanh()
    return n + gates[:, size:] * (hidden - n)


def crash_cuts_the_batch(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: .chunk(3)
    hint: dim=-1
    """
    r, z, n = (input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh).chunk(3)
    return (1 - z.sigmoid()) * (r.sigmoid() * n).tanh() + z.sigmoid() * hidden


def crash_all_columns_against_the_state(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: torch.sigmoid(z) * hidden"""
    z = input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh
    hidden = hidden.repeat(1, 2)
    return torch.sigmoid(z) * hidden


def wrong_as_in_a_book(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: two things differ"""
    x_r, x_z, x_n, h_r, h_z, _ = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    w_hn, b_hn = w_hh.chunk(3)[2], b_hh.chunk(3)[2]
    n = torch.tanh(x_n + (r * hidden) @ w_hn.T + b_hn)
    return z * n + (1 - z) * hidden


def wrong_resets_the_whole_proposal(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """hint: inside tanh"""
    x_r, x_z, x_n, h_r, h_z, h_n = parts(input, hidden, w_ih, w_hh, b_ih, b_hh)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * (r * torch.tanh(x_n + h_n)) + z * hidden


def crash_splits_into_threes(input, hidden, w_ih, w_hh, b_ih, b_hh):
    """line: .split(3, dim=1)
    hint: size of a block
    """
    r, z, n = (input @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh).split(3, dim=1)
    return (1 - z.sigmoid()) * (r.sigmoid() * n).tanh() + z.sigmoid() * hidden
