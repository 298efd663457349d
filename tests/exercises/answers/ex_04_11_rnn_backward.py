"""Answers to 04.11 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def gradients(a, input, output, w_ih):
    before = torch.cat([torch.zeros_like(output[:, :1]), output[:, :-1]], dim=1)
    w_ih_grad = a.flatten(0, 1).T @ input.flatten(0, 1)
    return a @ w_ih, w_ih_grad, a.flatten(0, 1).T @ before.flatten(0, 1), a.sum(dim=(0, 1))


def wrong_each_frame_for_itself(grad_output, input, output, w_ih, w_hh):
    """hint: did to later frames"""
    return gradients(grad_output * (1 - output**2), input, output, w_ih)


def wrong_last_output_only(grad_output, input, output, w_ih, w_hh):
    """hint: every state is an output"""
    a = torch.zeros_like(output)
    grad_h = grad_output[:, -1]
    for t in reversed(range(output.shape[1])):
        a[:, t] = grad_h * (1 - output[:, t] ** 2)
        grad_h = a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_no_slope(grad_output, input, output, w_ih, w_hh):
    """hint: slope of tanh is missing"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = grad_output[:, t] + later
        later = a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_tanh_of_tanh(grad_output, input, output, w_ih, w_hh):
    """hint: without another tanh"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = (grad_output[:, t] + later) / torch.cosh(output[:, t]) ** 2
        later = a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_sigmoid_slope(grad_output, input, output, w_ih, w_hh):
    """hint: slope of a sigmoid"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = (grad_output[:, t] + later) * output[:, t] * (1 - output[:, t])
        later = a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_adds_later_after_the_slope(grad_output, input, output, w_ih, w_hh):
    """hint: add first"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = grad_output[:, t] * (1 - output[:, t] ** 2) + later
        later = a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_hands_back_before_tanh(grad_output, input, output, w_ih, w_hh):
    """hint: leads through tanh first"""
    grad_h = grad_output.clone()
    for t in range(output.shape[1] - 2, -1, -1):
        grad_h[:, t] += grad_h[:, t + 1] @ w_hh
    return gradients(grad_h * (1 - output**2), input, output, w_ih)


def wrong_turned_weight_on_the_way_back(grad_output, input, output, w_ih, w_hh):
    """hint: not turned"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = torch.matmul(a[:, t], w_hh.t())
    return gradients(a, input, output, w_ih)


def wrong_first_frame_to_last(grad_output, input, output, w_ih, w_hh):
    """hint: comes from later frames"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1]):
        a[:, t] = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_state_after_the_frame(grad_output, input, output, w_ih, w_hh):
    """hint: state *before* each frame"""
    grad_input, _, _, _ = right_loops(grad_output, input, output, w_ih, w_hh)
    w_ih_grad, w_hh_grad = torch.zeros_like(w_ih), torch.zeros_like(w_hh)
    bias, later = torch.zeros_like(w_hh[0]), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = a @ w_hh
        w_ih_grad += a.T @ input[:, t]
        w_hh_grad += a.T @ output[:, t]
        bias += a.sum(0)
    return grad_input, w_ih_grad, w_hh_grad, bias


def wrong_overwrites_the_sums(grad_output, input, output, w_ih, w_hh):
    """hint: sums over all frames"""
    grad_input, _, _, _ = right_loops(grad_output, input, output, w_ih, w_hh)
    later = 0
    for t in range(output.shape[1] - 1, -1, -1):
        a = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = a @ w_hh
        before = output[:, t - 1] if t else torch.zeros_like(output[:, 0])
        w_ih_grad, w_hh_grad, bias = a.T @ input[:, t], a.T @ before, a.sum(0)
    return grad_input, w_ih_grad, w_hh_grad, bias


def wrong_turned_results(grad_output, input, output, w_ih, w_hh):
    """hint: shape of its weight"""
    grad_input, w_ih_grad, w_hh_grad, bias = right_loops(grad_output, input, output, w_ih, w_hh)
    return grad_input, w_ih_grad.T, w_hh_grad.T, bias


def wrong_mean_over_clips(grad_output, input, output, w_ih, w_hh):
    """hint: a gradient is a sum"""
    grad_input, w_ih_grad, w_hh_grad, bias = right_loops(grad_output, input, output, w_ih, w_hh)
    clips = len(input)
    return grad_input, w_ih_grad / clips, w_hh_grad / clips, bias / clips


def wrong_bias_of_each_clip(grad_output, input, output, w_ih, w_hh):
    """hint: sum over batch and time"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = a[:, t] @ w_hh
    return *gradients(a, input, output, w_ih)[:3], a.sum(dim=1)


