"""Optimisers and clipping beside torch.optim and torch.nn.utils, over many steps."""

import math

import pytest
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from mmcourse.scratch import optim

DTYPES = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
SGD = [
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "dampening": 0.3},
    {"momentum": 0.5, "nesterov": True},
    {"weight_decay": 0.1},
    {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
]
ADAM = [
    {},
    {"betas": (0.5, 0.9)},
    {"betas": (0.0, 0.0)},
    {"eps": 0.1},
    {"weight_decay": 0.1},
    {"weight_decay": 0.1, "betas": (0.8, 0.99), "eps": 1e-4},
]
SETTINGS = [
    *[("SGD", options) for options in SGD],
    *[(name, options) for name in ("Adam", "AdamW") for options in ADAM],
]


def make(dtype=torch.float64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype).requires_grad_()
        for name, shape in {"weight": (3, 4), "bias": (3,), "scale": ()}.items()
    }


def loss_of(parameters):
    """A valley that is steep one way and flat another, with a bend."""
    stretch = torch.tensor([1.0, 10.0, 0.1, 3.0]).to(parameters["weight"])
    output = (parameters["weight"] * stretch).sum(dim=1).tanh() + parameters["bias"]
    return (output * parameters["scale"]).square().sum() + parameters["bias"].pow(4).sum()


@DTYPES
@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=str)
def test_many_steps_are_torchs_steps(name, options, dtype):
    mine, other = make(dtype), make(dtype)
    ours = getattr(optim, name)(mine, lr=0.01, **options)
    theirs = getattr(torch.optim, name)(other.values(), lr=0.01, **options)
    for step in range(12):
        if step == 5:  # as a schedule does
            ours.lr = theirs.param_groups[0]["lr"] = 0.003
        for optimiser, parameters in ((ours, mine), (theirs, other)):
            optimiser.zero_grad()
            loss_of(parameters).backward()
            if step == 7:  # a parameter that had no part in this step
                parameters["bias"].grad = None
            optimiser.step()
        for key in mine:
            tolerance = 1e-12 if dtype == torch.float64 else 1e-5
            torch.testing.assert_close(mine[key], other[key], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW"])
def test_a_parameter_without_gradient_stays(name):
    parameters = make()
    before = parameters["bias"].detach().clone()
    parameters["weight"].grad = torch.ones_like(parameters["weight"])
    getattr(optim, name)(parameters, lr=0.1, weight_decay=0.5).step()
    torch.testing.assert_close(parameters["bias"].detach(), before, rtol=0, atol=0)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW"])
def test_a_step_leaves_gradients_as_they_were(name):
    parameters = make()
    loss_of(parameters).backward()
    before = {key: value.grad.clone() for key, value in parameters.items()}
    optimiser = getattr(optim, name)(parameters, lr=0.1, weight_decay=0.5)
    optimiser.step()
    for key, value in parameters.items():
        torch.testing.assert_close(value.grad, before[key], rtol=0, atol=0)
    optimiser.zero_grad()
    assert all(value.grad is None for value in parameters.values())


def test_parameters_may_be_a_dict_a_list_a_generator_or_one_tensor():
    parameters = make()
    for given in (parameters, list(parameters.values()), (p for p in parameters.values())):
        assert len(optim.SGD(given, lr=0.1).parameters) == 3
    assert len(optim.SGD(parameters["bias"], lr=0.1).parameters) == 1


def test_the_first_step_of_adam_is_as_long_as_the_learning_rate():
    """What bias correction is for: without it the first step would be 3 times as long."""
    parameter = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor([0.2], dtype=torch.float64)
    optim.Adam([parameter], lr=0.01).step()
    assert parameter.item() == pytest.approx(-0.01, rel=1e-6)


def test_decay_of_adamw_does_not_depend_on_the_gradient():
    shrunk = []
    for size in (0.1, 100.0):
        moved = []
        for decay in (0.0, 0.5):
            parameter = torch.ones(1, dtype=torch.float64, requires_grad=True)
            parameter.grad = torch.tensor([size], dtype=torch.float64)
            optim.AdamW([parameter], lr=0.01, weight_decay=decay).step()
            moved.append(parameter.item())
        shrunk.append(moved[0] - moved[1])
    assert shrunk == pytest.approx([0.005, 0.005])


@DTYPES
@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, math.inf])
@pytest.mark.parametrize("max_norm", [0.0, 0.5, 1e3])
def test_clipping_the_common_length_is_torchs(max_norm, norm_type, dtype):
    mine, other = make(dtype), make(dtype)
    for parameters in (mine, other):
        loss_of(parameters).backward()
        parameters["scale"].grad = None
    got = optim.clip_grad_norm(mine, max_norm, norm_type)
    want = clip_grad_norm_(other.values(), max_norm, norm_type)
    torch.testing.assert_close(got, want)
    for key in ("weight", "bias"):
        torch.testing.assert_close(mine[key].grad, other[key].grad)


def test_clipping_turns_no_gradient():
    parameters = make()
    loss_of(parameters).backward()
    before = torch.cat([value.grad.flatten() for value in parameters.values()])
    total = optim.clip_grad_norm(parameters, 0.1)
    after = torch.cat([value.grad.flatten() for value in parameters.values()])
    torch.testing.assert_close(total, before.norm())
    torch.testing.assert_close(after, before * 0.1 / before.norm(), rtol=1e-5, atol=0)


def test_clipping_without_gradients_has_length_0():
    assert optim.clip_grad_norm(make(), 1.0) == 0


@DTYPES
def test_clipping_values_is_torchs(dtype):
    mine, other = make(dtype), make(dtype)
    for parameters in (mine, other):
        loss_of(parameters).backward()
        parameters["scale"].grad = None
    optim.clip_grad_value(mine, 0.2)
    clip_grad_value_(other.values(), 0.2)
    assert mine["scale"].grad is None
    for key in ("weight", "bias"):
        torch.testing.assert_close(mine[key].grad, other[key].grad, rtol=0, atol=0)
