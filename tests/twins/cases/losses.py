"""Twins of scratch.losses in torch.nn.functional."""

import torch
from hypothesis import strategies as st
from torch.nn import functional as F

from mmcourse.scratch import losses as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)
REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
SMOOTHING = st.sampled_from([0.0, 0.1, 0.7, 1.0])


def with_constant_weight(function):
    """Class weights as torch takes them: without a gradient."""

    def call(input, target, weight=None, **kwargs):
        return function(input, target, None if weight is None else weight.detach(), **kwargs)

    return call


def logits(draw, tensor):
    """[class], [batch, class] or [batch, class, ...], small or large."""
    classes, batch = draw(SIZES), draw(st.lists(SIZES, max_size=3))
    scale = draw(st.sampled_from([1.0, 1.0, 100.0]))
    return scale * tensor(*batch[:1], classes, *batch[1:])


def numbers_of_classes(draw, tensor, input):
    axis = min(input.ndim - 1, 1)
    classes, shape = input.shape[axis], (*input.shape[:axis], *input.shape[axis + 1 :])
    return (tensor(*shape).abs() * 1e3).long() % classes


def index_options(draw, tensor, input):
    classes = input.shape[min(input.ndim - 1, 1)]
    return {
        "weight": tensor(classes).abs() + 0.1 if draw(st.booleans()) else None,
        "ignore_index": draw(st.sampled_from([-100, 0, -1])),
        "reduction": draw(REDUCTIONS),
    }


def cross_entropy(draw, tensor):
    input = logits(draw, tensor)
    target = numbers_of_classes(draw, tensor, input)
    return Call(input, target, **index_options(draw, tensor, input), label_smoothing=draw(SMOOTHING))


def shares(draw, tensor):
    input = logits(draw, tensor)
    options = index_options(draw, tensor, input) | {"ignore_index": -100, "label_smoothing": draw(SMOOTHING)}
    return Call(input, torch.softmax(tensor(*input.shape), min(input.ndim - 1, 1)), **options)


def nll_loss(draw, tensor):
    input = logits(draw, tensor)
    return Call(input, numbers_of_classes(draw, tensor, input), **index_options(draw, tensor, input))


def mse_loss(draw, tensor):
    shape = draw(st.lists(SIZES, max_size=3))
    return Call(tensor(*shape), tensor(*shape), reduction=draw(REDUCTIONS))


def binary(draw, tensor):
    shape = draw(st.lists(SIZES, min_size=1, max_size=3))
    x = tensor(*shape) * draw(st.sampled_from([1.0, 1.0, 1000.0]))
    x = torch.where(x.abs() < 0.2, torch.zeros_like(x), x)
    options = {name: tensor(shape[-1]).abs() for name in ("weight", "pos_weight") if draw(st.booleans())}
    return Call(x, torch.sigmoid(tensor(*shape)), **options, reduction=draw(REDUCTIONS))


def binary_by(function):
    def call(input, target, weight=None, pos_weight=None, **kwargs):
        weights = [None if value is None else value.detach() for value in (weight, pos_weight)]
        return function(input, target, weight=weights[0], pos_weight=weights[1], **kwargs)

    return call


CROSS = with_constant_weight(ours.cross_entropy), with_constant_weight(F.cross_entropy)
BINARY = [binary_by(module.binary_cross_entropy_with_logits) for module in (ours, F)]
TWINS = [
    Twin("cross_entropy", *CROSS, cross_entropy),
    Twin("cross_entropy, shares of classes", *CROSS, shares),
    Twin("nll_loss", with_constant_weight(ours.nll_loss), with_constant_weight(F.nll_loss), nll_loss),
    Twin("mse_loss", ours.mse_loss, F.mse_loss, mse_loss),
    Twin("binary_cross_entropy_with_logits", *BINARY, binary),
]
