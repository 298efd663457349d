"""Answers to 08.9 cca: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def covariances(x, y, ridge):
    x, y = x - x.mean(0), y - y.mean(0)
    n = len(x) - 1
    return (
        x.T @ x / n + ridge * torch.eye(x.shape[1], dtype=x.dtype),
        y.T @ y / n + ridge * torch.eye(y.shape[1], dtype=y.dtype),
        x.T @ y / n,
    )


def power(m, p=-0.5):
    values, vectors = torch.linalg.eigh(m)
    return vectors @ torch.diag(values**p) @ vectors.T


def solved(sx, sy, sxy, k, p=-0.5):
    wx, wy = power(sx, p), power(sy, p)
    u, s, vh = torch.linalg.svd(wx @ sxy @ wy, full_matrices=False)
    return wx @ u[:, :k], wy @ vh[:k].T, s[:k]


def right_cholesky(x, y, components, ridge):
    sx, sy, sxy = covariances(x, y, ridge)
    lx, ly = torch.linalg.cholesky(sx), torch.linalg.cholesky(sy)
    middle = torch.linalg.solve(lx, sxy) @ torch.linalg.inv(ly).T
    u, s, vh = torch.linalg.svd(middle, full_matrices=False)
    return (
        torch.linalg.solve(lx.T, u)[:, :components],
        torch.linalg.solve(ly.T, vh.T)[:, :components],
        s[:components],
    )


def right_covariance(*, x, y, components, ridge):
    both = torch.cov(torch.cat([x, y], 1).T)
    d = x.shape[1]
    sx = both[:d, :d] + ridge * torch.eye(d, dtype=x.dtype)
    sy = both[d:, d:] + ridge * torch.eye(len(both) - d, dtype=x.dtype)
    return solved(sx, sy, both[:d, d:], components)


def right_signs_turned(x, y, components, ridge):
    a, b, s = solved(*covariances(x, y, ridge), components)
    return -a, -b, s


def wrong_means_left_in(x, y, components, ridge):
    """hint: take each column's mean away"""
    n = len(x) - 1
    eye_x, eye_y = torch.eye(x.shape[1], dtype=x.dtype), torch.eye(y.shape[1], dtype=x.dtype)
    return solved(x.T @ x / n + ridge * eye_x, y.T @ y / n + ridge * eye_y, x.T @ y / n, components)


def wrong_only_covariance(x, y, components, ridge):
    """hint: whiten both senses first"""
    u, s, vh = torch.linalg.svd(covariances(x, y, ridge)[2], full_matrices=False)
    return u[:, :components], vh[:components].T, s[:components]


def wrong_columns_standardised(x, y, components, ridge):
    """hint: whiten with the whole matrix"""
    x, y = (x - x.mean(0)) / x.std(0), (y - y.mean(0)) / y.std(0)
    u, s, vh = torch.linalg.svd(x.T @ y / (len(x) - 1), full_matrices=False)
    return u[:, :components], vh[:components].T, s[:components]


def wrong_not_turned_back(x, y, components, ridge):
    """hint: once more to get back"""
    sx, sy, sxy = covariances(x, y, ridge)
    u, s, vh = torch.linalg.svd(power(sx) @ sxy @ power(sy), full_matrices=False)
    return u[:, :components], vh[:components].T, s[:components]


def wrong_inverse(x, y, components, ridge):
    """hint: you took Σ⁻¹"""
    return solved(*covariances(x, y, ridge), components, -1.0)


def wrong_root_without_inverse(x, y, components, ridge):
    """hint: you took Σ^(+1/2)"""
    return solved(*covariances(x, y, ridge), components, 0.5)


def wrong_ridge_left_out(x, y, components, ridge):
    """hint: to the diagonal of both"""
    return solved(*covariances(x, y, 0.0), components)


def wrong_ridge_of_one(x, y, components, ridge):
    """hint: to the diagonal of both"""
    sx, _, sxy = covariances(x, y, ridge)
    return solved(sx, covariances(x, y, 0.0)[1], sxy, components)


def wrong_all_of_them(x, y, components, ridge):
    """hint: only the first"""
    return solved(*covariances(x, y, ridge), min(x.shape[1], y.shape[1]))


