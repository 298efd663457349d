"""Numbers at which a formula written straight down overflows, and slopes where a function has a corner."""

import math

import pytest
import torch
from torch.nn import functional as F

from mmcourse.scratch import activations as ours

EXTREMES = [0.0, -0.0, 1e-8, -1e-8, 30.0, -30.0, 100.0, -100.0, 1e3, -1e3, 1e30, -1e30, math.inf, -math.inf]
PAIRS = {
    "relu": (ours.relu, F.relu),
    "leaky_relu": (ours.leaky_relu, F.leaky_relu),
    "gelu": (ours.gelu, F.gelu),
    "gelu, tanh": (lambda x: ours.gelu(x, "tanh"), lambda x: F.gelu(x, approximate="tanh")),
    "sigmoid": (ours.sigmoid, torch.sigmoid),
    "tanh": (ours.tanh, torch.tanh),
}
ROWS = torch.tensor(
    [[1e3, -1e3, 999.0], [-1e30, -1e30, -1e30], [math.inf, 0.0, 1.0], [-math.inf, 0.0, 1.0], [-math.inf] * 3],
    dtype=torch.float64,
)


def value_and_slope(function, x):
    x = x.detach().clone().requires_grad_()
    y = function(x)
    (slope,) = torch.autograd.grad(y, x, torch.linspace(1, 2, y.numel()).to(y).view_as(y))
    return y, slope


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", PAIRS)
def test_extremes_are_torchs(name, dtype):
    x = torch.tensor([*EXTREMES, math.nan]).to(dtype)
    if name.startswith("gelu"):  # at ±∞ torch's slope is 1 or NaN, as the processor's way of counting has it
        x = x[x.abs() < math.inf]
    if name == "relu":  # of NaN, the slope is 0 here and 1 in torch: neither says anything
        x = x[~x.isnan()]
    near = {"rtol": 1e-2, "atol": 1e-3} if dtype.itemsize == 2 else {"rtol": 1e-5, "atol": 1e-12}
    got, want = value_and_slope(PAIRS[name][0], x), value_and_slope(PAIRS[name][1], x)
    for mine, other in zip(got, want, strict=True):
        assert mine.dtype == dtype
        torch.testing.assert_close(mine, other, equal_nan=True, **near)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_rows_of_extremes_are_torchs(name):
    mine, other = (lambda x, f=f: f(x, 1) for f in (getattr(ours, name), getattr(torch, name)))
    for row in ROWS:
        got, want = value_and_slope(mine, row[None]), value_and_slope(other, row[None])
        torch.testing.assert_close(got, want, equal_nan=True)


def test_logsumexp_of_extremes_has_the_slope_of_softmax():
    for row in ROWS[:2]:  # of the second, torch's slopes are 1, 1, 1: there x - result has lost log 3
        got, slope = value_and_slope(lambda x: ours.logsumexp(x, 1), row[None])
        torch.testing.assert_close(got, torch.logsumexp(row[None], 1))
        torch.testing.assert_close(slope, torch.softmax(row[None], 1))
    for row in ROWS[2:]:
        torch.testing.assert_close(ours.logsumexp(row[None], 1), torch.logsumexp(row[None], 1))


def test_relu_hides_no_nan():
    assert ours.relu(torch.tensor([math.nan, -1.0])).isnan().tolist() == [True, False]


def test_the_smallest_probability_keeps_its_logarithm():
    logits = torch.tensor([[0.0, 1000.0]])
    assert ours.softmax(logits, 1)[0, 0] == 0
    assert ours.log_softmax(logits, 1)[0, 0] == -1000


@pytest.mark.parametrize("function", [ours.relu, ours.leaky_relu, ours.sigmoid, ours.tanh, ours.gelu])
def test_gradients_have_gradients(function):
    x = torch.linspace(-3, 3, 7, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradgradcheck(function, x + 0.1)
