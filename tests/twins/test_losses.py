"""Losses by hand, and where a simpler formula would give infinity or NaN."""

import math

import pytest
import torch
from torch.nn import functional as F

from mmcourse.scratch import losses as ours


def test_cross_entropy_of_even_logits_is_the_logarithm_of_the_classes():
    assert ours.cross_entropy(torch.zeros(3, 10), torch.tensor([1, 4, 9])).item() == pytest.approx(
        math.log(10)
    )


def test_cross_entropy_of_large_logits_is_their_difference():
    logits = torch.tensor([[1000.0, 0.0], [-1e5, 0.0]], requires_grad=True)
    loss = ours.cross_entropy(logits, torch.tensor([1, 0]), reduction="none")
    assert loss.tolist() == [1000, 1e5]
    loss.sum().backward()
    assert logits.grad.tolist() == [[1, -1], [-1, 1]]


def test_the_weighted_mean_divides_by_the_weights():
    logits, target, weight = torch.zeros(2, 2), torch.tensor([0, 1]), torch.tensor([1.0, 3.0])
    logits[0, 1] = 2
    each = ours.cross_entropy(logits, target, reduction="none")
    want = (1 * each[0] + 3 * each[1]) / 4
    assert ours.cross_entropy(logits, target, weight).item() == pytest.approx(want.item())


@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_ignored_places_change_nothing_whatever_stands_there(label_smoothing):
    logits = torch.randn(4, 3, requires_grad=True)
    target = torch.tensor([0, 2, -100, -100])
    bad = logits.detach().clone()
    bad[2:] = torch.tensor([1e30, -1e30, 0])
    loss = ours.cross_entropy(bad.requires_grad_(), target, label_smoothing=label_smoothing)
    want = F.cross_entropy(logits[:2], target[:2], label_smoothing=label_smoothing)
    torch.testing.assert_close(loss, want)
    loss.backward()
    assert (bad.grad[2:] == 0).all()


def test_nothing_to_count_is_nan_with_a_gradient_of_0_as_torch_has_it():
    logits = torch.randn(2, 3, requires_grad=True)
    loss = ours.cross_entropy(logits, torch.tensor([-100, -100]))
    loss.backward()
    assert loss.isnan()
    assert (logits.grad == 0).all()


def test_class_numbers_are_shares_with_all_in_one_place():
    logits, target = torch.randn(5, 4), torch.tensor([0, 3, 3, 1, 2])
    torch.testing.assert_close(
        ours.cross_entropy(logits, target), ours.cross_entropy(logits, F.one_hot(target, 4).float())
    )


@pytest.mark.parametrize("target", [torch.int32, torch.uint8], ids=str)
def test_class_numbers_may_be_of_any_integer(target):
    logits, numbers = torch.randn(3, 4), torch.tensor([3, 0, 1])
    torch.testing.assert_close(
        ours.cross_entropy(logits, numbers.to(target)), F.cross_entropy(logits, numbers)
    )


def test_yes_or_no_of_large_logits_is_no_infinity():
    logits = torch.tensor([1000.0, -1000.0, 1000.0, -1000.0, 0.0], requires_grad=True)
    target = torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0])
    loss = ours.binary_cross_entropy_with_logits(logits, target, reduction="none")
    torch.testing.assert_close(loss, torch.tensor([0, 0, 1000, 1000, math.log(2)]))
    loss.sum().backward()
    assert logits.grad.tolist() == [0, 0, 1, -1, -0.5]


def test_half_precision_counts_beyond_2048():
    """In float16, 2048 + 1 is 2048: a mean that counts there would come out too large."""
    logits = torch.zeros(5000, 2, dtype=torch.float16)
    loss = ours.cross_entropy(logits, torch.zeros(5000, dtype=torch.long))
    assert loss.dtype == torch.float16
    assert loss.item() == pytest.approx(math.log(2), rel=1e-3)
