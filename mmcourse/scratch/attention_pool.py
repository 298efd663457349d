"""One vector out of a sequence, by a mean whose weights are learned."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating, widen
from .attention import masked_softmax, padding_mask
from .layers import linear


def attention_pool(
    parameters: Mapping[str, Tensor],
    x: Float[Tensor, "batch time feature"],
    lengths: Int[Tensor, " batch"] | None = None,
) -> tuple[Float[Tensor, "batch feature"], Float[Tensor, "batch time"]]:
    """Average frames by learned weights: Σ_t a_t x_t, with a = softmax(w · x_t) over a clip's own frames.

    It is attention with one query, w, the same for every clip.

    parameters  score.weight [1, feature]: that of modules.attention_pool.AttentionPool
    x           frames, padded at the end
    lengths     valid frames of each clip, from 0 to time; all where None. A clip of 0 frames gives zeros
    Returns     the mean, and the weights, which are 0 at padding
    Raises      TypeError for integers, ValueError for shapes and lengths that do not fit
    Source      Lin et al. 2017, "A structured self-attentive sentence embedding", equations 1 and 2, with one
                row of weights and no hidden layer
    """
    need_floating(x, "x")
    if x.ndim != 3:
        raise ValueError(f"x must be [batch, time, feature], got {list(x.shape)}.")
    mask = None
    if lengths is not None:
        mask = padding_mask(lengths, x.shape[1])
        if len(mask) != len(x):
            raise ValueError(
                f"lengths must be [{len(x)}], one number for each clip, got {list(lengths.shape)}."
            )
        x = x.masked_fill(~mask[..., None], 0)  # the weight 0 alone does not silence NaN
    weights = masked_softmax(widen(linear(x, parameters["score.weight"])).squeeze(-1), mask)
    pooled = torch.einsum("bt, btf -> bf", weights, widen(x))
    return pooled.to(x.dtype), weights.to(x.dtype)
