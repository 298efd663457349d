"""The unrolled panel: step a recurrent network through time, see what it holds and what it still hears."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from matplotlib.figure import Figure
from torch import Tensor

from mmcourse import plotting
from mmcourse.plotting.style import GREY, as_array
from mmcourse.scratch.rnn_cells import rnn_cell
from mmcourse.widgets.stage import slider, stage

FRAMES, HIDDEN = 12, 6


@dataclass(frozen=True)
class Walk:
    """A network that has gone through some frames.

    input   [time], one number a frame
    states  [time + 1, hidden], the first before any frame
    heard   [time], how much the last state changes with each frame: the length of ∂h / ∂x_t
    """

    input: Tensor
    states: Tensor
    heard: Tensor


def walk(input: Tensor, steps: int, memory: float, seed: int = 0) -> Walk:
    """Take an Elman network of random weights through the first frames of a sequence.

    input   [time], one number a frame
    steps   how many frames it has heard, 0 to time
    memory  length that W_hh leaves a state: below 1 what was heard fades, above 1 it can grow
    Raises  ValueError for more steps than there are frames
    """
    if not 0 <= steps <= len(input):
        raise ValueError(f"steps must lie in 0..{len(input)}, got {steps}.")
    generator = torch.Generator().manual_seed(seed)
    w_ih = torch.randn(HIDDEN, 1, generator=generator)
    turn = torch.linalg.qr(
        torch.randn(HIDDEN, HIDDEN, generator=generator)
    ).Q  # turns a state, keeps its length
    x = input[:steps].detach().clone().requires_grad_()
    with torch.enable_grad():
        h = torch.zeros(HIDDEN)
        states = [h]
        for t in range(steps):
            h = rnn_cell(x[t : t + 1], h, w_ih, memory * turn)
            states.append(h)
        slopes = [torch.autograd.grad(number, x, retain_graph=True)[0] for number in h] if steps else [x]
    return Walk(x.detach(), torch.stack(states).detach(), torch.stack(slopes).norm(dim=0).detach())


def unrolled_panel(*, steps: int = 8, memory: float = 0.8, seed: int = 0) -> None:
    """Step an Elman network through twelve frames; choose what comes in, and how much W_hh keeps.

    steps   where the slider of time stands at first
    memory  where the slider of W_hh stands at first
    seed    of the weights
    """
    controls = {
        "steps": slider("frames heard", 1, FRAMES, 1, steps),
        "memory": slider("W_hh keeps", 0.0, 1.6, 0.1, memory),
        "loud": slider("the loud frame", 1, FRAMES, 1, 1),
    }

    def draw(steps: int, memory: float, loud: int) -> Figure:
        return draw_walk(walk(one_loud_frame(loud), steps, memory, seed), FRAMES)

    stage(
        draw,
        controls,
        alt="an unrolled recurrent network: input, state and remaining influence of every frame so far",
    )


def one_loud_frame(number: int) -> Tensor:
    """Twelve frames of faint sound with a loud one among them; the first is number 1."""
    x = 0.15 * torch.sin(torch.arange(FRAMES) * 2.0)
    x[number - 1] = 1.5
    return x


def draw_walk(gone: Walk, frames: int) -> Figure:
    """Draw the frames heard, the state after each, and how much of each is left in the last state.

    frames  length of the time axis, so that the figure stays the same while time goes on
    """
    times = range(1, len(gone.input) + 1)
    fig, (state, heard, left) = plotting.figure(3, 1, height=4.8, sharex=True, height_ratios=(1.9, 1, 1.2))
    shown = _draw_states(state, gone.states)
    fig.colorbar(shown, ax=state, label="value", pad=0.01)
    heard.bar(times, as_array(gone.input), color=GREY, width=0.5)
    heard.set(ylabel="frame x", ylim=(-0.5, 1.8), title="what comes in, through W_ih")
    left.bar(times, as_array(gone.heard), color=plotting.look("", 0)[0], width=0.5)
    left.set(xlabel="time (frames)", ylabel="‖∂h / ∂x‖", xlim=(-0.5, frames + 0.5), xticks=range(frames + 1))
    left.set(title="how much the last state still depends on each frame", yscale="log", ylim=(1e-4, 30))
    return fig


def _draw_states(ax, states: Tensor):
    """Draw each state as a column of numbers, and the arrow by which it goes into the next."""
    hidden = states.shape[1]
    for t, numbers in enumerate(as_array(states)):
        shown = ax.imshow(
            numbers[:, None],
            aspect="auto",
            cmap="RdBu_r",
            vmin=-1,
            vmax=1,
            extent=(t - 0.25, t + 0.25, hidden - 0.5, -0.5),
        )
        middle, below = (hidden - 1) / 2, hidden + 0.6
        if t > 0:
            ax.annotate("", (t - 0.27, middle), (t - 0.73, middle), arrowprops={"arrowstyle": "-|>"})
            ax.annotate("", (t, hidden - 0.5), (t, below), arrowprops={"arrowstyle": "-|>"})
    ax.set(ylim=(hidden + 0.7, -0.6), yticks=range(hidden), ylabel="number in the state")
    ax.set_title("the state h: each goes into the next, through W_hh; the first holds nothing")
    ax.grid(False)
    return shown
