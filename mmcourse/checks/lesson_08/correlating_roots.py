"""Wrong square roots of a covariance, with which people whiten."""

from __future__ import annotations

from mmcourse.checks import lazy
from mmcourse.checks.lesson_08 import correlating_slips as slips

torch = lazy("torch")


def with_(root_of, back=None):
    """The directions with another root of the covariances, or with one for the way back."""

    def answer(x, y, components, ridge):
        own, other, between = slips.moments(x, y, ridge)
        left, values, right = torch.linalg.svd(
            root_of(own, ridge) @ between @ root_of(other, ridge), full_matrices=False
        )
        first, second = ((back or root_of)(covariance, ridge) for covariance in (own, other))
        return first @ left[:, :components], second @ right[:components].T, values[:components]

    return answer


def half_root(covariance, _ridge):
    """vectors · diag, without vectorsᵀ."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values**-0.5


def turned_root(covariance, _ridge):
    """vectorsᵀ first."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors.T * values**-0.5 @ vectors


def root_of_entries(covariance, _ridge):
    return covariance**-0.5


def ridge_on_root(covariance, ridge):
    """1 / (√value + ridge), of the covariance without it."""
    values, vectors = torch.linalg.eigh(
        covariance - ridge * torch.eye(len(covariance), dtype=covariance.dtype)
    )
    return vectors / (values.sqrt() + ridge) @ vectors.T


def back_by_the_other(covariance, _ridge):
    """Σ^(+1/2)."""
    return slips.root(covariance, 0.5)


def inverse_root(covariance, _ridge):
    return slips.root(covariance)
