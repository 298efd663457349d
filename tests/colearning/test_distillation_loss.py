"""The distillation loss: by definition, its limits, and that no teacher moves."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.modules.distillation import DistillationLoss
from mmcourse.scratch.distillation import distillation_loss, kl_div

LOSSES = pytest.mark.parametrize("loss", [distillation_loss, lambda *a: DistillationLoss(*a[3:])(*a[:3])])


def logits(seed=0, rows=6, classes=4):
    generator = torch.Generator().manual_seed(seed)
    return (3 * torch.randn(rows, classes, generator=generator, dtype=torch.float64) for _ in range(2))


TARGET = torch.tensor([0, 3, 1, 2, 2, 0])


@LOSSES
def test_the_value_is_that_of_the_definition(loss):
    student, teacher = logits()
    total = 0.0
    for own, taught, label in zip(student.tolist(), teacher.tolist(), TARGET.tolist(), strict=True):
        p, q = ([math.exp(x / 3) for x in row] for row in (taught, own))
        p, q = [x / sum(p) for x in p], [x / sum(q) for x in q]
        divergence = sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
        hard = -own[label] + math.log(sum(math.exp(x) for x in own))
        total += 0.7 * 9 * divergence + 0.3 * hard
    got = loss(student, teacher, TARGET, 3.0, 0.7)
    assert got.item() == pytest.approx(total / 6, abs=1e-10)


@LOSSES
def test_its_ends_are_the_labels_alone_and_the_teacher_alone(loss):
    student, teacher = logits()
    torch.testing.assert_close(loss(student, teacher, TARGET, 4.0, 0.0), cross_entropy(student, TARGET))
    assert loss(student, student + 5, TARGET, 2.0, 1.0).item() == pytest.approx(0, abs=1e-12)


@LOSSES
def test_a_high_temperature_matches_logits_and_keeps_the_gradients_size(loss):
    """Source: Hinton et al. 2015, equation 4: the gradient tends to (z - v) / classes, of centred logits."""
    student, teacher = (z - z.mean(1, keepdim=True) for z in logits())
    student.requires_grad_()
    loss(student, teacher, TARGET, 1e4, 1.0).backward()
    torch.testing.assert_close(6 * student.grad, (student.detach() - teacher) / 4, rtol=0, atol=1e-3)


@LOSSES
def test_no_gradient_goes_to_the_teacher(loss):
    student, teacher = (z.requires_grad_() for z in logits())
    loss(student, teacher, TARGET, 4.0, 0.5).backward()
    assert teacher.grad is None
    assert student.grad.abs().sum() > 0


def test_what_nobody_wants_costs_nothing_even_where_it_is_impossible():
    impossible = torch.tensor([[0.0, -math.inf]], requires_grad=True)
    loss = kl_div(impossible, torch.tensor([[1.0, 0.0]]), "batchmean")
    loss.backward()
    assert loss.item() == 0
    assert impossible.grad.tolist() == [[-1.0, 0.0]]


def test_what_does_not_fit_is_named():
    student, teacher = logits()
    for call, error, words in (
        (lambda: distillation_loss(student, teacher[:, :2], TARGET), ValueError, "name the same classes"),
        (lambda: distillation_loss(student, teacher, TARGET, 0.0), ValueError, "above 0, got 0.0"),
        (
            lambda: distillation_loss(student, teacher, TARGET, 1.0, 1.5),
            ValueError,
            r"alpha must lie in 0\.\.1",
        ),
        (lambda: distillation_loss(student, teacher.long(), TARGET), TypeError, "use teacher.float"),
        (lambda: kl_div(student, teacher[:2]), ValueError, "the same shape"),
        (
            lambda: kl_div(student, teacher, "average"),
            ValueError,
            "one of 'none', 'mean', 'sum', 'batchmean'",
        ),
        (lambda: DistillationLoss(-1.0), ValueError, r"got -1.0 and 0\.5"),
    ):
        with pytest.raises(error, match=words):
            call()