def wrong_squared(x, y, components, ridge):
    """hint: not squared"""
    a, b, s = solved(*covariances(x, y, ridge), components)
    return a, b, s.square()


def wrong_length_of_one(x, y, components, ridge):
    """hint: not so that they have length 1"""
    a, b, s = solved(*covariances(x, y, ridge), components)
    return a / a.norm(dim=0), b / b.norm(dim=0), s


def wrong_directions_as_rows(x, y, components, ridge):
    """hint: one direction a column"""
    a, b, s = solved(*covariances(x, y, ridge), components)
    return a.T, b.T, s


def wrong_one_sign_turned(x, y, components, ridge):
    """hint: must correlate positively"""
    a, b, s = solved(*covariances(x, y, ridge), components)
    return a, -b, s


def wrong_rows_along_them(x, y, components, ridge):
    """hint: not what the rows become"""
    a, b, s = solved(*covariances(x, y, ridge), components)
    return (x - x.mean(0)) @ a, (y - y.mean(0)) @ b, s


def crash_svd_of_rows(x, y, components, ridge):
    """line: torch.linalg.svd(x @ y)"""
    return torch.linalg.svd(x @ y)


def crash_eigenvalues_alone(x, y, components, ridge):
    """line: torch.linalg.eigh(x)"""
    return torch.linalg.eigh(x)


def wrong_divided_by_rows(x, y, components, ridge):
    """hint: not by rows"""
    x, y = x - x.mean(0), y - y.mean(0)
    n, eye = len(x), torch.eye
    sx = x.T @ x / n + ridge * eye(x.shape[1], dtype=x.dtype)
    sy = y.T @ y / n + ridge * eye(y.shape[1], dtype=y.dtype)
    return solved(sx, sy, x.T @ y / n, components)


def wrong_vectors_not_turned_back(x, y, components, ridge):
    """hint: the last one is transposed"""
    sx, sy, sxy = covariances(x, y, ridge)
    (v, p), (w, q) = torch.linalg.eigh(sx), torch.linalg.eigh(sy)
    wx, wy = p @ torch.diag(v**-0.5) @ p, q @ torch.diag(w**-0.5) @ q
    u, s, vh = torch.linalg.svd(wx @ sxy @ wy, full_matrices=False)
    return wx @ u[:, :components], wy @ vh[:components].T, s[:components]


def wrong_one_mean_for_all(x, y, components, ridge):
    """hint: one mean for all columns"""
    x, y = x - x.mean(), y - y.mean()
    n = len(x) - 1
    eye_x, eye_y = torch.eye(x.shape[1], dtype=x.dtype), torch.eye(y.shape[1], dtype=x.dtype)
    return solved(x.T @ x / n + ridge * eye_x, y.T @ y / n + ridge * eye_y, x.T @ y / n, components)


def by_roots(wx, wy, sxy, k):
    u, s, vh = torch.linalg.svd(wx @ sxy @ wy, full_matrices=False)
    return wx @ u[:, :k], wy @ vh[:k].T, s[:k]


def wrong_ridge_on_every_entry(x, y, components, ridge):
    """hint: ridge * torch.eye(d)"""
    sx, sy, sxy = covariances(x, y, 0)
    return solved(sx + ridge, sy + ridge, sxy, components)


def wrong_ridge_between_the_senses(x, y, components, ridge):
    """hint: stays as it is"""
    sx, sy, sxy = covariances(x, y, ridge)
    return solved(sx, sy, sxy + ridge * torch.eye(*sxy.shape, dtype=x.dtype), components)


def wrong_ridge_before_the_division(x, y, components, ridge):
    """hint: before you divide by rows"""
    x, y = x - x.mean(0), y - y.mean(0)
    n, dx, dy = len(x) - 1, x.shape[1], y.shape[1]
    sx = (x.T @ x + ridge * torch.eye(dx, dtype=x.dtype)) / n
    sy = (y.T @ y + ridge * torch.eye(dy, dtype=x.dtype)) / n
    return solved(sx, sy, x.T @ y / n, components)


