"""A softmax with a mask, as people get it wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def masked_softmax(scores, mask, dim=-1):
    scores = scores.masked_fill(~mask, -torch.inf)
    largest = scores.detach().amax(dim, keepdim=True)
    empty = largest == -torch.inf
    powers = torch.exp(scores - largest.masked_fill(empty, 0.0))
    return powers / powers.sum(dim, keepdim=True).masked_fill(empty, 1.0)


def filled(value):
    """A softmax with another score than −∞ where the mask is False; no care for empty rows."""
    return lambda scores, mask, dim=-1: scores.masked_fill(~mask, value).softmax(dim)


def after(scores, mask, dim=-1):
    return scores.softmax(dim) * mask


def times(scores, mask, dim=-1):
    return (scores * mask).softmax(dim)


def twice(scores, mask, dim=-1):
    weights = masked_softmax(scores, mask, dim)
    return masked_softmax(weights, mask, dim)


def no_shift(scores, mask, dim=-1):
    powers = scores.exp() * mask
    total = powers.sum(dim, keepdim=True)
    return powers / total.masked_fill(total == 0, 1.0)


def no_shift_chosen(scores, mask, dim=-1):
    powers = torch.where(mask, scores.exp(), 0.0)
    return powers / powers.sum(dim, keepdim=True).clamp(min=1e-30)


def without_axis(scores, mask, dim=-1):
    powers = scores.exp() * mask
    return powers / powers.sum(dim)


def fixed_offset(scores, mask, dim=-1):
    return (scores - 100 * ~mask).softmax(dim)


def shifted_by(largest):
    """Powers that are 0 where the mask is False, after a shift by what `largest` says."""

    def wrong(scores, mask, dim=-1):
        powers = torch.exp(scores - largest(scores, dim)) * mask
        return powers / powers.sum(dim, keepdim=True).clamp(min=1e-30)

    return wrong


def plain_sum(scores, mask, dim=-1):
    chosen = scores * mask
    return chosen / chosen.sum(dim, keepdim=True)


def small_added(scores, mask, dim=-1):
    powers = scores.exp() * mask
    return powers / (powers.sum(dim, keepdim=True) + 1e-3)


def logs(scores, mask, dim=-1):
    return scores.masked_fill(~mask, -torch.inf).log_softmax(dim)


def axis(place):
    return lambda scores, mask, dim=-1: masked_softmax(scores, mask, place)


def changes_input(scores, mask, dim=-1):
    scores.data.masked_fill_(~mask, -torch.inf)
    return masked_softmax(scores, mask, dim)
