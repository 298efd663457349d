"""Embeddings joined by products of their numbers: what one sense says may turn what another one means.

Arguments and errors are those of scratch.fusion: embeddings, [batch, feature_i] for each sense, and present.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from ._senses import need_senses, none_gives_zeros, silenced
from .fusion import Embeddings, Joined, Present
from .layers import linear
from .parameters import part


def bilinear_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None
) -> Joined:
    """Weigh every product of two numbers, one from each sense: out_k = x_1ᵀ W_k x_2 + b_k.

    It has no terms of one sense alone. Where either is missing there is nothing to multiply, and b is left:
    such an example tells nothing apart. multiplicative_fusion and tensor_fusion do better there.

    parameters  bilinear.weight [out, feature_1, feature_2], bilinear.bias: those of
                modules.interactions.BilinearFusion
    embeddings  [batch, feature_i] of two senses
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit and another number of senses
    Source      Tenenbaum & Freeman 2000, "Separating style and content with bilinear models", section 2.1
    """
    need_senses(embeddings, present, exactly=2)
    embeddings = silenced(embeddings, present)
    products = _products(embeddings, parameters["bilinear.weight"])
    return none_gives_zeros(products + parameters["bilinear.bias"], present)


def multiplicative_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None
) -> Joined:
    """Add to all products what each sense says alone: out_k = x_1ᵀ W_k x_2 + u_kᵀ x_1 + v_kᵀ x_2 + b_k.

    Where a sense is missing, the other one's own terms are left.

    parameters  bilinear.weight [out, feature_1, feature_2]; linear.weight [out, feature_1 + feature_2], u
                beside v, and linear.bias: those of modules.interactions.MultiplicativeFusion
    embeddings  [batch, feature_i] of two senses
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit and another number of senses
    Source      Jayakumar et al. 2020, "Multiplicative interactions and where to find them", equation 1
    """
    need_senses(embeddings, present, exactly=2)
    embeddings = silenced(embeddings, present)
    alone = linear(torch.cat(embeddings, dim=1), **part(parameters, "linear"))
    return none_gives_zeros(_products(embeddings, parameters["bilinear.weight"]) + alone, present)


def tensor_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None
) -> Joined:
    """Weigh every product of numbers from some of the senses: W · flat([x_1; 1] ⊗ [x_2; 1] ⊗ …) + b.

    The appended 1 keeps the terms of fewer senses. A missing sense is [0; 1]: it leaves what the others say.
    There are out · Π (feature_i + 1) weights: with each further sense, times its width.

    parameters  linear.weight [out, Π (feature_i + 1)], the last sense's number changing fastest, and
                linear.bias: those of modules.interactions.TensorFusion
    embeddings  [batch, feature_i] of each sense
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Zadeh et al. 2017, "Tensor fusion network for multimodal sentiment analysis", the
                tensor fusion layer
    """
    need_senses(embeddings, present)
    products, *others = _with_one(silenced(embeddings, present))
    for x in others:
        products = (products[:, :, None] * x[:, None]).flatten(start_dim=1)
    return none_gives_zeros(linear(products, **part(parameters, "linear")), present)


def low_rank_fusion(
    parameters: Mapping[str, Tensor], embeddings: Embeddings, present: Present = None
) -> Joined:
    """Do tensor fusion with a weight that is a sum of R products: Σ_r w_r Π_i (F_i,r [x_i; 1]) + b.

    The large tensor is never made. There are out · R · Σ (feature_i + 1) weights beside w and b: fewer than
    tensor_fusion's with many senses or a small R, but more with two senses of 48 and 192 numbers and R = 40.
    A missing sense is [0; 1], as there.

    parameters  factors.i [rank, feature_i + 1, out], weights [rank], bias [out]: those of
                modules.interactions.LowRankFusion
    embeddings  [batch, feature_i] of each sense
    present     True where a sense is there; all where None
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Liu et al. 2018, "Efficient low-rank multimodal fusion with modality-specific factors",
                section 3.2, equations 5 to 7, with weights w of the products as in the authors' code
    """
    need_senses(embeddings, present)
    below = part(parameters, "factors")
    factors = [below[number] for number in sorted(below, key=int)]
    if len(factors) != len(embeddings):
        raise ValueError(f"these parameters are for {len(factors)} senses, got {len(embeddings)}.")
    products: Tensor | None = None
    for x, factor in zip(_with_one(silenced(embeddings, present)), factors, strict=True):
        if x.shape[1] != factor.shape[1]:
            raise ValueError(f"a factor for {factor.shape[1] - 1} features met senses with {x.shape[1] - 1}.")
        projected = torch.einsum("bf, rfo -> bro", x, factor)
        products = projected if products is None else products * projected
    output = torch.einsum("r, bro -> bo", parameters["weights"], products) + parameters["bias"]
    return none_gives_zeros(output, present)


def _products(embeddings: list[Tensor], weight: Tensor) -> Tensor:
    """Sum weight[k, i, j] x_1[i] x_2[j] over i and j."""
    widths = [x.shape[1] for x in embeddings]
    if list(weight.shape[1:]) != widths:
        raise ValueError(f"a weight {list(weight.shape)} does not fit senses of {widths} features.")
    return torch.einsum("bi, kij, bj -> bk", embeddings[0], weight, embeddings[1])


def _with_one(embeddings: list[Tensor]) -> list[Tensor]:
    """Append a 1 to each embedding."""
    return [torch.cat([x, x.new_ones(len(x), 1)], dim=1) for x in embeddings]
