"""Several attentions side by side, each on its own share of the features."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_floating
from ._attention import hide_, need_key_padding, need_mask, without_nan
from .attention import causal_mask, scaled_dot_product_attention
from .layers import linear


def split_heads(x: Float[Tensor, "batch time feature"], num_heads: int) -> Float[Tensor, "batch head time d"]:
    """Give each head its own share of the features: [batch, time, head · d] -> [batch, head, time, d].

    First the features are cut, then the axes change places: a view alone would mix time into the heads.

    x          [batch, time, feature]
    num_heads  divides the features
    Raises     TypeError for integers, ValueError for other axes and for heads that do not divide the features
    Source     lesson 5, "Heads"
    """
    need_floating(x, "x")
    if x.ndim != 3:
        raise ValueError(f"x must be [batch, time, feature], got {list(x.shape)}.")
    _need_heads(x.shape[-1], num_heads)
    batch, time, features = x.shape
    return x.reshape(batch, time, num_heads, features // num_heads).transpose(1, 2)


def merge_heads(x: Float[Tensor, "batch head time d"]) -> Float[Tensor, "batch time feature"]:
    """Lay the heads side by side again: [batch, head, time, d] -> [batch, time, head · d].

    x        [batch, head, time, d]
    Raises   TypeError for integers, ValueError for other axes
    Source   lesson 5, "Heads"
    """
    need_floating(x, "x")
    if x.ndim != 4:
        raise ValueError(f"x must be [batch, head, time, d], got {list(x.shape)}.")
    return x.transpose(1, 2).flatten(start_dim=2)


def multi_head_attention(
    parameters: Mapping[str, Tensor],
    query: Float[Tensor, "*query feature"],
    key: Float[Tensor, "*key key_feature"],
    value: Float[Tensor, "*key value_feature"],
    num_heads: int,
    *,
    key_padding_mask: Tensor | None = None,
    attn_mask: Tensor | None = None,
    need_weights: bool = True,
    average_attn_weights: bool = True,
    is_causal: bool = False,
    add_zero_attn: bool = False,
    dropout: float = 0.0,
    training: bool = False,
    batch_first: bool = True,
    generator: torch.Generator | None = None,
) -> tuple[Float[Tensor, "*query feature"], Float[Tensor, "..."] | None]:
    """Attend with several heads: concat_h(softmax(Q_h K_hᵀ / √d) V_h) W_oᵀ + b_o, where Q = x W_qᵀ + b_q, ….

    Boolean masks mean the opposite of those of scaled_dot_product_attention: here, as in
    torch.nn.MultiheadAttention, **True is left out**. Floating ones are added to the scores in both.

    parameters            torch.nn.MultiheadAttention's: in_proj_weight [3 · feature, feature], for query, key
                          and value one below the other, or q_proj_weight, k_proj_weight, v_proj_weight
                          where keys or values have other features; in_proj_bias; out_proj.weight and .bias;
                          bias_k and bias_v, one more key and value, where it was made with them
    query, key, value     [batch, time, feature]; [time, feature]; [time, batch, feature] if not batch_first
    num_heads             divides the features of the query
    key_padding_mask      [batch, key], True (or -∞) where a key is padding
    attn_mask             [query, key] or [batch · head, query, key], True where a query may not look
    need_weights          also give the weights, after dropout
    average_attn_weights  their mean over the heads, [batch, query, key]; else [batch, head, query, key]
    is_causal             query i looks at the keys 0 .. i only, beside the other masks
    add_zero_attn         one more key and value, all zeros, that every query may look at
    dropout               share of the weights that are set to 0 while training
    Returns               the output, as query, and the weights, or None
    Raises                TypeError for integers and other masks, ValueError for shapes that do not fit
    Source                Vaswani et al. 2017, "Attention is all you need", section 3.2.2
    """
    batched = query.ndim == 3
    query, key, value, padding = _batch_first(query, key, value, key_padding_mask, batch_first)
    q, k, v = _project(parameters, query, key, value)
    mask = _joined_mask(q, k, num_heads, padding, attn_mask, is_causal)
    k, v, mask = _more_keys(parameters, k, v, mask, add_zero_attn)
    result = scaled_dot_product_attention(
        *(split_heads(x, num_heads) for x in (q, k, v)),
        mask,
        dropout if training else 0.0,
        generator=generator,
        need_weights=need_weights,
    )
    heads, weights = result if need_weights else (result, None)
    output = linear(merge_heads(heads), parameters["out_proj.weight"], parameters.get("out_proj.bias"))
    if weights is not None and average_attn_weights:
        weights = weights.mean(dim=1)
    if not batched:
        return output.squeeze(0), None if weights is None else weights.squeeze(0)
    return (output if batch_first else output.transpose(0, 1)), weights


def _batch_first(
    query: Tensor, key: Tensor, value: Tensor, padding: Tensor | None, batch_first: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Give [batch, time, feature] and [batch, key], and set NaN in padding to 0 before a weight meets it."""
    _need_sequences(query, key, value)
    on_itself, batched = query is key, query.ndim == 3
    query, key, value = (
        x[None] if not batched else x if batch_first else x.transpose(0, 1) for x in (query, key, value)
    )
    if padding is not None:
        padding = padding if batched else padding[None]
        need_key_padding(padding, key)
        key, value = without_nan(key, padding), without_nan(value, padding)
        query = key if on_itself else query
    return query, key, value, padding


