"""Ways to put a clip of any length into a fixed number of numbers, right and wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def is_padding(mfcc, lengths, extra=0):
    """[batch, 1, frame], True from a clip's own end on."""
    time = torch.arange(mfcc.shape[2], device=mfcc.device)
    return (time >= lengths[:, None] + extra)[:, None]


def moments(mfcc, lengths, extra=0):
    """Mean and variance over the valid frames."""
    padding = is_padding(mfcc, lengths, extra)
    count = (~padding).sum(2)
    mean = mfcc.masked_fill(padding, 0).sum(2) / count
    away = (mfcc - mean[..., None]).masked_fill(padding, 0)
    return mean, away.square().sum(2) / count, count


def pooled(mfcc, lengths, extra=0):
    mean, variance, _ = moments(mfcc, lengths, extra)
    return torch.cat([mean, variance.sqrt()], 1)


def unbiased(mfcc, lengths):
    mean, variance, count = moments(mfcc, lengths)
    return torch.cat([mean, (variance * count / (count - 1)).sqrt()], 1)


def unbiased_clamped(mfcc, lengths):
    mean, variance, count = moments(mfcc, lengths)
    return torch.cat([mean, (variance * count / (count - 1).clamp(min=1)).sqrt()], 1)


def variance(mfcc, lengths):
    mean, variance, _ = moments(mfcc, lengths)
    return torch.cat([mean, variance], 1)


def mean_distance(mfcc, lengths):
    """Mean of |x − mean| instead of the root of the mean square."""
    padding = is_padding(mfcc, lengths)
    mean, _, count = moments(mfcc, lengths)
    away = (mfcc - mean[..., None]).masked_fill(padding, 0).abs().sum(2) / count
    return torch.cat([mean, away], 1)


def of_squares(mfcc, lengths, lowest=None):
    """√(mean of squares − square of mean), in float32."""
    padding = is_padding(mfcc, lengths)
    x, count = mfcc.masked_fill(padding, 0), (~padding).sum(2)
    mean = x.sum(2) / count
    difference = x.square().sum(2) / count - mean.square()
    return torch.cat([mean, (difference if lowest is None else difference.clamp(min=lowest)).sqrt()], 1)


def of_squares_clamped(mfcc, lengths):
    return of_squares(mfcc, lengths, 0.0)


def root_of_squares(mfcc, lengths):
    """The mean is not taken off."""
    padding = is_padding(mfcc, lengths)
    x, count = mfcc.masked_fill(padding, 0), (~padding).sum(2)
    return torch.cat([x.sum(2) / count, (x.square().sum(2) / count).sqrt()], 1)


def whole(mfcc, lengths, correction=0):
    """Padding and all."""
    return torch.cat([mfcc.mean(2), mfcc.std(2, correction=correction)], 1)


def zeroed_whole(mfcc, lengths, correction=0):
    return whole(mfcc.masked_fill(is_padding(mfcc, lengths), 0), lengths, correction)


def mean_masked_only(mfcc, lengths, correction=0):
    """The mean without, the spread with the padding."""
    return torch.cat([pooled(mfcc, lengths)[:, : mfcc.shape[1]], mfcc.std(2, correction=correction)], 1)


def padding_away(mfcc, lengths):
    """x is 0 in the padding, so x − mean is not, and its square is added."""
    padding = is_padding(mfcc, lengths)
    mean, _, count = moments(mfcc, lengths)
    away = mfcc.masked_fill(padding, 0) - mean[..., None]
    return torch.cat([mean, (away.square().sum(2) / count).sqrt()], 1)


def divided_by_all(mfcc, lengths):
    """The right sums, divided by all frames."""
    padding, frames = is_padding(mfcc, lengths), mfcc.shape[2]
    mean = mfcc.masked_fill(padding, 0).sum(2) / frames
    away = (mfcc - mean[..., None]).masked_fill(padding, 0)
    return torch.cat([mean, (away.square().sum(2) / frames).sqrt()], 1)


def spread_by_all(mfcc, lengths):
    padding = is_padding(mfcc, lengths)
    mean, _, _ = moments(mfcc, lengths)
    away = (mfcc - mean[..., None]).masked_fill(padding, 0)
    return torch.cat([mean, (away.square().sum(2) / mfcc.shape[2]).sqrt()], 1)


def times_mask(mfcc, lengths):
    """x · 0 keeps a NaN."""
    mask = ~is_padding(mfcc, lengths)
    count = mask.sum(2)
    mean = (mfcc * mask).sum(2) / count
    away = (mfcc - mean[..., None]) * mask
    return torch.cat([mean, (away.square().sum(2) / count).sqrt()], 1)


def last_frame_left_out(mfcc, lengths):
    return pooled(mfcc, (lengths - 1).clamp(min=1))


def one_frame_more(mfcc, lengths):
    return pooled(mfcc, (lengths + 1).clamp(max=mfcc.shape[2]))


def over_coefficients(mfcc, lengths):
    return torch.cat([mfcc.mean(1), mfcc.std(1, correction=0)], 1)


def of_the_batch(mfcc, lengths):
    """All frames of all clips in one pot."""
    frames = torch.cat([x[:, :n] for x, n in zip(mfcc, lengths.tolist(), strict=True)], 1)
    one = torch.cat([frames.mean(1), frames.std(1, correction=0)])
    return one.expand(len(mfcc), -1).clone()


def longest(mfcc, lengths):
    """Every clip cut at the longest one."""
    return whole(mfcc[..., : int(lengths.max())], lengths)


def shortest(mfcc, lengths):
    return whole(mfcc[..., : int(lengths.min())], lengths)


def mean_alone(mfcc, lengths):
    return pooled(mfcc, lengths)[:, : mfcc.shape[1]]


def spread_alone(mfcc, lengths):
    return pooled(mfcc, lengths)[:, mfcc.shape[1] :]


def spread_first(mfcc, lengths):
    return pooled(mfcc, lengths).roll(mfcc.shape[1], 1)


def side_by_side(mfcc, lengths):
    """mean, spread, mean, spread …"""
    return pooled(mfcc, lengths).unflatten(1, (2, -1)).transpose(1, 2).flatten(1)


def stacked(mfcc, lengths):
    return pooled(mfcc, lengths).unflatten(1, (2, -1))


def stacked_last(mfcc, lengths):
    return stacked(mfcc, lengths).transpose(1, 2)


def below_each_other(mfcc, lengths):
    """Joined along the batch."""
    return torch.cat(pooled(mfcc, lengths).chunk(2, 1), 0)


def a_pair(mfcc, lengths):
    return pooled(mfcc, lengths).chunk(2, 1)


def with_epsilon(mfcc, lengths, epsilon=1e-3):
    mean, variance, _ = moments(mfcc, lengths)
    return torch.cat([mean, (variance + epsilon).sqrt()], 1)


def squeezed(mfcc, lengths):
    return pooled(mfcc, lengths).squeeze()


def first_clip(mfcc, lengths):
    return pooled(mfcc[:1], lengths[:1])[0]


def divides_wrong_axis(mfcc, lengths):
    """[batch, coefficient] / [batch]."""
    return mfcc.masked_fill(is_padding(mfcc, lengths), 0).sum(2) / lengths


def mask_without_axis(mfcc, lengths):
    """[batch, frame] against [batch, coefficient, frame]."""
    return mfcc.masked_fill(is_padding(mfcc, lengths)[:, 0], 0).sum(2)
