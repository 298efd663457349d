"""CCA beside scikit-learn's and its definition; the deep CCA loss by definition and by its slope."""

import numpy as np
import pytest
import torch
from sklearn.cross_decomposition import CCA as TheirCCA

from mmcourse.modules.cca import CCA, DeepCCALoss
from mmcourse.scratch.cca import canonical, cca, deep_cca_loss

LOSSES = pytest.mark.parametrize("loss", [deep_cca_loss, lambda *args: DeepCCALoss(*args[2:])(*args[:2])])


def senses(rows=200, features=5, other=4, seed=0):
    """Three hidden causes that both senses see, each in noise of its own."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    causes = draw(rows, 3)
    return causes @ draw(3, features) + draw(rows, features), causes @ draw(3, other) + draw(rows, other) + 2


def by_definition(x, y, regularisation=0.0):
    """Square roots of the eigenvalues of S₁₁⁻¹ S₁₂ S₂₂⁻¹ S₂₁, by NumPy."""
    x, y = x.numpy(), y.numpy()
    both = np.cov(x.T, y.T)
    both = both + regularisation * np.eye(len(both))
    a, b = np.split(np.arange(len(both)), [x.shape[1]])
    matrix = np.linalg.solve(both[np.ix_(a, a)], both[np.ix_(a, b)])
    matrix = matrix @ np.linalg.solve(both[np.ix_(b, b)], both[np.ix_(b, a)])
    values = np.sqrt(np.clip(np.sort(np.linalg.eigvals(matrix).real)[::-1], 0, None))
    return torch.from_numpy(values[: min(x.shape[1], y.shape[1])].copy())


@pytest.mark.parametrize("regularisation", [0.0, 0.3])
def test_correlations_are_those_of_the_definition(regularisation):
    x, y = senses()
    got = cca(x, y, regularisation=regularisation)["correlations"]
    torch.testing.assert_close(got, by_definition(x, y, regularisation), rtol=0, atol=1e-10)


def test_projections_are_those_of_scikit_learn():
    x, y = senses()
    their = TheirCCA(n_components=3, scale=False, max_iter=20_000, tol=1e-14).fit(x.numpy(), y.numpy())
    parameters = cca(x, y, 3)
    for got, want in zip(canonical(parameters, x, y), their.transform(x.numpy(), y.numpy()), strict=True):
        for one, other in zip(got.T, torch.from_numpy(want).T, strict=True):
            cosine = torch.nn.functional.cosine_similarity(one, other, dim=0)
            assert cosine.abs().item() == pytest.approx(1, abs=1e-6)


def test_projections_have_variance_1_and_correlate_in_pairs_only():
    x, y = senses()
    parameters = cca(x, y)
    both = torch.cat(canonical(parameters, x, y), dim=1)
    want = torch.eye(8, dtype=torch.float64)
    want[:4, 4:] = want[4:, :4] = parameters["correlations"].diag()
    torch.testing.assert_close(both.T.cov(), want, rtol=0, atol=1e-10)
    torch.testing.assert_close(both.mean(0), torch.zeros(8, dtype=torch.float64), rtol=0, atol=1e-10)


def test_what_two_senses_share_correlates_on_other_rows_too():
    x, y = senses(2000)
    half = cca(x[:1000], y[:1000])
    found = canonical(half, x[1000:], y[1000:])
    fresh = torch.stack(
        [torch.corrcoef(torch.stack(pair))[0, 1] for pair in zip(found[0].T, found[1].T, strict=True)]
    )
    torch.testing.assert_close(fresh, half["correlations"], rtol=0, atol=0.08)
    assert fresh[0] > 0.7


def test_linear_maps_of_a_sense_change_no_correlation():
    x, y = senses()
    want = cca(x, y)["correlations"]
    turned = x @ torch.randn(5, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64) + 7
    torch.testing.assert_close(cca(turned, y)["correlations"], want, rtol=0, atol=1e-9)


@pytest.mark.parametrize("find", [cca, lambda x, y: dict(CCA((x.shape[1], 4), 4).fit(x, y).state_dict())])
def test_a_number_that_never_varies_and_one_that_repeats_are_left_out(find):
    x, y = senses()
    want = find(x, y)["correlations"]
    more = torch.cat([x, x[:, :1] - x[:, 1:2], torch.full_like(x[:, :1], 3)], dim=1)
    found = find(more, y)
    torch.testing.assert_close(found["correlations"], want, rtol=0, atol=1e-9)
    assert all(value.isfinite().all() for value in found.values())


@LOSSES
def test_the_loss_is_minus_the_sum_of_correlations(loss):
    x, y = senses()
    want = -by_definition(x, y, 0.1)
    torch.testing.assert_close(loss(x, y, None, 0.1), want.sum(), rtol=0, atol=1e-10)
    torch.testing.assert_close(loss(x, y, 2, 0.1), want[:2].sum(), rtol=0, atol=1e-10)


@LOSSES
@pytest.mark.parametrize("components", [None, 2])
def test_its_gradient_is_its_slope(loss, components):
    x, y = (z.requires_grad_() for z in senses(12))
    assert torch.autograd.gradcheck(lambda x, y: loss(x, y, components, 0.05), (x, y))


@LOSSES
def test_equal_correlations_give_a_gradient_and_no_nan(loss):
    x, _ = senses(60, 3, 3)
    same = torch.linalg.qr(x - x.mean(0))[0].detach().requires_grad_()  # white, and with itself all correlate
    loss(same, same * 1.0, None, 1e-3).backward()
    assert same.grad.isfinite().all()


def test_chance_correlates_in_a_small_batch():
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(2, 12, 10, generator=generator)
    assert -deep_cca_loss(x, y) > 8.5  # of 10, and nothing is shared
    x, y = torch.randn(2, 5000, 10, generator=generator)
    assert -deep_cca_loss(x, y) < 0.6


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: cca(x.long(), x), TypeError, "use input.float"),
        (lambda x: cca(x, x[:2]), ValueError, r"same rows, at least 2; got \[3, 2\] and \[2, 2\]"),
        (lambda x: deep_cca_loss(x[:1], x[:1]), ValueError, "at least 2"),
        (lambda x: cca(x, x, regularisation=-1.0), ValueError, "0 or more, got -1.0"),
        (lambda x: cca(x, x, 3), ValueError, r"components must lie in 1\.\.2"),
        (lambda x: deep_cca_loss(x, x, 0), ValueError, r"components must lie in 1\.\.2, .* got 0"),
        (lambda x: CCA((2, 5), 3), ValueError, r"1\.\.2, got 3"),
        (lambda x: CCA((2, 2), 2).fit(x * 0 + 1, x), ValueError, "only 0 directions vary in these 3 rows"),
    ],
)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call(torch.eye(3, 2))
