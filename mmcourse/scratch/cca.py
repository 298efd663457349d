"""Canonical correlation analysis: directions of two senses that go together, and the loss made of it.

Everything is computed in float64: a covariance has half of its data's digits, and its inverse fewer.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_floating


def cca(
    input: Float[Tensor, "row feature"],
    other: Float[Tensor, "row other_feature"],
    components: int | None = None,
    regularisation: float = 0.0,
) -> dict[str, Tensor]:
    """Find pairs of directions along which two senses correlate most, each unlike those before: by SVD.

    Each sense is centred and whitened, by its own SVD. What then is left of the covariance between both has
    the canonical correlations as its singular values, and the directions as its singular vectors.

    input, other    rows that belong together, such as embeddings of a picture and of what is said
    components      pairs of directions; by default as many as there are
    regularisation  added to each variance; above 0 the correlations are those of damped directions
    Returns         input_mean, input_weight [feature, component], other_mean, other_weight, correlations
                    [component], largest first. A projection has variance 1 where nothing is added, and the
                    largest number of a column of input_weight is above 0
    Raises          TypeError for integers, ValueError for shapes that do not fit or too many components
    Source          Hotelling 1936, "Relations between two sets of variates"; by SVD: Björck & Golub 1973,
                    "Numerical methods for computing angles between linear subspaces"
    """
    _need_rows(input, other, regularisation)
    x, y = input.double(), other.double()
    mean, other_mean = x.mean(0), y.mean(0)
    whiten, other_whiten = (_whitening(z, regularisation) for z in (x - mean, y - other_mean))
    components = _known(components, min(whiten.shape[1], other_whiten.shape[1]))
    between = (x - mean).T @ (y - other_mean) / (len(x) - 1)
    left, values, right = torch.linalg.svd(whiten.T @ between @ other_whiten, full_matrices=False)
    weight, other_weight = whiten @ left[:, :components], other_whiten @ right[:components].T
    largest = weight.gather(0, weight.abs().argmax(0, keepdim=True))
    found = {
        "input_mean": mean,
        "input_weight": weight * largest.sign(),
        "other_mean": other_mean,
        "other_weight": other_weight * largest.sign(),
        "correlations": values[:components],
    }
    return {name: value.to(input.dtype) for name, value in found.items()}


def canonical(
    parameters: Mapping[str, Tensor],
    input: Float[Tensor, "row feature"],
    other: Float[Tensor, "row other_feature"],
) -> tuple[Float[Tensor, "row component"], Float[Tensor, "row component"]]:
    """Bring rows of both senses into the space in which they correlate: (x - mean) · weight.

    parameters  as `cca` gives them, found on training rows
    """
    return (
        (input - parameters["input_mean"]) @ parameters["input_weight"],
        (other - parameters["other_mean"]) @ parameters["other_weight"],
    )


class Correlation(torch.autograd.Function):
    """Sum of the largest canonical correlations, with its gradient by formula.

    The gradient through eigenvectors, by the chain rule, divides by differences of eigenvalues and is NaN
    where two are equal. That of the sum needs no such division.
    """

    @staticmethod
    def forward(ctx, input: Tensor, other: Tensor, components: int, regularisation: float) -> Tensor:
        """Give Σ_k D_k with U D Vᵀ = S₁₁^-½ S₁₂ S₂₂^-½."""
        x, y = input.double(), other.double()
        x, y = x - x.mean(0), y - y.mean(0)
        root, other_root = (_inverse_root(z, regularisation) for z in (x, y))
        between = x.T @ y / (len(x) - 1)
        left, values, right = torch.linalg.svd(root @ between @ other_root, full_matrices=False)
        left, values, right = left[:, :components], values[:components], right[:components].T
        ctx.save_for_backward(x, y, root @ left, other_root @ right, values)
        ctx.dtypes = input.dtype, other.dtype
        return values.sum()

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Give (2 x ∇₁₁ + y ∇₁₂ᵀ) / (n - 1), ∇₁₁ = -½ S₁₁^-½ U D Uᵀ S₁₁^-½, ∇₁₂ = S₁₁^-½ U Vᵀ S₂₂^-½."""
        x, y, left, right, values = ctx.saved_tensors
        own, mutual = -(left * values) @ left.T, left @ right.T  # twice ∇₁₁
        other_own = -(right * values) @ right.T
        scale = grad / (len(x) - 1)
        grads = scale * (x @ own + y @ mutual.T), scale * (y @ other_own + x @ mutual)
        return (*(g.to(dtype) for g, dtype in zip(grads, ctx.dtypes, strict=True)), None, None)


def deep_cca_loss(
    input: Float[Tensor, "batch feature"],
    other: Float[Tensor, "batch other_feature"],
    components: int | None = None,
    regularisation: float = 1e-3,
) -> Float[Tensor, ""]:
    """Minus the sum of the canonical correlations of a batch: what two networks are trained to make small.

    input, other    outputs of the two networks for the same examples; many more rows than features, or the
                    batch correlates by chance
    components      how many correlations count, the largest; all where None
    regularisation  added to each variance
    Raises          TypeError for integers, ValueError for shapes that do not fit or too many components
    Source          Andrew et al. 2013, "Deep canonical correlation analysis", section 3, equations 10 to 13
    """
    _need_rows(input, other, regularisation)
    components = _known(components, min(input.shape[1], other.shape[1]))
    return -Correlation.apply(input, other, components, regularisation).to(input.dtype)


def _whitening(x: Tensor, regularisation: float) -> Tensor:
    """Return W [feature, rank] with Wᵀ (cov(x) + regularisation) W = 1; what does not vary is left out."""
    _, spread, axes = torch.linalg.svd(x, full_matrices=False)
    there = spread > max(x.shape) * torch.finfo(x.dtype).eps * spread.max()
    variance = spread[there] ** 2 / (len(x) - 1) + regularisation
    return axes[there].T / variance.sqrt()


def _inverse_root(x: Tensor, regularisation: float) -> Tensor:
    """Return (cov(x) + regularisation)^-½, a symmetric matrix."""
    covariance = x.T @ x / (len(x) - 1)
    variance, axes = torch.linalg.eigh(covariance)
    return axes / (variance.clamp(min=0) + regularisation).sqrt() @ axes.T


def _known(components: int | None, most: int) -> int:
    if components is None:
        return most
    if not 1 <= components <= most:
        raise ValueError(
            f"components must lie in 1..{most}, the directions that both have, got {components}."
        )
    return components


def _need_rows(input: Tensor, other: Tensor, regularisation: float) -> None:
    need_floating(input, "input")
    need_floating(other, "other")
    if input.ndim != 2 or other.ndim != 2 or len(input) != len(other) or len(input) < 2:
        raise ValueError(
            f"input and other must be [row, feature] with the same rows, at least 2; got {list(input.shape)} "
            f"and {list(other.shape)}."
        )
    if not regularisation >= 0:
        raise ValueError(f"regularisation must be 0 or more, got {regularisation}.")
