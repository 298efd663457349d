"""Answers to 05.6 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def weigh(scores, mask, value):
    if mask is None:
        return scores.softmax(-1) @ value
    nothing = ~mask.any(-1, keepdim=True)
    scores = scores.masked_fill(~mask, -torch.inf).masked_fill(nothing, 0)
    return (scores.softmax(-1) * ~nothing) @ value


def table(query, key, w_query, w_key):
    return F.linear(query, w_query).unsqueeze(2) + F.linear(key, w_key).unsqueeze(1)


def wrong_no_tanh(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: tanh is missing"""
    return weigh(table(query, key, w_query, w_key) @ w_score, mask, value)


def wrong_tanh_of_each(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: do not depend on the query"""
    asked, offered = torch.tanh(query @ w_query.T), torch.tanh(key @ w_key.T)
    return weigh((asked[:, :, None] + offered[:, None]) @ w_score, mask, value)


def wrong_query_left_out(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: do not depend on the query"""
    scores = (torch.tanh(key @ w_key.T) @ w_score)[:, None].expand(-1, query.shape[1], -1)
    return weigh(scores, mask, value)


def wrong_tanh_outside(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: belongs inside"""
    return weigh(torch.tanh(table(query, key, w_query, w_key) @ w_score), mask, value)


def wrong_product(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: dot products"""
    return weigh(query @ w_query.T @ (key @ w_key.T).mT, mask, value)


def wrong_relu(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: with a relu"""
    return weigh(F.relu(table(query, key, w_query, w_key)) @ w_score, mask, value)


def wrong_root(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: no scale here"""
    scores = torch.tanh(table(query, key, w_query, w_key)) @ w_score / len(w_score) ** 0.5
    return weigh(scores, mask, value)


def wrong_sum_without_w(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: w_score is not used"""
    return weigh(torch.tanh(table(query, key, w_query, w_key)).sum(dim=3), mask, value)


def wrong_over_queries(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: over the queries"""
    scores = torch.tanh(table(query, key, w_query, w_key)) @ w_score
    if mask is not None:
        scores = torch.where(mask, scores, -torch.inf)
    return scores.softmax(1) @ value


def wrong_mask_not_used(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: mask is not used"""
    return torch.softmax(torch.tanh(table(query, key, w_query, w_key)) @ w_score, dim=-1) @ value


def wrong_empty_rows(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: 0/0 = NaN"""
    scores = torch.tanh(table(query, key, w_query, w_key)) @ w_score
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(-1) @ value


def wrong_mask_after(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: before it"""
    weights = torch.softmax(torch.tanh(table(query, key, w_query, w_key)) @ w_score, dim=-1)
    return (weights if mask is None else weights * mask) @ value


def wrong_weights(query, key, value, w_query, w_key, w_score, mask=None):
    """hint: weights @ value"""
    scores = torch.tanh(table(query, key, w_query, w_key)) @ w_score
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(-1)


def right_loop(query, key, value, w_query, w_key, w_score, mask=None):
    columns = [torch.tanh((query @ w_query.T) + (k @ w_key.T)[:, None]) @ w_score for k in key.unbind(1)]
    return weigh(torch.stack(columns, dim=-1), mask, value)


def right_einsum(*, query, key, value, w_query, w_key, w_score, mask=None):
    asked = torch.einsum("bqd,hd->bqh", query, w_query)
    offered = torch.einsum("bkd,hd->bkh", key, w_key)
    hidden = torch.tanh(asked[:, :, None] + offered[:, None])
    return weigh(torch.einsum("bqkh,h->bqk", hidden, w_score), mask, value)


def right_joined(query, key, value, w_query, w_key, w_score, mask=None):
    size = (len(query), query.shape[1], key.shape[1], -1)
    pairs = torch.cat([query[:, :, None].expand(size), key[:, None].expand(size)], dim=-1)
    scores = (pairs @ torch.cat([w_query, w_key], dim=1).T).tanh().mul(w_score).sum(-1)
    return weigh(scores, mask, value)


def crash_one_axis(query, key, value, w_query, w_key, w_score, mask=None):
    """line: query @ w_query.T + key @ w_key.T
    hint: give each its own
    """
    if query.shape[1] == 1:
        return weigh(torch.tanh(table(query, key, w_query, w_key)) @ w_score, mask, value)
    return weigh(torch.tanh(query @ w_query.T + key @ w_key.T) @ w_score, mask, value)


def crash_weights_not_turned(query, key, value, w_query, w_key, w_score, mask=None):
    """line: query @ w_query
    hint: [out, in]
    """
    hidden = torch.tanh((query @ w_query)[:, :, None] + (key @ w_key)[:, None])
    return weigh(hidden @ w_score, mask, value)
