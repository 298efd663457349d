"""Embeddings joined by products. Twin of mmcourse.scratch.interactions, where formulas and sources stand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmcourse.modules._senses import EmbeddingFusion

MOST_WEIGHTS = 2**27  # half a gigabyte in float32


class BilinearFusion(EmbeddingFusion):
    """Weigh every product of two numbers, one a sense. Twin of scratch.interactions.bilinear_fusion.

    features      width of both senses' embeddings
    out_features  width of the result
    """

    exactly = 2

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__(features, out_features)
        self.bilinear = nn.Bilinear(*features, out_features)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give x_1ᵀ W x_2 + b: with a missing sense, b alone."""
        return self.bilinear(*embeddings)


class MultiplicativeFusion(EmbeddingFusion):
    """Products, and each sense alone. Twin of scratch.interactions.multiplicative_fusion.

    features      width of both senses' embeddings
    out_features  width of the result
    """

    exactly = 2

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__(features, out_features)
        self.bilinear = nn.Bilinear(*features, out_features, bias=False)
        self.linear = nn.Linear(sum(features), out_features)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give x_1ᵀ W x_2 + U x_1 + V x_2 + b."""
        return self.bilinear(*embeddings) + self.linear(torch.cat(list(embeddings), dim=-1))


class TensorFusion(EmbeddingFusion):
    """Weigh every product of numbers from some senses. Twin of scratch.interactions.tensor_fusion.

    features      width of each sense's embedding
    out_features  width of the result
    Raises        ValueError for more than 2²⁷ weights
    """

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__(features, out_features)
        products = math.prod(width + 1 for width in features)
        if products * out_features > MOST_WEIGHTS:
            raise ValueError(
                f"tensor fusion of the widths {list(features)} to {out_features} needs "
                f"{products * out_features:,} weights, more than {MOST_WEIGHTS:,}: narrow the embeddings, or "
                "take LowRankFusion."
            )
        self.linear = nn.Linear(products, out_features)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give W · flat([x_1; 1] ⊗ [x_2; 1] ⊗ …) + b."""
        products = embeddings[0].new_ones(len(embeddings[0]), 1)
        for x in embeddings:
            products = torch.einsum("bp, bf -> bpf", products, _with_one(x)).flatten(start_dim=1)
        return self.linear(products)


class LowRankFusion(EmbeddingFusion):
    """Tensor fusion by a weight of low rank. Twin of scratch.interactions.low_rank_fusion.

    features      width of each sense's embedding
    out_features  width of the result
    rank          products that are added up
    """

    def __init__(self, features: Sequence[int], out_features: int, *, rank: int = 8):
        super().__init__(features, out_features)
        if rank < 1:
            raise ValueError(f"rank must be at least 1, got {rank}.")
        # Registered one by one: factors in a plain list would never be trained.
        self.factors = nn.ParameterList(
            [nn.Parameter(torch.empty(rank, width + 1, out_features)) for width in features]
        )
        self.weights = nn.Parameter(torch.empty(rank))
        self.bias = nn.Parameter(torch.zeros(out_features))
        for factor in self.factors:  # each factor keeps the size of its input, and so does their product
            nn.init.normal_(factor, std=factor.shape[1] ** -0.5)
        nn.init.normal_(self.weights, std=rank**-0.5)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give Σ_r w_r Π_i (F_i,r [x_i; 1]) + b."""
        products = torch.ones((), dtype=self.bias.dtype, device=self.bias.device)
        for x, factor in zip(embeddings, self.factors, strict=True):
            products = products * (_with_one(x) @ factor)  # rank batch out
        return torch.tensordot(self.weights, products, dims=1) + self.bias


def _with_one(x: Tensor) -> Tensor:
    """Append a 1 to each embedding: nothing but the others is left where it is 0."""
    return nn.functional.pad(x, (0, 1), value=1.0)
