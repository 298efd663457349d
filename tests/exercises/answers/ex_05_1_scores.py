"""Answers to 05.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def wrong_root_forgotten(query, key):
    """hint: plain products"""
    return torch.matmul(query, key.mT)


def wrong_divided_by_d(query, key):
    """hint: you divided by d"""
    return query @ key.transpose(1, 2) / key.size(2)


def wrong_multiplied(query, key):
    """hint: divide by it"""
    return math.sqrt(query.shape[2]) * (query @ key.transpose(1, 2))


def wrong_root_of_the_keys(query, key):
    """hint: features that a product adds up"""
    return query @ key.transpose(1, 2) / math.sqrt(key.size(1))


def wrong_root_of_len(query, key):
    """hint: features that a product adds up"""
    return query @ key.transpose(1, 2) / math.sqrt(len(query))


def wrong_both_are_divided(query, key):
    """hint: twice by its root"""
    root = query.shape[-1] ** 0.5
    return (query / root) @ (key / root).mT


def wrong_key_asks(query, key):
    """hint: rows and columns are exchanged"""
    return key @ query.mT / math.sqrt(query.shape[-1])


def wrong_view(query, key):
    """hint: mix features with keys"""
    return query @ key.reshape(key.shape[0], key.shape[2], key.shape[1]) / math.sqrt(query.shape[-1])


def wrong_clips_added(query, key):
    """hint: batch axis stays"""
    return torch.tensordot(query, key, dims=([0, 2], [0, 2])) / query.shape[-1] ** 0.5


def wrong_softmax_already(query, key):
    """hint: scores before it"""
    return torch.softmax(query @ key.mT / query.shape[-1] ** 0.5, dim=2)


def wrong_cosine(query, key):
    """hint: own lengths"""
    unit = torch.nn.functional.normalize
    return unit(query, dim=-1) @ unit(key, dim=-1).mT


def wrong_return_in_the_loop(query, key):
    """hint: inside your loop"""
    for q, k in zip(query, key, strict=True):
        return q @ k.T / math.sqrt(q.shape[1])


def wrong_distance(query, key):
    """hint: how far"""
    return (query[:, :, None] - key[:, None]).square().sum(-1).sqrt()


def right_einsum(query, key):
    return torch.einsum("bqd,bkd->bqk", query, key) / math.sqrt(query.shape[-1])


def right_sum_of_products(*, query, key):
    return (query[:, :, None] * key[:, None]).sum(-1) * query.shape[-1] ** -0.5


def right_bmm_and_loop(query, key):
    rows = [q.mm(k.t()) for q, k in zip(query / query.shape[-1] ** 0.5, key, strict=True)]
    return torch.stack(rows)


def crash_not_turned(query, key):
    """line: query @ key
    hint: exchange the key's last two
    """
    return query @ key / math.sqrt(query.shape[-1])


def crash_all_axes(query, key):
    """line: key.permute(2, 1, 0)
    hint: the batch too
    """
    return query @ key.permute(2, 1, 0)


def crash_star(query, key):
    """line: (query * key)"""
    return (query * key).sum(-1) / math.sqrt(query.shape[-1])
