"""First values beside torch.nn.init: the same numbers from the same seed."""

import math

import pytest
import torch
from torch import nn

from mmcourse.scratch import initialization as ours

SHAPES = pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (4, 2, 3), (2, 3, 3, 5)], ids=str)
FILLS = {
    "uniform": (lambda shape, **o: ours.uniform(shape, 0.3, **o), lambda x, **o: x.uniform_(-0.3, 0.3, **o)),
    "xavier_uniform": (ours.xavier_uniform, nn.init.xavier_uniform_),
    "xavier_uniform, gain": (
        lambda shape, **o: ours.xavier_uniform(shape, 2.5, **o),
        lambda x, **o: nn.init.xavier_uniform_(x, 2.5, **o),
    ),
    "xavier_normal": (ours.xavier_normal, nn.init.xavier_normal_),
    "kaiming_uniform": (ours.kaiming_uniform, nn.init.kaiming_uniform_),
    "kaiming_uniform, slope": (
        lambda shape, **o: ours.kaiming_uniform(shape, math.sqrt(5), "fan_out", **o),
        lambda x, **o: nn.init.kaiming_uniform_(x, math.sqrt(5), "fan_out", **o),
    ),
    "kaiming_normal": (ours.kaiming_normal, nn.init.kaiming_normal_),
    "kaiming_normal, tanh": (
        lambda shape, **o: ours.kaiming_normal(shape, nonlinearity="tanh", **o),
        lambda x, **o: nn.init.kaiming_normal_(x, nonlinearity="tanh", **o),
    ),
    "orthogonal": (ours.orthogonal, nn.init.orthogonal_),
    "orthogonal, gain": (
        lambda shape, **o: ours.orthogonal(shape, 1.5, **o),
        lambda x, **o: nn.init.orthogonal_(x, 1.5, **o),
    ),
}


def seeded(seed=7):
    return torch.Generator().manual_seed(seed)


@SHAPES
@pytest.mark.parametrize("name", FILLS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_one_seed_gives_torchs_numbers(name, shape, dtype):
    mine, other = FILLS[name]
    got = mine(shape, generator=seeded(), dtype=dtype)
    want = other(torch.empty(shape, dtype=dtype), generator=seeded())
    torch.testing.assert_close(got, want, rtol=1e-6, atol=0)


@pytest.mark.parametrize("name", FILLS)
def test_without_a_generator_torchs_own_is_used(name):
    torch.manual_seed(3)
    got = FILLS[name][0]((4, 6))
    torch.manual_seed(3)
    torch.testing.assert_close(got, FILLS[name][1](torch.empty(4, 6)))


@SHAPES
def test_fans_are_torchs(shape):
    assert ours.fans(shape) == nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@pytest.mark.parametrize("name", [*ours.LINEAR, "tanh", "relu", "leaky_relu", "selu"])
def test_gains_are_torchs(name):
    assert ours.calculate_gain(name) == nn.init.calculate_gain(name)
    assert ours.calculate_gain(name, 0.2) == nn.init.calculate_gain(name, 0.2)


@pytest.mark.parametrize(
    ("fill", "variance"),
    [
        (ours.xavier_uniform, 2 / (300 + 200)),
        (ours.xavier_normal, 2 / (300 + 200)),
        (ours.kaiming_uniform, 2 / 300),
        (ours.kaiming_normal, 2 / 300),
    ],
)
def test_variances_are_what_the_formula_says(fill, variance):
    x = fill((200, 300), generator=seeded(), dtype=torch.float64)
    assert x.var().item() == pytest.approx(variance, rel=0.02)
    assert x.mean().item() == pytest.approx(0, abs=4 * math.sqrt(variance / x.numel()))


@SHAPES
def test_orthogonal_rows_or_columns_are_at_right_angles(shape):
    x = ours.orthogonal(shape, gain=2.0, generator=seeded(), dtype=torch.float64).flatten(1)
    product = x @ x.T if x.shape[0] <= x.shape[1] else x.T @ x
    torch.testing.assert_close(product, 4 * torch.eye(len(product), dtype=torch.float64))


@pytest.mark.parametrize(
    "layer",
    [
        lambda **o: nn.Linear(5, 3, **o),
        lambda **o: nn.Conv1d(4, 6, 3, groups=2, **o),
        lambda **o: nn.Conv2d(2, 3, (3, 5), **o),
    ],
    ids=["Linear", "Conv1d", "Conv2d"],
)
@pytest.mark.parametrize("bias", [True, False])
def test_layers_begin_as_torchs_do(layer, bias):
    torch.manual_seed(11)
    want = layer(bias=bias).state_dict()
    torch.manual_seed(11)
    got = ours.weight_and_bias(want["weight"].shape, bias=bias)
    assert got.keys() == want.keys()
    for name in want:
        torch.testing.assert_close(got[name], want[name], rtol=1e-6, atol=0)
