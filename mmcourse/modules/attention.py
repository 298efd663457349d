"""The attention that torch.nn lacks, as a module. Twin of mmcourse.scratch.attention.

The scaled dot product is torch.nn.functional.scaled_dot_product_attention, and with projections and heads
torch.nn.MultiheadAttention.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn


class AdditiveAttention(nn.Module):
    """Let a small network say how well a key fits a query, after Bahdanau et al. 2015.

    Twin of scratch.attention.additive_attention.

    query_features, key_features  widths of what asks and of what is asked
    hidden                        width of the small network
    """

    def __init__(self, query_features: int, key_features: int, hidden: int):
        super().__init__()
        self.query = nn.Linear(query_features, hidden, bias=False)
        self.key = nn.Linear(key_features, hidden, bias=False)
        self.score = nn.Linear(hidden, 1, bias=False)

    def forward(
        self,
        query: Float[Tensor, "*batch query query_feature"],
        key: Float[Tensor, "*batch key key_feature"],
        value: Float[Tensor, "*batch key out"],
        mask: Tensor | None = None,
        *,
        need_weights: bool = False,
    ) -> Float[Tensor, "*batch query out"] | tuple[Float[Tensor, "*batch query out"], Float[Tensor, ...]]:
        """Give the weighted mean of the values for each query, and the weights [..., query, key] if asked.

        mask  broadcasts to [..., query, key]; boolean, True: may be looked at; or floating: added to scores
        """
        if mask is not None:
            blocked = ~mask if mask.dtype == torch.bool else mask == -torch.inf
            unseen = blocked.expand(*query.shape[:-1], key.shape[-2]).all(dim=-2).unsqueeze(-1)
            key, value = key.masked_fill(unseen, 0), value.masked_fill(unseen, 0)
        scores = self.score((self.query(query).unsqueeze(-2) + self.key(key).unsqueeze(-3)).tanh()).squeeze(
            -1
        )
        if mask is not None:
            scores = scores.where(~blocked, -torch.inf) + (0 if mask.dtype == torch.bool else mask)
        nothing = (scores == -torch.inf).all(dim=-1, keepdim=True)  # softmax and its gradient are NaN there
        weights = scores.masked_fill(nothing, 0).softmax(dim=-1).masked_fill(nothing, 0)
        output = weights @ value
        return (output, weights) if need_weights else output