def wrong_ridge_beside_the_root(x, y, components, ridge):
    """hint: you add it to the roots"""
    sx, sy, sxy = covariances(x, y, 0)
    (v, p), (w, q) = torch.linalg.eigh(sx), torch.linalg.eigh(sy)
    wx = p @ torch.diag(1 / (v**0.5 + ridge)) @ p.T
    return by_roots(wx, q @ torch.diag(1 / (w**0.5 + ridge)) @ q.T, sxy, components)


def wrong_products_not_divided(x, y, components, ridge):
    """hint: you divide by nothing"""
    x, y = x - x.mean(0), y - y.mean(0)
    eye_x, eye_y = torch.eye(x.shape[1], dtype=x.dtype), torch.eye(y.shape[1], dtype=x.dtype)
    return solved(x.T @ x + ridge * eye_x, y.T @ y + ridge * eye_y, x.T @ y, components)


def wrong_torch_cov_and_a_mean(x, y, components, ridge):
    """hint: yours between the senses by rows"""
    sx, sy, _ = covariances(x, y, ridge)
    between = ((x - x.mean(0))[:, :, None] * (y - y.mean(0))[:, None]).mean(0)
    return solved(sx, sy, between, components)


def wrong_root_without_the_way_back(x, y, components, ridge):
    """hint: you leave the last one out"""
    sx, sy, sxy = covariances(x, y, ridge)
    (v, p), (w, q) = torch.linalg.eigh(sx), torch.linalg.eigh(sy)
    return by_roots(p @ torch.diag(v**-0.5), q @ torch.diag(w**-0.5), sxy, components)


def wrong_first_vectors_transposed(x, y, components, ridge):
    """hint: you transpose the first"""
    sx, sy, sxy = covariances(x, y, ridge)
    (v, p), (w, q) = torch.linalg.eigh(sx), torch.linalg.eigh(sy)
    return by_roots(p.T @ torch.diag(v**-0.5) @ p, q.T @ torch.diag(w**-0.5) @ q, sxy, components)


def crash_power_of_each_entry(x, y, components, ridge):
    """line: torch.linalg.svd(wx @ sxy @ wy
    hint: the power of each entry"""
    sx, sy, sxy = covariances(x, y, ridge)
    return by_roots(sx**-0.5, sy**-0.5, sxy, components)


def wrong_back_by_the_root_itself(x, y, components, ridge):
    """hint: for that"""
    sx, sy, sxy = covariances(x, y, ridge)
    u, s, vh = torch.linalg.svd(power(sx) @ sxy @ power(sy), full_matrices=False)
    return power(sx, 0.5) @ u[:, :components], power(sy, 0.5) @ vh[:components].T, s[:components]


def wrong_directions_exchanged(x, y, components, ridge):
    """hint: and come first"""
    a, b, s = solved(*covariances(x, y, ridge), components)
    return b, a, s


def wrong_x_alone_whitened(x, y, components, ridge):
    """hint: you whiten x alone"""
    sx, _, sxy = covariances(x, y, ridge)
    u, s, vh = torch.linalg.svd(power(sx) @ sxy, full_matrices=False)
    return power(sx) @ u[:, :components], vh[:components].T, s[:components]


def wrong_standardised_then_whitened(x, y, components, ridge):
    """hint: as they came"""
    x, y = (x - x.mean(0)) / x.std(0), (y - y.mean(0)) / y.std(0)
    return solved(*covariances(x, y, ridge), components)


def wrong_signs_of_two_eigh(x, y, components, ridge):
    """hint: choose their signs separately"""
    sx, sy, sxy = covariances(x, y, ridge)
    m = power(sx) @ sxy @ power(sy)
    (v, u), (_, w) = torch.linalg.eigh(m @ m.T), torch.linalg.eigh(m.T @ m)
    u, w = u.flip(1)[:, :components], w.flip(1)[:, :components]
    return power(sx) @ u, power(sy) @ w, v.flip(0)[:components].clamp(min=0).sqrt()


def wrong_correlations_of_the_rows(x, y, components, ridge):
    """hint: the first numbers of S"""
    a, b, _ = solved(*covariances(x, y, ridge), components)
    p, q = x @ a, y @ b
    s = [torch.corrcoef(torch.stack([u, v]))[0, 1] for u, v in zip(p.T, q.T, strict=True)]
    return a, b, torch.stack(s)
