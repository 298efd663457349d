"""Recurrent networks over whole sequences: several layers, both directions, clips of any length.

Parameters are the state_dict of torch.nn.RNN, GRU or LSTM; how many layers there are, whether they also run
backwards and whether they have biases is read from its names.
"""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice
from ._recurrent import Options, Weights, input_share, run_layers, up_to_ends
from .layers import linear
from .rnn_cells import NONLINEARITIES, lstm_cell, rnn_cell
from .rnn_fast import GRUOverTime, LSTMOverTime, RNNOverTime


def rnn(
    parameters: Mapping[str, Tensor],
    input: Float[Tensor, "..."],
    hx: Float[Tensor, "..."] | None = None,
    *,
    nonlinearity: str = "tanh",
    batch_first: bool = False,
    lengths: Int[Tensor, " batch"] | None = None,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> tuple[Float[Tensor, "..."], Float[Tensor, "..."]]:
    """Run an Elman network: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh).

    parameters    torch.nn.RNN's: weight_ih_l0 [hidden, feature], weight_hh_l0 [hidden, hidden], bias_ih_l0,
                  bias_hh_l0; …_l1 of a second layer; …_reverse of the direction from the end to the start
    input         [time, batch, feature], [batch, time, feature] where batch_first, or one clip's
                  [time, feature]
    hx            first states, [layers · directions, batch, hidden], also where batch_first; zeros where None
    nonlinearity  "tanh" or "relu"
    lengths       valid frames of each clip: a state stops at its clip's end, and outputs beyond it are 0
    dropout       share of the outputs of every layer but the last that are set to 0 while training
    training      whether dropout acts
    generator     of dropout's random numbers; torch's own where None
    Returns       output, every state of the last layer: [time, batch, directions · hidden];
                  h_n, the last state of every layer and direction: [layers · directions, batch, hidden]
    Raises        TypeError for integers, ValueError for shapes, lengths and parameters that do not fit
    Source        Elman 1990, "Finding structure in time"; torch.nn.RNN
    """
    need_choice(nonlinearity, "nonlinearity", NONLINEARITIES)
    options = Options(1, batch_first, lengths, dropout, training, generator)

    def layer(x: Tensor, states: tuple[Tensor], w: Weights) -> tuple[Tensor, tuple[Tensor]]:
        if nonlinearity == "relu" and lengths is not None:  # without bounds a state may overflow in padding
            return unroll(lambda frame, h: (rnn_cell(frame, *h, *w[:4], nonlinearity),), x, states, lengths)
        output = RNNOverTime.apply(input_share(x, w), *states, w.w_hh, nonlinearity)
        return up_to_ends((output,), lengths)

    output, (h_n,) = run_layers(layer, parameters, input, (hx,), options)
    return output, h_n


def gru(
    parameters: Mapping[str, Tensor],
    input: Float[Tensor, "..."],
    hx: Float[Tensor, "..."] | None = None,
    *,
    batch_first: bool = False,
    lengths: Int[Tensor, " batch"] | None = None,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> tuple[Float[Tensor, "..."], Float[Tensor, "..."]]:
    """Run a GRU: each state is a mix of the one before it and a proposal, h_t = (1 - z) n + z h_{t-1}.

    parameters  torch.nn.GRU's: weight_ih_l0 [3 · hidden, feature], weight_hh_l0 [3 · hidden, hidden], …
    others      as of rnn
    Returns     output [time, batch, directions · hidden] and h_n [layers · directions, batch, hidden]
    Raises      as rnn
    Source      Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"; torch.nn.GRU
    """
    options = Options(3, batch_first, lengths, dropout, training, generator)

    def layer(x: Tensor, states: tuple[Tensor], w: Weights) -> tuple[Tensor, tuple[Tensor]]:
        b_hh = x.new_zeros(len(w.w_hh)) if w.b_hh is None else w.b_hh
        output = GRUOverTime.apply(linear(x, w.w_ih, w.b_ih), *states, w.w_hh, b_hh)
        return up_to_ends((output,), lengths)

    output, (h_n,) = run_layers(layer, parameters, input, (hx,), options)
    return output, h_n


def lstm(
    parameters: Mapping[str, Tensor],
    input: Float[Tensor, "..."],
    hx: tuple[Float[Tensor, "..."], Float[Tensor, "..."]] | None = None,
    *,
    batch_first: bool = False,
    lengths: Int[Tensor, " batch"] | None = None,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> tuple[Float[Tensor, "..."], tuple[Float[Tensor, "..."], Float[Tensor, "..."]]]:
    """Run an LSTM: a memory that is added to, c_t = f c_{t-1} + i g, and shown in part, h_t = o tanh(c_t).

    parameters  torch.nn.LSTM's: weight_ih_l0 [4 · hidden, feature], weight_hh_l0 [4 · hidden, hidden], …;
                weight_hr_l0 [projected, hidden] where it was made with proj_size
    hx          (h_0, c_0), each [layers · directions, batch, hidden]; zeros where None
    others      as of rnn
    Returns     output [time, batch, directions · hidden] and (h_n, c_n), each as h_0 and c_0
    Raises      as rnn
    Source      Hochreiter & Schmidhuber 1997, "Long short-term memory"; torch.nn.LSTM
    """
    if hx is not None and (not isinstance(hx, tuple | list) or len(hx) != 2):
        raise TypeError(f"hx must be the pair (h_0, c_0), got {type(hx).__name__}: an LSTM has two states.")
    options = Options(4, batch_first, lengths, dropout, training, generator)

    def layer(x: Tensor, states: tuple[Tensor, Tensor], w: Weights) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        if w.w_hr is not None:
            return unroll(lambda frame, s: lstm_cell(frame, s, *w[:4], w_hr=w.w_hr), x, states, lengths)
        return up_to_ends(LSTMOverTime.apply(input_share(x, w), *states, w.w_hh), lengths)

    return run_layers(layer, parameters, input, (None, None) if hx is None else hx, options)


def unroll(
    cell: Callable[..., tuple[Tensor, ...]],
    input: Float[Tensor, "time batch feature"],
    states: tuple[Tensor, ...],
    lengths: Int[Tensor, " batch"] | None = None,
) -> tuple[Float[Tensor, "time batch hidden"], tuple[Tensor, ...]]:
    """Use one cell on every frame in turn: states_t = cell(input_t, states_{t-1}).

    cell     (frame [batch, feature], states) -> states, of which the first is also the output
    input    frames, time first
    states   before the first frame, each [batch, size]
    lengths  valid frames of each clip: when a clip has ended its states are kept and its output is 0
    Returns  the outputs, and the states after each clip's last frame
    Source   lesson 4, "One cell, many times"
    """
    outputs = []
    for t, frame in enumerate(input):
        new = cell(frame, states)
        if lengths is None:
            output = new[0]
        else:
            running = (t < lengths)[:, None]
            output = new[0].masked_fill(~running, 0)
            new = tuple(torch.where(running, after, kept) for after, kept in zip(new, states, strict=True))
        states = new
        outputs.append(output)
    return torch.stack(outputs), states
