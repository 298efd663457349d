"""Twins of scratch.positions: modules, and formulas written another way."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules.positions import LearnedPositions, RotaryPositions, SinusoidalPositions
from mmcourse.scratch import positions as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 6)


def frames(draw, tensor):
    shape = draw(st.lists(st.integers(1, 3), max_size=2))
    return tensor(*shape, draw(SIZES), draw(SIZES))


def waves_module(x):
    return SinusoidalPositions(x.shape[-1])(x)


def waves_added(x):
    return x + ours.sinusoidal(*x.shape[-2:], dtype=x.dtype, device=x.device)


def waves_by_formula(time, features, base):
    table = torch.zeros(time, features, dtype=torch.float64)
    for t in range(time):
        for column in range(features):
            angle = torch.tensor(t / base ** ((column - column % 2) / features), dtype=torch.float64)
            table[t, column] = angle.cos() if column % 2 else angle.sin()
    return table


def learned(draw, tensor):
    x = frames(draw, tensor)
    return Call(x, tensor(x.shape[-2] + draw(st.integers(0, 3)), x.shape[-1]))


def learned_module(x, weight):
    module = LearnedPositions(weight.shape[1], weight.shape[0])
    return functional_call(module, {"weight": weight}, (x,))


def pairs(draw, tensor):
    shape = draw(st.lists(st.integers(1, 3), max_size=2))
    x = tensor(*shape, draw(SIZES), 2 * draw(st.integers(1, 3)))
    positions = draw(st.sampled_from([None, torch.arange(x.shape[-2]) * 3 - 4, torch.full((1,), 500)]))
    return Call(x, positions, *draw(st.sampled_from([(), (100.0,)])))


def rotary_module(x, positions, base=10_000.0):
    return RotaryPositions(base)(x, positions)


def rotary_by_matrices(x, positions, base=10_000.0):
    """Equation 15 of the paper: a block of cosines and sines for each pair, multiplied with x."""
    positions = torch.arange(x.shape[-2]) if positions is None else positions.expand(x.shape[-2])
    matrices = []
    for t in positions.tolist():
        blocks = []
        for i in range(x.shape[-1] // 2):
            angle = torch.tensor(t * base ** (-2 * i / x.shape[-1]), dtype=torch.float64)
            cos, sin = angle.cos(), angle.sin()
            blocks.append(torch.stack([torch.stack([cos, -sin]), torch.stack([sin, cos])]))
        matrices.append(torch.block_diag(*blocks))
    return torch.einsum("tij, ...tj -> ...ti", torch.stack(matrices).to(x), x)


TWINS = [
    Twin("sinusoidal", waves_added, waves_module, lambda draw, tensor: Call(frames(draw, tensor))),
    Twin(
        "sinusoidal, by its formula",
        lambda *args: ours.sinusoidal(*args, dtype=torch.float64),
        waves_by_formula,
        lambda draw, tensor: Call(draw(SIZES), draw(SIZES), draw(st.sampled_from([10_000.0, 7.0]))),
        gradients=False,
        half=False,
    ),
    Twin("add_learned", ours.add_learned, learned_module, learned),
    Twin("rotary", ours.rotary, rotary_module, pairs),
    Twin("rotary, by matrices", ours.rotary, rotary_by_matrices, pairs),
]
