"""Answers to 06.4 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn import functional


def _backward(model, batch, optimiser):
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    return loss


def _learning(model):
    return [p for p in model.parameters() if p.grad is not None]


def _norm(model):
    return torch.cat([p.grad.flatten() for p in _learning(model)]).norm()


def wrong_clips_before_backward(model, batch, optimiser, max_norm):
    """hint: nothing to clip yet"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    loss.backward()
    optimiser.step()
    return norm


def wrong_clips_before_backward_loss_returned(model, batch, optimiser, max_norm):
    """hint: nothing to clip yet"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_clips_after_the_step(model, batch, optimiser, max_norm):
    """hint: before optimiser.step()"""
    _backward(model, batch, optimiser)
    optimiser.step()
    return nn.utils.clip_grad_norm_(model.parameters(), max_norm).item()


def wrong_new_tensors(model, batch, optimiser, max_norm):
    """hint: shorten what stands in .grad"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    for p in _learning(model):
        grad = p.grad
        if norm > max_norm:
            grad = grad * max_norm / norm
    optimiser.step()
    return norm


def wrong_norm_without_underscore(model, batch, optimiser, max_norm):
    """hint: before optimiser.step()"""
    _backward(model, batch, optimiser)
    norm = nn.utils.get_total_norm([p.grad for p in _learning(model)])
    optimiser.step()
    return norm


def wrong_norm_afterwards(model, batch, optimiser, max_norm):
    """hint: as it was before clipping"""
    _backward(model, batch, optimiser)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return _norm(model).item()


def wrong_factor_returned(model, batch, optimiser, max_norm):
    """hint: you return the factor"""
    _backward(model, batch, optimiser)
    factor = (max_norm / (_norm(model) + 1e-9)).clamp(max=1.0)
    for p in _learning(model):
        p.grad *= factor
    optimiser.step()
    return factor.item()


def wrong_clips_numbers(model, batch, optimiser, max_norm):
    """hint: which turns the arrow"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    nn.utils.clip_grad_value_(model.parameters(), max_norm)
    optimiser.step()
    return norm


def wrong_each_parameter_alone(model, batch, optimiser, max_norm):
    """hint: by its own norm"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    for p in model.parameters():
        nn.utils.clip_grad_norm_(p, max_norm)
    optimiser.step()
    return norm.item()


def wrong_each_parameter_alone_last_told(model, batch, optimiser, max_norm):
    """hint: by its own norm"""
    _backward(model, batch, optimiser)
    for p in _learning(model):
        norm = nn.utils.clip_grad_norm_(p, max_norm)
    optimiser.step()
    return norm.item()


def wrong_always_scaled(model, batch, optimiser, max_norm):
    """hint: short enough stays"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    for p in _learning(model):
        p.grad.mul_(max_norm / (norm + 1e-6))
    optimiser.step()
    return norm.item()


def wrong_zero_over_zero(model, batch, optimiser, max_norm):
    """hint: divide by a norm of 0"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    for p in _learning(model):
        p.grad = p.grad / norm * torch.minimum(norm, torch.tensor(max_norm))
    optimiser.step()
    return norm


def wrong_length_one(model, batch, optimiser, max_norm):
    """hint: gets the length 1"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    if norm > max_norm:
        for p in _learning(model):
            p.grad /= norm
    optimiser.step()
    return norm


def wrong_upside_down(model, batch, optimiser, max_norm):
    """hint: upside down"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    if norm > max_norm:
        for p in _learning(model):
            p.grad *= norm / max_norm
    optimiser.step()
    return norm


def wrong_leaves_out_long_ones(model, batch, optimiser, max_norm):
    """hint: threw away"""
    _backward(model, batch, optimiser)
    norm = _norm(model)
    if norm > max_norm:
        for p in _learning(model):
            p.grad.zero_()
    optimiser.step()
    return norm


def _with_norm(model, batch, optimiser, max_norm, norm_of):
    _backward(model, batch, optimiser)
    norm = norm_of([p.grad for p in _learning(model)])
    if norm > max_norm:
        for p in _learning(model):
            p.grad *= max_norm / norm
    optimiser.step()
    return norm


def wrong_sum_of_norms(model, batch, optimiser, max_norm):
    """hint: added up the norms"""
    return _with_norm(model, batch, optimiser, max_norm, lambda gs: sum(g.norm() for g in gs))


def wrong_root_forgotten(model, batch, optimiser, max_norm):
    """hint: root is missing"""
    return _with_norm(model, batch, optimiser, max_norm, lambda gs: sum((g**2).sum() for g in gs))


