"""Recurrent networks beyond equality: padding, batches, gradients by hand, dropout, parameters both ways."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mmcourse.scratch import rnn as ours
from mmcourse.scratch.rnn_backward import rnn_backward
from mmcourse.scratch.rnn_cells import gru_cell, lstm_cell, rnn_cell
from mmcourse.scratch.rnn_fast import GRUOverTime, LSTMOverTime, RNNOverTime
from tests.twins.harness import DEVICES

NETWORKS = {
    "rnn": (nn.RNN, ours.rnn, {}),
    "rnn relu": (nn.RNN, ours.rnn, {"nonlinearity": "relu"}),
    "gru": (nn.GRU, ours.gru, {}),
    "lstm": (nn.LSTM, ours.lstm, {}),
    "lstm projected": (nn.LSTM, ours.lstm, {"proj_size": 2}),
}
LENGTHS = torch.tensor([3, 7, 1, 7, 5])  # of 7 frames: batch and time differ


@pytest.fixture(params=NETWORKS)
def network(request):
    """torch's module with two layers in both directions, ours as a function of (parameters, input, …)."""
    kind, function, options = NETWORKS[request.param]
    torch.manual_seed(0)
    module = kind(4, 3, num_layers=2, bidirectional=True, batch_first=True, dropout=0.4, **options).double()
    options = {key: value for key, value in options.items() if key == "nonlinearity"}
    return module, lambda *args, **kwargs: function(*args, batch_first=True, **options, **kwargs)


def batch(seed=1):
    return torch.randn(5, 7, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def flat(last):
    return last if isinstance(last, tuple) else (last,)


def through_torch(module, x, lengths):
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    output, last = module(packed)
    return pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])[0], last


@pytest.mark.parametrize("filling", [0.0, 1e6, float("nan"), float("inf")])
def test_what_padding_holds_changes_nothing(network, filling):
    module, function = network
    parameters = {name: value.clone().requires_grad_() for name, value in module.state_dict().items()}
    padding = torch.arange(7) >= LENGTHS[:, None]
    results = []
    for value in (1.0, filling):
        x = batch().masked_fill(padding[..., None], value).requires_grad_()
        output, last = function(parameters, x, lengths=LENGTHS)
        assert output[padding].eq(0).all()
        upstream = torch.randn(output.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(3))
        loss = (output * upstream).sum() + sum(state.square().sum() for state in flat(last))
        grad_x, *grads = torch.autograd.grad(loss, [x, *parameters.values()])
        assert grad_x[padding].eq(0).all()
        assert not grad_x[~padding].eq(0).any()
        results.append([output, *flat(last), grad_x, *grads])
    for one, other in zip(*results, strict=True):
        assert torch.equal(one, other)


def test_more_padding_changes_nothing(network):
    module, function = network
    x = batch()
    output, last = function(module.state_dict(), x, lengths=LENGTHS)
    longer = torch.cat([x, torch.full((5, 6, 4), float("nan"), dtype=x.dtype)], dim=1)
    more, last_of_longer = function(module.state_dict(), longer, lengths=LENGTHS)
    torch.testing.assert_close(more[:, :7], output, rtol=0, atol=1e-12)
    assert more[:, 7:].eq(0).all()
    torch.testing.assert_close(last_of_longer, last, rtol=0, atol=1e-12)


def test_a_relu_state_that_grows_without_end_stays_within_its_clip():
    """In padding it would overflow, and 0 · ∞ of the backward would be NaN in the gradient of the weights."""
    parameters = {
        "weight_ih_l0": torch.ones(1, 1, requires_grad=True),
        "weight_hh_l0": torch.full((1, 1), 50.0, requires_grad=True),
    }
    x = torch.ones(60, 2, 1)
    output, h_n = ours.rnn(parameters, x, nonlinearity="relu", lengths=torch.tensor([2, 3]))
    assert h_n.flatten().tolist() == [51.0, 2551.0]
    (output.sum() + h_n.sum()).backward()
    assert all(value.grad.isfinite().all() for value in parameters.values())


def test_a_batch_of_one_and_a_permuted_batch(network):
    module, function = network
    x, order = batch(), torch.tensor([2, 0, 4, 1, 3])
    output, last = function(module.state_dict(), x, lengths=LENGTHS)
    permuted, last_permuted = function(module.state_dict(), x[order], lengths=LENGTHS[order])
    torch.testing.assert_close(permuted, output[order], rtol=0, atol=1e-12)
    for i in range(5):
        one, last_of_one = function(module.state_dict(), x[i : i + 1, : LENGTHS[i]])
        torch.testing.assert_close(one[0], output[i, : LENGTHS[i]], rtol=0, atol=1e-12)
        for mine, whole, turned in zip(flat(last_of_one), flat(last), flat(last_permuted), strict=True):
            torch.testing.assert_close(mine[:, 0], whole[:, i], rtol=0, atol=1e-12)
            torch.testing.assert_close(turned[:, order.tolist().index(i)], whole[:, i], rtol=0, atol=1e-12)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_dropout_draws_what_torch_draws(network, lengths):
    """On the CPU with one seed; torch's GPU kernels number their draws in another way."""
    module, function = network
    torch.manual_seed(5)
    want, want_last = module(batch()) if lengths is None else through_torch(module, batch(), lengths)
    options = {"lengths": lengths, "dropout": 0.4, "training": True}
    torch.manual_seed(5)
    got, last = function(module.state_dict(), batch(), **options)
    torch.testing.assert_close((got, flat(last)), (want, flat(want_last)), rtol=0, atol=1e-12)
    generator = torch.Generator().manual_seed(5)
    assert torch.equal(got, function(module.state_dict(), batch(), generator=generator, **options)[0])


