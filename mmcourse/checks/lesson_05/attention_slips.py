"""Attention as people get it wrong, beside the slips that have a switch in attending."""

from mmcourse.checks import lazy
from mmcourse.checks.lesson_05.attending import divisor, share_out

torch = lazy("torch")


def weights_of(query, key, value, mask=None):
    return share_out(query @ key.mT / divisor(query, key, "root"), mask)


def softmax_twice(query, key, value, mask=None):
    return share_out(weights_of(query, key, value, mask), mask) @ value


def no_softmax(query, key, value, mask=None):
    scores = query @ key.mT / divisor(query, key, "root")
    return (scores if mask is None else scores * mask) @ value


def turned(query, key, value, mask=None):
    return weights_of(query, key, value, mask).mT @ value


def sigmoid(query, key, value, mask=None):
    weights = torch.sigmoid(query @ key.mT / divisor(query, key, "root"))
    return (weights if mask is None else weights * mask) @ value


def equal(query, key, value, mask=None):
    """The mean of what may be seen, whatever is asked."""
    return share_out(torch.zeros_like(query @ key.mT), mask) @ value


def stick(query, key, value, mask=None):
    """Only the best key."""
    weights = weights_of(query, key, value, mask)
    return value.gather(1, weights.argmax(-1)[..., None].expand(-1, -1, value.shape[-1]))


def far_below(generator):
    """Scores of −800, −798 and −801."""
    key = torch.tensor([-20.0, -19.95, -20.025])[None, :, None].expand(1, 3, 4).contiguous()
    return torch.full((1, 2, 4), 20.0), key, torch.tensor([[[1.0], [2.0], [4.0]]])


def shifted_from_above(query, key, value, mask=None):
    """The largest score is taken away only where it is above 0; an empty row gives 0."""
    scores = query @ key.mT / divisor(query, key, "root")
    scores = scores if mask is None else scores.masked_fill(~mask, -torch.inf)
    powers = (scores - scores.amax(-1, keepdim=True).clamp(min=0)).exp()
    return powers / powers.sum(-1, keepdim=True).clamp(min=1e-30) @ value
