"""Answers to 03.9 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def wrong_not_enlarged(x, p, training, generator):
    """hint: grow by"""
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator) > p
    return x * mask


def wrong_shrinks_in_use(x, p, training, generator):
    """hint: shrink in use"""
    if not training:
        return x * (1 - p)
    return x * torch.bernoulli(torch.full(x.shape, 1 - p, dtype=x.dtype), generator=generator)


def wrong_drops_in_use(x, p, training, generator):
    """hint: drop in use too"""
    mask = torch.rand(x.shape, generator=generator) >= p
    return x * mask / (1 - p) if p < 1 else x * 0


def wrong_divides_by_p(x, p, training, generator):
    """hint: divided by p"""
    if not training or p == 0:
        return x
    mask = torch.empty(x.shape).bernoulli_(1 - p, generator=generator)
    return x * mask / p


def wrong_multiplies(x, p, training, generator):
    """hint: divide by it"""
    if not training:
        return x
    mask = torch.empty(x.shape).bernoulli_(1 - p, generator=generator)
    return x * mask * (1 - p)


def wrong_p_is_what_is_kept(x, p, training, generator):
    """hint: not the share that is kept"""
    if not training:
        return x
    mask = torch.bernoulli(torch.full_like(x, p), generator=generator)
    return x * mask / (1 - p) if p < 1 else x


def wrong_whole_rows(x, p, training, generator):
    """hint: one draw"""
    if not training:
        return x
    mask = torch.rand(x.shape[0], generator=generator) >= p
    mask = mask.reshape(-1, *[1] * (x.dim() - 1))
    return x * mask / (1 - p) if p < 1 else torch.zeros_like(x)


def wrong_generator_unused(x, p, training, generator):
    """hint: generator you are given"""
    return F.dropout(x, p, training)


def wrong_seed_fixed(x, p, training, generator):
    """hint: seed is fixed"""
    if not training:
        return x
    mask = torch.rand(x.shape, generator=torch.Generator().manual_seed(0)) >= p
    return x * mask / (1 - p) if p < 1 else torch.zeros_like(x)


def wrong_bell_curve(x, p, training, generator):
    """hint: bell curve"""
    if not training:
        return x
    mask = torch.randn(x.shape, generator=generator) > p
    return x * mask / (1 - p) if p < 1 else torch.zeros_like(x)


def wrong_nan_when_all_is_dropped(x, p, training, generator):
    """hint: return zeros"""
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator) >= p
    return x * mask / (1 - p)


def wrong_mask_alone(x, p, training, generator):
    """hint: mask itself"""
    if not training:
        return x
    return (torch.rand(x.shape, generator=generator) >= p) / (1 - p) if p < 1 else torch.zeros_like(x)


def wrong_all_dropped_in_use(x, p, training, generator):
    """hint: whatever p is"""
    if p == 1:
        return torch.zeros_like(x)
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p) / (1 - p)


def wrong_exactly_a_share(x, p, training, generator):
    """hint: always drop the same number"""
    if not training:
        return x
    if p == 1:
        return torch.zeros_like(x)
    order = torch.randperm(x.numel(), generator=generator).reshape(x.shape)
    return x * (order >= round(p * x.numel())) / (1 - p)


def wrong_divides_by_p_even_of_0(x, p, training, generator):
    """hint: the share that is kept is 1 − p"""
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p) / p


def wrong_keeps_where_below_p(x, p, training, generator):
    """hint: p is the share that is dropped"""
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) < p) / p


def right_bernoulli(x, p, training, generator):
    if training is False:
        return x
    if p == 1:
        return torch.zeros_like(x)
    mask = torch.empty_like(x).bernoulli_(1 - p, generator=generator)
    return x * mask.div_(1 - p)


def right_where(*, x, p, training, generator):
    if not training or p == 0.0:
        return x.clone()
    dropped = torch.rand(x.shape, generator=generator) < p
    return torch.where(dropped, 0, x / (1 - p)) if p < 1 else 0 * x


def right_exact_share_by_chance_of_order(x, p, training, generator):
    if not training:
        return x
    drawn = torch.rand(x.numel(), generator=generator, dtype=torch.float64).view(x.shape)
    return x.masked_fill(drawn < p, 0) / max(1 - p, 1e-9)


def crash_generator_of_functional(x, p, training, generator):
    """line: F.dropout(x, p, training, generator=generator)"""
    return F.dropout(x, p, training, generator=generator)


def crash_one_over_nothing(x, p, training, generator):
    """line: scale = 1 / (1 - p)
    hint: return zeros"""
    if not training:
        return x
    scale = 1 / (1 - p)
    return x * (torch.rand(x.shape, generator=generator) >= p) * scale
