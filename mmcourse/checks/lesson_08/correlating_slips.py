"""Canonical correlation by SVD, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def root(covariance, power=-0.5):
    """A power of a symmetric matrix."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.clamp(min=1e-12) ** power @ vectors.T


def moments(x, y, ridge, centred=True, divisor=None):
    """Covariances of x, of y, and between them."""
    if centred:
        x, y = x - x.mean(0), y - y.mean(0)
    count = divisor or len(x) - 1
    own = x.T @ x / count + ridge * torch.eye(x.shape[1], dtype=x.dtype)
    other = y.T @ y / count + ridge * torch.eye(y.shape[1], dtype=y.dtype)
    return own, other, x.T @ y / count


def solved(own, other, between, components, power=-0.5):
    left, values, right = torch.linalg.svd(
        root(own, power) @ between @ root(other, power), full_matrices=False
    )
    return (
        root(own, power) @ left[:, :components],
        root(other, power) @ right[:components].T,
        values[:components],
    )


def cca(x, y, components, ridge):
    return solved(*moments(x, y, ridge), components)


def not_centred(x, y, components, ridge):
    return solved(*moments(x, y, ridge, centred=False), components)


def no_whitening(x, y, components, ridge):
    """Directions of most covariance."""
    _, _, between = moments(x, y, ridge)
    left, values, right = torch.linalg.svd(between, full_matrices=False)
    return left[:, :components], right[:components].T, values[:components]


def not_back(x, y, components, ridge):
    """The singular vectors, in whitened coordinates."""
    own, other, between = moments(x, y, ridge)
    left, values, right = torch.linalg.svd(root(own) @ between @ root(other), full_matrices=False)
    return left[:, :components], right[:components].T, values[:components]


def whole_inverse(x, y, components, ridge):
    """Σ⁻¹ instead of its root."""
    return solved(*moments(x, y, ridge), components, power=-1.0)


def positive_root(x, y, components, ridge):
    return solved(*moments(x, y, ridge), components, power=0.5)


def rows_for_columns(x, y, components, ridge):
    """The right vectors not transposed."""
    own, other, between = moments(x, y, ridge)
    left, values, right = torch.linalg.svd(root(own) @ between @ root(other), full_matrices=False)
    if components <= right.shape[1]:
        right = right[:, :components]
    return root(own) @ left[:, :components], root(other)[:, : right.shape[0]] @ right, values[:components]


def ridge_forgotten(x, y, components, ridge):
    return cca(x, y, components, 0.0)


def ridge_once(x, y, components, ridge):
    """Added to x's covariance alone."""
    own, other, between = moments(x, y, 0.0)
    return solved(own + ridge * torch.eye(len(own), dtype=own.dtype), other, between, components)


def all_components(x, y, components, ridge):
    return cca(x, y, min(x.shape[1], y.shape[1]), ridge)


def smallest(x, y, components, ridge):
    a, b, values = all_components(x, y, components, ridge)
    return a.flip(1)[:, :components], b.flip(1)[:, :components], values.flip(0)[:components]


def squared(x, y, components, ridge):
    a, b, values = cca(x, y, components, ridge)
    return a, b, values**2


def scaled_first(x, y, components, ridge):
    """Every column to variance 1, and then no whitening."""
    x, y = (z / z.std(0) for z in (x - x.mean(0), y - y.mean(0)))
    left, values, right = torch.linalg.svd(x.T @ y / (len(x) - 1), full_matrices=False)
    return left[:, :components], right[:components].T, values[:components]


def unit_length(x, y, components, ridge):
    """Directions of length 1."""
    a, b, values = cca(x, y, components, ridge)
    return a / a.norm(dim=0), b / b.norm(dim=0), values


def transposed(x, y, components, ridge):
    a, b, values = cca(x, y, components, ridge)
    return a.T, b.T, values


def own_signs(x, y, components, ridge):
    """b turned, so that pairs correlate negatively."""
    a, b, values = cca(x, y, components, ridge)
    return a, -b, values


