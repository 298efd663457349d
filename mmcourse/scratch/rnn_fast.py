"""A whole layer in one step of autograd: what makes recurrent networks fast without changing their numbers.

Cell by cell, autograd writes down a dozen small operations a frame and goes back through every one. Here

1. the input's share of every gate, W_ih x_t + b, is one large product for all frames, not one a frame;
2. the loop over time writes into buffers made before it, and keeps every frame's gates for the way back;
3. backward is by hand. What does not depend on later frames, such as the slope of a gate, is computed for all
   frames at once; the loop keeps only what hands the gradient from a frame to the one before it; and the
   gradient of W_hh is one large product after the loop, not a sum of one a frame.

`states` holds a frame more than the sequence: states[t] is the state before frame t, states[1:] the output.
`share` is the input's share, [time, batch, gates · hidden], the gates in torch's order.

Each can be differentiated once. For gradients of gradients, hand a cell to scratch.rnn.unroll.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

State = Float[Tensor, "batch hidden"]
States = Float[Tensor, "time batch hidden"]
Gates = Float[Tensor, "time batch gates"]
Weight = Float[Tensor, "gates hidden"]


class RNNOverTime(torch.autograd.Function):
    """h_t = tanh(a_t + W_hh h_{t-1}), or relu of it, for all t; a_t is the input's share and both biases."""

    @staticmethod
    def forward(ctx, share: Gates, hidden: State, w_hh: Weight, nonlinearity: str) -> States:
        states = _room(share, hidden)
        for a, before, h in zip(share, states, states[1:], strict=False):
            torch.addmm(a, before, w_hh.t(), out=h)
            h.tanh_() if nonlinearity == "tanh" else h.clamp_(min=0)
        ctx.save_for_backward(states, w_hh)
        ctx.nonlinearity = nonlinearity
        return states[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output: States) -> tuple[Tensor | None, ...]:
        states, w_hh = ctx.saved_tensors
        h = states[1:]
        slopes = 1 - h**2 if ctx.nonlinearity == "tanh" else (h > 0).to(h.dtype)
        grads = slopes  # one piece of memory: the loop turns each frame's slope into its gradient
        grad_h = torch.zeros_like(states[0])
        for grad, from_output in _backwards(grads, grad_output):
            grad.mul_(grad_h.add_(from_output))
            torch.mm(grad, w_hh, out=grad_h)
        return grads, grad_h, _grad_w_hh(grads, states), None


class GRUOverTime(torch.autograd.Function):
    """h_t = (1 - z) n + z h_{t-1} for all t, with the gates of scratch.rnn_cells.gru_cell.

    The bias of W_hh is apart, since the reset gate weighs it together with the product.
    """

    @staticmethod
    def forward(ctx, share: Gates, hidden: State, w_hh: Weight, b_hh: Float[Tensor, " gates"]) -> States:
        states, size = _room(share, hidden), hidden.shape[-1]
        gates, seen = share.clone(), torch.empty_like(share)  # seen: W_hh h + b_hh
        rz, r, z, n = gates[..., : 2 * size], *gates.split(size, dim=-1)
        seen_rz, seen_n = seen.split([2 * size, size], dim=-1)
        frames = zip(states, states[1:], seen, seen_rz, seen_n, rz, r, z, n, strict=False)
        for before, h, seen_t, seen_rz_t, seen_n_t, rz_t, r_t, z_t, n_t in frames:
            torch.addmm(b_hh, before, w_hh.t(), out=seen_t)
            rz_t.add_(seen_rz_t).sigmoid_()
            n_t.addcmul_(r_t, seen_n_t).tanh_()
            torch.lerp(n_t, before, z_t, out=h)  # n + z (h - n)
        ctx.save_for_backward(states, gates, seen, w_hh)
        return states[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output: States) -> tuple[Tensor | None, ...]:
        states, gates, seen, w_hh = ctx.saved_tensors
        r, z, n = gates.chunk(3, dim=-1)
        before, seen_n = states[:-1], seen.chunk(3, dim=-1)[2]
        slope_n = (1 - z) * (1 - n**2)
        slopes = slope_n * seen_n * r * (1 - r), (before - n) * z * (1 - z), slope_n * r
        grads = torch.stack(slopes, dim=2)  # time batch gate hidden: of what W_hh gives for r, z, n
        grad_states = torch.empty_like(before)
        grad_h = torch.zeros_like(before[0])
        for grad, total, z_t, from_output in _backwards(grads, grad_states, z, grad_output):
            torch.add(grad_h, from_output, out=total)
            grad.mul_(total[:, None])
            torch.addmm(total * z_t, grad.flatten(1), w_hh, out=grad_h)
        grad_share = grads.clone()
        torch.mul(slope_n, grad_states, out=grad_share[:, :, 2])  # the input's share of n is not weighed by r
        grads = grads.flatten(2)
        return grad_share.flatten(2), grad_h, _grad_w_hh(grads, states), grads.sum(dim=(0, 1))


