"""Recurrent networks over whole sequences: several layers, both directions, clips of any length.

Parameters are the state_dict of torch.nn.RNN, GRU or LSTM; how many layers there are, whether they also run
backwards and whether they have biases is read from its names.
"""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice
from ._recurrent import Options, run_layers
from .rnn_cells import NONLINEARITIES, gru_cell, lstm_cell, rnn_cell


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

    def layer(x, states, weights, valid):
        return unroll(lambda frame, h: (rnn_cell(frame, *h, *weights[:4], nonlinearity),), x, states, valid)

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

    def layer(x, states, weights, valid):
        return unroll(lambda frame, h: (gru_cell(frame, *h, *weights[:4]),), x, states, valid)

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
    options = Options(4, batch_first, lengths, dropout, training, generator)

    def layer(x, states, weights, valid):
        return unroll(lambda frame, s: lstm_cell(frame, s, *weights[:4], w_hr=weights.w_hr), x, states, valid)

    return run_layers(layer, parameters, input, (None, None) if hx is None else hx, options)


def unroll(
    cell: Callable[..., tuple[Tensor, ...]],
    input: Float[Tensor, "time batch feature"],
    states: tuple[Tensor, ...],
    valid: Tensor | None = None,
) -> tuple[Float[Tensor, "time batch hidden"], tuple[Tensor, ...]]:
    """Use one cell on every frame in turn: state_t = cell(input_t, state_{t-1}).

    cell     (frame [batch, feature], states) -> states; the first state is also the output
    input    frames, time first
    states   before the first frame, each [batch, …]
    valid    [time, batch, 1], False where a clip has ended: its state is kept, its output 0; None: all valid
    Returns  the outputs, and the states after each clip's last frame
    Source   lesson 4, "One cell, many times"
    """
    outputs = []
    for t, frame in enumerate(input):
        new = cell(frame, states)
        if valid is not None:
            new = tuple(
                torch.where(valid[t], after, before) for after, before in zip(new, states, strict=True)
            )
        states = new
        outputs.append(states[0])
    output = torch.stack(outputs)
    return (output if valid is None else output.masked_fill(~valid, 0)), states
