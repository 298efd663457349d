"""Gradient blending: the formula, the measurement, and which head it trusts."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.joint import JointLoss, blend_weights, gradient_blending, head_losses
from mmcourse.training import Batches, fit
from tests.joint.toys import CLASSES, batches, make_model, make_table


def test_the_formula_by_hand():
    # head 0: val 2.0 → 1.0, gap 0 → 0.5; head 1: val 2.0 → 1.6, gap 0.1 → 0.3
    blend = blend_weights(([2.0, 1.9], [2.0, 2.0]), ([0.5, 1.3], [1.0, 1.6]))
    assert blend.generalisation == pytest.approx([1.0, 0.4])
    assert blend.overfitting == pytest.approx([0.5, 0.2])
    assert blend.ratio == pytest.approx([0.5, 0.5])
    raw = [1.0 / 0.25, 0.4 / 0.04]
    assert blend.weights == pytest.approx([w / sum(raw) for w in raw])


def test_a_head_that_got_worse_gets_no_weight_and_one_that_did_not_overfit_not_all():
    blend = blend_weights(([2.0, 2.0, 2.0], [2.0, 2.0, 2.0]), ([1.0, 1.0, 1.0], [2.1, 1.0, 1.02]))
    assert blend.weights[0] == 0
    assert blend.ratio[0] == math.inf
    assert all(weight > 0.15 for weight in blend.weights[1:]), blend.weights


def test_losses_of_heads_are_means_over_examples():
    model, table = make_model(), make_table(21)
    model.train()
    got = head_losses(model, Batches(table, 8))
    assert model.training
    want = [cross_entropy(h, table["label"]) for h in model.eval().all_logits(table).unbind(1)]
    torch.testing.assert_close(got.float(), torch.stack(want).detach())


def test_each_head_is_measured_in_a_training_of_its_own():
    train, val = batches(30), batches(60, seed=1)
    options = {"epochs": 3, "seed": 4, "learning_rate": 0.05}
    blend = gradient_blending(make_model, train, val, classes=CLASSES, **options)
    model = make_model()
    before = [head_losses(model, part)[2].item() for part in (train, val)]
    fit(model, train, val, loss=JointLoss(CLASSES, (0, 0, 1)), **options)
    after = [head_losses(model, part)[2].item() for part in (train, val)]
    assert blend.generalisation[2] == pytest.approx(before[1] - after[1])
    assert blend.overfitting[2] == pytest.approx((after[1] - after[0]) - (before[1] - before[0]))
    assert sum(blend.weights) == pytest.approx(1)


def test_a_sense_that_only_overfits_is_hardly_followed():
    """The picture is noise: what is learned from it is learned by heart."""
    train, val = make_table(60), make_table(200, seed=1)
    for seed, table in enumerate((train, val)):
        table["image"] = torch.randn(table["image"].shape, generator=torch.Generator().manual_seed(seed))
    options = {"classes": CLASSES, "epochs": 6, "seed": 0, "learning_rate": 0.05}
    blend = gradient_blending(make_model, Batches(train, 8, seed=0), Batches(val, 50), **options)
    assert blend.weights[1] < 0.1 * blend.weights[2]


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"same heads on train and val, got \[2, 1, 1, 1\]"):
        blend_weights(([1, 2], [1]), ([1], [1]))
    with pytest.raises(ValueError, match="no head got better on val"):
        blend_weights(([1], [1]), ([0.5], [1.5]))
