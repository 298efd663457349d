"""Backpropagation through time by hand: the chain rule from an Elman network's last frame to its first."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_choice, need_floating
from .rnn_cells import NONLINEARITIES


class RNNGradients(NamedTuple):
    """What rnn_backward gives; each has the shape of what it is the gradient of."""

    input: Float[Tensor, "batch time feature"]
    hx: Float[Tensor, "batch hidden"]
    w_ih: Float[Tensor, "hidden feature"]
    w_hh: Float[Tensor, "hidden hidden"]
    bias: Float[Tensor, " hidden"]  # of b_ih and of b_hh alike, since only their sum is used


def rnn_backward(
    grad_output: Float[Tensor, "batch time hidden"],
    input: Float[Tensor, "batch time feature"],
    output: Float[Tensor, "batch time hidden"],
    w_ih: Float[Tensor, "hidden feature"],
    w_hh: Float[Tensor, "hidden hidden"],
    hx: Float[Tensor, "batch hidden"] | None = None,
    nonlinearity: str = "tanh",
) -> RNNGradients:
    """Go back through h_t = tanh(a_t), a_t = W_ih x_t + W_hh h_{t-1} + b, from the last frame to the first.

    A state is used twice, in its own output and in the next state, so its gradient is a sum of two:

    ∂L/∂h_t = grad_output_t + W_hhᵀ ∂L/∂a_{t+1}      ∂L/∂a_t = (1 - h_t²) ∂L/∂h_t
    ∂L/∂W_hh = Σ_t ∂L/∂a_t h_{t-1}ᵀ     ∂L/∂W_ih = Σ_t ∂L/∂a_t x_tᵀ
    ∂L/∂b = Σ_t ∂L/∂a_t                 ∂L/∂x_t = W_ihᵀ ∂L/∂a_t

    grad_output   gradient of the loss with respect to every output; that of the last state is added to its
                  last frame
    output        states h_1 … h_T, as scratch.rnn.rnn gives them with batch_first
    hx            state before the first frame; zeros where None
    nonlinearity  "tanh", whose slope is 1 - h²; "relu", whose slope is 1 where h > 0 and 0 elsewhere
    Returns       gradients of input, hx, w_ih, w_hh and of either bias
    Raises        TypeError for integers, ValueError for shapes that do not fit
    Source        Werbos 1990, "Backpropagation through time: what it does and how to do it"
    """
    hx = output.new_zeros(output.shape[0], output.shape[-1]) if hx is None else hx
    _check(grad_output, input, output, w_ih, w_hh, hx, nonlinearity)
    slope = 1 - output**2 if nonlinearity == "tanh" else (output > 0).to(output.dtype)
    grad_a = torch.empty_like(output)  # with respect to what goes into the nonlinearity
    from_later = torch.zeros_like(hx)
    for t in reversed(range(output.shape[1])):
        grad_a[:, t] = slope[:, t] * (grad_output[:, t] + from_later)
        from_later = grad_a[:, t] @ w_hh
    before = torch.cat([hx[:, None], output[:, :-1]], dim=1)  # h_{t-1} of every t
    return RNNGradients(
        input=grad_a @ w_ih,
        hx=from_later,
        w_ih=torch.einsum("bth,btf->hf", grad_a, input),
        w_hh=torch.einsum("bth,btk->hk", grad_a, before),
        bias=grad_a.sum(dim=(0, 1)),
    )


def _check(
    grad_output: Tensor,
    input: Tensor,
    output: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    hx: Tensor,
    nonlinearity: str,
) -> None:
    need_choice(nonlinearity, "nonlinearity", NONLINEARITIES)
    given = {"grad_output": grad_output, "input": input, "output": output}
    given |= {"w_ih": w_ih, "w_hh": w_hh, "hx": hx}
    for name, value in given.items():
        need_floating(value, name)
    if input.ndim == output.ndim == 3:
        (batch, time, feature), hidden = input.shape, output.shape[-1]
        fits = {"grad_output": (batch, time, hidden), "input": input.shape, "output": (batch, time, hidden)}
        fits |= {"w_ih": (hidden, feature), "w_hh": (hidden, hidden), "hx": (batch, hidden)}
        if all(value.shape == torch.Size(fits[name]) for name, value in given.items()):
            return
    raise ValueError(
        f"these do not fit each other: {', '.join(f'{name} {list(v.shape)}' for name, v in given.items())}. "
        "Outputs are [batch, time, hidden], the input [batch, time, feature], w_ih [hidden, feature], "
        "w_hh [hidden, hidden], hx [batch, hidden]."
    )
