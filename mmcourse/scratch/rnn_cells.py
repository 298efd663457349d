"""One step in time: the cells of the Elman network, the GRU and the LSTM.

Weights, biases and the order of the gates are those of torch.nn.RNNCell, GRUCell and LSTMCell.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_choice, need_floating
from ._sequences import need_cell_weights
from .activations import relu
from .layers import linear

NONLINEARITIES = ("tanh", "relu")


def rnn_cell(
    input: Float[Tensor, "*batch feature"],
    hidden: Float[Tensor, "*batch hidden"] | None,
    w_ih: Float[Tensor, "hidden feature"],
    w_hh: Float[Tensor, "hidden hidden"],
    b_ih: Float[Tensor, " hidden"] | None = None,
    b_hh: Float[Tensor, " hidden"] | None = None,
    nonlinearity: str = "tanh",
) -> Float[Tensor, "*batch hidden"]:
    """Mix a new frame into the state: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    input         frame at this time, [batch, feature] or one clip's [feature]
    hidden        state before it, [batch, hidden]; zeros where None
    w_ih, b_ih    weights and bias of the input
    w_hh, b_hh    weights and bias of the state
    nonlinearity  "tanh" keeps the state within -1..1; "relu" does not
    Raises        TypeError for integers, ValueError for shapes that do not fit
    Source        Elman 1990, "Finding structure in time"; torch.nn.RNNCell
    """
    need_choice(nonlinearity, "nonlinearity", NONLINEARITIES)
    need_cell_weights(w_ih, w_hh, b_ih, b_hh, gates=1)
    hidden = _state(input, hidden, w_ih, len(w_ih))
    total = linear(input, w_ih, b_ih) + linear(hidden, w_hh, b_hh)
    return torch.tanh(total) if nonlinearity == "tanh" else relu(total)


def gru_cell(
    input: Float[Tensor, "*batch feature"],
    hidden: Float[Tensor, "*batch hidden"] | None,
    w_ih: Float[Tensor, "gates feature"],
    w_hh: Float[Tensor, "gates hidden"],
    b_ih: Float[Tensor, " gates"] | None = None,
    b_hh: Float[Tensor, " gates"] | None = None,
) -> Float[Tensor, "*batch hidden"]:
    """Move from the old state towards a proposal, each number by its own gate: h' = (1 - z) n + z h.

    r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)         reset: how much of the state the proposal sees
    z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)         update: how much of the state stays
    n = tanh(W_in x + b_in + r (W_hn h + b_hn))        proposal; r comes after the product, as in torch

    input       frame at this time, [batch, feature] or one clip's [feature]
    hidden      state before it, [batch, hidden]; zeros where None
    w_ih, b_ih  [3 · hidden, feature] and [3 · hidden]: rows of r, then z, then n
    w_hh, b_hh  [3 · hidden, hidden] and [3 · hidden], in the same order
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"; torch.nn.GRUCell
    """
    need_cell_weights(w_ih, w_hh, b_ih, b_hh, gates=3)
    hidden = _state(input, hidden, w_ih, len(w_ih) // 3)
    input_r, input_z, input_n = linear(input, w_ih, b_ih).chunk(3, dim=-1)
    hidden_r, hidden_z, hidden_n = linear(hidden, w_hh, b_hh).chunk(3, dim=-1)
    r = torch.sigmoid(input_r + hidden_r)
    z = torch.sigmoid(input_z + hidden_z)
    n = torch.tanh(input_n + r * hidden_n)
    return (1 - z) * n + z * hidden


def lstm_cell(
    input: Float[Tensor, "*batch feature"],
    state: tuple[Float[Tensor, "*batch hidden"], Float[Tensor, "*batch cell"]] | None,
    w_ih: Float[Tensor, "gates feature"],
    w_hh: Float[Tensor, "gates hidden"],
    b_ih: Float[Tensor, " gates"] | None = None,
    b_hh: Float[Tensor, " gates"] | None = None,
    *,
    w_hr: Float[Tensor, "hidden cell"] | None = None,
) -> tuple[Float[Tensor, "*batch hidden"], Float[Tensor, "*batch cell"]]:
    """Keep a memory that is added to, not multiplied by weights: c' = f c + i g, h' = o tanh(c').

    i, f, o = sigmoid(W_i· x + b_i· + W_h· h + b_h·)    input, forget and output gate
    g       = tanh(W_ig x + b_ig + W_hg h + b_hg)       what may be written

    input       frame at this time, [batch, feature] or one clip's [feature]
    state       (h, c) before it, each [batch, hidden]; zeros where None
    w_ih, b_ih  [4 · hidden, feature] and [4 · hidden]: rows of i, then f, g, o
    w_hh, b_hh  [4 · hidden, hidden] and [4 · hidden], in the same order
    w_hr        None, or a projection of the output to a smaller one: h' = W_hr (o tanh(c'))
    Returns     (h', c')
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Hochreiter & Schmidhuber 1997, "Long short-term memory"; forget gate of Gers et al. 2000
                (10.1162/089976600300015015); torch.nn.LSTMCell
    """
    need_cell_weights(w_ih, w_hh, b_ih, b_hh, gates=4, w_hr=w_hr)
    if state is not None and (not isinstance(state, tuple | list) or len(state) != 2):
        raise TypeError(f"state must be the pair (h, c), got {type(state).__name__}: an LSTM has two states.")
    hidden, memory = (None, None) if state is None else state
    hidden = _state(input, hidden, w_ih, w_hh.shape[1])
    memory = _state(input, memory, w_ih, len(w_ih) // 4)
    i, f, g, o = (linear(input, w_ih, b_ih) + linear(hidden, w_hh, b_hh)).chunk(4, dim=-1)
    memory = torch.sigmoid(f) * memory + torch.sigmoid(i) * torch.tanh(g)
    hidden = torch.sigmoid(o) * torch.tanh(memory)
    return (hidden if w_hr is None else linear(hidden, w_hr)), memory


def _state(input: Tensor, state: Tensor | None, w_ih: Tensor, size: int) -> Tensor:
    """Check a frame and the state before it, or make a state of zeros."""
    need_floating(input, "input")
    if input.ndim == 0 or input.shape[-1] != w_ih.shape[1]:
        raise ValueError(
            f"input {list(input.shape)} does not fit w_ih {list(w_ih.shape)}: "
            f"a frame is [batch, feature] with {w_ih.shape[1]} features."
        )
    wanted = (*input.shape[:-1], size)
    if state is None:
        return input.new_zeros(wanted)
    need_floating(state, "the state")
    if state.shape != wanted:
        raise ValueError(
            f"the state must be {list(wanted)} for input {list(input.shape)}, got {list(state.shape)}."
        )
    return state
