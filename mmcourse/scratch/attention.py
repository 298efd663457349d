"""Attention: every query looks at all keys, and takes a mean of their values weighed by how well they fit."""

import math
from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ._arguments import need_axis, need_floating, need_integers, widen
from ._attention import Attention, hide_, may_look, need_attention, need_mask
from .activations import tanh
from .layers import dropout, linear
from .parameters import part


def padding_mask(lengths: Int[Tensor, " batch"], time: int) -> Bool[Tensor, "batch time"]:
    """Mark what a padded batch holds of each clip: row i is True at 0 .. lengths[i] - 1.

    lengths  valid frames of each clip, from 0 to time; a clip of 0 frames is not looked at anywhere
    time     frames of the padded batch
    Raises   TypeError for lengths that are no integers, ValueError for lengths outside 0..time
    Source   lesson 5, "Masks"
    """
    need_integers(lengths, "lengths")
    if lengths.ndim != 1:
        raise ValueError(f"lengths must be [batch], one number for each clip, got {list(lengths.shape)}.")
    if len(lengths) and (lengths.min() < 0 or lengths.max() > time):
        raise ValueError(
            f"lengths must lie in 0..{time}, got {lengths.tolist()}: is `time` the padded length?"
        )
    return torch.arange(time, device=lengths.device) < lengths[:, None]


def causal_mask(
    query: int, key: int, *, device: torch.device | str | None = None
) -> Bool[Tensor, "query key"]:
    """Let query i look at the keys 0 .. i, at its own time and before: True where key ≤ query.

    query, key  how many there are of each
    Raises      ValueError for a number below 0
    Source      Vaswani et al. 2017, "Attention is all you need", section 3.2.3
    """
    if query < 0 or key < 0:
        raise ValueError(f"query and key are counts, 0 or more, got {query} and {key}.")
    return torch.ones(query, key, dtype=torch.bool, device=device).tril()


def masked_softmax(
    scores: Float[Tensor, "*shape"], mask: Tensor | None = None, dim: int = -1
) -> Float[Tensor, "*shape"]:
    """Turn scores into weights that add up to 1 over what is not masked: exp(s_i) / Σ_{j allowed} exp(s_j).

    What is masked gets the score -∞, so the weight 0. Where all is masked there is nothing to share out: the
    weights are 0, and so are their gradients. A softmax alone would give 0/0 = NaN there.

    scores   any shape
    mask     boolean, True: takes part; or floating, added to the scores (-∞: takes no part); broadcasts
    dim      axis along which the weights add up to 1
    Raises   TypeError for integers, ValueError for a mask that does not broadcast and for an axis not there
    Source   lesson 5, "Masks"
    """
    need_floating(scores, "scores")
    need_axis(scores, dim, "scores")
    x = widen(scores)
    if mask is not None:
        need_mask(mask, tuple(scores.shape), "mask")
        x = hide_(x.clone(), mask)
    largest = x.detach().amax(dim, keepdim=True) if x.shape[dim] else x.sum(dim, keepdim=True)
    empty = largest == -torch.inf  # nothing takes part
    powers = torch.exp(x - largest.masked_fill(empty, 0))
    total = powers.sum(dim, keepdim=True).masked_fill(empty, 1)
    return (powers / total).to(scores.dtype)


def scaled_dot_product_attention(
    query: Float[Tensor, "*batch query feature"],
    key: Float[Tensor, "*key_batch key feature"],
    value: Float[Tensor, "*value_batch key out"],
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    generator: torch.Generator | None = None,
    need_weights: bool = False,
) -> Float[Tensor, "..."] | tuple[Float[Tensor, "..."], Float[Tensor, "..."]]:
    """Weigh values by the fit of their keys to each query: softmax(Q Kᵀ / √d + mask) V, over the keys.

    query         [..., query, feature]; in front any axes, such as batch and heads
    key, value    [..., key, feature] and [..., key, out]: a value for each key
    attn_mask     broadcasts to [..., query, key]. Boolean: **True lets a query look**, the opposite of what
                  torch.nn.MultiheadAttention and multi_head_attention mean by it. Floating: added to the
                  scores. A query that may look at nothing gets zeros; what no query may look at, even NaN, is
                  as if it were not there
    dropout_p     share of the weights that are set to 0, always: give 0.0 out of training
    is_causal     query i looks at the keys 0 .. i only; not together with attn_mask
    scale         what the products are multiplied by, 1/√feature where None
    enable_gqa    let groups of query heads (axis -3) share one head of keys and values
    generator     of dropout's random numbers; torch's own where None
    need_weights  also give the weights [..., query, key], after dropout
    Returns       [..., query, out], or (that, weights)
    Raises        TypeError for integers and other masks, ValueError for shapes that do not fit
    Source        Vaswani et al. 2017, "Attention is all you need", equation 1
    """
    if enable_gqa:
        key, value = _repeated(query, key, value)
    need_attention(query, key, value)
    if is_causal:
        if attn_mask is not None:
            raise ValueError(
                "is_causal and attn_mask together are not clear: give one boolean mask, "
                "attn_mask & causal_mask(query, key)."
            )
        attn_mask = causal_mask(query.shape[-2], key.shape[-2], device=query.device)
    dtype = query.dtype
    query, key, value = _same_batch(widen(query), widen(key), widen(value))
    if attn_mask is not None and not is_causal:
        need_mask(attn_mask, (*query.shape[:-1], key.shape[-2]))
        query, key, value = _without_unseen(query, key, value, attn_mask)
    query = query * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)  # fewer than the scores
    if dropout_p == 0 and not need_weights and key.shape[-2]:
        return _in_one_buffer(query, key, value, attn_mask).to(dtype)
    weights = masked_softmax(query @ key.transpose(-2, -1), attn_mask)
    weights = dropout(weights, dropout_p, generator=generator)
    output = (weights @ value).to(dtype)
    return (output, weights.to(dtype)) if need_weights else output


