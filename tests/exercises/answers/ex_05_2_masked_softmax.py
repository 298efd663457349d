"""Answers to 05.2 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_empty_rows_forgotten(scores, mask, dim=-1):
    """hint: 0/0 = NaN"""
    scores = torch.where(mask, scores, -torch.inf)
    return torch.softmax(scores, dim)


def wrong_zero_scores(scores, mask, dim=-1):
    """hint: e⁰ is 1"""
    return torch.where(mask, scores, 0.0).softmax(dim)


def wrong_after_softmax(scores, mask, dim=-1):
    """hint: after the softmax"""
    return torch.softmax(scores, dim).masked_fill(~mask, 0)


def wrong_minus_1e9(scores, mask, dim=-1):
    """hint: only looks like −∞"""
    return torch.softmax(torch.where(mask, scores, -1e9), dim)


def wrong_minus_1e9_and_zero(scores, mask, dim=-1):
    """hint: only looks like −∞"""
    weights = torch.softmax(scores.masked_fill(mask == 0, -1e9), dim)
    return weights * mask.any(dim, keepdim=True)


def wrong_inverted(scores, mask, dim=-1):
    """hint: other way round"""
    weights = torch.softmax(scores.masked_fill(mask, -torch.inf), dim)
    return torch.nan_to_num(weights)


def right_zero_for_nan(scores, mask, dim=-1):
    weights = torch.softmax(scores.masked_fill(~mask, -torch.inf), dim)
    return torch.where(mask.any(dim, keepdim=True), weights, 0)


def wrong_exp_alone(scores, mask, dim=-1):
    """hint: largest allowed score"""
    powers = torch.where(mask, torch.exp(scores), 0)
    return powers / powers.sum(dim, keepdim=True).clamp(min=1e-30)


def wrong_largest_of_all(scores, mask, dim=-1):
    """hint: mask first"""
    powers = torch.exp(scores - scores.amax(dim, keepdim=True)).masked_fill(~mask, 0)
    total = powers.sum(dim, keepdim=True)
    return torch.where(total > 0, powers / total.clamp(min=1e-30), 0)


def wrong_last_axis_always(scores, mask, dim=-1):
    """hint: along another one"""
    empty = ~mask.any(-1, keepdim=True)
    scores = scores.masked_fill(~mask, -torch.inf).masked_fill(empty, 0)
    return scores.softmax(-1).masked_fill(empty, 0)


def wrong_minus_a_hundred(scores, mask, dim=-1):
    """hint: only looks like"""
    return torch.softmax(scores - 100 * ~mask, dim)


def wrong_infinity_times_zero(scores, mask, dim=-1):
    """hint: 0 · ∞ is NaN"""
    return torch.softmax(scores + (1 - mask.float()) * -torch.inf, dim)


def wrong_log_softmax(scores, mask, dim=-1):
    """hint: logarithms of weights"""
    return torch.log_softmax(scores.masked_fill(~mask, -torch.inf), dim)


def right_softmax_of_safe_rows(scores, mask, dim=-1):
    empty = ~mask.any(dim, keepdim=True)
    scores = scores.masked_fill(~mask, -torch.inf).masked_fill(empty, 0)
    return scores.softmax(dim).masked_fill(empty, 0)


def right_by_hand(scores, mask, dim=-1):
    scores = torch.where(mask, scores, -torch.inf)
    top = scores.max(dim, keepdim=True).values
    top = torch.where(top.isinf(), 0, top)
    powers = (scores - top).exp()
    total = powers.sum(dim, keepdim=True)
    return powers / torch.where(total > 0, total, 1)


def right_positional(scores, mask, dim=-1):
    none = mask.logical_not().all(dim, keepdim=True)
    lowest = torch.where(mask | none, scores, float("-inf"))
    return torch.nn.functional.softmax(lowest, dim=dim) * ~none


def crash_minus_mask(scores, mask, dim=-1):
    """line: -mask"""
    return torch.softmax(scores.masked_fill(-mask, -torch.inf), dim)


def crash_keepdim_forgotten(scores, mask, dim=-1):
    """line: powers / powers.sum(dim)
    hint: keepdim
    """
    powers = scores.exp() * mask
    return powers / powers.sum(dim)