def wrong_largest_norm(model, batch, optimiser, max_norm):
    """hint: largest norm"""
    return _with_norm(model, batch, optimiser, max_norm, lambda gs: max(g.norm() for g in gs))


def wrong_norm_of_infinity(model, batch, optimiser, max_norm):
    """hint: largest entry"""
    _backward(model, batch, optimiser)
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm, norm_type=float("inf"))
    optimiser.step()
    return norm


def wrong_norm_of_one(model, batch, optimiser, max_norm):
    """hint: sizes of the entries"""
    _backward(model, batch, optimiser)
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm, 1)
    optimiser.step()
    return norm


def wrong_weights_clipped(model, batch, optimiser, max_norm):
    """hint: the weights themselves"""
    _backward(model, batch, optimiser)
    with torch.no_grad():
        norm = torch.cat([p.flatten() for p in model.parameters()]).norm()
        if norm > max_norm:
            for p in model.parameters():
                p *= max_norm / norm
    optimiser.step()
    return norm


def wrong_loss_returned(model, batch, optimiser, max_norm):
    """hint: this is the loss"""
    loss = _backward(model, batch, optimiser)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return loss.item()


def wrong_pair_returned(model, batch, optimiser, max_norm):
    """hint: one number is wanted"""
    loss = _backward(model, batch, optimiser)
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return norm.item(), loss.item()


def wrong_nothing_returned(model, batch, optimiser, max_norm):
    """hint: should end with return"""
    _backward(model, batch, optimiser)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()


def wrong_never_emptied(model, batch, optimiser, max_norm):
    """hint: call zero_grad before backward"""
    x, y = batch
    model.train()
    functional.cross_entropy(model(x), y).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return norm


def wrong_emptied_at_the_end(model, batch, optimiser, max_norm):
    """hint: after the step only"""
    x, y = batch
    model.train()
    functional.cross_entropy(model(x), y).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    optimiser.zero_grad()
    return norm


def wrong_emptied_after_clipping(model, batch, optimiser, max_norm):
    """hint: between clipping and the step"""
    _backward(model, batch, optimiser)
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.zero_grad()
    optimiser.step()
    return norm


def wrong_no_step(model, batch, optimiser, max_norm):
    """hint: where is optimiser.step()"""
    _backward(model, batch, optimiser)
    return nn.utils.clip_grad_norm_(model.parameters(), max_norm)


def wrong_mode_forgotten(model, batch, optimiser, max_norm):
    """hint: call model.train() first"""
    x, y = batch
    optimiser.zero_grad()
    functional.cross_entropy(model(x), y).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return norm


def right_by_hand(model, batch, optimiser, max_norm):
    _backward(model, batch, optimiser)
    norm = sum(p.grad.square().sum() for p in _learning(model)).sqrt().item()
    if norm > max_norm:
        for p in _learning(model):
            p.grad *= max_norm / norm
    optimiser.step()
    optimiser.zero_grad()
    return norm


def right_parameters_of_the_optimiser(*, model, batch, optimiser, max_norm):
    _backward(model, batch, optimiser)
    learning = [p for group in optimiser.param_groups for p in group["params"]]
    norm = torch.nn.utils.clip_grad_norm_(learning, max_norm, norm_type=2.0)
    optimiser.step()
    return norm.double()


def right_two_steps_of_clipping(model, batch, optimiser, max_norm, foreach=None):
    _backward(model, batch, optimiser)
    norm = nn.utils.get_total_norm([p.grad for p in _learning(model)])
    nn.utils.clip_grads_with_norm_(model.parameters(), max_norm, norm)
    optimiser.step()
    return norm.item()


def crash_none_has_no_norm(model, batch, optimiser, max_norm):
    """line: p.grad.norm()
    hint: has no gradient
    """
    _backward(model, batch, optimiser)
    norm = sum(p.grad.norm() ** 2 for p in model.parameters()) ** 0.5
    for p in model.parameters():
        p.grad *= min(1.0, max_norm / (norm + 1e-6))
    optimiser.step()
    return norm


def crash_none_squared(model, batch, optimiser, max_norm):
    """line: p.grad**2
    hint: has no gradient
    """
    _backward(model, batch, optimiser)
    norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters()))
    for p in model.parameters():
        p.grad.mul_(min(1.0, max_norm / (norm + 1e-6)))
    optimiser.step()
    return norm


def crash_the_model_itself(model, batch, optimiser, max_norm):
    """line: nn.utils.clip_grad_norm_(model, max_norm)"""
    _backward(model, batch, optimiser)
    norm = nn.utils.clip_grad_norm_(model, max_norm)
    optimiser.step()
    return norm