def dot_product_attention(
    query: Float[Tensor, "*batch query feature"],
    key: Float[Tensor, "*key_batch key feature"],
    value: Float[Tensor, "*value_batch key out"],
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    generator: torch.Generator | None = None,
    need_weights: bool = False,
) -> Float[Tensor, "..."] | tuple[Float[Tensor, "..."], Float[Tensor, "..."]]:
    """Weigh values by plain products, softmax(Q Kᵀ + mask) V: the larger d, the closer to one single value.

    others   as of scaled_dot_product_attention, which divides by √d
    Source   Luong et al. 2015, "Effective approaches to attention-based neural machine translation", "dot"
    """
    return scaled_dot_product_attention(
        query,
        key,
        value,
        attn_mask,
        dropout_p,
        is_causal,
        scale=1.0,
        generator=generator,
        need_weights=need_weights,
    )


def additive_attention(
    parameters: Mapping[str, Tensor],
    query: Float[Tensor, "*batch query query_feature"],
    key: Float[Tensor, "*batch key key_feature"],
    value: Float[Tensor, "*batch key out"],
    mask: Tensor | None = None,
    *,
    need_weights: bool = False,
) -> Float[Tensor, "*batch query out"] | tuple[Float[Tensor, "*batch query out"], Float[Tensor, "..."]]:
    """Let a small network say how well a key fits a query: softmax(wᵀ tanh(W_q q + W_k k)) over the keys.

    parameters    query.weight [hidden, query_feature], key.weight [hidden, key_feature],
                  score.weight [1, hidden]: those of modules.attention.AdditiveAttention
    query, key    [..., query, query_feature], [..., key, key_feature]: their features may differ
    value         [..., key, out]
    mask          as attn_mask of scaled_dot_product_attention: True lets a query look
    need_weights  also give the weights [..., query, key]
    Returns       [..., query, out], or (that, weights)
    Raises        as scaled_dot_product_attention
    Source        Bahdanau, Cho & Bengio 2015, "Neural machine translation by jointly learning to align and
                  translate", section 3.1
    """
    dtype = query.dtype
    need_attention(query[..., :0], key[..., :0], value)  # every axis but that of the features
    if mask is not None:
        need_mask(mask, (*query.shape[:-1], key.shape[-2]), "mask")
        query, key, value = _without_unseen(query, key, value, mask)
    asked = linear(query, part(parameters, "query")["weight"])[..., :, None, :]
    offered = linear(key, part(parameters, "key")["weight"])[..., None, :, :]
    scores = linear(tanh(asked + offered), part(parameters, "score")["weight"]).squeeze(-1)
    weights = masked_softmax(widen(scores), mask)
    output = (weights @ widen(value)).to(dtype)
    return (output, weights.to(dtype)) if need_weights else output


def _in_one_buffer(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Lay all axes in front of time in a row, attend, and give them back."""
    batch, count = query.shape[:-2], math.prod(query.shape[:-2])
    if mask is not None:
        scores = (query.shape[-2], key.shape[-2])
        mask = mask.expand(*batch, *scores).reshape(count, *scores)
    inputs = (x.reshape(count, *x.shape[-2:]) for x in (query, key, value))
    return Attention.apply(*inputs, mask).reshape(*query.shape[:-1], value.shape[-1])


def _without_unseen(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Set to 0 what a mask takes no part of, as the weight 0 alone does not silence NaN: 0 · NaN is NaN."""
    looks = torch.atleast_2d(may_look(mask))
    unseen = ~looks.any(-2)[..., None]  # [..., key, 1]
    query = query.masked_fill(~looks.any(-1)[..., None], 0)
    return query, key.masked_fill(unseen, 0), value.masked_fill(unseen, 0)


def _same_batch(*tensors: Tensor) -> list[Tensor]:
    """Broadcast the axes in front of time and features."""
    batch = torch.broadcast_shapes(*(x.shape[:-2] for x in tensors))
    return [x.expand(*batch, *x.shape[-2:]) for x in tensors]


def _repeated(query: Tensor, key: Tensor, value: Tensor) -> list[Tensor]:
    """Repeat each head of keys and values for its group of query heads."""
    heads = [x.shape[-3] if x.ndim > 2 else 0 for x in (query, key, value)]
    if not all(heads) or heads[0] % heads[1] or heads[0] % heads[2]:
        raise ValueError(
            f"enable_gqa shares a head, axis -3, among several queries' heads, got {heads[0]} of queries, "
            f"{heads[1]} of keys and {heads[2]} of values: the first must be a multiple of the others."
        )
    return [x.repeat_interleave(heads[0] // x.shape[-3], dim=-3) for x in (key, value)]
