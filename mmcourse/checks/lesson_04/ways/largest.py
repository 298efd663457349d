"""Ways to take the largest value of a padded clip, right and wrong."""

from mmcourse.checks import lazy
from mmcourse.checks.lesson_04._inputs import is_padding

torch = lazy("torch")


def filled(x, lengths, value, extra=0):
    return x.masked_fill(is_padding(x, lengths, extra), value).amax(dim=1)


def masked_max(x, lengths):
    return filled(x, lengths, -torch.inf)


def times_mask(x, lengths):
    return (x * ~is_padding(x, lengths)).amax(dim=1)


def padded_again(x, lengths):
    """With zeros, up to the longest clip: it alone has none."""
    return filled(x[:, : int(lengths.max())], lengths, 0)


def plus_infinity(x, lengths):
    zero_or_minus = torch.where(is_padding(x, lengths), -torch.inf, 0.0)
    return (x + zero_or_minus).amax(dim=1)


def padding_kept(x, lengths):
    return x.masked_fill(~is_padding(x, lengths), -torch.inf).amax(dim=1)


def pair(x, lengths):
    values, places = x.masked_fill(is_padding(x, lengths), -torch.inf).max(dim=1)
    return values, places


def too_few(x, lengths):
    return masked_max(x, (lengths - 1).clamp(min=1))


def mean(x, lengths):
    return x.masked_fill(is_padding(x, lengths), 0).sum(dim=1) / lengths[:, None]


def over_features(x, lengths):
    return x.masked_fill(is_padding(x, lengths), -torch.inf).amax(dim=2)


def features_of_each(x, lengths):
    """As many values as a clip has frames: they cannot be stacked."""
    return torch.stack([x[i, :n].amax(dim=-1) for i, n in enumerate(lengths.tolist())])


def changes_input(x, lengths):
    x.data.masked_fill_(is_padding(x, lengths), -torch.inf)
    return x.amax(dim=1)


def by_size(x, lengths):
    place = x.abs().masked_fill(is_padding(x, lengths), -torch.inf).argmax(dim=1, keepdim=True)
    return x.gather(1, place).squeeze(1)


def mask_of_the_batch(x, lengths):
    return x.masked_fill(is_padding(x, lengths).squeeze(-1), -torch.inf).amax(dim=1)


def first_written(x, lengths):
    return torch.cat([x[:1, : lengths[0]].amax(dim=1), torch.zeros_like(x[1:, 0])])
