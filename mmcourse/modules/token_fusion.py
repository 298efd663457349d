"""Fusion of sequences. Twin of mmcourse.scratch.token_fusion, where formulas and sources stand."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from mmcourse.modules._senses import need_count, need_widths
from mmcourse.modules.transformer import CrossModalBlock


class _TokenFusion(nn.Module):
    """Bring the tokens of all senses to one width; a subclass says what they then do."""

    def __init__(self, features: Sequence[int], out_features: int, width: int, joined: int):
        super().__init__()
        need_count(len(features), None, type(self).__name__)
        self.in_features = tuple(features)
        self.features = out_features
        self.projections = nn.ModuleList([nn.Linear(wide, width) for wide in features])
        self.linear = nn.Linear(joined, out_features)

    def forward(
        self,
        tokens: Sequence[Float[Tensor, "batch _ _"]],
        lengths: Sequence[Int[Tensor, " batch"] | None] | None = None,
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> Float[Tensor, "batch feature"]:
        """Give [batch, out_features], zeros for an example without any sense.

        tokens   [batch, time_i, features[i]] of each sense, padded at the end; padding may hold anything
        lengths  valid tokens of each sense, from 0 to time_i; all where None
        present  True where an example has a sense; all have all where None
        Raises   ValueError for another number of senses, other widths, lengths or masks that do not fit
        """
        need_widths(tokens, self.in_features, present)
        valid = _valid(tokens, lengths, present)
        clean = (torch.where(mask.unsqueeze(-1), x, 0) for x, mask in zip(tokens, valid, strict=True))
        senses = [layer(x) for layer, x in zip(self.projections, clean, strict=True)]
        there = torch.stack([mask.any(dim=1) for mask in valid], dim=1)
        return torch.where(there.any(dim=1, keepdim=True), self.linear(self.join(senses, valid, there)), 0)

    def join(self, senses: list[Tensor], valid: list[Tensor], there: Tensor) -> Tensor:
        """Make one row of tokens of one width; `valid` and `there` say which are to be looked at."""
        raise NotImplementedError


class TokenTransformer(_TokenFusion):
    """One transformer of the tokens of all senses. Twin of scratch.token_fusion.token_transformer.

    features      width of each sense's tokens
    out_features  width of the result
    width         numbers for each token within the blocks; twice as many inside their feed-forward parts
    num_heads     heads of the attention, a divisor of width
    num_layers    blocks
    dropout       share of numbers set to 0 in the blocks, in training
    """

    def __init__(
        self,
        features: Sequence[int],
        out_features: int,
        *,
        width: int = 64,
        num_heads: int = 4,
        num_layers: int = 2,
        dropout: float = 0.0,
    ):
        super().__init__(features, out_features, width, width)
        self.senses = nn.Parameter(0.02 * torch.randn(len(features), width))
        self.layers = nn.ModuleList([_block(width, num_heads, dropout) for _ in range(num_layers)])
        self.norm = nn.LayerNorm(width)

    def join(self, senses: list[Tensor], valid: list[Tensor], there: Tensor) -> Tensor:
        """Give the mean over all valid tokens."""
        x = torch.cat([tokens + mark for tokens, mark in zip(senses, self.senses, strict=True)], dim=1)
        mask = torch.cat(valid, dim=1)
        padding = ~mask & mask.any(dim=1, keepdim=True)  # all hidden: NaN, in some of torch's ways
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=padding)
        return _mean(self.norm(x), mask)


class BottleneckFusion(_TokenFusion):
    """Senses that talk through a few tokens only. Twin of scratch.token_fusion.bottleneck_fusion.

    features      width of each sense's tokens
    out_features  width of the result
    width         numbers for each token within the blocks; twice as many inside their feed-forward parts
    num_heads     heads of the attention, a divisor of width
    num_layers    blocks of each sense, two or more: what is said in one is heard in the next
    bottlenecks   tokens through which the senses talk
    dropout       share of numbers set to 0 in the blocks, in training
    """

    def __init__(
        self,
        features: Sequence[int],
        out_features: int,
        *,
        width: int = 64,
        num_heads: int = 4,
        num_layers: int = 2,
        bottlenecks: int = 4,
        dropout: float = 0.0,
    ):
        super().__init__(features, out_features, width, len(features) * width)
        if num_layers < 2 or bottlenecks < 1:
            raise ValueError(
                "a bottleneck needs two blocks or more, since what is said in one is heard in the next, and "
                f"one token or more; got num_layers {num_layers} and bottlenecks {bottlenecks}."
            )
        self.bottlenecks = nn.Parameter(0.02 * torch.randn(bottlenecks, width))
        self.layers = nn.ModuleList(
            [nn.ModuleList([_block(width, num_heads, dropout) for _ in features]) for _ in range(num_layers)]
        )
        self.norm = nn.LayerNorm(width)

    def join(self, senses: list[Tensor], valid: list[Tensor], there: Tensor) -> Tensor:
        """Give the means over each sense's tokens, side by side."""
        shared = self.bottlenecks.repeat(len(there), 1, 1)
        open_ = there.new_zeros(shared.shape[:2])
        padding = [torch.cat([~mask, open_], dim=1) for mask in valid]
        weights = there.to(shared)
        weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1)
        for blocks in self.layers:
            said, kept = 0, []
            for sense, block in enumerate(blocks):
                mixed = block(torch.cat([senses[sense], shared], dim=1), src_key_padding_mask=padding[sense])
                tokens, heard = mixed.split([senses[sense].shape[1], shared.shape[1]], dim=1)
                kept.append(tokens)
                said = said + weights[:, sense, None, None] * heard
            senses, shared = kept, said
        return torch.cat([_mean(self.norm(x), mask) for x, mask in zip(senses, valid, strict=True)], dim=-1)


