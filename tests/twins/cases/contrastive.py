"""Twins of scratch.contrastive in torch and mmcourse.modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call
from torch.nn import functional as F

from mmcourse.modules import contrastive as theirs
from mmcourse.scratch import contrastive as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 6)


def vectors(draw, tensor):
    shape = draw(st.lists(SIZES, min_size=2, max_size=3))
    x = tensor(*shape) * draw(st.sampled_from([1.0, 1.0, 100.0]))
    return Call(x, dim=draw(st.integers(-len(shape), len(shape) - 1)))


def long_enough(draw, tensor):
    """No vector so short that its direction is lost in rounding: its gradient grows as 1 / length.

    And none of one number, of which only the sign is left: its gradient is 0 but for rounding.
    """
    rows, features = draw(SIZES), draw(st.integers(2, 6))
    return tensor(rows, features) + torch.eye(rows, features, dtype=torch.float64) * 3 + 1.5


def log_scale(draw, tensor):
    return tensor() * 0.5 + draw(st.sampled_from([0.0, 2.0, 6.0]))  # 6: beyond the largest, log 100


def compared(draw, tensor):
    query = long_enough(draw, tensor)
    return Call(query, tensor(draw(SIZES), query.shape[1]) + 1.5, log_scale(draw, tensor))


def pairs(draw, tensor):
    input = long_enough(draw, tensor)
    target = (tensor(len(input)).abs() * 1e3).long() % 3 if draw(st.booleans()) else None
    return Call(input, tensor(*input.shape) + 1.5, log_scale(draw, tensor), target)


def by_module(input, other, log_scale, target):
    return functional_call(theirs.InfoNCE(), {"log_scale": log_scale}, (input, other, target))


TWINS = [
    Twin("normalize", ours.normalize, F.normalize, vectors),
    Twin("similarities", ours.similarities, theirs.similarities, compared),
    Twin("info_nce", ours.info_nce, by_module, pairs),
]
