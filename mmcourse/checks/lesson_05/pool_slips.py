"""Attention pooling as people get it wrong: what the check of 05.10 compares an answer with."""

from mmcourse.checks import lazy

torch = lazy("torch")


def valid_frames(x, lengths):
    """[batch, time], True where a clip has frames."""
    return torch.arange(x.shape[1], device=x.device) < lengths[:, None]


def pool(
    x, score_weight, lengths, *, mask="keys", dim=1, scale=1, share="softmax", clean=True, empty="zeros"
):
    """A mean over time by learned weights, with a switch for each slip; gives the mean and the weights."""
    valid = valid_frames(x, lengths + (mask == "one too many"))
    if clean:
        x = x.masked_fill(~valid[..., None], 0)
    scores = x @ score_weight / (x.shape[-1] ** 0.5 if scale == "√d" else scale)
    weights = _weigh(scores, valid, mask, dim, share)
    if empty == "zeros":
        weights = weights.masked_fill((lengths == 0)[:, None], 0)
    return torch.einsum("bt,btf->bf", weights, x), weights


def _weigh(scores, valid, mask, dim, share):
    if mask == "after":
        return scores.softmax(dim) * valid
    if mask == "zero":
        return (scores * valid).softmax(dim)
    low = float("-inf") if mask == "inf" else -1e9
    hidden = {
        "keys": ~valid,
        "inf": ~valid,
        "inverted": valid,
        "none": torch.zeros_like(valid),
        "one too many": ~valid,
        "product": ~valid,
    }[mask]
    if mask == "product":  # 0 · -∞
        return (scores + ~valid * float("-inf")).softmax(dim)
    if share == "softmax":
        return scores.masked_fill(hidden, low).softmax(dim)
    if share == "sigmoid":
        return scores.sigmoid().masked_fill(hidden, 0)
    if share == "scores":
        return scores.masked_fill(hidden, 0)
    if share == "share of the sum":
        scores = scores.masked_fill(hidden, 0)
        return scores / scores.sum(dim, keepdim=True)
    if share == "same":
        return torch.zeros_like(scores).masked_fill(hidden, low).softmax(dim)
    return (scores.masked_fill(hidden, low) == scores.masked_fill(hidden, low).amax(1, keepdim=True)).to(
        scores
    )


def one_of(place):
    """Only the mean, or only the weights."""
    return lambda x, score_weight, lengths: pool(x, score_weight, lengths)[place]


def other_way_round(x, score_weight, lengths):
    return pool(x, score_weight, lengths)[::-1]


def each_feature(x, score_weight, lengths):
    """A softmax for each feature, where a frame should have one weight."""
    valid = valid_frames(x, lengths)[..., None]
    x = x.masked_fill(~valid, 0)
    weights = (
        (x * score_weight).masked_fill(~valid, -1e9).softmax(1).masked_fill(lengths[:, None, None] == 0, 0)
    )
    return (weights * x).sum(1), weights


def summed(way):
    """The mean made from the right weights in another way."""

    def wrong(x, score_weight, lengths):
        _, weights = pool(x, score_weight, lengths)
        clean = x.masked_fill(~valid_frames(x, lengths)[..., None], 0)
        return way(clean, weights, lengths), weights

    return wrong


def squeezed(x, score_weight, lengths):
    return tuple(y.squeeze() for y in pool(x, score_weight, lengths))


def not_summed(x, score_weight, lengths):
    _, weights = pool(x, score_weight, lengths)
    return weights[..., None] * x, weights


def weights_without_an_axis(x, score_weight, lengths):
    _, weights = pool(x, score_weight, lengths)
    return (weights * x).sum(1), weights


def cleaned_late(x, score_weight, lengths):
    """Padding set to 0 only after frames were scored: right in the output, NaN in the gradients."""
    valid = valid_frames(x, lengths)
    weights = (x @ score_weight).masked_fill(~valid, -1e9).softmax(1).masked_fill((lengths == 0)[:, None], 0)
    return torch.einsum("bt,btf->bf", weights, x.masked_fill(~valid[..., None], 0)), weights


def no_shift(x, score_weight, lengths, *, shift=False):
    """Powers of the scores as they are, or less the largest of all scores, padding's 0 among them."""
    valid = valid_frames(x, lengths)
    x = x.masked_fill(~valid[..., None], 0)
    scores = x @ score_weight
    powers = (scores - scores.amax(1, keepdim=True) * shift).exp().masked_fill(~valid, 0)
    weights = powers / powers.sum(1, keepdim=True).clamp(min=1e-30)
    return torch.einsum("bt,btf->bf", weights, x), weights
