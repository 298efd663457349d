"""Answers to 05.8 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn import functional as F


def project(x, weight, bias):
    return torch.chunk(F.linear(x, weight, bias), 3, dim=-1)


def split(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge(x):
    return x.transpose(1, 2).flatten(2)


def weights_of(q, k, lengths, divisor):
    padded = torch.arange(q.shape[2], device=q.device) >= lengths[:, None]
    return (q @ k.mT / divisor).masked_fill(padded[:, None, None, :], -torch.inf).softmax(-1)


def wrong_scaled_by_the_model(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """hint: root of all features"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    weights = weights_of(q, k, lengths, x.shape[-1] ** 0.5)
    return F.linear(merge(weights @ v), out_proj_weight, out_proj_bias)


def wrong_not_scaled(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: not scaled"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    return F.linear(merge(weights_of(q, k, lengths, 1) @ v), out_proj_weight, out_proj_bias)


def wrong_view(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: cut across time"""
    batch, time, features = x.shape
    q, k, v = (
        y.reshape(batch, num_heads, time, features // num_heads)
        for y in project(x, in_proj_weight, in_proj_bias)
    )
    weights = weights_of(q, k, lengths, (features // num_heads) ** 0.5)
    return F.linear((weights @ v).reshape(x.shape), out_proj_weight, out_proj_bias)


def wrong_merged_by_view(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: without exchanging the axes back"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    weights = weights_of(q, k, lengths, q.shape[-1] ** 0.5)
    return F.linear((weights @ v).reshape(x.shape), out_proj_weight, out_proj_bias)


def wrong_scaled_by_the_number_of_heads(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """hint: root of num_heads"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    weights = weights_of(q, k, lengths, num_heads**0.5)
    return F.linear(merge(weights @ v), out_proj_weight, out_proj_bias)


def wrong_queries_masked_too(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """hint: mask the keys alone"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    valid = torch.arange(x.shape[1]) < lengths[:, None]
    both = (valid[:, None] & valid[:, :, None])[:, None]
    weights = torch.where(both, q @ k.mT / q.shape[-1] ** 0.5, -torch.inf).softmax(-1)
    return F.linear(merge(weights @ v), out_proj_weight, out_proj_bias)


def wrong_lengths_not_used(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """hint: look at padding"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    return F.linear(merge(F.scaled_dot_product_attention(q, k, v)), out_proj_weight, out_proj_bias)


def wrong_mask_of_torch_nn(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """hint: other way round"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    valid = torch.arange(x.shape[1]) < lengths[:, None]
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(valid[:, None, None], -1e9)
    return F.linear(merge(scores.softmax(-1) @ v), out_proj_weight, out_proj_bias)


def wrong_keys_first(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: queries, then of the keys"""
    k, q, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    weights = weights_of(q, k, lengths, q.shape[-1] ** 0.5)
    return F.linear(merge(weights @ v), out_proj_weight, out_proj_bias)


def wrong_out_forgotten(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: last layer is missing"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    return merge(weights_of(q, k, lengths, q.shape[-1] ** 0.5) @ v)


def wrong_out_bias_forgotten(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """hint: out_proj_bias is missing"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    return merge(weights_of(q, k, lengths, q.shape[-1] ** 0.5) @ v) @ out_proj_weight.T


def wrong_out_not_turned(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: x @ weight.T"""
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    return merge(weights_of(q, k, lengths, q.shape[-1] ** 0.5) @ v) @ out_proj_weight + out_proj_bias


def wrong_one_head(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: one single head"""
    return right_by_hand(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, 1, lengths)


def wrong_residual(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """hint: you added x"""
    return x + right_by_hand(
        x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
    )


def right_by_hand(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    weights = weights_of(q, k, lengths, q.shape[-1] ** 0.5)
    return F.linear(merge(weights @ v), out_proj_weight, out_proj_bias)


def right_torch(*, x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    module = nn.MultiheadAttention(x.shape[-1], num_heads, batch_first=True, dtype=x.dtype)
    named = {
        "in_proj_weight": in_proj_weight,
        "in_proj_bias": in_proj_bias,
        "out_proj.weight": out_proj_weight,
        "out_proj.bias": out_proj_bias,
    }
    padded = torch.arange(x.shape[1], device=x.device) >= lengths[:, None]
    return torch.func.functional_call(module, named, (x, x, x), {"key_padding_mask": padded})[0]


def right_clip_by_clip_and_head_by_head(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    rows = []
    for clip, n in zip(x, lengths.tolist(), strict=True):
        q, k, v = project(clip[:n], in_proj_weight, in_proj_bias)
        heads = []
        for one in zip(*(y.chunk(num_heads, dim=-1) for y in (q, k, v)), strict=True):
            heads.append(torch.softmax(one[0] @ one[1].T / one[0].shape[-1] ** 0.5, -1) @ one[2])
        found = F.linear(torch.cat(heads, dim=-1), out_proj_weight, out_proj_bias)
        rows.append(F.pad(found, (0, 0, 0, len(clip) - n)))
    return torch.stack(rows)


def crash_mask_without_axes(
    x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths
):
    """line: scores.masked_fill(padded, -torch.inf)
    hint: [batch, 1, 1, key]
    """
    q, k, v = (split(y, num_heads) for y in project(x, in_proj_weight, in_proj_bias))
    padded = torch.arange(x.shape[1]) >= lengths[:, None]
    scores = q @ k.mT / q.shape[-1] ** 0.5
    weights = scores.masked_fill(padded, -torch.inf).softmax(-1)
    return F.linear(merge(weights @ v), out_proj_weight, out_proj_bias)


def crash_not_turned(x, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, num_heads, lengths):
    """line: x @ in_proj_weight
    hint: [out, in]
    """
    q, k, v = (x @ in_proj_weight + in_proj_bias).chunk(3, -1)
    return right_by_hand(q + k + v, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias, 1, lengths)
