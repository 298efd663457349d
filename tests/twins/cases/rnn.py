"""Twins of scratch.rnn, rnn_cells, rnn_fast and rnn_backward in torch.nn."""

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mmcourse.scratch import rnn as ours
from mmcourse.scratch import rnn_backward as by_hand
from mmcourse.scratch import rnn_cells as cells
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)
GATES = {nn.RNN: 1, nn.GRU: 3, nn.LSTM: 4}


def cell_example(gates, *, states=1, options=None):
    """A frame, the state before it or None, and a cell's weights, with biases or without."""

    def example(draw, tensor):
        batch, features, hidden = draw(st.sampled_from([(), (1,), (3,)])), draw(SIZES), draw(SIZES)
        state = tuple(tensor(*batch, hidden) for _ in range(states))
        state = None if draw(st.booleans()) else state if states > 1 else state[0]
        weights = [tensor(gates * hidden, features), tensor(gates * hidden, hidden)]
        if draw(st.booleans()):
            weights += [tensor(gates * hidden), tensor(gates * hidden)]
        call = Call(tensor(*batch, features), state, *weights)
        if options:
            call.kwargs |= {key: draw(st.sampled_from(values)) for key, values in options.items()}
        return call

    return example


def torch_cell(kind):
    """torch's cell as a function of its weights."""

    def theirs(input, state, w_ih, w_hh, b_ih=None, b_hh=None, **options):
        module = kind(w_ih.shape[1], w_hh.shape[1], bias=b_ih is not None, **options)
        weights = {"weight_ih": w_ih, "weight_hh": w_hh, "bias_ih": b_ih, "bias_hh": b_hh}
        given = {name: value for name, value in weights.items() if value is not None}
        return torch.func.functional_call(module, given, (input, state))

    return theirs


def network_example(kind, *, with_lengths=False, projected=False, options=None):
    """Parameters of a network of 1 to 3 layers, an input in one of torch's layouts, first states or None."""

    def example(draw, tensor):
        time, batch, features, hidden = (draw(SIZES) for _ in range(4))
        layers, directions = draw(st.integers(1, 3)), draw(st.sampled_from([1, 2]))
        hidden += projected  # a projection must be smaller
        out = draw(st.integers(1, hidden - 1)) if projected else hidden
        bias, batch_first = draw(st.booleans()), draw(st.booleans())
        one_clip = not with_lengths and draw(st.integers(0, 4)) == 0
        module = kind(
            features,
            hidden,
            layers,
            bias=bias,
            bidirectional=directions == 2,
            **({"proj_size": out} if projected else {}),
        )
        parameters = {name: 0.7 * tensor(*value.shape) for name, value in module.state_dict().items()}
        shape = (time,) if one_clip else (batch, time) if batch_first else (time, batch)
        states = [(layers * directions, *(() if one_clip else (batch,)), size) for size in (out, hidden)]
        states = [tensor(*shape) for shape in states[: 2 if kind is nn.LSTM else 1]]
        hx = None if draw(st.booleans()) else tuple(states) if kind is nn.LSTM else states[0]
        call = Call(parameters, tensor(*shape, features), hx, batch_first=batch_first)
        if with_lengths:
            call.kwargs["lengths"] = torch.tensor([draw(st.integers(1, time)) for _ in range(batch)])
        call.kwargs |= {key: draw(st.sampled_from(values)) for key, values in (options or {}).items()}
        return call

    return example


def torch_network(kind):
    """torch's network as a function of its parameters; with lengths, through a packed sequence."""

    def theirs(parameters, input, hx=None, *, batch_first=False, lengths=None, training=False, **options):
        module = _module(kind, parameters, batch_first, options).train(training)
        for name, value in parameters.items():  # functional_call does not reach what an RNN keeps flat
            delattr(module, name)
            setattr(module, name, value)
        if lengths is None:
            return module(input, hx)
        packed = pack_padded_sequence(input, lengths.cpu(), batch_first, enforce_sorted=False)
        output, last = module(packed, hx)
        time = input.shape[1 if batch_first else 0]
        return pad_packed_sequence(output, batch_first, total_length=time)[0], last

    return theirs


def _module(kind, parameters, batch_first, options):
    w_ih, w_hh, w_hr = (parameters.get(f"weight_{name}_l0") for name in ("ih", "hh", "hr"))
    layers = sum(name.startswith("weight_ih") and "reverse" not in name for name in parameters)
    return kind(
        w_ih.shape[1],
        len(w_ih) // GATES[kind],
        layers,
        bias="bias_ih_l0" in parameters,
        batch_first=batch_first,
        bidirectional="weight_ih_l0_reverse" in parameters,
        **({} if w_hr is None else {"proj_size": w_hh.shape[1]}),
        **options,
    )


