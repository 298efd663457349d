"""Answers to 05.7 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_reshape_alone(x, num_heads):
    """hint: across time"""
    return x.reshape(x.shape[0], num_heads, x.shape[1], -1)


def wrong_not_exchanged(x, num_heads):
    """hint: exchange time and head"""
    batch, time, features = x.shape
    return x.reshape(batch, time, num_heads, features // num_heads)


def wrong_every_nth_feature(x, num_heads):
    """hint: side by side"""
    return torch.stack([x[..., h::num_heads] for h in range(num_heads)], dim=1)


def wrong_permuted_otherwise(x, num_heads):
    """hint: time and width are exchanged"""
    return x.unflatten(2, (num_heads, -1)).permute(0, 2, 3, 1)


def wrong_batch_not_in_front(x, num_heads):
    """hint: batch stays in front"""
    return x.unflatten(2, (num_heads, -1)).permute(2, 0, 1, 3)


def wrong_width_is_num_heads(x, num_heads):
    """hint: heads of num_heads features"""
    return x.unflatten(2, (-1, num_heads)).transpose(1, 2)


def wrong_list(x, num_heads):
    """hint: list of heads"""
    return list(x.split(x.shape[-1] // num_heads, dim=2))


def wrong_cat(x, num_heads):
    """hint: axis of their own"""
    return torch.cat(x.split(x.shape[-1] // num_heads, dim=2), dim=1)


def wrong_stacked_in_front(x, num_heads):
    """hint: batch stays in front"""
    return torch.stack(x.split(x.shape[-1] // num_heads, dim=2), dim=0)


def wrong_flat(x, num_heads):
    """hint: batch and head are one axis"""
    batch, time, features = x.shape
    heads = x.view(batch, time, num_heads, features // num_heads).transpose(1, 2)
    return heads.reshape(batch * num_heads, time, features // num_heads)


def wrong_turned_and_reshaped(x, num_heads):
    """hint: mixes the two"""
    return x.mT.reshape(len(x), num_heads, x.shape[1], -1)


def right_stack(x, num_heads):
    return torch.stack(x.chunk(num_heads, dim=-1), dim=1)


def right_permute(*, x, num_heads):
    return x.reshape(*x.shape[:2], num_heads, -1).permute(0, 2, 1, 3)


def right_turned_first(x, num_heads):
    batch, time, features = x.shape
    return x.transpose(1, 2).reshape(batch, num_heads, features // num_heads, time).transpose(2, 3)


def crash_float_size(x, num_heads):
    """line: features / num_heads
    hint: whole numbers
    """
    batch, time, features = x.shape
    return x.view(batch, time, num_heads, features / num_heads).transpose(1, 2)


def crash_widths(x, num_heads):
    """line: x.reshape(len(x), num_heads, x.shape[1], x.shape[2])"""
    return x.reshape(len(x), num_heads, x.shape[1], x.shape[2])
