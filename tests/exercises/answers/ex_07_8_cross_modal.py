"""Answers to 07.8 cross_modal: wrong ones with words of their hint, right ones, crashing ones."""

import torch
import torch.nn.functional as F


def padded(other_tokens, other_lengths):
    return (torch.arange(other_tokens.shape[1]) >= other_lengths[:, None]).unsqueeze(1)


def qkv(query_tokens, other_tokens, w_q, w_k, w_v):
    return F.linear(query_tokens, w_q), F.linear(other_tokens, w_k), F.linear(other_tokens, w_v)


def right_minus_infinity(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    hidden = padded(other_tokens, other_lengths)
    empty = hidden.all(-1, keepdim=True)
    scores = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).masked_fill(hidden & ~empty, float("-inf"))
    return F.softmax(scores, -1).masked_fill(empty, 0) @ v


def right_clip_by_clip(*, query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    rows = []
    for query, other, length in zip(query_tokens, other_tokens, other_lengths.tolist(), strict=True):
        if length == 0:
            rows.append(torch.zeros(len(query), w_v.shape[0], dtype=query.dtype) + 0 * query.sum())
            continue
        q, k, v = qkv(query, other[:length], w_q, w_k, w_v)
        rows.append(torch.softmax(q @ k.T / q.shape[-1] ** 0.5, 1) @ v)
    return torch.stack(rows)


def right_einsum(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = torch.einsum("bqd,btd->bqt", q, k) * w_q.shape[0] ** -0.5
    hidden = padded(other_tokens, other_lengths)
    scores = torch.where(hidden, torch.finfo(scores.dtype).min, scores)
    weights = torch.where(hidden, 0, scores.softmax(dim=2))
    return torch.einsum("bqt,bto->bqo", weights, v)


def attention(q, k, v, hidden, scale, dim=-1):
    scores = (q @ k.mT * scale).masked_fill(hidden, torch.finfo(q.dtype).min)
    return scores.softmax(dim).masked_fill(hidden, 0) @ v


def wrong_padding_seen(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: from a clip's length on are padding"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, -1) @ v


def wrong_masked_afterwards(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: out before the softmax"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    weights = torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, -1)
    return (weights * ~padded(other_tokens, other_lengths)) @ v


def wrong_padding_set_to_zero(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: a score of 0 still gets a weight"""
    clean = other_tokens * ~padded(other_tokens, other_lengths).squeeze(1)[..., None]
    q, k, v = qkv(query_tokens, clean, w_q, w_k, w_v)
    return torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, -1) @ v


def wrong_no_scale(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: you do not divide at all"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), 1.0)


def wrong_scale_of_the_input(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: not of what was projected"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), query_tokens.shape[-1] ** -0.5)


def wrong_divided_by_d(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: without the root"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), 1 / q.shape[-1])


def wrong_multiplied_by_the_root(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: you multiply by √d"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), q.shape[-1] ** 0.5)


def wrong_softmax_over_queries(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: yours goes over the queries"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), q.shape[-1] ** -0.5, dim=1)


def wrong_softmax_over_the_batch(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: yours goes over the batch"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), q.shape[-1] ** -0.5, dim=0)


def wrong_minus_a_billion(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: does not exist in half precision"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return scores.masked_fill(padded(other_tokens, other_lengths), -1e9).softmax(-1) @ v


def wrong_nan_for_an_empty_clip(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: their softmax is NaN"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return scores.masked_fill(padded(other_tokens, other_lengths), -torch.inf).softmax(-1) @ v


def wrong_one_step_too_many(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: is padding already"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths + 1), q.shape[-1] ** -0.5)


def wrong_one_step_too_few(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: is still valid"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths - 1), q.shape[-1] ** -0.5)


def wrong_hides_what_is_there(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: and keep the padding"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    hidden = ~padded(other_tokens, other_lengths)
    return (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(hidden, -torch.inf).softmax(-1).nan_to_num(0) @ v


def wrong_no_softmax(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: the scores are no weights yet"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(padded(other_tokens, other_lengths), 0) @ v


def wrong_the_mean(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: every query gets the same mean"""
    v = F.linear(other_tokens, w_v) * ~padded(other_tokens, other_lengths).squeeze(1)[..., None]
    mean = v.sum(1, keepdim=True) / other_lengths[:, None, None].clamp(min=1)
    return mean.repeat(1, query_tokens.shape[1], 1)


def right_in_float32(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """Half precision is left for the sums, as many libraries do."""
    q, k, v = (x.float() for x in qkv(query_tokens, other_tokens, w_q, w_k, w_v))
    hidden = padded(other_tokens, other_lengths)
    weights = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(hidden, -1e9).softmax(-1).masked_fill(hidden, 0)
    return (weights @ v).to(query_tokens.dtype)


def right_torchs_own(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    seen = ~padded(other_tokens, other_lengths).expand(-1, q.shape[1], -1)
    made = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    return torch.where((other_lengths > 0)[:, None, None], made, torch.zeros_like(made))


def right_exponentials_by_hand(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    hidden = padded(other_tokens, other_lengths)
    scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(hidden, torch.finfo(q.dtype).min)
    raised = (scores - scores.amax(-1, keepdim=True)).exp().masked_fill(hidden, 0)
    return raised / raised.sum(-1, keepdim=True).clamp(min=1e-4) @ v


def wrong_exponentials_of_large_scores(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: an overflow"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    raised = (q @ k.mT / k.shape[-1] ** 0.5).exp().masked_fill(padded(other_tokens, other_lengths), 0)
    return raised / raised.sum(-1, keepdim=True).clamp(min=1e-4) @ v


def wrong_scaled_at_the_end(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: before the softmax"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    return attention(q, k, v, padded(other_tokens, other_lengths), 1) / k.shape[-1] ** 0.5


def wrong_smallest_number_alone(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: set the weights of padding to 0"""
    q, k, v = qkv(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = q @ k.mT / k.shape[-1] ** 0.5
    hidden = padded(other_tokens, other_lengths)
    return scores.masked_fill(hidden, torch.finfo(q.dtype).min).softmax(-1) @ v


def wrong_padding_of_others_overwritten(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: work on a copy"""
    other_tokens.masked_fill_(padded(other_tokens, other_lengths).mT, 0)
    return right_minus_infinity(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v)


def wrong_scores_times_the_mask(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: still gets a weight"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    there = torch.arange(other_tokens.shape[1]) < other_lengths[:, None]
    return (scores * there[:, None]).softmax(-1) @ (other_tokens @ w_v.T)


def wrong_hides_queries(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: the other sense that has padding"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    for i, n in enumerate(other_lengths):
        scores[i, n:] = -torch.inf
    return scores.softmax(-1).nan_to_num(0) @ (other_tokens @ w_v.T)


def wrong_answers_of_hidden_queries_are_0(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: the other sense that has padding"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    there = torch.arange(query_tokens.shape[1]) < other_lengths[:, None]
    return (scores.softmax(-1) @ (other_tokens @ w_v.T)) * there[..., None]


def wrong_hides_the_same_in_all(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: a length of its own"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    for n in other_lengths:
        scores[:, :, n:] = -torch.inf
    return scores.softmax(-1).nan_to_num(0) @ (other_tokens @ w_v.T)


def wrong_length_of_the_first(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: a length of its own"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    scores[:, :, other_lengths[0] :] = -torch.inf
    return scores.softmax(-1).nan_to_num(0) @ (other_tokens @ w_v.T)


def wrong_a_step_of_an_empty_clip(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: its first step count"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    hidden = torch.arange(other_tokens.shape[1]) >= other_lengths.clamp(min=1)[:, None]
    return scores.masked_fill(hidden[:, None], -torch.inf).softmax(-1) @ (other_tokens @ w_v.T)


def wrong_scaled_by_the_width_of_the_values(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """hint: width of the values"""
    q, k, v = query_tokens @ w_q.T, other_tokens @ w_k.T, other_tokens @ w_v.T
    hidden = torch.arange(other_tokens.shape[1]) >= other_lengths[:, None]
    scores = (q @ k.mT / v.shape[-1] ** 0.5).masked_fill(hidden[:, None], -torch.inf)
    return scores.softmax(-1).nan_to_num(0) @ v


def crash_all_axes_turned(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """line: scores.softmax(-1) @ (other_tokens
    hint: the batch stays"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).T
    return scores.softmax(-1) @ (other_tokens @ w_v.T)


def crash_mask_without_an_axis(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """line: scores.masked_fill(hidden
    hint: hidden[:, None] fits"""
    scores = (query_tokens @ w_q.T) @ (other_tokens @ w_k.T).transpose(1, 2) / w_q.shape[0] ** 0.5
    hidden = torch.arange(other_tokens.shape[1]) >= other_lengths[:, None]
    scores = scores.masked_fill(hidden, -torch.inf)
    return scores.softmax(-1).nan_to_num(0) @ (other_tokens @ w_v.T)


def crash_no_axis_for_the_queries(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """line: query_tokens @ other_tokens"""
    return query_tokens @ other_tokens @ w_q @ w_k


def crash_lengths_as_mask(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """line: other_tokens.masked_fill(other_lengths, 0)"""
    return other_tokens.masked_fill(other_lengths, 0)