def shuffled(x, y, components, ridge):
    """Rows of y in another order: no longer pairs."""
    return cca(x, y.flip(0), components, ridge)


def projections(x, y, components, ridge):
    a, b, values = cca(x, y, components, ridge)
    return (x - x.mean(0)) @ a, (y - y.mean(0)) @ b, values


def principal(x, y, components, ridge):
    """Each sense's own directions of most variance."""
    x, y = x - x.mean(0), y - y.mean(0)
    a = torch.linalg.svd(x, full_matrices=False)[2][:components].T
    b = torch.linalg.svd(y, full_matrices=False)[2][:components].T
    values = torch.stack(
        [torch.corrcoef(torch.stack([x @ u, y @ v]))[0, 1] for u, v in zip(a.T, b.T, strict=True)]
    )
    return a, b, values


def by_rows(x, y, components, ridge):
    """Divided by the number of rows."""
    return solved(*moments(x, y, ridge, divisor=len(x)), components)


def not_turned_back(x, y, components, ridge):
    """Vectors twice, neither of them transposed."""

    def wrong_root(covariance):
        values, vectors = torch.linalg.eigh(covariance)
        return vectors * values.clamp(min=1e-12) ** -0.5 @ vectors

    own, other, between = moments(x, y, ridge)
    left, values, right = torch.linalg.svd(wrong_root(own) @ between @ wrong_root(other), full_matrices=False)
    return (
        wrong_root(own) @ left[:, :components],
        wrong_root(other) @ right[:components].T,
        values[:components],
    )


def one_mean(x, y, components, ridge):
    """The mean of all numbers, not of each column."""
    return solved(*moments(x - x.mean(), y - y.mean(), ridge, centred=False), components)


def undivided(x, y, components, ridge):
    """Sums of products, not divided by anything."""
    return solved(*moments(x, y, ridge, divisor=1), components)


def two_divisors(x, y, components, ridge):
    """rows − 1 within each sense, rows between them."""
    own, other, between = moments(x, y, ridge)
    return solved(own, other, between * (len(x) - 1) / len(x), components)


def ridge_everywhere(x, y, components, ridge):
    """Added to every entry."""
    own, other, between = moments(x, y, 0.0)
    return solved(own + ridge, other + ridge, between, components)


def ridge_between(x, y, components, ridge):
    """On the diagonal of the covariance between the senses, too."""
    own, other, between = moments(x, y, ridge)
    return solved(own, other, between + ridge * torch.eye(*between.shape, dtype=x.dtype), components)


def ridge_divided(x, y, components, ridge):
    """Added to the sums, and then divided with them."""
    return solved(*moments(x, y, ridge / (len(x) - 1)), components)


def exchanged(x, y, components, ridge):
    a, b, values = cca(x, y, components, ridge)
    return b, a, values


def one_side(x, y, components, ridge):
    """Only x is whitened."""
    own, _, between = moments(x, y, ridge)
    left, values, right = torch.linalg.svd(root(own) @ between, full_matrices=False)
    return root(own) @ left[:, :components], right[:components].T, values[:components]


def of_standard_columns(x, y, components, ridge):
    """Directions for columns that were brought to variance 1 first."""
    return cca(x / x.std(0), y / y.std(0), components, ridge)


def correlations_of_rows(x, y, components, ridge):
    """Measured along the directions, where a ridge makes them others than S."""
    a, b, _ = cca(x, y, components, ridge)
    along, across = (x - x.mean(0)) @ a, (y - y.mean(0)) @ b
    return a, b, (along * across).sum(0) / (along.norm(dim=0) * across.norm(dim=0))


def two_decompositions(x, y, components, ridge):
    """U and V from two calls of eigh, each with signs of its own."""
    own, other, between = moments(x, y, ridge)
    middle = root(own) @ between @ root(other)
    values, left = torch.linalg.eigh(middle @ middle.T)
    right = torch.linalg.eigh(middle.T @ middle)[1]
    left, right = (z.flip(1)[:, :components] for z in (left, right))
    return root(own) @ left, root(other) @ right, values.flip(0)[:components].clamp(min=0).sqrt()
