"""The learning-rate dial: a tiny network is trained anew at each position: it crawls, learns or bursts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import ipywidgets
import torch
from matplotlib.figure import Figure
from torch.nn.functional import cross_entropy

from mmcourse import plotting
from mmcourse.plotting.style import GREY
from mmcourse.widgets.moons import PointNetwork, two_moons
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

STEPS = 80
KEPT = 4  # curves in the figure: that of the dial and of the positions before
DIVERGED = 4  # times the first loss: as in learning_rate_range, there is nothing to learn beyond it
OPTIMISERS = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}
_LOW, _HIGH = -4.0, 2.0  # the dial's ends, powers of ten
_TOP = 1.05  # of the axis of losses, in nats


@dataclass(frozen=True)
class Descent:
    """A training at one learning rate.

    rate    the learning rate
    losses  before each step, in nats; ends with the one that ran away, where one did
    """

    rate: float
    losses: tuple[float, ...]

    @property
    def diverged(self) -> bool:
        """Whether the loss ran away."""
        return not self.losses[-1] <= DIVERGED * self.losses[0]


def descend(rate: float, optimiser: str = "SGD", steps: int = STEPS, seed: int = 0) -> Descent:
    """Train a network of 16 hidden numbers on 200 points, all of them in each step, at one learning rate.

    It ends where the loss is over 4 times what it was at first, or no number.

    optimiser  "SGD" or "Adam"
    Raises     ValueError for another optimiser, and a rate of 0 or below
    """
    if optimiser not in OPTIMISERS:
        raise ValueError(f"optimiser is one of {', '.join(OPTIMISERS)}; got {optimiser!r}.")
    if not rate > 0:
        raise ValueError(f"rate must be above 0, got {rate}.")
    batch, model, losses = two_moons(200, seed), PointNetwork(16, seed=seed), []
    taking = OPTIMISERS[optimiser](model.parameters(), lr=rate)
    for _ in range(steps):
        loss = cross_entropy(model(batch), batch["label"])
        losses.append(loss.item())
        if not losses[-1] <= DIVERGED * losses[0]:  # NaN is not
            break
        taking.zero_grad()
        loss.backward()
        taking.step()
    return Descent(rate, tuple(losses))


def learning_rate_dial(
    *, rate: float = 1.0, before: Sequence[float] = (0.001, 0.1), optimiser: str = "SGD", seed: int = 0
) -> None:
    """Turn the learning rate; curves of the last positions stay, and where each ended is kept on a map.

    rate       where the dial stands at first, 0.0001 to 100
    before     positions that have been tried already
    optimiser  "SGD" or "Adam", the switch at first; the other one begins a map of its own
    seed       of the points and the weights
    Raises     ValueError for another optimiser or a rate that the dial does not have
    """
    tried: dict[str, list[Descent]] = {name: [] for name in OPTIMISERS}
    for position in (*before, rate):
        if not 10**_LOW <= position <= 10**_HIGH:
            raise ValueError(f"the dial goes from {10**_LOW:g} to {10**_HIGH:g}, got {position}.")
    for position in before:
        _try(tried, position, optimiser, seed)
    controls = {
        "power": slider("learning rate: 10 to the", _LOW, _HIGH, 0.25, math.log10(rate)),
        "optimiser": ipywidgets.ToggleButtons(
            options=list(OPTIMISERS),
            value=optimiser,
            description="optimiser",
            style=WIDE_LABEL,
            layout={"width": "40em"},  # so that the buttons stand beside their label
        ),
    }

    def draw(power: float, optimiser: str) -> Figure:
        return draw_descents(_try(tried, 10**power, optimiser, seed))

    stage(
        draw,
        controls,
        alt="the loss at each step for the last learning rates, and the last loss over all rates tried",
    )


def _try(tried: dict[str, list[Descent]], rate: float, optimiser: str, seed: int) -> list[Descent]:
    """Train at a rate, and give all that were tried with this optimiser, this one last."""
    last = descend(rate, optimiser, seed=seed)
    others = [descent for descent in tried[optimiser] if not math.isclose(descent.rate, rate)]
    tried[optimiser] = [*others, last]
    return tried[optimiser]


def draw_descents(descents: Sequence[Descent]) -> Figure:
    """Draw the losses of the last few, the very last one strongest, and where each of all ended."""
    fig, (curves, end) = plotting.figure(1, 2, height=3.2, width_ratios=(1.5, 1))
    last, ends, colours = descents[-1], {}, {}
    for age, descent in enumerate(reversed(descents[-KEPT:])):
        name, losses = f"{descent.rate:.2g}", descent.losses
        colours[name] = GREY if age else plotting.look("", 0)[0]
        width, alpha = (1.2, 1 - 0.2 * age) if age else (2.6, 1)
        curves.plot(range(len(losses)), losses, color=colours[name], linewidth=width, alpha=alpha)
        if descent.diverged:
            curves.plot(len(losses) - 1, _TOP, "X", color=colours[name], clip_on=False, markersize=8)
        ends[name] = (len(losses) - 1, min(losses[-1], _TOP) if math.isfinite(losses[-1]) else _TOP)
    curves.set(xlabel="step", ylabel="loss (nats)", xlim=(0, 1.18 * STEPS), ylim=(0, _TOP))
    curves.set_xticks(range(0, STEPS + 1, 20))
    curves.set_title(_words(last))
    plotting.label_line_ends(curves, ends, colours)
    _draw_ends(end, descents)
    return fig


def _words(descent: Descent) -> str:
    where = f"at {descent.rate:.2g} the loss"
    if descent.diverged:
        return f"{where} runs away at step {len(descent.losses) - 1}"
    return f"{where} comes to {descent.losses[-1]:.2f} in {len(descent.losses)} steps"


def _draw_ends(ax, descents: Sequence[Descent]) -> None:
    for descent in descents:
        colour = plotting.look("", 0)[0] if descent is descents[-1] else GREY
        place, marker = (_TOP, "X") if descent.diverged else (min(descent.losses[-1], _TOP), "o")
        ax.plot(descent.rate, place, marker, color=colour, markersize=7, clip_on=False)
    ax.set(xscale="log", xlim=(10**_LOW / 2, 10**_HIGH * 2), ylim=(0, _TOP))
    ax.set(xlabel="learning rate", ylabel="last loss (nats)")
    ax.set_title("all that were tried; X ran away")
