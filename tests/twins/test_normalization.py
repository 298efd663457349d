"""The backward, running statistics over many steps, and statistics of large or half-precision numbers."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mmcourse.scratch import normalization as ours


def tensor(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("axes", [(0,), (0, 2), (-1,), (1, 2)], ids=str)
def test_the_backward_of_standardising_is_the_gradient(axes):
    x = tensor(3, 4, 2).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: ours.Standardize.apply(x, axes, 1e-3)[0], x)


def test_batch_norm_is_the_modules_over_many_steps_and_after_them():
    module = nn.BatchNorm2d(3).double()
    state = {name: value.clone() for name, value in module.state_dict().items()}
    running = [state["running_mean"], state["running_var"]]
    for step in range(5):
        x = 3 * tensor(4, 3, 2, 5, seed=step) + step
        got = ours.batch_norm(x, *running, state["weight"], state["bias"], training=True)
        torch.testing.assert_close(got, module(x))
    torch.testing.assert_close(running, [module.running_mean, module.running_var])
    module.eval()
    x = tensor(1, 3, 4, 4)
    torch.testing.assert_close(ours.batch_norm(x, *running, state["weight"], state["bias"]), module(x))
    module.load_state_dict(state)  # and back
    torch.testing.assert_close(ours.batch_norm(x, *running, state["weight"], state["bias"]), module(x))


def test_evaluating_moves_no_running_value_and_mixes_no_examples():
    running = tensor(3), tensor(3).abs()
    before = [value.clone() for value in running]
    x = tensor(4, 3, 5)
    together = ours.batch_norm(x, *running)
    for row in range(4):
        torch.testing.assert_close(ours.batch_norm(x[row : row + 1], *running)[0], together[row])
    torch.testing.assert_close(list(running), before, rtol=0, atol=0)


def test_training_divides_by_n_and_remembers_n_minus_1():
    x = torch.tensor([[1.0], [3.0]], dtype=torch.float64)
    mean, var = torch.zeros(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    y = ours.batch_norm(x, mean, var, training=True, momentum=1.0, eps=0.0)
    assert y.flatten().tolist() == [-1, 1]  # σ² = 1, divided by 2
    assert (mean.item(), var.item()) == (2, 2)  # σ² = 2, divided by 1


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_half_precision_takes_its_statistics_in_float32(dtype):
    x = (1e4 * tensor(8, 4, 6)).to(dtype)  # squares are beyond float16
    for got, want in (
        (ours.layer_norm(x, [6]), F.layer_norm(x.float(), [6])),
        (ours.batch_norm(x, None, None, training=True), F.batch_norm(x.float(), None, None, training=True)),
    ):
        assert got.dtype == dtype
        torch.testing.assert_close(got.float(), want, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("training", [True, False])
def test_half_precision_goes_with_parameters_in_float32(training):
    x, (weight, bias, mean) = tensor(4, 3, 5).bfloat16(), tensor(3, 3).float()
    args = weight, bias, training
    got = ours.batch_norm(x, mean.clone(), mean.square() + 1, *args)
    want = F.batch_norm(x, mean.clone(), mean.square() + 1, *args)
    assert got.dtype == want.dtype
    torch.testing.assert_close(got, want, rtol=1e-2, atol=1e-2)


def test_a_large_offset_does_not_drown_the_spread():
    """Of 10,000 float32 knows 1/1000; with x² - μ², which it knows to 10, nothing would be left."""
    x = (1e4 + tensor(2, 5, 64)).float()
    want = F.layer_norm(x.double(), [64])
    torch.testing.assert_close(ours.layer_norm(x, 64).double(), want, rtol=0, atol=3e-3)


def test_layer_norm_takes_a_number_for_one_axis():
    x = tensor(2, 3, 4)
    torch.testing.assert_close(ours.layer_norm(x, 4), nn.LayerNorm(4).double()(x))