def test_parameters_go_both_ways_after_training(network):
    """Train in one, predict in the other: the same numbers."""
    module, function = network
    x, target = batch(), torch.randn(5, 7, 1, dtype=torch.float64)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.05)
    for _ in range(3):
        optimizer.zero_grad()
        (through_torch(module, x, LENGTHS)[0] - target).square().mean().backward()
        optimizer.step()
    module.eval()
    parameters = {name: value.clone().requires_grad_() for name, value in module.state_dict().items()}
    got = function(parameters, x, lengths=LENGTHS)[0]
    torch.testing.assert_close(got, through_torch(module, x, LENGTHS)[0], rtol=0, atol=1e-12)

    for _ in range(3):
        loss = (function(parameters, x, lengths=LENGTHS)[0] - target).square().mean()
        grads = torch.autograd.grad(loss, parameters.values())
        for value, grad in zip(parameters.values(), grads, strict=True):
            value.data -= 0.05 * grad
    other = copy.deepcopy(module)
    other.load_state_dict(parameters)
    got = function(parameters, x, lengths=LENGTHS)[0]
    torch.testing.assert_close(got, through_torch(other, x, LENGTHS)[0], rtol=0, atol=1e-12)
    assert not torch.allclose(got, through_torch(module, x, LENGTHS)[0])


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("layer", ["tanh", "relu", "gru", "lstm"])
def test_the_backward_by_hand_is_the_slope(layer, device):
    """gradcheck: finite differences of every argument, against the backward written by hand."""
    gates = {"gru": 3, "lstm": 4}.get(layer, 1)
    generator = torch.Generator().manual_seed(0)
    shapes = [(4, 3, gates * 2), *[(3, 2)] * (2 if layer == "lstm" else 1), (gates * 2, 2)]
    shapes += [(gates * 2,)] if layer == "gru" else []
    arguments = [
        torch.randn(shape, dtype=torch.float64, generator=generator).to(device).requires_grad_()
        for shape in shapes
    ]
    function = {"gru": GRUOverTime.apply, "lstm": LSTMOverTime.apply}.get(
        layer, lambda *args: RNNOverTime.apply(*args, layer)
    )
    assert torch.autograd.gradcheck(function, arguments)


class ByHand(torch.autograd.Function):
    """The Elman network with rnn_backward as its backward, for gradcheck."""

    @staticmethod
    def forward(ctx, x, hx, w_ih, w_hh, bias):
        parameters = {"weight_ih_l0": w_ih, "weight_hh_l0": w_hh, "bias_ih_l0": bias}
        output, _ = ours.rnn(
            parameters | {"bias_hh_l0": torch.zeros_like(bias)}, x, hx[None], batch_first=True
        )
        ctx.save_for_backward(x, output, w_ih, w_hh, hx)
        return output

    @staticmethod
    def backward(ctx, grad_output):
        x, output, w_ih, w_hh, hx = ctx.saved_tensors
        grads = rnn_backward(grad_output, x, output, w_ih, w_hh, hx)
        return grads.input, grads.hx, grads.w_ih, grads.w_hh, grads.bias


def test_backpropagation_through_time_is_the_slope():
    generator = torch.Generator().manual_seed(0)
    shapes = [(2, 5, 3), (2, 4), (4, 3), (4, 4), (4,)]
    arguments = [
        torch.randn(shape, dtype=torch.float64, generator=generator, requires_grad=True) for shape in shapes
    ]
    assert torch.autograd.gradcheck(ByHand.apply, arguments)


@pytest.mark.parametrize("cell", [rnn_cell, gru_cell, lstm_cell])
def test_cell_by_cell_can_be_differentiated_twice(cell):
    gates = {rnn_cell: 1, gru_cell: 3, lstm_cell: 4}[cell]
    generator = torch.Generator().manual_seed(0)
    shapes = [(3, 2, 2), (2, 2), (gates * 2, 2), (gates * 2, 2)]
    arguments = [
        torch.randn(shape, dtype=torch.float64, generator=generator, requires_grad=True) for shape in shapes
    ]

    def run(x, h, w_ih, w_hh):
        states = (h, h) if cell is lstm_cell else (h,)

        def step(frame, states):
            if cell is lstm_cell:
                return lstm_cell(frame, states, w_ih, w_hh)
            return (cell(frame, *states, w_ih, w_hh),)

        return ours.unroll(step, x, states)[0]

    assert torch.autograd.gradgradcheck(run, arguments)


def test_only_the_last_state_may_be_asked_for(network):
    module, function = network
    parameters = {name: value.clone().requires_grad_() for name, value in module.state_dict().items()}
    last = flat(function(parameters, batch())[1])
    want = flat(module.eval()(batch())[1])
    got = torch.autograd.grad(last[-1].sum(), parameters.values())
    for mine, other in zip(got, torch.autograd.grad(want[-1].sum(), module.parameters()), strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-12)


def test_the_output_may_be_changed_in_place(network):
    module, function = network
    parameters = {name: value.clone().requires_grad_() for name, value in module.state_dict().items()}
    output = function(parameters, batch())[0]
    output[:, 0] = 0
    output.sum().backward()
    assert all(value.grad.isfinite().all() for value in parameters.values())


def test_autocast_is_no_obstacle(network):
    module, function = network
    parameters = {name: value.float() for name, value in module.state_dict().items()}
    x = batch().float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        got = function(parameters, x.bfloat16())[0]
    torch.testing.assert_close(got.float(), function(parameters, x)[0], rtol=0, atol=0.05)


def test_one_clip_without_a_batch_axis(network):
    module, function = network
    output, last = function(module.state_dict(), batch()[0])
    want, want_last = module.eval()(batch()[0])
    torch.testing.assert_close((output, flat(last)), (want, flat(want_last)), rtol=0, atol=1e-12)