def wrong_no_bias(grad_output, input, output, w_ih, w_hh):
    """hint: four results"""
    return right_loops(grad_output, input, output, w_ih, w_hh)[:3]


def wrong_weights_first(grad_output, input, output, w_ih, w_hh):
    """hint: another order"""
    grad_input, w_ih_grad, w_hh_grad, bias = right_loops(grad_output, input, output, w_ih, w_hh)
    return w_ih_grad, w_hh_grad, bias, grad_input


def right_loops(grad_output, input, output, w_ih, w_hh):
    grad_input = torch.zeros_like(input)
    w_ih_grad, w_hh_grad = torch.zeros_like(w_ih), torch.zeros_like(w_hh)
    bias, later = torch.zeros_like(w_hh[0]), torch.zeros_like(output[:, 0])
    for t in range(output.shape[1] - 1, -1, -1):
        a = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = a @ w_hh
        grad_input[:, t] = a @ w_ih
        w_ih_grad += a.T @ input[:, t]
        if t > 0:
            w_hh_grad += a.T @ output[:, t - 1]
        bias += a.sum(0)
    return grad_input, w_ih_grad, w_hh_grad, bias


def right_clip_by_clip(*, grad_output, input, output, w_ih, w_hh):
    rows, w_ih_grad, w_hh_grad, bias = [], 0 * w_ih, 0 * w_hh, 0 * w_hh[0]
    for grads, frames, states in zip(grad_output, input, output, strict=True):
        later, row = 0 * w_hh[0], []
        for t in reversed(range(len(frames))):
            a = (grads[t] + later) * (1 - states[t].square())
            later = w_hh.T @ a
            row.insert(0, w_ih.T @ a)
            w_ih_grad = w_ih_grad + torch.outer(a, frames[t])
            w_hh_grad = w_hh_grad + (torch.outer(a, states[t - 1]) if t else 0)
            bias = bias + a
        rows.append(torch.stack(row))
    return [torch.stack(rows), w_ih_grad, w_hh_grad, bias]


def right_autograd(grad_output, input, output, w_ih, w_hh):
    before = torch.cat([torch.zeros_like(output[:, :1]), output[:, :-1]], dim=1)
    bias = (torch.atanh(output.double()) - (input @ w_ih.T + before @ w_hh.T).double())[0, 0]
    leaves = [x.double().requires_grad_() for x in (input, w_ih, w_hh, bias)]
    x, w, v, b = leaves
    h, states = 0 * output[:, 0].double(), []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ w.T + h @ v.T + b)
        states.append(h)
    found = torch.autograd.grad(torch.stack(states, dim=1), leaves, grad_output.double())
    return tuple(g.to(input.dtype) for g in found)


def crash_turned_input_weight(grad_output, input, output, w_ih, w_hh):
    """line: a @ w_ih.T
    hint: grad_a @ w_ih, not turned
    """
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later = a[:, t] @ w_hh
    return a @ w_ih.T, *gradients(a, input, output, w_ih)[1:]


def crash_index_behind_the_end(grad_output, input, output, w_ih, w_hh):
    """line: a[:, t + 1] @ w_hh"""
    a = torch.zeros_like(output)
    for t in reversed(range(output.shape[1])):
        a[:, t] = (grad_output[:, t] + a[:, t + 1] @ w_hh) * (1 - output[:, t] ** 2)
    return a @ w_ih, a, a, a


def wrong_adds_to_what_was_handed_back(grad_output, input, output, w_ih, w_hh):
    """hint: without adding to what was there"""
    a, later = torch.zeros_like(output), 0
    for t in range(output.shape[1] - 1, -1, -1):
        a[:, t] = (grad_output[:, t] + later) * (1 - output[:, t] ** 2)
        later += a[:, t] @ w_hh
    return gradients(a, input, output, w_ih)


def wrong_weights_of_each_clip(grad_output, input, output, w_ih, w_hh):
    """hint: over the batch too"""
    grad_input, _, _, bias = right_loops(grad_output, input, output, w_ih, w_hh)
    each = [
        right_loops(*row, w_ih, w_hh)
        for row in zip(*(x.split(1) for x in (grad_output, input, output)), strict=True)
    ]
    return grad_input, torch.stack([row[1] for row in each]), torch.stack([row[2] for row in each]), bias


def wrong_both_biases(grad_output, input, output, w_ih, w_hh):
    """hint: one of them is wanted"""
    grad_input, w_ih_grad, w_hh_grad, bias = right_loops(grad_output, input, output, w_ih, w_hh)
    return grad_input, w_ih_grad, w_hh_grad, bias + bias
