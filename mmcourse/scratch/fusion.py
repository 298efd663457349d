"""One embedding out of several: side by side, as a sum, as a product, by a gate, or one changing the other.

All take embeddings, a list of [batch, feature_i] with a tensor for each sense, and present, [batch, sense]:
True where an example has that sense, or None where all have all. What is missing may hold anything, NaN too.
An example without any sense gets zeros.
"""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ._senses import need_senses, none_gives_zeros, silenced
from .activations import tanh
from .attention import masked_softmax
from .layers import linear
from .parameters import part, parts

Embeddings = Sequence[Float[Tensor, "batch _"]]
Present = Bool[Tensor, "batch sense"] | None
Joined = Float[Tensor, "batch out"]


def concat_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None
) -> Joined:
    """Lay the embeddings side by side and give weighted sums of all: W [x_1; x_2; …] + b.

    A missing sense adds nothing to the sums.

    parameters  linear.weight [out, all features], linear.bias: those of modules.fusion.ConcatFusion
    embeddings  [batch, feature_i] of each sense
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Ngiam et al. 2011, "Multimodal deep learning", section 3, the shared layer
    """
    need_senses(embeddings, present)
    embeddings = silenced(embeddings, present)
    return none_gives_zeros(linear(torch.cat(embeddings, dim=1), **part(parameters, "linear")), present)


def sum_fusion(parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None) -> Joined:
    """Bring each embedding to one width and add them up: Σ_i (W_i x_i + b_i).

    With all senses there it can do what concat_fusion does, and no more. Where some are missing, the sum of
    the k that are there is multiplied by senses / k, so that it keeps its size.

    parameters  projections.i.weight [out, feature_i], projections.i.bias: those of modules.fusion.SumFusion
    embeddings  [batch, feature_i] of each sense
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Baltrušaitis et al. 2019, "Multimodal machine learning: a survey and taxonomy", section 3.1
    """
    projected = torch.stack(_projected(parameters, embeddings, present))  # sense batch out
    if present is None:
        return projected.sum(dim=0)
    total = projected.masked_fill(~present.t()[..., None], 0).sum(dim=0)
    there = present.sum(dim=1, keepdim=True).clamp(min=1)
    return total * (len(projected) / there.to(total.dtype))


def hadamard_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None
) -> Joined:
    """Bring each embedding to one width, between -1 and 1, and multiply: Π_i tanh(W_i x_i + b_i).

    A missing sense is a factor of 1: the others pass unchanged.

    parameters  projections.i.weight [out, feature_i], projections.i.bias: those of
                modules.fusion.HadamardFusion
    embeddings  [batch, feature_i] of each sense
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Kim et al. 2017, "Hadamard product for low-rank bilinear pooling", section 3
    """
    factors = [tanh(x) for x in _projected(parameters, embeddings, present)]
    if present is not None:
        factors = [
            x.masked_fill(~there[:, None], 1) for x, there in zip(factors, present.unbind(1), strict=True)
        ]
    product = factors[0]
    for factor in factors[1:]:  # not prod(): its gradient divides by the factors
        product = product * factor
    return none_gives_zeros(product, present)


def gated_fusion(parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None) -> Joined:
    """Weigh the senses, number by number: Σ_i z_i tanh(W_i x_i + b_i), where a gate that sees all gives z.

    Two senses: z_1 = σ(W_z [x_1; x_2] + b_z) and z_2 = 1 - z_1. More: z = softmax over the senses. The
    weights of a missing sense go to those that are there, so that they still add up to 1.

    parameters  projections.i.weight [out, feature_i], projections.i.bias; gate.weight [out, all features]
                for two senses, [sense · out, all features] for more, gate.bias: those of
                modules.fusion.GatedFusion
    embeddings  [batch, feature_i] of each sense
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Arevalo et al. 2017, "Gated multimodal units for information fusion", section 3.1
    """
    hidden = torch.stack([tanh(x) for x in _projected(parameters, embeddings, present)], dim=-1)
    embeddings = silenced(embeddings, present)
    scores = linear(torch.cat(embeddings, dim=1), **part(parameters, "gate"))
    if len(embeddings) == 2:
        scores = torch.stack([scores, torch.zeros_like(scores)], dim=-1)  # σ(s) = softmax(s, 0)
    else:
        scores = scores.unflatten(1, (len(embeddings), -1)).transpose(1, 2)
    mask = None if present is None else present[:, None].expand_as(scores)
    return (masked_softmax(scores, mask) * hidden).sum(dim=-1)  # all masked: zeros


def film_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None, *, modulator: int = 1
) -> Joined:
    """Let one sense stretch and shift the other, number by number: (1 + γ) ∘ (W x + b) + β, with γ, β from c.

    Where the modulator c is missing, γ and β are 0; where x is missing, β alone is left.

    parameters  linear.weight [out, features of x], linear.bias; modulation.weight [2 · out, features of c],
                γ above β, and modulation.bias: those of modules.fusion.FiLMFusion
    embeddings  [batch, feature_i] of two senses
    present     True where a sense is there; all where None
    modulator   0 or 1, which of the two is c
    Raises      TypeError for integers, ValueError for shapes that do not fit and another number of senses
    Source      Perez et al. 2018, "FiLM: visual reasoning with a general conditioning layer", equation 2
    """
    need_senses(embeddings, present, exactly=2)
    if modulator not in (0, 1):
        raise ValueError(f"modulator must be 0 or 1, one of the two senses, got {modulator!r}.")
    embeddings = silenced(embeddings, present)
    content = linear(embeddings[1 - modulator], **part(parameters, "linear"))
    modulation = linear(embeddings[modulator], **part(parameters, "modulation"))
    if present is not None:
        content = content.masked_fill(~present[:, 1 - modulator, None], 0)
        modulation = modulation.masked_fill(~present[:, modulator, None], 0)
    gamma, beta = modulation.chunk(2, dim=1)
    return (1 + gamma) * content + beta


def _projected(parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present) -> list[Tensor]:
    """Bring the embeddings to one width, each by weights of its own."""
    need_senses(embeddings, present)
    embeddings, layers = silenced(embeddings, present), parts(parameters, "projections")
    if len(layers) != len(embeddings):
        raise ValueError(f"these parameters are for {len(layers)} senses, got {len(embeddings)}.")
    return [linear(x, **layer) for x, layer in zip(embeddings, layers, strict=True)]
