"""Answers to 05.11 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def clean(speech, lengths):
    """Speech with 0 in its padding, and which frames are valid."""
    valid = torch.arange(speech.shape[1], device=speech.device)[None] < lengths[:, None]
    return torch.where(valid[..., None], speech, 0), valid


def attend(q, k, v, valid):
    scores = torch.einsum("bpd,btd->bpt", q, k) / math.sqrt(q.shape[2])
    return scores.masked_fill(~valid[:, None], -torch.inf).softmax(dim=2) @ v


def wrong_speech_asks(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: queries are made of image_tokens"""
    q, k, v = speech_frames @ w_q.T, image_tokens @ w_k.T, image_tokens @ w_v.T
    return (q @ k.mT / math.sqrt(q.shape[2])).softmax(dim=-1) @ v


def wrong_lengths_forgotten(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: padded frames get a share"""
    q, k, v = image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T
    return (q @ k.mT / math.sqrt(q.shape[2])).softmax(dim=-1) @ v


def wrong_padding_set_to_zero_only(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: padded frames get a share"""
    speech, _ = clean(speech_frames, speech_lengths)
    q, k, v = image_tokens @ w_q.T, speech @ w_k.T, speech @ w_v.T
    return (q @ k.mT / math.sqrt(q.shape[2])).softmax(dim=-1) @ v


def wrong_weights_set_to_zero(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: set to 0 behind the softmax"""
    _, valid = clean(speech_frames, speech_lengths)
    q, k, v = image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T
    return torch.where(valid[:, None], (q @ k.mT / math.sqrt(q.shape[2])).softmax(dim=-1), 0) @ v


def wrong_scores_set_to_zero(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: e⁰ is 1"""
    _, valid = clean(speech_frames, speech_lengths)
    q, k, v = image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T
    return (q @ k.mT / math.sqrt(q.shape[2]) * valid[:, None]).softmax(dim=-1) @ v


def wrong_nan_comes_through(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: 0 · NaN is NaN"""
    _, valid = clean(speech_frames, speech_lengths)
    return attend(image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T, valid)


def wrong_softmax_over_tokens(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: dim=-1"""
    speech, valid = clean(speech_frames, speech_lengths)
    q, k, v = image_tokens @ w_q.T, speech @ w_k.T, speech @ w_v.T
    scores = (q @ k.mT / math.sqrt(q.shape[2])).masked_fill(~valid[:, None], -1e9)
    return F.softmax(scores, dim=1) @ v


def wrong_scale_of_the_picture(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: width of queries and keys"""
    speech, valid = clean(speech_frames, speech_lengths)
    q = image_tokens @ w_q.T * math.sqrt(len(w_q) / image_tokens.shape[-1])
    return attend(q, speech @ w_k.T, speech @ w_v.T, valid)


def wrong_scale_forgotten(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: not scaled"""
    speech, valid = clean(speech_frames, speech_lengths)
    return attend(image_tokens @ w_q.T * len(w_q) ** 0.5, speech @ w_k.T, speech @ w_v.T, valid)


def wrong_speech_itself_averaged(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: values are made by w_v"""
    speech, valid = clean(speech_frames, speech_lengths)
    return attend(image_tokens @ w_q.T, speech @ w_k.T, speech, valid)


def wrong_residual(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: only what is found"""
    speech, valid = clean(speech_frames, speech_lengths)
    found = attend(image_tokens @ w_q.T, speech @ w_k.T, speech @ w_v.T, valid)
    return image_tokens + found if found.shape == image_tokens.shape else found


def wrong_returns_weights(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: these are the weights"""
    speech, valid = clean(speech_frames, speech_lengths)
    scores = image_tokens @ w_q.T @ (speech @ w_k.T).mT / math.sqrt(len(w_q))
    return scores.masked_fill(~valid[:, None], -torch.inf).softmax(dim=-1)


def wrong_mask_of_the_other_kind(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: other way round"""
    speech, valid = clean(speech_frames, speech_lengths)
    q, k, v = image_tokens @ w_q.T, speech @ w_k.T, speech @ w_v.T
    return F.scaled_dot_product_attention(q, k, v, attn_mask=~valid[:, None])


def wrong_one_frame_too_many(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: first padded frame takes part"""
    speech, valid = clean(speech_frames, speech_lengths + 1)
    return attend(image_tokens @ w_q.T, speech @ w_k.T, speech @ w_v.T, valid)


def wrong_values_cleaned_after_projection(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """hint: set to 0 too late"""
    valid = torch.arange(speech_frames.shape[1]) < speech_lengths[:, None]
    q, k, v = image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T
    v = v.masked_fill(~valid[..., None], 0)
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~valid[:, None], -torch.inf)
    return scores.softmax(-1) @ v


def wrong_keys_and_values_cleaned_after_projection(
    image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths
):
    """hint: set to 0 too late"""
    valid = torch.arange(speech_frames.shape[1]) < speech_lengths[:, None]
    q, k, v = image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T
    k, v = (y.masked_fill(~valid[..., None], 0) for y in (k, v))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~valid[:, None], -torch.inf)
    return scores.softmax(-1) @ v


def right_einsum(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    speech, valid = clean(speech_frames, speech_lengths)
    return attend(image_tokens @ w_q.T, speech @ w_k.T, F.linear(speech, w_v), valid)


def right_ready_made(*, image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    speech, valid = clean(speech_frames, speech_lengths)
    mask = valid[:, None].expand(-1, image_tokens.shape[1], -1)
    projected = F.linear(image_tokens, w_q), F.linear(speech, w_k), F.linear(speech, w_v)
    return F.scaled_dot_product_attention(*projected, attn_mask=mask)


def right_clip_by_clip(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    rows = []
    for tokens, frames, n in zip(image_tokens, speech_frames, speech_lengths.tolist(), strict=True):
        q, k, v = tokens @ w_q.T, frames[:n] @ w_k.T, frames[:n] @ w_v.T
        rows.append(nn.Softmax(dim=1)(q @ k.T / q.shape[1] ** 0.5) @ v)
    return torch.stack(rows)


def crash_keys_not_turned(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """line: scores = q @ k
    hint: transpose(1, 2)
    """
    q, k, v = image_tokens @ w_q.T, speech_frames @ w_k.T, speech_frames @ w_v.T
    scores = q @ k / math.sqrt(q.shape[2])
    return scores.softmax(dim=-1) @ v


def crash_weights_not_turned(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """line: q = image_tokens @ w_q
    hint: have to be transposed
    """
    q = image_tokens @ w_q
    return attend(q, speech_frames @ w_k, speech_frames @ w_v, speech_lengths)


def crash_mask_without_an_axis(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    """line: scores.masked_fill(~valid, -torch.inf)
    hint: put one in between
    """
    speech, valid = clean(speech_frames, speech_lengths)
    scores = image_tokens @ w_q.T @ (speech @ w_k.T).mT / math.sqrt(len(w_q))
    return scores.masked_fill(~valid, -torch.inf).softmax(dim=-1) @ (speech @ w_v.T)
