"""Canonical correlation analysis, and the loss made of it. Twin of mmcourse.scratch.cca."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn


class CCA(nn.Module):
    """Directions of two senses that correlate, found by `fit`. Twin of scratch.cca.cca and canonical.

    features        numbers a row of the first sense and of the other
    components      pairs of directions
    regularisation  added to each variance
    """

    def __init__(self, features: tuple[int, int], components: int, regularisation: float = 0.0):
        super().__init__()
        if not 1 <= components <= min(features):
            raise ValueError(f"components must lie in 1..{min(features)}, got {components}.")
        self.regularisation = regularisation
        for name, width in zip(("input", "other"), features, strict=True):
            self.register_buffer(f"{name}_mean", torch.zeros(width))
            self.register_buffer(f"{name}_weight", torch.eye(width, components))
        self.register_buffer("correlations", torch.zeros(components))

    @torch.no_grad()
    def fit(self, input: Float[Tensor, "row feature"], other: Float[Tensor, "row other_feature"]) -> CCA:
        """Find the directions on rows that belong together, and keep them.

        Raises  ValueError for fewer directions that vary than components
        """
        count, components = len(input), len(self.correlations)
        x, y = input.double(), other.double()
        between = (x - x.mean(0)).mT @ (y - y.mean(0)) / (count - 1)
        whiten, other_whiten = (_whitening(z.mT.cov(), self.regularisation) for z in (x, y))
        if min(whiten.shape[1], other_whiten.shape[1]) < components:
            raise ValueError(
                f"only {min(whiten.shape[1], other_whiten.shape[1])} directions vary in these {count} rows, "
                f"wanted {components} components: take fewer, or more rows."
            )
        left, values, right = torch.linalg.svd(whiten.mT @ between @ other_whiten)
        weight = whiten @ left[:, :components]
        signs = weight.gather(0, weight.abs().argmax(0, keepdim=True)).sign()
        self.input_mean, self.other_mean = (z.mean(0).to(input.dtype) for z in (x, y))
        self.input_weight = (weight * signs).to(input.dtype)
        self.other_weight = (other_whiten @ right.mT[:, :components] * signs).to(input.dtype)
        self.correlations = values[:components].to(input.dtype)
        return self

    def forward(
        self, input: Float[Tensor, "row feature"], other: Float[Tensor, "row other_feature"]
    ) -> tuple[Float[Tensor, "row component"], Float[Tensor, "row component"]]:
        """Bring rows of both senses into the space in which they correlate."""
        own = torch.addmm(-self.input_mean @ self.input_weight, input, self.input_weight)
        return own, torch.addmm(-self.other_mean @ self.other_weight, other, self.other_weight)


class DeepCCALoss(nn.Module):
    """Minus the sum of the canonical correlations of a batch. Twin of scratch.cca.deep_cca_loss.

    components      how many correlations count, the largest; all where None
    regularisation  added to each variance
    """

    def __init__(self, components: int | None = None, regularisation: float = 1e-3):
        super().__init__()
        self.components = components
        self.regularisation = regularisation

    def forward(
        self, input: Float[Tensor, "batch feature"], other: Float[Tensor, "batch other_feature"]
    ) -> Float[Tensor, ""]:
        """Give the loss; its gradient needs no eigenvectors, since those of singular values do not."""
        x, y = (z.double() - z.double().mean(0) for z in (input, other))
        factor, other_factor = (torch.linalg.cholesky(self._covariance(z)) for z in (x, y))
        between = x.mT @ y / (len(x) - 1)
        # L⁻¹ S L'⁻ᵀ: another whitening than by symmetric roots, which turns both sides and no singular value
        left = torch.linalg.solve_triangular(factor, between, upper=False)
        whitened = torch.linalg.solve_triangular(other_factor, left.mT, upper=False)
        return -torch.linalg.svdvals(whitened)[: self.components].sum().to(input.dtype)

    def _covariance(self, x: Tensor) -> Tensor:
        damping = self.regularisation * torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
        return x.mT @ x / (len(x) - 1) + damping


def _whitening(covariance: Tensor, regularisation: float) -> Float[Tensor, "feature rank"]:
    """Return W [feature, rank] with Wᵀ (covariance + regularisation) W = 1, by eigenvectors."""
    variance, axes = torch.linalg.eigh(torch.atleast_2d(covariance))
    there = variance > 1e-13 * variance.max()  # what is below came by rounding: float64 has 16 digits
    return axes[:, there] / (variance[there] + regularisation).sqrt()
