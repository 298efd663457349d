"""Twins of scratch.activations in torch.nn.functional and torch."""

import torch
from hypothesis import strategies as st
from torch.nn import functional as F

from mmcourse.scratch import activations as ours
from tests.twins.harness import Call, Twin

SHAPES = st.lists(st.integers(1, 5), max_size=4)
# Standard normal numbers, and ones so large that exp of them, or their cube, overflows.
SCALES = st.sampled_from([1.0, 1.0, 30.0, 1000.0])


def numbers(draw, tensor, shape=None):
    """Random numbers with some exact zeros, where slopes jump."""
    x = tensor(*(draw(SHAPES) if shape is None else shape)) * draw(SCALES)
    return torch.where(x.abs() < 0.2, torch.zeros_like(x), x)


def plain(draw, tensor):
    return Call(numbers(draw, tensor))


def leaky(draw, tensor):
    return Call(numbers(draw, tensor), draw(st.sampled_from([0.01, 0.2, 0.0, 1.5, -0.5])))


def gelu(draw, tensor):
    return Call(numbers(draw, tensor), approximate=draw(st.sampled_from(["none", "tanh"])))


def along(draw, tensor):
    x = numbers(draw, tensor)
    return Call(x, draw(st.integers(-max(x.ndim, 1), max(x.ndim, 1) - 1)))


def in_double(draw, tensor):
    call = along(draw, tensor)
    call.kwargs["dtype"] = torch.float64
    return call


def masked(draw, tensor):
    """Some logits are -∞, at least one a row is not."""
    x = numbers(draw, tensor, draw(st.lists(st.integers(1, 5), min_size=2, max_size=2)))
    x[:, 1:] = x[:, 1:].masked_fill(x[:, 1:] < 0, float("-inf"))
    return Call(x, 1)


def over_axes(draw, tensor):
    """Not of a thousand: torch's backward, exp(x - result), has lost four digits of float32 there."""
    x = tensor(*draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))) * draw(
        st.sampled_from([1.0, 30.0])
    )
    dim = draw(st.one_of(st.integers(-x.ndim, x.ndim - 1), st.just(tuple(range(x.ndim))), st.just((-1,))))
    return Call(x, dim, keepdim=draw(st.booleans()))


TWINS = [
    Twin("relu", ours.relu, F.relu, plain, covers=("CutOff",)),
    Twin("leaky_relu", ours.leaky_relu, F.leaky_relu, leaky),
    Twin("gelu", ours.gelu, F.gelu, gelu),
    Twin("sigmoid", ours.sigmoid, torch.sigmoid, plain),
    Twin("tanh", ours.tanh, torch.tanh, plain),
    Twin("softmax", ours.softmax, F.softmax, along),
    Twin("softmax, with -∞", ours.softmax, F.softmax, masked),
    Twin("softmax, in double precision", ours.softmax, F.softmax, in_double, half=False),
    Twin("log_softmax", ours.log_softmax, F.log_softmax, along),
    Twin("log_softmax, in double precision", ours.log_softmax, F.log_softmax, in_double, half=False),
    Twin("logsumexp", ours.logsumexp, torch.logsumexp, over_axes),
]
