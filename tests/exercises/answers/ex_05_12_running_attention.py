"""Answers to 05.12 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch.nn import functional as F


def parts(query, key, value, chunk):
    """Scores and values of each chunk."""
    for k, v in zip(torch.split(key, chunk), torch.split(value, chunk), strict=True):
        yield query @ k.T / math.sqrt(query.shape[1]), v


def wrong_never_fades(query, key, value, chunk):
    """hint: made smaller by exp(old − new)"""
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = 0.0, 0.0
    for s, v in parts(query, key, value, chunk):
        m = torch.maximum(m, s.max(dim=1, keepdim=True).values)
        z = z + torch.exp(s - m).sum(dim=1, keepdim=True)
        o = o + torch.exp(s - m) @ v
    return o / z


def wrong_values_do_not_fade(query, key, value, chunk):
    """hint: the sum of values has to be made smaller too"""
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = 0.0, 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.max(dim=1, keepdim=True).values)
        z = z * torch.exp(m - larger) + torch.exp(s - larger).sum(dim=1, keepdim=True)
        o = o + torch.exp(s - larger) @ v
        m = larger
    return o / z


def wrong_softmax_of_each_chunk(query, key, value, chunk):
    """hint: the mean of what they give"""
    found = [s.softmax(dim=-1) @ v for s, v in parts(query, key, value, chunk)]
    return torch.stack(found).mean(dim=0)


def wrong_softmaxes_added(query, key, value, chunk):
    """hint: the weights sum to the number of chunks"""
    out = torch.zeros(len(query), value.shape[1], dtype=query.dtype, device=query.device)
    for s, v in parts(query, key, value, chunk):
        out = out + F.softmax(s, dim=1) @ v
    return out


def wrong_without_a_maximum(query, key, value, chunk):
    """hint: too large for a float"""
    z, o = 0.0, 0.0
    for s, v in parts(query, key, value, chunk):
        z = z + s.exp().sum(dim=1, keepdim=True)
        o = o + s.exp() @ v
    return o / z


def wrong_one_maximum(query, key, value, chunk):
    """hint: its own row"""
    m = torch.tensor(-torch.inf, dtype=query.dtype, device=query.device)
    z, o = 0.0, 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.max())
        z = z * torch.exp(m - larger) + torch.exp(s - larger).sum(dim=1, keepdim=True)
        o = o * torch.exp(m - larger) + torch.exp(s - larger) @ v
        m = larger
    return o / z


def wrong_forgets_the_rest(query, key, value, chunk):
    """hint: the last chunk may be shorter"""
    whole = len(key) // chunk * chunk
    return right_recipe(query, key[:whole], value[:whole], chunk)


def wrong_maximum_begins_at_zero(query, key, value, chunk):
    """hint: −∞ at the beginning"""
    m = torch.zeros(len(query), 1, dtype=query.dtype, device=query.device)
    z, o = torch.zeros_like(m), 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.amax(dim=1, keepdim=True))
        p, fade = torch.exp(s - larger), torch.exp(m - larger)
        z, o, m = z * fade + p.sum(dim=1, keepdim=True), o * fade + p @ v, larger
    return o / z


def wrong_never_divides(query, key, value, chunk):
    """hint: yet to be divided"""
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    o = 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.amax(dim=1, keepdim=True))
        o, m = o * torch.exp(m - larger) + torch.exp(s - larger) @ v, larger
    return o


def wrong_scale_forgotten(query, key, value, chunk):
    """hint: not scaled"""
    return right_recipe(query * math.sqrt(query.shape[1]), key, value, chunk)


def wrong_fades_upside_down(query, key, value, chunk):
    """hint: upside down"""
    m, z, o = None, 0.0, 0.0
    for s, v in parts(query, key, value, chunk):
        largest = s.amax(1, keepdim=True)
        larger = largest if m is None else torch.maximum(m, largest)
        fade = 0.0 if m is None else torch.exp(larger - m)
        p = torch.exp(s - larger)
        z, o, m = z * fade + p.sum(1, keepdim=True), o * fade + p @ v, larger
    return o / z


def wrong_fade_inverted(query, key, value, chunk):
    """hint: upside down"""
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = torch.zeros_like(m), 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.amax(dim=1, keepdim=True))
        p, fade = torch.exp(s - larger), torch.exp(larger - m)
        z, o, m = z * fade + p.sum(dim=1, keepdim=True), o * fade + p @ v, larger
    return o / z


def wrong_old_maximum_kept(query, key, value, chunk):
    """hint: is the larger maximum kept"""
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = torch.zeros_like(m), 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.amax(dim=1, keepdim=True))
        p, fade = torch.exp(s - larger), torch.exp(m - larger)
        z, o = z * fade + p.sum(dim=1, keepdim=True), o * fade + p @ v
    return o / z


def wrong_fades_the_new_too(query, key, value, chunk):
    """hint: the chunk's own powers fade too"""
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = torch.zeros_like(m), 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.amax(dim=1, keepdim=True))
        p, fade = torch.exp(s - larger), torch.exp(m - larger)
        z, o, m = (z + p.sum(dim=1, keepdim=True)) * fade, (o + p @ v) * fade, larger
    return o / z


