"""One embedding out of several. Twin of mmcourse.scratch.fusion, where each formula and source stands."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmcourse.modules._senses import EmbeddingFusion


class ConcatFusion(EmbeddingFusion):
    """Lay embeddings side by side: one linear layer of all. Twin of scratch.fusion.concat_fusion.

    features      width of each sense's embedding
    out_features  width of the result
    """

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__(features, out_features)
        self.linear = nn.Linear(sum(features), out_features)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give the sums; zeros add nothing to them."""
        return self.linear(torch.cat(list(embeddings), dim=-1))


class _Projecting(EmbeddingFusion):
    """Bring each sense to one width by a linear layer of its own."""

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__(features, out_features)
        self.projections = nn.ModuleList([nn.Linear(width, out_features) for width in features])

    def projected(self, embeddings: Sequence[Tensor]) -> Tensor:
        """Give [batch, sense, out_features]."""
        return torch.stack([layer(x) for layer, x in zip(self.projections, embeddings, strict=True)], dim=1)


class SumFusion(_Projecting):
    """Add the projections up. Twin of scratch.fusion.sum_fusion.

    features      width of each sense's embedding
    out_features  width of the result
    """

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Add what is there; with fewer senses, each counts for more."""
        projected = self.projected(embeddings)
        if present is None:
            return projected.sum(dim=1)
        weights = present.to(projected)  # first: True / 2 would be float32
        shares = weights / weights.sum(dim=1, keepdim=True).clamp(min=1)  # a mean over those there
        return projected.shape[1] * torch.einsum("bs, bso -> bo", shares, projected)


class HadamardFusion(_Projecting):
    """Multiply the projections after tanh. Twin of scratch.fusion.hadamard_fusion.

    features      width of each sense's embedding
    out_features  width of the result
    """

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Multiply what is there; a missing factor is 1."""
        factors = self.projected(embeddings).tanh()
        if present is not None:
            factors = torch.where(present.unsqueeze(-1), factors, 1)
        product, *others = factors.unbind(dim=1)
        for factor in others:
            product = product * factor
        return product


class GatedFusion(_Projecting):
    """Weigh the senses by a learned gate, after Arevalo et al. 2017. Twin of scratch.fusion.gated_fusion.

    features      width of each sense's embedding
    out_features  width of the result
    """

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__(features, out_features)
        gates = 1 if len(features) == 2 else len(features)
        self.gate = nn.Linear(sum(features), gates * out_features)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give Σ gate · tanh(projection), the gates of the senses that are there adding up to 1."""
        hidden = self.projected(embeddings).tanh()
        scores = self.gate(torch.cat(list(embeddings), dim=-1))
        if len(self.in_features) == 2:
            first = scores.sigmoid()  # 1 trusts the first sense, 0 the second
            if present is not None:
                first = torch.where(present[:, 1:], first, 1)
                first = torch.where(present[:, :1], first, 0)
            return first * hidden[:, 0] + (1 - first) * hidden[:, 1]
        scores = scores.unflatten(-1, hidden.shape[1:])
        if present is not None:
            nobody = ~present.any(dim=1, keepdim=True)  # softmax of -∞ alone is NaN
            scores = torch.where((present | nobody).unsqueeze(-1), scores, -torch.inf)
        return (scores.softmax(dim=1) * hidden).sum(dim=1)


class FiLMFusion(EmbeddingFusion):
    """Let one sense stretch and shift the other, after Perez et al. 2018. Twin of scratch.fusion.film_fusion.

    features      width of both senses' embeddings
    out_features  width of the result
    modulator     0 or 1: which sense changes the other one
    """

    exactly = 2

    def __init__(self, features: Sequence[int], out_features: int, *, modulator: int = 1):
        super().__init__(features, out_features)
        if modulator not in (0, 1):
            raise ValueError(f"modulator must be 0 or 1, one of the two senses, got {modulator!r}.")
        self.modulator = modulator
        self.linear = nn.Linear(features[1 - modulator], out_features)
        self.modulation = nn.Linear(features[modulator], 2 * out_features)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Give (1 + γ) · content + β."""
        content = self.linear(embeddings[1 - self.modulator])
        gamma, beta = self.modulation(embeddings[self.modulator]).tensor_split(2, dim=-1)
        if present is not None:
            changes = present[:, self.modulator].unsqueeze(-1)
            gamma, beta = torch.where(changes, gamma, 0), torch.where(changes, beta, 0)
            content = torch.where(present[:, 1 - self.modulator].unsqueeze(-1), content, 0)
        return content + gamma * content + beta
