"""Blocks of a transformer: attention mixes frames, two linear layers work on each frame by itself."""

from collections.abc import Callable, Mapping
from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating
from ._attention import need_key_padding, without_nan
from .activations import gelu, relu
from .attention import padding_mask
from .layers import dropout as drop
from .layers import linear
from .multihead import multi_head_attention
from .normalization import layer_norm
from .parameters import part

ACTIVATIONS = {"relu": relu, "gelu": gelu}


def transformer_encoder_layer(
    parameters: Mapping[str, Tensor],
    src: Float[Tensor, "*batch time feature"],
    num_heads: int,
    *,
    src_mask: Tensor | None = None,
    src_key_padding_mask: Tensor | None = None,
    is_causal: bool = False,
    norm_first: bool = False,
    activation: str | Callable[[Tensor], Tensor] = "relu",
    dropout: float = 0.1,
    training: bool = False,
    batch_first: bool = True,
    layer_norm_eps: float = 1e-5,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "*batch time feature"]:
    """Add to each frame what attention finds, then what a small network makes of it.

    Post-norm, as first published:  x = LN(x + A(x)),  then  LN(x + F(x))
    Pre-norm, which trains deeper:  x = x + A(LN(x)),  then  x + F(LN(x))
    with A multi-head attention of x on itself, and F(x) = W_2 σ(W_1 x + b_1) + b_2.

    parameters            torch.nn.TransformerEncoderLayer's: self_attn.… as of multi_head_attention,
                          linear1.…, linear2.…, norm1.…, norm2.…
    src                   [batch, time, feature]; [time, feature]; [time, batch, feature] if not batch_first
    num_heads             divides the features
    src_mask              [time, time] or [batch · head, time, time], True where a frame may **not** look
    src_key_padding_mask  [batch, time], True where a frame is padding
    is_causal             frame t looks at frames 0 .. t only
    norm_first            True for pre-norm
    activation            σ: "relu", "gelu", or a function
    dropout               share of the weights, of σ's output and of both sums that is set to 0 in training
    layer_norm_eps        of both layer norms
    Raises                TypeError for integers and other masks, ValueError for shapes that do not fit
    Source                Vaswani et al. 2017, "Attention is all you need", section 3; Xiong et al. 2020, "On
                          layer normalization in the transformer architecture", for the order of the norms
    """
    need_floating(src, "src")
    if src_key_padding_mask is not None:
        src = _clean(src, src_key_padding_mask, batch_first)
    lose = partial(drop, p=dropout, training=training, generator=generator)
    weights = part(parameters, "self_attn")
    masks = {"key_padding_mask": src_key_padding_mask, "attn_mask": src_mask, "is_causal": is_causal}
    options = {"dropout": dropout, "training": training, "batch_first": batch_first, "generator": generator}

    def attend(x: Tensor) -> Tensor:
        found, _ = multi_head_attention(weights, x, x, x, num_heads, need_weights=False, **masks, **options)
        return lose(found)

    norm1, norm2 = (partial(_norm, parameters, name, eps=layer_norm_eps) for name in ("norm1", "norm2"))
    forward = partial(_feedforward, parameters, activation=activation, lose=lose)
    if norm_first:
        x = src + attend(norm1(src))
        return x + forward(norm2(x))
    x = norm1(src + attend(src))
    return norm2(x + forward(x))


def cross_modal_block(
    parameters: Mapping[str, Tensor],
    x: Float[Tensor, "batch time feature"],
    context: Float[Tensor, "batch context_time context_feature"],
    num_heads: int,
    *,
    context_lengths: Int[Tensor, " batch"] | None = None,
    activation: str | Callable[[Tensor], Tensor] = "gelu",
    dropout: float = 0.0,
    training: bool = False,
    need_weights: bool = False,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch time feature"] | tuple[Float[Tensor, "batch time feature"], Float[Tensor, "..."]]:
    """Let one sense ask another: x = x + A(LN(x), LN(c)), then x + F(LN(x)); queries from x, the rest from c.

    parameters       modules.transformer.CrossModalBlock's: attention.… as of multi_head_attention, norm.…,
                     norm_context.…, norm_feedforward.…, linear1.…, linear2.…
    x                the sense that asks, such as the patches of a picture
    context          the sense that is asked, such as frames of speech, padded at the end
    num_heads        divides the features of x
    context_lengths  valid frames of each clip, from 0 to context_time; all where None
    activation       of the small network: "relu", "gelu", or a function
    dropout          share of the weights, of the activation's output and of both sums that are set to 0
    training         whether dropout acts
    need_weights     also give the weights [batch, head, time, context_time]
    Raises           TypeError for integers, ValueError for shapes and lengths that do not fit
    Source           Tsai et al. 2019, "Multimodal transformer for unaligned multimodal language sequences",
                     section 3.1 and equations 4 and 5
    """
    padding = None if context_lengths is None else ~padding_mask(context_lengths, context.shape[1])
    _need_pair(x, context, padding)
    if padding is not None:
        context = context.masked_fill(padding[..., None], 0)  # NaN would pass the norm
    options = {"dropout": dropout, "training": training, "generator": generator}
    lose = partial(drop, p=dropout, training=training, generator=generator)
    weights = part(parameters, "attention")
    masks = {"key_padding_mask": padding, "need_weights": need_weights, "average_attn_weights": False}
    asked = _norm(parameters, "norm_context", context)
    query = _norm(parameters, "norm", x)
    found, shares = multi_head_attention(weights, query, asked, asked, num_heads, **masks, **options)
    x = x + lose(found)
    normed = _norm(parameters, "norm_feedforward", x)
    x = x + _feedforward(parameters, normed, activation=activation, lose=lose)
    return (x, shares) if need_weights else x


def _need_pair(x: Tensor, context: Tensor, padding: Tensor | None) -> None:
    """Raise unless both senses are [batch, time, feature] of one batch, and padding that of the context."""
    need_floating(x, "x")
    need_floating(context, "context")
    if x.ndim != 3 or context.ndim != 3 or len(x) != len(context):
        raise ValueError(
            f"x and context must be [batch, time, feature] of one batch, got {list(x.shape)} "
            f"and {list(context.shape)}."
        )
    if padding is not None:
        need_key_padding(padding, context)


def _feedforward(
    parameters: Mapping[str, Tensor],
    x: Tensor,
    *,
    activation: str | Callable[[Tensor], Tensor],
    lose: Callable[[Tensor], Tensor],
) -> Tensor:
    """Work on each frame by itself: wider, bent, and back to its width."""
    if not callable(activation):
        need_choice(activation, "activation", tuple(ACTIVATIONS))
        activation = ACTIVATIONS[activation]
    x = lose(activation(linear(x, parameters["linear1.weight"], parameters.get("linear1.bias"))))
    return lose(linear(x, parameters["linear2.weight"], parameters.get("linear2.bias")))


def _norm(parameters: Mapping[str, Tensor], name: str, x: Tensor, eps: float = 1e-5) -> Tensor:
    return layer_norm(x, x.shape[-1], parameters[f"{name}.weight"], parameters.get(f"{name}.bias"), eps)


def _clean(src: Tensor, padding: Tensor, batch_first: bool) -> Tensor:
    """Check padding, and set NaN in it to 0 before any weight is multiplied with it."""
    alone = src.ndim == 2
    frames = src[None] if alone else src if batch_first else src.transpose(0, 1)
    padding = padding[None] if alone else padding
    need_key_padding(padding, frames)
    frames = without_nan(frames, padding)
    return frames[0] if alone else frames if batch_first else frames.transpose(0, 1)
