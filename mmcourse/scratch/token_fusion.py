"""Fusion of sequences: senses that ask one another, that talk through a few tokens, or that are one sequence.

All take tokens, a list of [batch, time_i, feature_i] with a tensor for each sense; lengths, a list with the
valid tokens [batch] of each sense, or None where all are valid; and present, [batch, sense], True where an
example has that sense. No token of a missing sense is looked at. An example without any sense gets zeros.
Tokens bring their places with them: scratch.tokens adds positions.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import permutations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ._senses import need_senses, none_gives_zeros
from .attention import padding_mask
from .layers import linear
from .normalization import layer_norm
from .parameters import part, parts
from .transformer import cross_modal_block, transformer_encoder_layer

Tokens = Sequence[Float[Tensor, "batch _ _"]]
Lengths = Sequence[Int[Tensor, " batch"] | None] | None
Present = Bool[Tensor, "batch sense"] | None
Joined = Float[Tensor, "batch out"]


def token_transformer(
    parameters: Mapping[str, Tensor],
    tokens: Tokens,
    lengths: Lengths = None,
    present: Present = None,
    *,
    num_heads: int = 4,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> Joined:
    """Make one sequence of the tokens of all senses, and let each attend to all: early fusion.

    A learned vector for each sense is added to its tokens, so that they can be told apart. After the blocks
    comes the mean over all valid tokens, and a linear layer.

    parameters  projections.i.…, senses [sense, width], layers.l.… (torch.nn.TransformerEncoderLayer's),
                norm.…, linear.…: those of modules.token_fusion.TokenTransformer
    tokens      [batch, time_i, feature_i] of each sense, padded at the end
    lengths     valid tokens of each sense, from 0 to time_i; all where None
    present     True where a sense is there; all where None
    num_heads   heads of the attention: the parameters do not tell
    dropout     share of numbers set to 0 in the blocks, in training
    Raises      TypeError for integers, ValueError for shapes and lengths that do not fit
    Source      Xu et al. 2023, "Multimodal learning with transformers: a survey", section 4.1.2, early
                concatenation
    """
    projected, valid = _projected(parameters, tokens, lengths, present)
    x = torch.cat([y + mark for y, mark in zip(projected, parameters["senses"], strict=True)], dim=1)
    mask = torch.cat(valid, dim=1)
    options = {"dropout": dropout, "training": training, "generator": generator}
    for layer in parts(parameters, "layers"):
        x = transformer_encoder_layer(
            layer, x, num_heads, src_key_padding_mask=~mask, norm_first=True, **options
        )
    x = layer_norm(x, x.shape[-1], **part(parameters, "norm"))
    return none_gives_zeros(linear(_mean(x, mask), **part(parameters, "linear")), _some(valid))


def bottleneck_fusion(
    parameters: Mapping[str, Tensor],
    tokens: Tokens,
    lengths: Lengths = None,
    present: Present = None,
    *,
    num_heads: int = 4,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> Joined:
    """Let senses talk through a few tokens only: a block of a sense sees its own tokens and the bottleneck.

    [x_i; b_i] = block_i([x_i; b]), then b = the mean of b_i over the senses that are there; and so on. What a
    sense learns of another comes through b, one block later. The means over each sense's tokens, 0 for a
    missing one, are laid side by side before the last linear layer.

    parameters  projections.i.…, bottlenecks [count, width], layers.l.i.… (block l of sense i, as of
                torch.nn.TransformerEncoderLayer), norm.…, linear.…: those of
                modules.token_fusion.BottleneckFusion
    tokens      [batch, time_i, feature_i] of each sense, padded at the end
    lengths     valid tokens of each sense, from 0 to time_i; all where None
    present     True where a sense is there; all where None
    num_heads   heads of the attention: the parameters do not tell
    dropout     share of numbers set to 0 in the blocks, in training
    Raises      TypeError for integers, ValueError for shapes and lengths that do not fit
    Source      Nagrani et al. 2021, "Attention bottlenecks for multimodal fusion", equations 8 and 9; there a
                class token takes the place of the mean
    """
    senses, valid = _projected(parameters, tokens, lengths, present)
    count, (batch, width) = len(parameters["bottlenecks"]), (len(senses[0]), senses[0].shape[-1])
    shared = parameters["bottlenecks"].expand(batch, count, width)
    options = {"dropout": dropout, "training": training, "generator": generator, "norm_first": True}
    there = torch.stack([mask.any(dim=1) for mask in valid], dim=1)
    shares = there.to(shared.dtype) / there.sum(dim=1, keepdim=True).clamp(min=1).to(shared.dtype)
    padding = [torch.cat([~mask, mask.new_zeros(batch, count)], dim=1) for mask in valid]
    for layer in parts(parameters, "layers"):
        blocks = [part(layer, str(sense)) for sense in range(len(senses))]
        mixed = [
            transformer_encoder_layer(
                block, torch.cat([x, shared], dim=1), num_heads, src_key_padding_mask=hidden, **options
            )
            for block, x, hidden in zip(blocks, senses, padding, strict=True)
        ]
        senses = [x[:, :-count] for x in mixed]
        shared = torch.einsum("bs, bsnw -> bnw", shares, torch.stack([x[:, -count:] for x in mixed], dim=1))
    norm = partial(layer_norm, normalized_shape=width, **part(parameters, "norm"))
    means = [_mean(norm(x), mask) for x, mask in zip(senses, valid, strict=True)]
    return none_gives_zeros(linear(torch.cat(means, dim=1), **part(parameters, "linear")), there)


def cross_modal_fusion(
    parameters: Mapping[str, Tensor],
    tokens: Tokens,
    lengths: Lengths = None,
    present: Present = None,
    *,
    num_heads: int = 4,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> Joined:
    """Let each sense ask each other one, and lay the means of what came back side by side.

    There is a block for each ordered pair, n (n - 1) for n senses. A sense that asks a missing one finds
    nothing, and keeps its own tokens; what a missing sense would have asked is 0.

    parameters  projections.i.…, blocks.k.… (cross_modal_block's; k counts the pairs 0 asks 1, 0 asks 2, …,
                1 asks 0, …), linear.…: those of modules.token_fusion.CrossModalFusion
    tokens      [batch, time_i, feature_i] of each sense, padded at the end
    lengths     valid tokens of each sense, from 0 to time_i; all where None
    present     True where a sense is there; all where None
    num_heads   heads of the attention: the parameters do not tell
    dropout     share of numbers set to 0 in the blocks, in training
    Raises      TypeError for integers, ValueError for shapes and lengths that do not fit
    Source      Tsai et al. 2019, "Multimodal transformer for unaligned multimodal language sequences",
                section 3.2; one block a pair, and no self-attention after it
    """
    senses, valid = _projected(parameters, tokens, lengths, present)
    options = {"dropout": dropout, "training": training, "generator": generator}
    found = []
    pairs = permutations(range(len(senses)), 2)
    for block, (asks, asked) in zip(parts(parameters, "blocks"), pairs, strict=True):
        x = cross_modal_block(
            block, senses[asks], senses[asked], num_heads, context_lengths=valid[asked].sum(dim=1), **options
        )
        found.append(_mean(x, valid[asks]))
    return none_gives_zeros(linear(torch.cat(found, dim=1), **part(parameters, "linear")), _some(valid))


def _projected(
    parameters: Mapping[str, Tensor], tokens: Tokens, lengths: Lengths, present: Present
) -> tuple[list[Tensor], list[Tensor]]:
    """Bring the tokens of all senses to one width, and say which are valid: [batch, time_i] a sense."""
    need_senses(tokens, present, axes="batch, time, feature")
    lengths = [None] * len(tokens) if lengths is None else lengths
    layers = parts(parameters, "projections")
    if len(lengths) != len(tokens) or len(layers) != len(tokens):
        raise ValueError(
            f"these parameters are for {len(layers)} senses, got {len(tokens)} with {len(lengths)} lengths."
        )
    valid = []
    for sense, (x, length) in enumerate(zip(tokens, lengths, strict=True)):
        mask = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        if length is not None:
            there = None if present is None else present[:, sense]
            length = length if there is None else length.masked_fill(~there, 0)  # may be anything there
            mask = padding_mask(length, x.shape[1])
        valid.append(mask if present is None else mask & present[:, sense, None])
    clean = [x.masked_fill(~mask[..., None], 0) for x, mask in zip(tokens, valid, strict=True)]
    return [linear(x, **layer) for x, layer in zip(clean, layers, strict=True)], valid


def _mean(x: Tensor, valid: Tensor) -> Tensor:
    """Average the valid tokens; zeros where there are none."""
    count = valid.sum(dim=1, keepdim=True).clamp(min=1)
    return x.masked_fill(~valid[..., None], 0).sum(dim=1) / count.to(x.dtype)


def _some(valid: Sequence[Tensor]) -> Tensor:
    """Say which senses have tokens: [batch, sense]."""
    return torch.stack([mask.any(dim=1) for mask in valid], dim=1)
