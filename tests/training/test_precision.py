"""Sixteen bits: they compute what float32 does, nearly; an overflow costs a step and nothing else."""

import pytest
import torch
from torch import nn

from mmcourse.training import Batches, fit
from mmcourse.training.precision import Precision
from tests.training.toys import Toy, make_table

CPU = torch.device("cpu")


class Sees(Toy):
    """Note the dtype in which its last layer computes."""

    def forward(self, batch):
        logits = super().forward(batch)
        self.seen = logits.dtype
        return logits


def train(precision, table=None, **options):
    table = table or make_table(90)
    model = Sees(dropout=0.0)
    val = Batches(make_table(60, seed=1), 20)
    history = fit(
        model, Batches(table, 16, seed=0), val, seed=0, precision=precision, **{"epochs": 8, **options}
    )
    return model, history


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_sixteen_bits_learn_what_float32_does(precision):
    want, exact = train("float32", learning_rate=0.01)
    model, rough = train(precision, learning_rate=0.01)
    assert want.seen == torch.float32
    assert model.seen == getattr(torch, precision)
    assert all(parameter.dtype == torch.float32 for parameter in model.parameters())
    assert rough.val_loss == pytest.approx(exact.val_loss, rel=0.05)
    assert rough.val_loss != exact.val_loss
    assert rough.val_accuracy[-1] == pytest.approx(exact.val_accuracy[-1], abs=0.05)


def one_step(gradients, max_norm=None):
    """Step with these true gradients in float16: was it a step, the weights after it, and the Precision."""
    weights = nn.ParameterList([torch.zeros(len(gradients))])
    optimiser, precision = torch.optim.SGD(weights, lr=1.0), Precision("float16", CPU)
    precision.backward((weights[0] * torch.tensor(gradients)).sum())
    stepped = precision.step(optimiser, weights, max_norm)
    return stepped, weights[0].detach(), precision


def test_gradients_come_back_from_their_scale():
    stepped, weights, precision = one_step([3.0, 1e-7])
    assert stepped
    assert precision.scaler.get_scale() == 2**16
    torch.testing.assert_close(weights, torch.tensor([-3.0, -1e-7]))


def test_the_true_gradient_is_shortened_not_the_scaled_one():
    _, weights, _ = one_step([3.0, 4.0], max_norm=1.0)
    torch.testing.assert_close(weights, torch.tensor([-0.6, -0.8]))
    _, weights, _ = one_step([0.3, 0.4], max_norm=1.0)
    torch.testing.assert_close(weights, torch.tensor([-0.3, -0.4]))


@pytest.mark.parametrize("max_norm", [None, 1.0])
@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_an_overflow_skips_the_step_and_halves_the_scale(value, max_norm):
    stepped, weights, precision = one_step([1.0, value], max_norm)
    assert not stepped
    assert torch.equal(weights, torch.zeros(2))
    assert precision.scaler.get_scale() == 2**15


def test_a_skipped_step_does_not_move_the_schedule():
    table = make_table(90)
    table["x"] = 500 * table["x"]
    model, history = train("float16", table, schedule=lambda step, steps: 1 - step / steps, epochs=2)
    steps = len(history.learning_rate)
    assert steps == 12
    assert history.learning_rate[0] == history.learning_rate[1]
    assert all(parameter.isfinite().all() for parameter in model.parameters())


def test_bfloat16_and_float32_are_not_scaled():
    for name in ("bfloat16", "float32"):
        assert not Precision(name, CPU).scaler.is_enabled()