class LSTMOverTime(torch.autograd.Function):
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t) for all t, with the gates of scratch.rnn_cells.lstm_cell."""

    @staticmethod
    def forward(ctx, share: Gates, hidden: State, memory: State, w_hh: Weight) -> tuple[States, States]:
        states, cells, size = _room(share, hidden), _room(share, memory), hidden.shape[-1]
        gates, shown = share.clone(), torch.empty_like(cells[1:])  # shown: tanh(c)
        i_f, i, f, g, o = gates[..., : 2 * size], *gates.split(size, dim=-1)
        frames = zip(states, states[1:], cells, cells[1:], shown, gates, i_f, i, f, g, o, strict=False)
        for before, h, c_before, c, shown_t, all_t, i_f_t, i_t, f_t, g_t, o_t in frames:
            all_t.addmm_(before, w_hh.t())
            i_f_t.sigmoid_()
            g_t.tanh_()
            o_t.sigmoid_()
            torch.mul(f_t, c_before, out=c).addcmul_(i_t, g_t)
            torch.mul(o_t, torch.tanh(c, out=shown_t), out=h)
        ctx.save_for_backward(states, cells, shown, gates, w_hh)
        return states[1:], cells[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output: States, grad_cells: States) -> tuple[Tensor | None, ...]:
        states, cells, shown, gates, w_hh = ctx.saved_tensors
        i, f, g, o = gates.chunk(4, dim=-1)
        # How c changes with what goes into i, f and g, and how h changes with what goes into o.
        slopes = g * i * (1 - i), cells[:-1] * f * (1 - f), i * (1 - g**2), shown * o * (1 - o)
        grads = torch.stack(slopes, dim=2)  # time batch gate hidden; gradients after the loop
        slope_c = o * (1 - shown**2)  # how h changes with c
        grad_h, grad_c = torch.zeros_like(states[0]), torch.zeros_like(cells[0])
        frames = _backwards(grads, grads[:, :, :3], grads[:, :, 3], slope_c, f, grad_output, grad_cells)
        for all_t, ifg_t, o_t, slope_c_t, f_t, from_output, from_cells in frames:
            grad_h.add_(from_output)
            o_t.mul_(grad_h)
            grad_c.add_(from_cells).addcmul_(grad_h, slope_c_t)
            ifg_t.mul_(grad_c[:, None])
            grad_c.mul_(f_t)
            torch.mm(all_t.flatten(1), w_hh, out=grad_h)
        grads = grads.flatten(2)
        return grads, grad_h, grad_c, _grad_w_hh(grads, states)


def _room(share: Tensor, first: Tensor) -> Tensor:
    """Make room for the state before every frame and after the last, and put the first one in."""
    states = share.new_empty(len(share) + 1, *first.shape)
    states[0] = first
    return states


def _backwards(*frames: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Go through several sequences at once, from the last frame to the first."""
    return zip(*(reversed(each.unbind(0)) for each in frames), strict=True)


def _grad_w_hh(grads: Tensor, states: Tensor) -> Tensor:
    """Σ_t grad_tᵀ h_{t-1}, over all frames in one product."""
    return grads.flatten(0, 1).t() @ states[:-1].flatten(0, 1)
