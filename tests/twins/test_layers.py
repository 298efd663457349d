"""Dropout draws torch's numbers; padding's row of a table learns nothing."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mmcourse.scratch import layers as ours


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_draws_torchs_numbers(p, dtype):
    got, want = [], []
    for function, results in ((ours.dropout, got), (F.dropout, want)):
        x = torch.linspace(-3, 3, 35, dtype=dtype).view(5, 7).requires_grad_()
        torch.manual_seed(2)
        y = function(x, p, True)
        results += [y, *torch.autograd.grad(y, x, torch.full_like(y, 0.7))]
    torch.testing.assert_close(got, want)


def test_dropout_with_a_generator_leaves_torchs_own_alone():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first, second = (ours.dropout(torch.ones(50), generator=torch.Generator().manual_seed(4)) for _ in "12")
    assert torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), before)


def test_dropout_keeps_the_mean():
    x = torch.ones(100_000, dtype=torch.float64)
    for p in (0.1, 0.5, 0.8):
        y = ours.dropout(x, p, generator=torch.Generator().manual_seed(1))
        assert y.mean().item() == pytest.approx(1, abs=0.03)
        assert (y == 0).double().mean().item() == pytest.approx(p, abs=0.01)


def test_dropout_out_of_training_is_no_copy():
    x = torch.ones(3)
    assert ours.dropout(x, 0.5, training=False) is x


def test_a_table_goes_both_ways():
    module = nn.Embedding(6, 3, padding_idx=2)
    rows = torch.tensor([[0, 2, 5], [2, 2, 1]])
    torch.testing.assert_close(ours.embedding(rows, module.weight, 2), module(rows), rtol=0, atol=0)
    weight = torch.randn(6, 3)
    module.load_state_dict({"weight": weight})
    torch.testing.assert_close(module(rows), ours.embedding(rows, weight, 2), rtol=0, atol=0)


def test_the_row_of_padding_gets_no_gradient():
    weight = torch.randn(4, 2, requires_grad=True)
    ours.embedding(torch.tensor([0, 1, 1]), weight, padding_idx=-3).sum().backward()
    assert weight.grad[:, 0].tolist() == [1, 0, 0, 0]


def test_a_linear_layers_parameters_go_both_ways():
    module = nn.Linear(4, 3)
    x = torch.randn(2, 5, 4)
    torch.testing.assert_close(ours.linear(x, **module.state_dict()), module(x))
