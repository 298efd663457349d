"""Attention as it is and as people get it wrong: what the checks of lesson 5 compare answers with."""

from mmcourse.checks import lazy

torch = lazy("torch")


def share_out(scores, mask=None, *, kind="right", dim=-1):
    """The softmax of scores, with a switch for each slip in how the mask is used."""
    if mask is None:
        return scores.log_softmax(dim) if kind == "logs" else scores.softmax(dim)
    if kind == "after":
        return scores.softmax(dim) * mask
    if kind == "zero":
        return (scores * mask).softmax(dim)
    if kind == "added":
        return (scores + mask).softmax(dim)
    if kind == "none":
        return scores.softmax(dim)
    if kind == "inverted":
        mask = ~mask
    if kind == "finite":
        return scores.masked_fill(~mask, -1e9).softmax(dim)
    if kind == "nan":
        return scores.masked_fill(~mask, -torch.inf).softmax(dim)
    scores = scores.masked_fill(~mask, -torch.inf)
    nothing = (scores == -torch.inf).all(dim, keepdim=True)
    return scores.masked_fill(nothing, 0.0).softmax(dim).masked_fill(nothing, 0.0)


def divisor(query, key, scale):
    """What the scores are divided by."""
    d = query.shape[-1]
    return {"root": d**0.5, "none": 1.0, "d": d, "keys": key.shape[-2] ** 0.5, "times": d**-0.5}[scale]


def attend(query, key, value, mask=None, *, scale="root", dim=-1, **options):
    """Scaled dot-product attention, with a switch for each slip."""
    scores = query @ key.transpose(-2, -1) / divisor(query, key, scale)
    return share_out(scores, mask, dim=dim, **options) @ value


def padding(lengths, time):
    """[batch, time], True at each clip's own frames."""
    return torch.arange(time, device=lengths.device) < lengths[:, None]


def random_mask(generator, batch, queries, keys, empty=0):
    """A mask in which the last `empty` queries may look at nothing."""
    mask = torch.rand(batch, queries, keys, generator=generator) < 0.6
    mask[..., 0] = True
    mask[:, queries - empty :] = False
    return mask


def draw(generator, batch, queries, keys, features, out, key_features=None):
    """Queries, keys and values."""
    return (
        torch.randn(batch, queries, features, generator=generator),
        torch.randn(batch, keys, key_features or features, generator=generator),
        torch.randn(batch, keys, out, generator=generator),
    )
