"""Linear support vector machine: nearly the lowest objective, and scikit-learn's accuracy."""

import pytest
import torch
from sklearn.svm import LinearSVC

from mmcourse.scratch.logistic import linear_scores
from mmcourse.scratch.svm import (
    _multi_class_slope,
    _one_vs_rest_slope,
    fit_linear_svm,
    multi_margin_loss,
    one_vs_rest_hinge_loss,
    signs,
)
from tests.classical.rows import clouds, digits, share


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def objective(weight, bias, x, y, C) -> float:
    """½ ‖W‖² + C Σ hinge, the bias among the weights as in scikit-learn's LinearSVC."""
    loss = one_vs_rest_hinge_loss(x @ weight.T + bias, y, "sum")
    return (weight.square().sum() / 2 + bias.square().sum() / 2 + C * loss).item()


@pytest.mark.parametrize(("C", "most"), [(0.1, 1.001), (1.0, 1.02)])
def test_the_objective_is_nearly_that_of_scikit_learn(C, most):
    x, y = clouds(300, 6, 4)
    x = x.double()
    found = fit_linear_svm(x, y, classes=4, C=C, generator=seeded())
    known = LinearSVC(C=C, loss="hinge", tol=1e-8, max_iter=100_000, random_state=0).fit(x.numpy(), y.numpy())
    lowest = objective(torch.from_numpy(known.coef_), torch.from_numpy(known.intercept_), x, y, C)
    assert (
        1 - 1e-6 < objective(found["weight"], found["bias"], x, y, C) / lowest < most
    )  # the last weights alone: 1.002 and 1.03


@pytest.mark.parametrize("kind", ["one_vs_rest", "multi_class"])
def test_digits_are_named_as_well_as_by_scikit_learn(kind):
    x, y, asked, wanted = digits()
    known = LinearSVC(
        C=0.1,
        loss="hinge",
        multi_class="ovr" if kind == "one_vs_rest" else "crammer_singer",
        max_iter=100_000,
        random_state=0,
    ).fit(x.numpy(), y.numpy())
    for seed in range(3):
        found = fit_linear_svm(x, y, classes=10, C=0.1, kind=kind, generator=seeded(seed))
        right = share(linear_scores(found, asked).argmax(1), wanted)
        assert abs(right - share(known.predict(asked.numpy()), wanted)) < 0.01


@pytest.mark.parametrize(
    ("slope", "loss"),
    [(_one_vs_rest_slope, one_vs_rest_hinge_loss), (_multi_class_slope, multi_margin_loss)],
    ids=["one_vs_rest", "multi_class"],
)
def test_the_slope_by_hand_is_the_derivative_of_the_loss(slope, loss):
    scores = torch.randn(20, 5, generator=seeded(), dtype=torch.float64, requires_grad=True)
    y = torch.arange(20) % 5
    (wanted,) = torch.autograd.grad(loss(scores, y, reduction="sum"), scores)
    torch.testing.assert_close(slope(scores.detach(), signs(y, 5)), wanted)


def test_the_same_generator_gives_the_same_weights_and_rows_stay_as_they_are():
    x, y = clouds(40, 3, 2)
    before = x.clone()
    first, second = (fit_linear_svm(x, y, classes=2, epochs=3, generator=seeded(1)) for _ in range(2))
    other = fit_linear_svm(x, y, classes=2, epochs=3, generator=seeded(2))
    assert torch.equal(first["weight"], second["weight"])
    assert not torch.equal(first["weight"], other["weight"])
    assert torch.equal(x, before)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"C": -1.0}, "C must be above 0"),
        ({"epochs": 0}, "epochs and batch_size 1 or more"),
        ({"batch_size": 0}, "epochs and batch_size 1 or more"),
        ({"kind": "ovr"}, "'one_vs_rest', 'multi_class'"),
        ({"y": torch.ones(6, dtype=torch.long)}, "at least two classes"),
    ],
)
def test_what_does_not_fit_is_refused(change, words):
    given = {"x": torch.zeros(6, 2), "y": torch.arange(6) % 3, "classes": 3, "generator": seeded()}
    with pytest.raises(ValueError, match=words):
        fit_linear_svm(**(given | change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p": 3}, "p must be 1 or 2"),
        ({"reduction": "average"}, "'none', 'mean', 'sum'"),
        ({"target": torch.tensor([0, 3])}, "0..2 for 3 classes"),
        ({"target": torch.tensor([0])}, "one a row"),
    ],
)
def test_a_loss_that_does_not_fit_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        multi_margin_loss(**({"input": torch.zeros(2, 3), "target": torch.tensor([0, 1])} | change))
