"""Answers to 05.5 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch.nn import functional as F


def safe_softmax(scores, mask):
    if mask is None:
        return scores.softmax(-1)
    nothing = ~mask.any(-1, keepdim=True)
    return scores.masked_fill(~mask, -torch.inf).masked_fill(nothing, 0).softmax(-1) * ~nothing


def wrong_root_forgotten(query, key, value, mask=None):
    """hint: 1/√d is missing"""
    return safe_softmax(query @ key.mT, mask) @ value


def wrong_divided_by_d(query, key, value, mask=None):
    """hint: by its root"""
    return safe_softmax(query @ key.mT / key.shape[-1], mask) @ value


def wrong_root_of_the_values(query, key, value, mask=None):
    """hint: root of the values' width"""
    return safe_softmax(query @ key.mT / math.sqrt(value.shape[-1]), mask) @ value


def wrong_over_queries(query, key, value, mask=None):
    """hint: over the queries"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return torch.softmax(scores, dim=1) @ value


def wrong_softmax_without_dim(query, key, value, mask=None):
    """hint: over the batch"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return torch.softmax(scores, dim=0) @ value


def wrong_mask_not_used(query, key, value, mask=None):
    """hint: mask is not used"""
    return F.scaled_dot_product_attention(query, key, value)


def wrong_mask_after_softmax(query, key, value, mask=None):
    """hint: before it"""
    weights = F.softmax(query @ key.mT / math.sqrt(query.shape[-1]), dim=-1)
    if mask is not None:
        weights = weights.masked_fill(~mask, 0)
    return weights @ value


def wrong_zero_scores(query, key, value, mask=None):
    """hint: e⁰ is 1"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = torch.where(mask, scores, 0)
    return scores.softmax(-1) @ value


def wrong_mask_of_torch_nn(query, key, value, mask=None):
    """hint: other way round"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    return safe_softmax(scores, None if mask is None else ~mask) @ value


def wrong_empty_rows(query, key, value, mask=None):
    """hint: 0/0 = NaN"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -torch.inf)
    return scores.softmax(-1) @ value


def wrong_minus_1e9(query, key, value, mask=None):
    """hint: weighs all keys alike"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    return scores.softmax(-1) @ value


def wrong_weights(query, key, value, mask=None):
    """hint: weights @ value"""
    return safe_softmax(query @ key.mT / math.sqrt(query.shape[-1]), mask)


def wrong_softmax_twice(query, key, value, mask=None):
    """hint: two softmaxes"""
    weights = safe_softmax(query @ key.mT / math.sqrt(query.shape[-1]), mask)
    return safe_softmax(weights, mask) @ value


def wrong_no_softmax(query, key, value, mask=None):
    """hint: softmax is missing"""
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    return (scores if mask is None else scores * mask) @ value


def wrong_mean_of_keys(query, key, value, mask=None):
    """hint: mean of the keys"""
    return safe_softmax(query @ key.mT / math.sqrt(query.shape[-1]), mask) @ key


def wrong_two_results(query, key, value, mask=None):
    """hint: without the weights"""
    weights = safe_softmax(query @ key.mT / math.sqrt(query.shape[-1]), mask)
    return weights @ value, weights


def right_by_hand(query, key, value, mask=None):
    return safe_softmax(torch.einsum("bqd,bkd->bqk", query, key) * query.shape[-1] ** -0.5, mask) @ value


def right_torch(*, query, key, value, mask=None):
    return F.scaled_dot_product_attention(query, key, value, mask)


def right_query_by_query(query, key, value, mask=None):
    rows = []
    for i in range(query.shape[1]):
        one = None if mask is None else mask.expand(len(query), query.shape[1], -1)[:, i]
        weights = safe_softmax((query[:, i, None] * key).sum(-1) / query.shape[-1] ** 0.5, one)
        rows.append((weights[..., None] * value).sum(1))
    return torch.stack(rows, 1)


def crash_key_not_turned(query, key, value, mask=None):
    """line: query @ key
    hint: key.transpose(-2, -1)
    """
    return torch.softmax(query @ key, dim=-1) @ value


def crash_mask_may_be_none(query, key, value, mask=None):
    """line: scores.masked_fill(~mask, -torch.inf)
    hint: mask may be None
    """
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    return scores.masked_fill(~mask, -torch.inf).softmax(-1) @ value


def wrong_largest_of_zero_and_scores(query, key, value, mask=None):
    """hint: even if it is negative"""
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    powers = torch.exp(scores - scores.amax(dim=-1, keepdim=True).clamp(min=0))
    return powers / powers.sum(dim=-1, keepdim=True).clamp(min=1e-30) @ value
