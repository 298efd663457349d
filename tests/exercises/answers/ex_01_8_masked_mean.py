"""Answers to 01.8 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_mean_over_padding(x, lengths):
    """hint: divided by the padded length"""
    return x.mean(dim=1)


def wrong_zeroed_but_divided_by_all(x, lengths):
    """hint: divided by the padded length"""
    x = x.clone()
    for i, n in enumerate(lengths.tolist()):
        x[i, n:] = 0
    return x.mean(dim=1)


def wrong_padding_in_the_sum(x, lengths):
    """hint: sum"""
    return x.sum(dim=1) / lengths[:, None]


def wrong_multiplies_by_the_mask(x, lengths):
    """hint: NaN"""
    mask = (torch.arange(x.shape[1]) < lengths[:, None]).to(x.dtype)
    return (x * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)


def wrong_forgets_to_divide(x, lengths):
    """hint: sum of the frames"""
    return torch.stack([row[:n].sum(dim=0) for row, n in zip(x, lengths, strict=True)])


def wrong_one_frame_too_many(x, lengths):
    """hint: one frame too many"""
    return torch.stack([x[i, : lengths[i] + 1].mean(dim=0) for i in range(len(x))])


def wrong_one_frame_too_few(x, lengths):
    """hint: last valid frame"""
    rows = []
    for i in range(len(x)):
        n = int(lengths[i])
        rows.append(x[i, : max(n - 1, 1)].mean(dim=0))
    return torch.stack(rows)


def wrong_longest_of_the_batch(x, lengths):
    """hint: own length"""
    return x[:, : lengths.max()].mean(dim=1)


def wrong_mean_over_features(x, lengths):
    """hint: feature"""
    rows = [x[i, :n].mean(dim=1) for i, n in enumerate(lengths.tolist())]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def wrong_one_mean_for_the_batch(x, lengths):
    """hint: batch"""
    valid = torch.cat([x[i, :n] for i, n in enumerate(lengths.tolist())])
    return valid.mean(dim=0).expand(len(x), -1)


def wrong_squeezes_the_batch_away(x, lengths):
    """hint: squeeze"""
    x = x.clone()
    for i, n in enumerate(lengths):
        x[i, n:] = 0
    return (x.sum(dim=1) / lengths[:, None]).squeeze()


def wrong_takes_the_last_frame(x, lengths):
    """hint: last frame"""
    return x[torch.arange(len(x)), lengths - 1]


def wrong_changes_its_input(x, lengths):
    """hint: changed"""
    for i, n in enumerate(lengths):
        x.data[i, n:] = 0
    return x.sum(dim=1) / lengths[:, None]


def wrong_keeps_time(x, lengths):
    """hint: keepdim"""
    return torch.stack([x[i, :n].mean(dim=0, keepdim=True) for i, n in enumerate(lengths.tolist())])


def wrong_divides_columns_by_the_lengths(x, lengths):
    """hint: each row"""
    total = torch.zeros(x.shape[0], x.shape[2])
    for i, n in enumerate(lengths.tolist()):
        total[i] = x[i, :n].sum(dim=0)
    return total / lengths


def wrong_detached(x, lengths):
    """hint: gradient"""
    rows = [torch.tensor(row[:n].mean(dim=0).tolist()) for row, n in zip(x, lengths.tolist(), strict=True)]
    return torch.stack(rows).to(x)


def right_loops(x, lengths):
    rows = []
    for clip, n in zip(x, lengths.tolist(), strict=True):
        total = torch.zeros_like(clip[0])
        for frame in clip[:n]:
            total = total + frame
        rows.append(total / n)
    return torch.stack(rows)


def right_where(x, lengths, keepdim=False):
    time = torch.arange(x.shape[1], device=x.device)
    valid = (time[None, :] < lengths[:, None]).unsqueeze(-1)
    return torch.where(valid, x, 0).sum(dim=1, keepdim=keepdim) / lengths.unsqueeze(-1)


def right_transposed_view(*, x, lengths):
    columns = [x[i, : int(n)].mean(dim=0) for i, n in enumerate(lengths)]
    return torch.stack(columns, dim=1).T


def crash_boolean_index_reshape(x, lengths):
    """line: .view(x.shape[0], -1, x.shape[2])"""
    mask = torch.arange(x.shape[1]) < lengths[:, None]
    valid = x[mask].view(x.shape[0], -1, x.shape[2])
    return valid.mean(dim=1)


def crash_mask_without_a_feature_axis(x, lengths):
    """line: x.masked_fill(padding, 0)"""
    padding = torch.arange(x.shape[1]) >= lengths[:, None]
    return x.masked_fill(padding, 0).sum(dim=1) / lengths[:, None]


def wrong_axes_swapped(x, lengths):
    """hint: the first axis of x is the batch"""
    return torch.stack([x[:n, i].mean(0) for i, n in enumerate(lengths)])


def wrong_length_of_the_first(x, lengths):
    """hint: length of the first clip"""
    return x[:, : lengths[0]].mean(1)


def wrong_returns_in_the_loop(x, lengths):
    """hint: inside your loop"""
    means = torch.zeros(x.shape[0], x.shape[2], dtype=x.dtype)
    for i, n in enumerate(lengths):
        means[i] = x[i, :n].mean(0)
        return means


def wrong_returns_the_first(x, lengths):
    """hint: inside your loop"""
    for i, n in enumerate(lengths):
        return x[i, :n].mean(0)


def crash_mean_of_features(x, lengths):
    """line: torch.stack(
    hint: average over time
    """
    return torch.stack([x[i, :n].mean(-1) for i, n in enumerate(lengths)])