class CrossModalFusion(_TokenFusion):
    """Each sense asks each other one. Twin of scratch.token_fusion.cross_modal_fusion.

    features      width of each sense's tokens
    out_features  width of the result
    width         numbers for each token within the blocks; twice as many inside their feed-forward parts
    num_heads     heads of the attention, a divisor of width
    dropout       share of numbers set to 0 in the blocks, in training
    """

    def __init__(
        self,
        features: Sequence[int],
        out_features: int,
        *,
        width: int = 64,
        num_heads: int = 4,
        dropout: float = 0.0,
    ):
        count = len(features)
        super().__init__(features, out_features, width, count * (count - 1) * width)
        self.pairs = [(asks, asked) for asks in range(count) for asked in range(count) if asks != asked]
        self.blocks = nn.ModuleList(
            [CrossModalBlock(width, width, num_heads, hidden=2 * width, dropout=dropout) for _ in self.pairs]
        )

    def join(self, senses: list[Tensor], valid: list[Tensor], there: Tensor) -> Tensor:
        """Give the means of what each pair found, side by side."""
        counts = [mask.sum(dim=1) for mask in valid]
        found = [
            _mean(block(senses[asks], senses[asked], counts[asked]), valid[asks])
            for block, (asks, asked) in zip(self.blocks, self.pairs, strict=True)
        ]
        return torch.cat(found, dim=-1)


def _block(width: int, num_heads: int, dropout: float) -> nn.TransformerEncoderLayer:
    """One pre-norm block, as in modules.speech_models."""
    return nn.TransformerEncoderLayer(width, num_heads, 2 * width, dropout, batch_first=True, norm_first=True)


def _valid(
    tokens: Sequence[Tensor], lengths: Sequence[Tensor | None] | None, present: Tensor | None
) -> list[Tensor]:
    """Say which tokens are to be looked at: [batch, time_i] for each sense."""
    lengths = [None] * len(tokens) if lengths is None else lengths
    if len(lengths) != len(tokens):
        raise ValueError(f"wanted lengths for each of {len(tokens)} senses, or None; got {len(lengths)}.")
    masks = []
    for sense, (x, count) in enumerate(zip(tokens, lengths, strict=True)):
        batch, time, _ = x.shape
        there = torch.ones(batch, dtype=torch.bool, device=x.device)
        there = there if present is None else present[:, sense]
        count = torch.full((batch,), time, device=x.device) if count is None else count
        count = torch.where(there, count, 0)  # of a missing sense it may be anything
        if batch and (count.min() < 0 or count.max() > time):
            raise ValueError(f"lengths must lie in 0..{time}, got {count.tolist()}.")
        masks.append(torch.arange(time, device=x.device) < count.unsqueeze(-1))
    return masks


def _mean(x: Tensor, valid: Tensor) -> Tensor:
    """Average the valid tokens; zeros where there are none."""
    weights = valid.to(x)
    weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1)
    return torch.einsum("bt, btw -> bw", weights, x)
