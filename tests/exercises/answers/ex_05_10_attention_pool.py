"""Answers to 05.10 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def clean(x, lengths):
    """Frames with 0 in the padding, and which frames are valid."""
    valid = torch.arange(x.shape[1], device=x.device)[None] < lengths[:, None]
    return torch.where(valid[..., None], x, 0), valid


def mean_by(weights, x):
    return (weights.unsqueeze(-1) * x).sum(dim=1)


def masked(scores, valid):
    return scores.masked_fill(~valid, -torch.inf).softmax(dim=-1).masked_fill(~valid, 0)


def wrong_lengths_forgotten(x, score_weight, lengths):
    """hint: padded frames get a share"""
    weights = (x @ score_weight).softmax(dim=-1)
    return mean_by(weights, x), weights


def wrong_only_sets_padding_to_zero(x, score_weight, lengths):
    """hint: padded frames get a share"""
    x, _ = clean(x, lengths)
    weights = F.softmax(x @ score_weight, dim=1)
    return mean_by(weights, x), weights


def wrong_mask_behind_the_softmax(x, score_weight, lengths):
    """hint: does not add up to 1"""
    x, valid = clean(x, lengths)
    weights = F.softmax(x @ score_weight, dim=1) * valid
    return mean_by(weights, x), weights


def wrong_nan_comes_through(x, score_weight, lengths):
    """hint: 0 · NaN is NaN"""
    _, valid = clean(x, lengths)
    weights = masked(x @ score_weight, valid)
    return mean_by(weights, x), weights


def wrong_no_frames_give_nan(x, score_weight, lengths):
    """hint: a clip of 0 frames"""
    x, valid = clean(x, lengths)
    weights = (x @ score_weight).masked_fill(~valid, -torch.inf).softmax(dim=-1)
    return mean_by(weights, x), weights


def wrong_no_frames_give_a_mean_of_padding(x, score_weight, lengths):
    """hint: a clip of 0 frames"""
    x, valid = clean(x, lengths)
    weights = (x @ score_weight).masked_fill(~valid, -1e9).softmax(dim=-1)
    return mean_by(weights, x), weights


def wrong_a_weight_for_each_feature(x, score_weight, lengths):
    """hint: one weight for all of its features"""
    x, valid = clean(x, lengths)
    scores = (x * score_weight).masked_fill(~valid[..., None], -torch.inf)
    weights = scores.softmax(dim=1)
    return (weights * x).sum(dim=1), weights


def wrong_divides_again(x, score_weight, lengths):
    """hint: add up to 1 already"""
    x, valid = clean(x, lengths)
    weights = masked(x @ score_weight, valid)
    return mean_by(weights, x) / lengths[:, None], weights


def wrong_no_softmax(x, score_weight, lengths):
    """hint: a softmax over time makes weights"""
    x, valid = clean(x, lengths)
    weights = (x @ score_weight).masked_fill(~valid, 0)
    return mean_by(weights, x), weights


def wrong_scaled(x, score_weight, lengths):
    """hint: nothing is divided by"""
    x, valid = clean(x, lengths)
    weights = masked(x @ score_weight / x.shape[-1] ** 0.5, valid)
    return mean_by(weights, x), weights


def wrong_over_the_batch(x, score_weight, lengths):
    """hint: clips compete"""
    x, valid = clean(x, lengths)
    weights = (x @ score_weight).masked_fill(~valid, -1e9).softmax(dim=0)
    return mean_by(weights, x), weights


def wrong_only_the_mean(x, score_weight, lengths):
    """hint: two results"""
    x, valid = clean(x, lengths)
    return mean_by(masked(x @ score_weight, valid), x)


def wrong_cleaned_after_scoring(x, score_weight, lengths):
    """hint: set to 0 too late"""
    scores = x @ score_weight
    x, valid = clean(x, lengths)
    weights = masked(scores, valid).nan_to_num(0)
    return mean_by(weights, x), weights


def wrong_powers_of_large_scores(x, score_weight, lengths):
    """hint: exp of a large score is inf"""
    x, valid = clean(x, lengths)
    powers = (x @ score_weight).exp() * valid
    weights = powers / powers.sum(-1, keepdim=True).clamp(min=1e-9)
    return mean_by(weights, x), weights


def wrong_powers_of_large_scores_chosen(x, score_weight, lengths):
    """hint: exp of a large score is inf"""
    x, valid = clean(x, lengths)
    powers = (x @ score_weight).exp() * valid
    total = powers.sum(-1, keepdim=True)
    weights = powers / total.where(total > 0, 1)
    return mean_by(weights, x), weights


def wrong_largest_of_the_padding_too(x, score_weight, lengths):
    """hint: largest valid score"""
    x, valid = clean(x, lengths)
    scores = x @ score_weight
    powers = torch.exp(scores - scores.amax(dim=1, keepdim=True)) * valid
    weights = powers / powers.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return mean_by(weights, x), weights


def wrong_sums_over_features(x, score_weight, lengths):
    """hint: summed over the features"""
    x, valid = clean(x, lengths)
    weights = masked(x @ score_weight, valid)
    return (weights[..., None] * x).sum(-1), weights


def right_product_of_matrices(x, score_weight, lengths):
    x, valid = clean(x, lengths)
    weights = masked(x @ score_weight, valid).nan_to_num(0)
    return (weights[:, None] @ x)[:, 0], weights


def right_powers(*, x, score_weight, lengths):
    x, valid = clean(x, lengths)
    scores = (x * score_weight).sum(dim=-1).masked_fill(~valid, -torch.inf)
    powers = torch.exp(scores - scores.max(dim=1, keepdim=True).values.clamp(min=-1e30))
    weights = powers / powers.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return torch.einsum("bt,btf->bf", weights, x), weights


def right_clip_by_clip(x, score_weight, lengths):
    means, weights = torch.zeros_like(x[:, 0]), torch.zeros_like(x[:, :, 0])
    for row, n in enumerate(lengths.tolist()):
        weights[row, :n] = torch.softmax(x[row, :n] @ score_weight, dim=0)
        means[row] = weights[row, :n].clone() @ x[row, :n]
    return means, weights


def crash_weights_without_an_axis(x, score_weight, lengths):
    """line: mean = (weights * x).sum(dim=1)
    hint: need an axis for the features
    """
    x, valid = clean(x, lengths)
    weights = masked(x @ score_weight, valid)
    mean = (weights * x).sum(dim=1)
    return mean, weights


def crash_weights_on_the_left(x, score_weight, lengths):
    """line: scores = score_weight @ x"""
    x, valid = clean(x, lengths)
    scores = score_weight @ x
    return mean_by(masked(scores, valid), x), scores
