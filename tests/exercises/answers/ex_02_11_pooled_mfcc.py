"""Answers to 02.11 pooled_mfcc: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.utils.rnn import pad_sequence


def padding_of(mfcc, lengths):
    return (torch.arange(mfcc.shape[2]) >= lengths[:, None])[:, None]


def mean_of(x, lengths):
    return x.masked_fill(padding_of(x, lengths), 0).sum(2) / lengths[:, None]


def each(mfcc, lengths, correction=0):
    """Clip by clip: mean and spread of its own frames."""
    clips = [x[:, :n] for x, n in zip(mfcc, lengths, strict=True)]
    mean = torch.stack([clip.mean(1) for clip in clips])
    return mean, torch.stack([clip.std(1, correction=correction) for clip in clips])


def right_clip_by_clip(mfcc, lengths):
    return torch.cat(each(mfcc, lengths), dim=1)


def right_masked(*, mfcc, lengths):
    mean = mean_of(mfcc, lengths)
    variance = mean_of((mfcc - mean.unsqueeze(2)) ** 2, lengths)
    return torch.cat((mean, variance**0.5), -1)


def right_nan_mean(mfcc, lengths):
    x = mfcc.masked_fill(padding_of(mfcc, lengths), torch.nan)
    mean = x.nanmean(2, keepdim=True)
    return torch.cat([mean, (x - mean).square().nanmean(2, keepdim=True).sqrt()], 1).squeeze(2)


def right_rows_in_a_loop(mfcc, lengths):
    rows = []
    for i in range(len(mfcc)):
        own = mfcc[i, :, : lengths[i]].double()
        mean = own.sum(1) / own.shape[1]
        spread = ((own - mean[:, None]) ** 2).mean(1).sqrt()
        rows.append(torch.cat([mean, spread]))
    return pad_sequence(rows, batch_first=True).to(mfcc.dtype)


def wrong_padding_and_all(mfcc, lengths):
    """hint: padding is in your mean and spread"""
    return torch.cat([mfcc.mean(2), mfcc.std(2, unbiased=False)], 1)


def wrong_torch_std_of_all(mfcc, lengths):
    """hint: padding is in your mean and spread"""
    return torch.cat([mfcc.mean(-1), mfcc.std(-1)], -1)


def wrong_zeros_are_counted(mfcc, lengths):
    """hint: padding is in your mean and spread"""
    x = mfcc.masked_fill(padding_of(mfcc, lengths), 0)
    return torch.cat([x.mean(2), x.std(2, correction=0)], 1)


def wrong_spread_with_padding(mfcc, lengths):
    """hint: your spread does not"""
    return torch.cat([mean_of(mfcc, lengths), mfcc.std(2, correction=0)], 1)


def wrong_mean_off_the_padding(mfcc, lengths):
    """hint: mask x − mean once more"""
    x = mfcc.masked_fill(padding_of(mfcc, lengths), 0)
    mean = x.sum(2) / lengths[:, None]
    spread = ((x - mean[..., None]) ** 2).sum(2).div(lengths[:, None]).sqrt()
    return torch.cat([mean, spread], 1)


def wrong_divides_by_all_frames(mfcc, lengths):
    """hint: divided by all frames"""
    padding = padding_of(mfcc, lengths)
    mean = mfcc.masked_fill(padding, 0).mean(2)
    away = (mfcc - mean[..., None]).masked_fill(padding, 0)
    return torch.cat([mean, away.square().mean(2).sqrt()], 1)


def wrong_spread_divided_by_all_frames(mfcc, lengths):
    """hint: divided by all frames"""
    mean = mean_of(mfcc, lengths)
    away = (mfcc - mean[..., None]).masked_fill(padding_of(mfcc, lengths), 0)
    return torch.cat([mean, away.square().mean(2).sqrt()], 1)


def wrong_unbiased(mfcc, lengths):
    """hint: divided by n − 1"""
    return torch.cat(each(mfcc, lengths, correction=1), 1)


def wrong_unbiased_where_it_can_be(mfcc, lengths):
    """hint: divided by n − 1"""
    return torch.cat([part.nan_to_num(0) for part in each(mfcc, lengths, correction=1)], 1)


def wrong_variance(mfcc, lengths):
    """hint: that is the variance"""
    mean, spread = each(mfcc, lengths)
    return torch.cat([mean, spread**2], 1)


def wrong_mean_distance(mfcc, lengths):
    """hint: mean distance"""
    mean = mean_of(mfcc, lengths)
    return torch.cat([mean, mean_of((mfcc - mean[..., None]).abs(), lengths)], 1)


def wrong_difference_of_squares(mfcc, lengths):
    """hint: difference of two large numbers"""
    mean = mean_of(mfcc, lengths)
    return torch.cat([mean, (mean_of(mfcc**2, lengths) - mean**2).sqrt()], 1)


def wrong_difference_of_squares_clamped(mfcc, lengths):
    """hint: difference of two large numbers"""
    mean = mean_of(mfcc, lengths)
    return torch.cat([mean, (mean_of(mfcc**2, lengths) - mean**2).clamp(min=0).sqrt()], 1)


def wrong_root_mean_square(mfcc, lengths):
    """hint: root mean square"""
    return torch.cat([mean_of(mfcc, lengths), mean_of(mfcc**2, lengths).sqrt()], 1)


def wrong_multiplies_by_the_mask(mfcc, lengths):
    """hint: a NaN times 0 is NaN"""
    mask = (~padding_of(mfcc, lengths)).float()
    mean = (mfcc * mask).sum(2) / mask.sum(2)
    spread = (((mfcc - mean[..., None]) * mask) ** 2).sum(2) / mask.sum(2)
    return torch.cat([mean, spread.sqrt()], 1)


def wrong_last_frame_missing(mfcc, lengths):
    """hint: leave out the last valid frame"""
    return torch.cat(each(mfcc, (lengths - 1).clamp(min=1)), 1)


def wrong_one_frame_of_padding(mfcc, lengths):
    """hint: one frame of padding"""
    return torch.cat(each(mfcc, lengths + 1), 1)


def wrong_over_coefficients(mfcc, lengths):
    """hint: frames are the last axis"""
    return torch.cat([mfcc.mean(1), mfcc.std(1, correction=0)], 1)


def wrong_all_clips_together(mfcc, lengths):
    """hint: pooled all clips together"""
    frames = mfcc.transpose(1, 2)[~padding_of(mfcc, lengths)[:, 0]]
    row = torch.cat([frames.mean(0), frames.std(0, correction=0)])
    return row.repeat(len(mfcc), 1)


def wrong_cut_at_the_shortest(mfcc, lengths):
    """hint: at the shortest"""
    x = mfcc[:, :, : lengths.min()]
    return torch.cat([x.mean(2), x.std(2, correction=0)], 1)


def wrong_mean_alone(mfcc, lengths):
    """hint: spread is missing"""
    return mean_of(mfcc, lengths)


def wrong_spread_first(mfcc, lengths):
    """hint: all means come first"""
    return torch.cat(each(mfcc, lengths)[::-1], 1)


def wrong_mean_beside_its_spread(mfcc, lengths):
    """hint: all means come first"""
    return torch.stack(each(mfcc, lengths), 2).flatten(1)


def wrong_stacked(mfcc, lengths):
    """hint: makes a new axis"""
    return torch.stack(each(mfcc, lengths), 1)


def wrong_joined_along_the_batch(mfcc, lengths):
    """hint: twice as many clips"""
    return torch.cat(each(mfcc, lengths))


def wrong_pair(mfcc, lengths):
    """hint: one tensor is wanted"""
    return each(mfcc, lengths)


def wrong_small_number_under_the_root(mfcc, lengths):
    """hint: under the root"""
    mean, spread = each(mfcc, lengths)
    return torch.cat([mean, (spread**2 + 1e-6).sqrt()], 1)


def wrong_squeezed(mfcc, lengths):
    """hint: without squeeze()"""
    return torch.cat(each(mfcc, lengths), 1).squeeze()


def wrong_no_return(mfcc, lengths):
    """hint: return"""
    torch.cat(each(mfcc, lengths), 1)


def crash_lengths_without_an_axis(mfcc, lengths):
    """line: .sum(2) / lengths
    hint: the axis of coefficients"""
    padding = padding_of(mfcc, lengths)
    mean = mfcc.masked_fill(padding, 0).sum(2) / lengths
    return torch.cat([mean, mean], 1)


def crash_mask_without_an_axis(mfcc, lengths):
    """line: mfcc.masked_fill(padding, 0)
    hint: the axis of coefficients"""
    padding = torch.arange(mfcc.shape[2]) >= lengths[:, None]
    mean = mfcc.masked_fill(padding, 0).sum(2) / lengths[:, None]
    return torch.cat([mean, mean], 1)
