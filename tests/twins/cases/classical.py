"""Twins of scratch's classical methods in scikit-learn; tests/classical compares what is learnt."""

import torch
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier
from torch.nn import functional as F

from mmcourse.scratch import logistic, neighbours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)


def rows(draw, tensor):
    features = draw(SIZES)
    return tensor(draw(st.integers(0, 5)), features), tensor(draw(st.integers(1, 40)), features)


def squared_distances(draw, tensor):
    x, reference = rows(draw, tensor)
    return Call(x, reference)


def by_differences(x, reference):
    return (x[:, None] - reference).square().sum(-1)


def k_nearest(draw, tensor):
    x, reference = rows(draw, tensor)
    return Call(x, reference, draw(st.integers(1, len(reference))), chunk=draw(st.sampled_from([1, 7, 100])))


def by_sorting(x, reference, k, chunk):
    distances, indices = by_differences(x.double(), reference.double()).sqrt().sort(dim=1, stable=True)
    return distances[:, :k].to(x.dtype), indices[:, :k]


def neighbours_vote(draw, tensor):
    x, reference = rows(draw, tensor)
    x = torch.cat([x, reference[:2]])  # of a neighbour in the same place, too
    labels = (tensor(len(reference)).abs() * 1e3).long() % 4
    k = draw(st.integers(1, len(reference)))
    return Call(x, reference, labels, k, classes=4, weights=draw(st.sampled_from(neighbours.WEIGHTS)))


def neighbours_of_sklearn(x, reference, labels, k, *, classes, weights):
    known = KNeighborsClassifier(k, algorithm="brute", weights=weights, metric="minkowski")
    known.fit(reference.double().numpy(), labels.numpy())
    scores = torch.zeros(len(x), classes, dtype=x.dtype)
    if len(x):
        scores[:, known.classes_] = torch.from_numpy(known.predict_proba(x.double().numpy())).to(x.dtype)
    return scores


def neighbours_classify(*args, **kwargs):
    return neighbours_of_sklearn(*args, **kwargs).argmax(1)


def linear(draw, tensor):
    features, classes = draw(SIZES), draw(SIZES)
    parameters = {"weight": tensor(classes, features), "bias": tensor(classes)}
    return Call(parameters, tensor(draw(SIZES), features))


def linear_layer(parameters, x):
    return F.linear(x, parameters["weight"], parameters["bias"])


TWINS = [
    Twin("linear_scores", logistic.linear_scores, linear_layer, linear),
    Twin("squared_distances", neighbours.squared_distances, by_differences, squared_distances),
    Twin("k_nearest", neighbours.k_nearest, by_sorting, k_nearest, gradients=False, half=False),
    Twin(
        "knn_scores",
        neighbours.knn_scores,
        neighbours_of_sklearn,
        neighbours_vote,
        gradients=False,
        half=False,
    ),
    Twin(
        "knn_classify",
        neighbours.knn_classify,
        neighbours_classify,
        neighbours_vote,
        gradients=False,
        half=False,
    ),
]
# What is learnt is compared with what scikit-learn learns from the same rows, to what an iteration promises.
ELSEWHERE = {
    "fit_logistic": "tests/classical/test_logistic.py",
    "lbfgs": "tests/classical/test_logistic.py",
}
