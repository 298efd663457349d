"""Logistic regression: the weights of scikit-learn, which has the same objective; and its solver."""

import pytest
import torch
from scipy.optimize import minimize, rosen, rosen_der
from sklearn.linear_model import LogisticRegression

from mmcourse.scratch.logistic import fit_logistic, linear_scores
from mmcourse.scratch.quasi_newton import lbfgs
from tests.classical.rows import clouds, digits, share


@pytest.mark.parametrize("C", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_weights_are_those_of_scikit_learn(C, classes):
    x, y = clouds(150, 5, classes)
    x = x.double()
    found = fit_logistic(x, y, classes=classes, C=C, tol=1e-7)
    same = 2 * C if classes == 2 else C  # with two classes it keeps one row, and half of our penalty
    known = LogisticRegression(C=same, solver="newton-cg", max_iter=2000, tol=1e-9).fit(x.numpy(), y.numpy())
    probabilities = torch.softmax(linear_scores(found, x), 1)
    torch.testing.assert_close(
        probabilities, torch.from_numpy(known.predict_proba(x.numpy())), rtol=0, atol=1e-5
    )
    if classes > 2:
        torch.testing.assert_close(found["weight"], torch.from_numpy(known.coef_), rtol=0, atol=1e-4)
        torch.testing.assert_close(found["bias"], torch.from_numpy(known.intercept_), rtol=0, atol=1e-4)


def test_digits_are_named_as_by_scikit_learn():
    x, y, asked, wanted = digits()
    found = linear_scores(fit_logistic(x, y, classes=10), asked).argmax(1)
    known = LogisticRegression(max_iter=2000).fit(x.numpy(), y.numpy()).predict(asked.numpy())
    assert abs(share(found, wanted) - share(known, wanted)) < 0.01
    assert share(found, torch.from_numpy(known)) > 0.99
    assert share(found, wanted) > 0.95


def test_it_learns_in_the_precision_of_its_rows_and_leaves_them_alone():
    x, y = clouds(30, 3, 2)
    before = x.clone()
    found = fit_logistic(x, y, classes=3)
    assert found["weight"].dtype == found["bias"].dtype == torch.float32
    assert found["weight"].shape == (3, 3)
    assert torch.equal(x, before)
    assert linear_scores(found, x).argmax(1).max() < 2  # the class without rows is never named


def test_the_lowest_point_of_a_bent_valley_is_that_of_scipy():
    def valley(x):
        return torch.tensor(rosen(x.numpy())), torch.from_numpy(rosen_der(x.numpy()))

    start = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    found = lbfgs(valley, start, tol=1e-9)
    known = minimize(rosen, start.numpy(), jac=rosen_der, method="BFGS", options={"gtol": 1e-9})
    torch.testing.assert_close(found, torch.from_numpy(known.x), rtol=0, atol=1e-6)
    assert start.tolist() == [-1.2, 1.0]


def test_a_parabola_is_done_in_as_many_steps_as_it_has_curvatures():
    curvature, calls = torch.tensor([1.0, 10.0, 100.0], dtype=torch.float64), []

    def parabola(x):
        calls.append(1)
        return (curvature * x**2).sum() / 2, curvature * x

    found = lbfgs(parabola, torch.ones(3, dtype=torch.float64), tol=1e-8)
    assert found.abs().max() < 1e-8
    assert len(calls) < 25, "steepest descent needs hundreds"


def test_max_iter_ends_the_search():
    calls = []

    def parabola(x):
        calls.append(1)
        return (x**2).sum(), 2 * x

    lbfgs(parabola, torch.full((2,), 1e6, dtype=torch.float64), max_iter=1)
    assert len(calls) <= 3


def test_a_start_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="nan at the start"):
        lbfgs(lambda x: (x.sum() * torch.nan, x), torch.ones(2))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"C": 0.0}, ValueError, "C must be above 0"),
        ({"x": torch.zeros(6)}, ValueError, "row, feature"),
        ({"x": torch.zeros(6, 2, dtype=torch.long)}, TypeError, "floating-point"),
        ({"x": torch.tensor([[0.0], [1.0], [2.0], [3.0], [torch.nan], [4.0]])}, ValueError, "nan in row 4"),
        ({"y": torch.zeros(6, dtype=torch.long)}, ValueError, "at least two classes"),
        ({"y": torch.arange(6)}, ValueError, "0..2 for 3 classes, got 0 to 5"),
        ({"y": torch.arange(5) % 3}, ValueError, "one a row"),
        ({"y": torch.zeros(6)}, TypeError, "whole numbers"),
    ],
)
def test_what_does_not_fit_is_refused(change, error, words):
    given = {"x": torch.zeros(6, 2), "y": torch.arange(6) % 3, "classes": 3}
    with pytest.raises(error, match=words):
        fit_logistic(**(given | change))


def test_other_features_than_in_training_are_refused():
    x, y = clouds(20, 3, 2)
    with pytest.raises(ValueError, match=r"\[row, 3\], as in training, got \[20, 2\]"):
        linear_scores(fit_logistic(x, y, classes=2), x[:, :2])