def right_recipe(query, key, value, chunk):
    m = torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = torch.zeros_like(m), torch.zeros_like(query[:, :1]) * value[:1]
    for start in range(0, len(key), chunk):
        s = query @ key[start : start + chunk].T / math.sqrt(query.shape[1])
        larger = torch.maximum(m, s.amax(dim=1, keepdim=True))
        p, fade = torch.exp(s - larger), torch.exp(m - larger)
        z, o, m = z * fade + p.sum(dim=1, keepdim=True), o * fade + p @ value[start : start + chunk], larger
    return o / z


def right_logsumexp(*, query, key, value, chunk):
    out, total = 0.0, torch.full((len(query), 1), -torch.inf, dtype=query.dtype, device=query.device)
    for s, v in parts(query, key, value, chunk):
        here = s.logsumexp(dim=1, keepdim=True)
        both = torch.logaddexp(total, here)
        out = out * torch.exp(total - both) + torch.exp(s - both) @ v
        total = both
    return out


def right_ready_made(query, key, value, chunk):
    return F.scaled_dot_product_attention(query[None], key[None], value[None])[0]


def crash_plain_attention(query, key, value, chunk):
    """line: scores = query @ key.T
    hint: only those of one chunk
    """
    scores = query @ key.T / query.shape[1] ** 0.5
    return scores.softmax(dim=-1) @ value


def crash_collects_the_scores(query, key, value, chunk):
    """line: torch.cat([s for s, _ in
    hint: only those of one chunk
    """
    scores = torch.cat([s for s, _ in parts(query, key, value, chunk)], dim=1)
    return scores.softmax(dim=-1) @ value


def crash_cuts_the_queries(query, key, value, chunk):
    """line: F.softmax(q @ key.T
    hint: each still meets all keys
    """
    found = []
    for q in query.split(chunk):
        found.append(F.softmax(q @ key.T / q.shape[1] ** 0.5, dim=1) @ value)
    return torch.cat(found)


def crash_keepdim_forgotten(query, key, value, chunk):
    """line: p = torch.exp(s - larger)
    hint: keepdim=True
    """
    m = torch.full((len(query),), -torch.inf, dtype=query.dtype, device=query.device)
    z, o = torch.zeros_like(m), 0.0
    for s, v in parts(query, key, value, chunk):
        larger = torch.maximum(m, s.amax(dim=1))
        p = torch.exp(s - larger)
        fade = torch.exp(m - larger)
        z, o, m = z * fade + p.sum(dim=1), o * fade + p @ v, larger
    return o / z