def _project(
    parameters: Mapping[str, Tensor], query: Tensor, key: Tensor, value: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Make queries, keys and values of one width: the packed weight is three weights one below the other."""
    packed = parameters.get("in_proj_weight")
    weights = packed.chunk(3) if packed is not None else [parameters[f"{name}_proj_weight"] for name in "qkv"]
    bias = parameters.get("in_proj_bias")
    biases = (None, None, None) if bias is None else bias.chunk(3)
    return tuple(linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))


def _joined_mask(
    q: Tensor,
    k: Tensor,
    num_heads: int,
    key_padding_mask: Tensor | None,
    attn_mask: Tensor | None,
    is_causal: bool,
) -> Tensor | None:
    """Make one mask of up to three, [batch, head, query, key] or 1s there: True or 0 where one may look."""
    masks = []
    batch, queries, keys = q.shape[0], q.shape[1], k.shape[1]
    if key_padding_mask is not None:
        masks.append(key_padding_mask[:, None, None])
    if attn_mask is not None:
        three = isinstance(attn_mask, Tensor) and attn_mask.ndim == 3
        need_mask(attn_mask, (batch * num_heads, queries, keys) if three else (queries, keys))
        masks.append(attn_mask.unflatten(0, (batch, num_heads)) if three else attn_mask)
    if is_causal:
        masks.append(~causal_mask(queries, keys, device=q.device))
    if not masks:
        return None
    if all(mask.dtype == torch.bool for mask in masks):
        hidden = masks[0]
        for mask in masks[1:]:
            hidden = hidden | mask
        return ~hidden
    added = torch.zeros((), dtype=q.dtype, device=q.device)
    for mask in masks:
        if mask.dtype == torch.bool:
            mask = hide_(torch.zeros_like(mask, dtype=q.dtype), ~mask)
        added = added + mask
    return added


def _more_keys(
    parameters: Mapping[str, Tensor], k: Tensor, v: Tensor, mask: Tensor | None, add_zero_attn: bool
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Append a learned key and value, and zeros, that every query may look at."""
    for name in ("bias", "zero"):
        if name == "bias" and "bias_k" in parameters:
            rows = parameters["bias_k"], parameters["bias_v"]
        elif name == "zero" and add_zero_attn:
            rows = k.new_zeros(1, 1, k.shape[-1]), v.new_zeros(1, 1, v.shape[-1])
        else:
            continue
        k, v = (torch.cat([x, row.expand(len(x), 1, -1)], dim=1) for x, row in zip((k, v), rows, strict=True))
        if mask is not None:
            free = mask.new_full((*mask.shape[:-1], 1), mask.dtype == torch.bool)  # True, or 0 to add
            mask = torch.cat([mask, free], dim=-1)
    return k, v, mask


def _need_heads(features: int, num_heads: int) -> None:
    if num_heads < 1 or features % num_heads:
        raise ValueError(
            f"{num_heads} heads do not divide {features} features: each head takes an equal share, "
            "so take a divisor."
        )


def _need_sequences(query: Tensor, key: Tensor, value: Tensor) -> None:
    given = {"query": query, "key": key, "value": value}
    for name, x in given.items():
        need_floating(x, name)
    if query.ndim not in (2, 3) or any(x.ndim != query.ndim for x in given.values()):
        raise ValueError(
            "query, key and value must be [batch, time, feature] each, or [time, feature] each, got "
            f"{', '.join(str(list(x.shape)) for x in given.values())}."
        )
