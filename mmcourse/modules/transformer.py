"""The transformer block that torch.nn lacks. Twin of mmcourse.scratch.transformer.

A block in which a sequence attends to itself is torch.nn.TransformerEncoderLayer.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class CrossModalBlock(nn.Module):
    """Let one sense ask another, then work on each frame by itself, after Tsai et al. 2019.

    Twin of scratch.transformer.cross_modal_block.

    features          width of the sense that asks, and of the output
    context_features  width of the sense that is asked
    num_heads         divides features
    hidden            width between the two linear layers, 4 · features where None
    dropout           share of weights, of hidden numbers and of both sums that are set to 0 while training
    """

    def __init__(
        self,
        features: int,
        context_features: int,
        num_heads: int,
        *,
        hidden: int | None = None,
        dropout: float = 0.0,
    ):
        super().__init__()
        hidden = 4 * features if hidden is None else hidden
        self.norm = nn.LayerNorm(features)
        self.norm_context = nn.LayerNorm(context_features)
        self.attention = nn.MultiheadAttention(
            features,
            num_heads,
            dropout=dropout,
            kdim=context_features,
            vdim=context_features,
            batch_first=True,
        )
        self.norm_feedforward = nn.LayerNorm(features)
        self.linear1 = nn.Linear(features, hidden)
        self.linear2 = nn.Linear(hidden, features)
        self.dropout = nn.Dropout(dropout)
        self.activation = nn.GELU()

    def forward(
        self,
        x: Float[Tensor, "batch time feature"],
        context: Float[Tensor, "batch context_time context_feature"],
        context_lengths: Int[Tensor, " batch"] | None = None,
        *,
        need_weights: bool = False,
    ) -> Float[Tensor, "batch time feature"] | tuple[Float[Tensor, "batch time feature"], Float[Tensor, ...]]:
        """Give x with what it found in the context.

        x                the sense that asks, such as patches of a picture
        context          the sense that is asked, such as frames of speech, padded at the end
        context_lengths  valid frames of each clip, from 0 to context_time; all where None
        need_weights     also give the weights [batch, head, time, context_time]
        Raises           ValueError for lengths outside 0..context_time
        """
        padding, empty = None, None
        if context_lengths is not None:
            time = context.shape[1]
            if len(context) and (context_lengths.min() < 0 or context_lengths.max() > time):
                raise ValueError(f"context_lengths must lie in 0..{time}, got {context_lengths.tolist()}.")
            padding = torch.arange(time, device=context.device) >= context_lengths.unsqueeze(-1)
            context = torch.where(padding.unsqueeze(-1), 0, context)
            empty = (context_lengths == 0).view(-1, 1, 1)
            padding = padding & ~empty.squeeze(-1)  # a row that may look at nothing is NaN in torch.nn
        asked = self.norm_context(context)
        found, weights = self.attention(
            self.norm(x),
            asked,
            asked,
            key_padding_mask=padding,
            need_weights=need_weights,
            average_attn_weights=False,
        )
        if empty is not None:  # what attention gives for nothing found: its output layer's bias
            found = torch.where(empty, self.attention.out_proj.bias, found)
            weights = None if weights is None else torch.where(empty.unsqueeze(-1), 0, weights)
        x = x + self.dropout(found)
        x = x + self.dropout(
            self.linear2(self.dropout(self.activation(self.linear1(self.norm_feedforward(x)))))
        )
        return (x, weights) if need_weights else x
