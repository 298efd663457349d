"""Cross-modal attention with padding, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def valid(lengths, time):
    return torch.arange(time) < lengths[:, None]


def projected(query_tokens, other_tokens, w_q, w_k, w_v):
    return query_tokens @ w_q.T, other_tokens @ w_k.T, other_tokens @ w_v.T


def attend(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    there = valid(other_lengths, other_tokens.shape[1])
    other_tokens = other_tokens.masked_fill(~there[..., None], 0)
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = q @ k.mT / k.shape[-1] ** 0.5
    hidden = ~there[:, None]
    weights = scores.masked_fill(hidden, torch.finfo(scores.dtype).min).softmax(-1).masked_fill(hidden, 0)
    return weights @ v


def _made(
    query_tokens,
    other_tokens,
    other_lengths,
    w_q,
    w_k,
    w_v,
    *,
    scale=None,
    axis=-1,
    fill=None,
    after=False,
    masked=True,
    values=None,
):
    """attend with one thing other than it should be."""
    there = valid(other_lengths, other_tokens.shape[1])
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    if values is not None:
        v = values
    scores = q @ k.mT * (k.shape[-1] ** -0.5 if scale is None else scale)
    hidden = ~there[:, None]
    if masked and not after:
        scores = scores.masked_fill(hidden, -torch.inf if fill is None else fill)
    weights = scores.softmax(axis)
    if masked and after:
        weights = weights.masked_fill(hidden, 0)
    if masked and not after and fill is None:
        weights = weights.nan_to_num(0.0)
    return weights.masked_fill(hidden, 0) @ v if masked else weights @ v


def unmasked(*given):
    return _made(*given, masked=False)


def mask_after(*given):
    return _made(*given, after=True)


def unscaled(*given):
    return _made(*given, scale=1.0)


def scaled_by_input(*given):
    return _made(*given, scale=given[0].shape[-1] ** -0.5)


def scaled_by_d(*given):
    return _made(*given, scale=1.0 / given[3].shape[0])


def scaled_up(*given):
    return _made(*given, scale=given[3].shape[0] ** 0.5)


def scaled_by_length(*given):
    return _made(*given, scale=given[1].shape[1] ** -0.5)


def over_queries(*given):
    return _made(*given, axis=1)


def over_batch(*given):
    return _made(*given, axis=0)


def no_values(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """The tokens themselves in the place of values."""
    if other_tokens.shape[-1] == w_v.shape[0]:
        return _made(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v, values=other_tokens)
    return _made(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v)[..., :1]


def keys_for_values(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    return attend(query_tokens, other_tokens, other_lengths, w_q, w_k, w_k)


def large_number(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """−1e9 in the place of −∞: too large for half precision, and the mean of padding where all is padding."""
    there = valid(other_lengths, other_tokens.shape[1])
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(~there[:, None], -1e9)
    return scores.softmax(-1) @ v


def infinity(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """−∞ everywhere gives NaN."""
    there = valid(other_lengths, other_tokens.shape[1])
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(~there[:, None], -torch.inf)
    return scores.softmax(-1) @ v


def zero_scores(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """Padding gets a score of 0, not of −∞."""
    return _made(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v, fill=0.0)


def zeroed_tokens(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """Padding set to 0 and not masked: it takes its share of the weights."""
    there = valid(other_lengths, other_tokens.shape[1])
    return unmasked(
        query_tokens, other_tokens.masked_fill(~there[..., None], 0), other_lengths, w_q, w_k, w_v
    )


def turned(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """Weights of queries and keys exchanged, where they fit."""
    if w_q.shape == w_k.shape:
        return attend(query_tokens, other_tokens, other_lengths, w_k, w_q, w_v)
    raise RuntimeError(
        f"mat1 and mat2 shapes cannot be multiplied ({query_tokens.shape[0] * query_tokens.shape[1]}x"
        f"{query_tokens.shape[2]} and {w_k.shape[1]}x{w_k.shape[0]})"
    )


def one_too_many(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    longer = (other_lengths + 1).clamp(max=other_tokens.shape[1])
    return attend(query_tokens, other_tokens, longer, w_q, w_k, w_v)


def one_too_few(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    return attend(query_tokens, other_tokens, (other_lengths - 1).clamp(min=0), w_q, w_k, w_v)


def mask_turned(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """What is there is hidden."""
    there = valid(other_lengths, other_tokens.shape[1])
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(there[:, None], -torch.inf)
    return scores.softmax(-1).nan_to_num(0.0) @ v


def no_softmax(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    there = valid(other_lengths, other_tokens.shape[1])
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    return (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(~there[:, None], 0) @ v


def mean(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """Every valid token alike, whatever the query asks."""
    there = valid(other_lengths, other_tokens.shape[1])
    v = (other_tokens @ w_v.T).masked_fill(~there[..., None], 0)
    some = v.sum(1, keepdim=True) / other_lengths.clamp(min=1)[:, None, None]
    return some.expand(-1, query_tokens.shape[1], -1)


def residual(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    found = attend(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v)
    return found + query_tokens[..., :1]


def scaled_at_the_end(*given):
    """The answer divided by √d, not the scores."""
    return _made(*given, scale=1.0) / given[3].shape[0] ** 0.5


def scores_of_0(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    """Scores times the mask, and nothing more."""
    there = valid(other_lengths, other_tokens.shape[1])[:, None]
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    return (q @ k.mT / k.shape[-1] ** 0.5 * there).softmax(-1) @ v


def queries_hidden(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    found = _made(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v, masked=False)
    return found * valid(other_lengths, query_tokens.shape[1])[..., None]


def scores_of_queries_hidden(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    there = valid(other_lengths, query_tokens.shape[1])[..., None]
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(~there, -torch.inf)
    return scores.softmax(-1).nan_to_num(0.0) @ v


def shortest_for_all(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    lengths = other_lengths.amin().expand(len(other_lengths))
    return attend(query_tokens, other_tokens, lengths, w_q, w_k, w_v)


def first_for_all(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    return attend(query_tokens, other_tokens, other_lengths[:1].expand(len(other_lengths)), w_q, w_k, w_v)


def at_least_one(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    return attend(query_tokens, other_tokens, other_lengths.clamp(min=1), w_q, w_k, w_v)


def scaled_by_out(*given):
    return _made(*given, scale=given[5].shape[0] ** -0.5)


def transposed_whole(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    return (q @ k.permute(2, 1, 0)).softmax(-1) @ v


def mask_without_axis(query_tokens, other_tokens, other_lengths, w_q, w_k, w_v):
    q, k, v = projected(query_tokens, other_tokens, w_q, w_k, w_v)
    scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(~valid(other_lengths, k.shape[1]), -torch.inf)
    return scores.softmax(-1).nan_to_num(0.0) @ v
