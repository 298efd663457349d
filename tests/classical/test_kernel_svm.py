"""Kernel machines: the optimum of the dual problem, the decisions of scikit-learn, and its accuracy."""

from functools import partial

import pytest
import torch
from sklearn.svm import SVC

from mmcourse.scratch.kernel_svm import (
    fit_kernel_svm,
    kernel_svm_scores,
    linear_kernel,
    polynomial_kernel,
    rbf_kernel,
    scale_gamma,
    solve_dual,
)
from mmcourse.scratch.svm import signs
from tests.classical.rows import clouds, digits, share

KERNELS = {
    "linear": linear_kernel,
    "poly": partial(polynomial_kernel, gamma=0.1, degree=3, coef0=1.0),
    "rbf": partial(rbf_kernel, gamma=0.1),
}
OPTIONS = {"linear": {}, "poly": {"gamma": 0.1, "degree": 3, "coef0": 1.0}, "rbf": {"gamma": 0.1}}


def two_clouds() -> tuple:
    x, y = clouds(120, 4, 2, spread=1.5)
    return x.double(), y


def objectives(kernel_matrix, answers, u, bias, C):
    """What the dual makes largest and what the primal makes smallest."""
    square = ((u @ kernel_matrix) * u).sum(1)
    dual = (answers * u).sum(1) - square / 2
    hinge = (1 - answers * (u @ kernel_matrix + bias[:, None])).clamp(min=0).sum(1)
    return dual, square / 2 + C * hinge


@pytest.mark.parametrize("C", [0.1, 1.0])
@pytest.mark.parametrize("name", KERNELS)
def test_two_classes_are_parted_as_by_scikit_learn(name, C):
    x, y = two_clouds()
    found = fit_kernel_svm(x, y, KERNELS[name], classes=2, C=C, tol=1e-6)
    known = SVC(kernel=name, C=C, tol=1e-10, **OPTIONS[name]).fit(x.numpy(), y.numpy())
    asked = clouds(50, 4, 2, seed=1)[0].double()
    scores, wanted = kernel_svm_scores(found, asked, KERNELS[name]), known.decision_function(asked.numpy())
    torch.testing.assert_close(scores[:, 1], torch.from_numpy(wanted), rtol=0, atol=1e-4)
    torch.testing.assert_close(scores[:, 0], -scores[:, 1], rtol=0, atol=1e-4)
    coefficients = torch.zeros(120, dtype=torch.float64)
    coefficients[known.support_] = torch.from_numpy(known.dual_coef_[0])
    matrix, answers = KERNELS[name](x, x), signs(y, 2).T[1:]
    u, _ = solve_dual(matrix, answers, C=C, tol=1e-6)
    (ours, _), (theirs, _) = (
        objectives(matrix, answers, v, torch.zeros(1), C) for v in (u, coefficients[None])
    )
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=0)


@pytest.mark.parametrize("name", KERNELS)
def test_there_is_no_gap_between_dual_and_primal(name):
    x, y = clouds(150, 4, 5, spread=1.5)
    matrix, answers = KERNELS[name](x.double(), x.double()), signs(y, 5).T
    u, bias = solve_dual(matrix, answers, C=2.0, tol=1e-6)
    dual, primal = objectives(matrix, answers, u, bias, 2.0)
    assert (primal - dual > -1e-9).all()
    torch.testing.assert_close(dual, primal, rtol=1e-5, atol=1e-6)
    assert u.sum(1).abs().max() < 1e-10
    assert (answers * u).min() >= 0
    assert (answers * u).max() <= 2.0 + 1e-12


def test_digits_are_named_as_well_as_by_scikit_learn():
    x, y, asked, wanted = digits()
    kernel = partial(rbf_kernel, gamma=scale_gamma(x))
    found = fit_kernel_svm(x, y, kernel, classes=10)
    known = SVC().fit(x.numpy(), y.numpy())  # a machine for each pair; ours has one for each class
    right = share(kernel_svm_scores(found, asked, kernel).argmax(1), wanted)
    assert abs(right - share(known.predict(asked.numpy()), wanted)) < 0.01
    assert right > 0.95


def test_the_scale_of_gamma_is_that_of_scikit_learn():
    x, y = two_clouds()
    assert scale_gamma(x) == pytest.approx(SVC(gamma="scale").fit(x.numpy(), y.numpy())._gamma)
    assert scale_gamma(torch.ones(3, 2)) == 1.0


def test_rows_that_lie_on_a_ring_are_told_from_those_within():
    x = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    y = (x.norm(dim=1) > 1.2).long()
    straight = kernel_svm_scores(fit_kernel_svm(x, y, linear_kernel, classes=2), x, linear_kernel)
    kernel = partial(polynomial_kernel, gamma=1.0, degree=2)
    bent = kernel_svm_scores(fit_kernel_svm(x, y, kernel, classes=2, C=10.0), x, kernel)
    assert share(bent.argmax(1), y) > 0.97
    assert share(straight.argmax(1), y) < 0.7


def test_only_rows_at_the_margin_are_kept():
    x = torch.tensor([[-3.0], [-2.0], [-1.0], [1.0], [2.0], [3.0]])
    found = fit_kernel_svm(x, torch.tensor([0, 0, 0, 1, 1, 1]), linear_kernel, classes=2, C=10.0)
    assert found["support_vectors"].flatten().tolist() == [-1.0, 1.0]
    torch.testing.assert_close(kernel_svm_scores(found, x, linear_kernel)[:, 1], x[:, 0])


def test_rows_twice_with_other_classes_do_no_harm():
    x, y = two_clouds()
    found = fit_kernel_svm(torch.cat([x, x]), torch.cat([y, 1 - y]), KERNELS["rbf"], classes=2)
    assert kernel_svm_scores(found, x, KERNELS["rbf"]).isfinite().all()


def test_a_class_without_rows_is_never_named():
    x, y = two_clouds()
    scores = kernel_svm_scores(fit_kernel_svm(x, y, KERNELS["rbf"], classes=3), x, KERNELS["rbf"])
    assert scores.argmax(1).max() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"C": 0}, "C must be above 0"),
        ({"y": torch.ones(6, dtype=torch.long)}, "at least two classes"),
        ({"x": torch.full((6, 2), torch.inf)}, "inf in row 0"),
    ],
)
def test_what_does_not_fit_is_refused(change, words):
    given = {"x": torch.zeros(6, 2), "y": torch.arange(6) % 3, "kernel": linear_kernel, "classes": 3}
    with pytest.raises(ValueError, match=words):
        fit_kernel_svm(**(given | change))


def test_other_features_than_in_training_are_refused():
    x, y = two_clouds()
    with pytest.raises(ValueError, match=r"\[row, 4\], as in training"):
        kernel_svm_scores(fit_kernel_svm(x, y, linear_kernel, classes=2), x[:, 1:], linear_kernel)