def backward_example(draw, tensor):
    batch, time, features, hidden = (draw(SIZES) for _ in range(4))
    nonlinearity, hx = draw(st.sampled_from(["tanh", "relu"])), tensor(batch, hidden)
    x, w_ih, w_hh = tensor(batch, time, features), tensor(hidden, features), tensor(hidden, hidden)
    if draw(st.booleans()):
        hx = None
    return Call(tensor(batch, time, hidden), x, w_ih, w_hh, hx, nonlinearity)


def ours_by_hand(grad_output, input, w_ih, w_hh, hx, nonlinearity):
    with torch.no_grad():
        parameters = {"weight_ih_l0": w_ih, "weight_hh_l0": w_hh}
        first = None if hx is None else hx[None]
        output, _ = ours.rnn(parameters, input, first, nonlinearity=nonlinearity, batch_first=True)
        grads = by_hand.rnn_backward(grad_output, input, output, w_ih, w_hh, hx, nonlinearity)
    return list(grads) if hx is not None else [grads.input, *grads[2:]]


def theirs_by_autograd(grad_output, input, w_ih, w_hh, hx, nonlinearity):
    bias = w_hh.new_zeros(len(w_hh))
    parameters = {"weight_ih_l0": w_ih, "weight_hh_l0": w_hh, "bias_ih_l0": bias, "bias_hh_l0": bias.clone()}
    leaves = [x.detach().requires_grad_() for x in (input, *([] if hx is None else [hx]), w_ih, w_hh, bias)]
    x, *first, parameters["weight_ih_l0"], parameters["weight_hh_l0"], parameters["bias_ih_l0"] = leaves
    hx = first[0][None] if first else None
    network = torch_network(nn.RNN)
    output, _ = network(parameters, x, hx, batch_first=True, nonlinearity=nonlinearity)
    return list(torch.autograd.grad(output, leaves, grad_output))


def cell_by_cell(kind):
    """The readable way: the same cell on every frame, through unroll."""
    step = {nn.RNN: cells.rnn_cell, nn.GRU: cells.gru_cell, nn.LSTM: cells.lstm_cell}[kind]

    def function(input, states, lengths, *weights):
        def cell(frame, states):
            return step(frame, states, *weights) if kind is nn.LSTM else (step(frame, *states, *weights),)

        return ours.unroll(cell, input, states, lengths)

    return function


def unroll_example(kind):
    def example(draw, tensor):
        time, batch, features, hidden = (draw(SIZES) for _ in range(4))
        rows = GATES[kind] * hidden
        states = tuple(tensor(batch, hidden) for _ in range(2 if kind is nn.LSTM else 1))
        lengths = torch.tensor([draw(st.integers(1, time)) for _ in range(batch)])
        weights = [tensor(rows, features), tensor(rows, hidden), tensor(rows), tensor(rows)]
        return Call(tensor(time, batch, features), states, lengths if draw(st.booleans()) else None, *weights)

    return example


def unroll_theirs(kind):
    def function(input, states, lengths, *weights):
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        hx = tuple(state[None] for state in states)
        hx = hx if kind is nn.LSTM else hx[0]
        output, last = torch_network(kind)(dict(zip(names, weights, strict=True)), input, hx, lengths=lengths)
        return output, tuple(each[0] for each in (last if kind is nn.LSTM else (last,)))

    return function


NETWORKS = [("rnn", nn.RNN, ours.rnn), ("gru", nn.GRU, ours.gru), ("lstm", nn.LSTM, ours.lstm)]
BOTH = {"nonlinearity": ["tanh", "relu"]}
FAST = {"rnn": ("RNNOverTime",), "gru": ("GRUOverTime",), "lstm": ("LSTMOverTime",)}

TWINS = [
    Twin("rnn_cell", cells.rnn_cell, torch_cell(nn.RNNCell), cell_example(1, options=BOTH)),
    Twin("gru_cell", cells.gru_cell, torch_cell(nn.GRUCell), cell_example(3)),
    Twin("lstm_cell", cells.lstm_cell, torch_cell(nn.LSTMCell), cell_example(4, states=2)),
    *(
        Twin(
            name + (", clips of any length" if lengths else ""),
            function,
            torch_network(kind),
            network_example(kind, with_lengths=lengths, options=BOTH if kind is nn.RNN else None),
            half=not lengths,  # lengths change no arithmetic
            covers=FAST[name],
        )
        for name, kind, function in NETWORKS
        for lengths in (False, True)
    ),
    *(
        Twin(
            f"lstm, projected{', clips of any length' if lengths else ''}",
            ours.lstm,
            torch_network(nn.LSTM),
            network_example(nn.LSTM, with_lengths=lengths, projected=True),
            half=not lengths,
        )
        for lengths in (False, True)
    ),
    *(
        Twin(f"unroll, {name}", cell_by_cell(kind), unroll_theirs(kind), unroll_example(kind))
        for name, kind, _ in NETWORKS
    ),
    Twin(
        "rnn_backward",
        ours_by_hand,
        theirs_by_autograd,
        backward_example,
        gradients=False,
        covers=("RNNGradients",),
    ),
]
