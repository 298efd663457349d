"""Twins of scratch.cca in mmcourse.modules; tests/colearning/test_cca.py compares with scikit-learn."""

from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules import cca as theirs
from mmcourse.scratch import cca as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 4)


def correlated(draw, tensor):
    """Two senses that share what they vary by, more rows than numbers."""
    features, other, shared = draw(SIZES), draw(SIZES), tensor(30, 4)
    return (
        shared @ tensor(4, features) + 0.5 * tensor(30, features),
        shared @ tensor(4, other) + 0.5 * tensor(30, other),
    )


def whole(draw, tensor):
    input, other = correlated(draw, tensor)
    components = draw(st.integers(1, min(input.shape[1], other.shape[1])))
    return Call(input, other, components, draw(st.sampled_from([0.0, 0.1])))


def by_module(input, other, components, regularisation):
    found = theirs.CCA((input.shape[1], other.shape[1]), components, regularisation).fit(input, other)
    return dict(found.state_dict())


def projected(draw, tensor):
    input, other = correlated(draw, tensor)
    components = draw(SIZES)
    parameters = {
        "input_mean": tensor(input.shape[1]),
        "input_weight": tensor(input.shape[1], components),
        "other_mean": tensor(other.shape[1]),
        "other_weight": tensor(other.shape[1], components),
    }
    return Call(parameters, input, other)


def module(parameters, input, other):
    whole = theirs.CCA((input.shape[1], other.shape[1]), 1)
    return functional_call(whole, parameters, (input, other))


def loss(draw, tensor):
    input, other = correlated(draw, tensor)
    components = draw(st.one_of(st.none(), st.integers(1, min(input.shape[1], other.shape[1]))))
    return Call(input, other, components, draw(st.sampled_from([1e-3, 0.1])))


def by_cholesky(input, other, components, regularisation):
    return theirs.DeepCCALoss(components, regularisation)(input, other)


TWINS = [
    Twin("cca", ours.cca, by_module, whole, gradients=False),
    Twin("canonical", ours.canonical, module, projected),
    Twin("deep_cca_loss", ours.deep_cca_loss, by_cholesky, loss, covers=("Correlation",)),
]
