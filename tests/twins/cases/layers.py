"""Twins of scratch.layers in torch.nn.functional."""

from hypothesis import strategies as st
from torch.nn import functional as F

from mmcourse.scratch import layers as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)


def linear(draw, tensor):
    batch, features, out = draw(st.lists(SIZES, max_size=3)), draw(SIZES), draw(SIZES)
    bias = tensor(out) if draw(st.booleans()) else None
    return Call(tensor(*batch, features), tensor(out, features), bias)


def one_sum(draw, tensor):
    features = draw(SIZES)
    return Call(tensor(*draw(st.lists(SIZES, max_size=3)), features), tensor(features))


def dropout(draw, tensor):
    """What is random is tried in test_layers.py: devices draw different numbers from one seed."""
    p, training = draw(st.sampled_from([(0.5, False), (0.0, True), (1.0, True), (1.0, False)]))
    return Call(tensor(*draw(st.lists(SIZES, min_size=1, max_size=3))), p, training)


def embedding(draw, tensor):
    rows = draw(SIZES)
    shape = draw(st.lists(SIZES, max_size=3))
    numbers = (tensor(*shape).abs() * 1e3).long() % rows
    return Call(numbers, tensor(rows, draw(SIZES)))


def padded(draw, tensor):
    call = embedding(draw, tensor)
    rows = len(call.args[1])
    call.kwargs["padding_idx"] = draw(st.integers(-rows, rows - 1))
    return call


TWINS = [
    Twin("linear", ours.linear, F.linear, linear),
    Twin("linear, one sum", ours.linear, F.linear, one_sum),
    Twin("dropout", ours.dropout, F.dropout, dropout),
    Twin("embedding", ours.embedding, F.embedding, embedding),
    Twin("embedding, with padding", ours.embedding, F.embedding, padded),
]
