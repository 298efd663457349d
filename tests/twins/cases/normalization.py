"""Twins of scratch.normalization in torch.nn.functional."""

from hypothesis import strategies as st
from torch.nn import functional as F

from mmcourse.scratch import normalization as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)


def batch_norm_by(function):
    """Running values share memory with those given and need no gradient, as a module's buffers do."""

    def call(input, running_mean, running_var, *args, **kwargs):
        running = [None if value is None else value.detach() for value in (running_mean, running_var)]
        return function(input, *running, *args, **kwargs)

    return call


def batch(draw, tensor, training):
    channels, rest = draw(SIZES), draw(st.lists(SIZES, max_size=3))
    rows = draw(st.integers(3, 5) if training else SIZES)  # two rows have nothing left once standardised
    affine = [tensor(channels) if draw(st.booleans()) else None for _ in range(2)]
    return tensor(rows, channels, *rest), tensor(channels), tensor(channels).abs() + 0.1, *affine


def training(draw, tensor):
    args = batch(draw, tensor, training=True)
    if draw(st.booleans()):
        args = (args[0], None, None, *args[3:])
    return Call(*args, True, momentum=draw(st.sampled_from([0.1, 0.3, 0.0, 1.0])), eps=draw(EPS))


def evaluating(draw, tensor):
    return Call(*batch(draw, tensor, training=False), training=False, eps=draw(EPS))


def layer_norm(draw, tensor):
    shape = draw(st.lists(SIZES, min_size=1, max_size=2))
    affine = [tensor(*shape) if draw(st.booleans()) else None for _ in range(2)]
    return Call(tensor(*draw(st.lists(SIZES, max_size=2)), *shape), shape, *affine, eps=draw(EPS))


EPS = st.sampled_from([1e-5, 1e-3, 0.5])
OURS, THEIRS = batch_norm_by(ours.batch_norm), batch_norm_by(F.batch_norm)
TWINS = [
    Twin("batch_norm, training", OURS, THEIRS, training, changed=True),
    Twin("batch_norm, evaluating", OURS, THEIRS, evaluating),
    Twin("layer_norm", ours.layer_norm, F.layer_norm, layer_norm, covers=("Standardize",)),
]
