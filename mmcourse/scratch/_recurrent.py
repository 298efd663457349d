"""The frame around every recurrent network: layers, directions, lengths, dropout between layers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ._arguments import need_floating, need_integers, need_share, widen
from ._sequences import need_cell_weights, need_lengths_of
from .layers import dropout, linear
from .summaries import reverse_padded

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")


class Weights(NamedTuple):
    """What one layer holds for one direction."""

    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor | None
    b_hh: Tensor | None
    w_hr: Tensor | None

    @property
    def sizes(self) -> tuple[int, int]:
        """Sizes of the state that is put out, and of an LSTM's memory."""
        hidden = self.w_hh.shape[1]
        return hidden, hidden if self.w_hr is None else self.w_hr.shape[1]


@dataclass(frozen=True)
class Options:
    """What all layers share; gates is how many blocks of rows the weights have: 1, 3 (GRU) or 4 (LSTM)."""

    gates: int
    batch_first: bool
    lengths: Tensor | None
    dropout: float
    training: bool
    generator: torch.Generator | None


def run_layers(
    layer: Callable[..., tuple[Tensor, tuple[Tensor, ...]]],
    parameters: Mapping[str, Tensor],
    input: Tensor,
    hx: tuple[Tensor | None, ...],
    options: Options,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run one layer after the other, each in one direction or in both.

    layer   (x [time, batch, feature], states, weights) -> (output, states): one layer in one direction
    hx      the first states, each [layers · directions, batch, size], or None
    """
    need_share(options.dropout, "dropout")
    stack = _stack(parameters, options.gates)
    x = _time_first(input, stack, options.batch_first)
    firsts = _first_states(hx, x, input.ndim == 2, stack)
    if options.lengths is not None:
        need_integers(options.lengths, "lengths")
        need_lengths_of(x.shape[1], x.shape[0], options.lengths)
        x = x.masked_fill(padding(x, options.lengths), 0)  # even NaN there is gone, and its gradient is 0
    lasts: list[tuple[Tensor, ...]] = []
    with torch.autocast(x.device.type, enabled=False):  # products in half precision would not fit the buffers
        for number, directions in enumerate(stack):
            outputs = []
            for backwards, weights in enumerate(directions):
                states = tuple(first[len(lasts)] for first in firsts)
                output, states = layer(_turned(x, options.lengths) if backwards else x, states, weights)
                outputs.append(_turned(output, options.lengths) if backwards else output)
                lasts.append(states)
            x = torch.cat(outputs, dim=-1)
            if options.training and number < len(stack) - 1:
                x = _dropout(x, options)
    h_n = tuple(torch.stack(each).to(input.dtype) for each in zip(*lasts, strict=True))
    if input.ndim == 2:
        return x.squeeze(1).to(input.dtype), tuple(each.squeeze(1) for each in h_n)
    return (x.transpose(0, 1) if options.batch_first else x).to(input.dtype), h_n


def input_share(x: Tensor, w: Weights) -> Tensor:
    """Give W_ih x + b_ih + b_hh for every frame at once."""
    return linear(x, w.w_ih, None if w.b_ih is None else w.b_ih + w.b_hh)


def up_to_ends(sequences: tuple[Tensor, ...], lengths: Tensor | None) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Give the output with 0 after each clip's end, and every state at its clip's last frame.

    The layer has run on through padding, which changes nothing: no state sees a frame after its own.

    sequences  states of every frame, each [time, batch, size]; the first is the output
    """
    if lengths is None:
        return sequences[0], tuple(states[-1] for states in sequences)
    rows = torch.arange(len(lengths), device=lengths.device)
    output = sequences[0].masked_fill(padding(sequences[0], lengths), 0)
    return output, tuple(states[lengths.long() - 1, rows] for states in sequences)


def padding(x: Tensor, lengths: Tensor) -> Tensor:
    """True where [time, batch, …] has gone beyond the end of a clip: [time, batch, 1]."""
    return (torch.arange(len(x), device=x.device)[:, None] >= lengths)[..., None]


def _stack(parameters: Mapping[str, Tensor], gates: int) -> list[list[Weights]]:
    """Sort a state_dict's tensors into layers and directions, and see that each cell's weights fit."""
    directions = ("", "_reverse") if "weight_ih_l0_reverse" in parameters else ("",)
    stack: list[list[Weights]] = []
    known: set[str] = set()
    while f"weight_ih_l{len(stack)}" in parameters:
        names = [[f"{name}_l{len(stack)}{way}" for name in NAMES] for way in directions]
        stack.append([Weights(*(_wide(parameters.get(name)) for name in each)) for each in names])
        known |= {name for each in names for name in each}
    cells = [cell for layer in stack for cell in layer]
    if not cells or set(parameters) - known or any(w.w_ih is None or w.w_hh is None for w in cells):
        raise ValueError(
            "parameters must have the names that torch gives them, weight_ih_l0, weight_hh_l0 and so on, "
            f"got {sorted(parameters)}. Take a part of a larger network with parameters.part."
        )
    for cell in cells:
        need_cell_weights(*cell[:4], gates=gates, w_hr=cell.w_hr)
    return stack


def _wide(weight: Tensor | None) -> Tensor | None:
    return None if weight is None else widen(weight)


def _time_first(input: Tensor, stack: list[list[Weights]], batch_first: bool) -> Tensor:
    """Give the input as [time, batch, feature], and see that it fits the first layer."""
    need_floating(input, "input")
    w_ih = stack[0][0].w_ih
    order = "[batch, time, feature]" if batch_first else "[time, batch, feature]"
    if input.ndim not in (2, 3) or input.shape[-1] != w_ih.shape[1]:
        raise ValueError(
            f"input must be {order}, or one clip's [time, feature], with the {w_ih.shape[1]} features of "
            f"weight_ih_l0 {list(w_ih.shape)}, got {list(input.shape)}."
        )
    if widen(input).dtype != w_ih.dtype:
        raise TypeError(
            f"input is {input.dtype}, the parameters are {w_ih.dtype}: use input.to(…) for one of them."
        )
    x = input[:, None] if input.ndim == 2 else input.transpose(0, 1) if batch_first else input
    if len(x) == 0:
        raise ValueError(f"input needs at least one frame, got {list(input.shape)} as {order}.")
    return widen(x)


def _first_states(
    hx: tuple[Tensor | None, ...], x: Tensor, one_clip: bool, stack: list[list[Weights]]
) -> list[Tensor]:
    """Give the first states as [layers · directions, batch, size] each: zeros where None was given."""
    cells = [cell for layer in stack for cell in layer]
    found = []
    for name, given, size in zip(("h_0", "c_0"), hx, cells[0].sizes, strict=False):
        wanted = (len(cells), x.shape[1], size)
        if given is None:
            found.append(x.new_zeros(wanted))
            continue
        need_floating(given, name)
        shape = (len(cells), size) if one_clip else wanted
        if given.shape != shape:
            raise ValueError(
                f"{name} must be {list(shape)}, which is [layers · directions, "
                f"{'' if one_clip else 'batch, '}hidden] also where batch_first; got {list(given.shape)}."
            )
        found.append(widen(given).reshape(wanted))
    return found


def _turned(x: Tensor, lengths: Tensor | None) -> Tensor:
    """Turn [time, batch, feature] round in time, each clip within its own length."""
    if lengths is None:
        return x.flip(0)
    return reverse_padded(x.transpose(0, 1), lengths).transpose(0, 1)


def _dropout(x: Tensor, options: Options) -> Tensor:
    """Drop numbers of [time, batch, feature] between two layers, drawn in the order in which torch draws.

    Torch draws for valid frames only: frame by frame, and in each frame the longest clip first.
    """
    if options.lengths is None:
        return dropout(x, options.dropout, generator=options.generator)
    order = options.lengths.argsort(descending=True, stable=True)
    time, place = (~padding(x, options.lengths[order])).squeeze(-1).nonzero(as_tuple=True)
    frames = (time, order[place])
    kept = dropout(x[frames], options.dropout, generator=options.generator)
    return torch.zeros_like(x).index_put(frames, kept)
