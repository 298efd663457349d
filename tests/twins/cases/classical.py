"""Twins of scratch's classical methods in scikit-learn; tests/classical compares what is learnt."""

import torch
from hypothesis import strategies as st
from sklearn.metrics import pairwise as pairs
from sklearn.neighbors import KNeighborsClassifier
from torch.nn import functional as F

from mmcourse.scratch import kernel_svm, logistic, neighbours, svm
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
    # Its brute force finds a row that is there itself some 1e-8 away, on some processors; its tree finds 0.
    known = KNeighborsClassifier(k, algorithm="kd_tree", weights=weights)
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


def margins(draw, tensor):
    classes, batch = draw(SIZES), draw(st.lists(SIZES, max_size=1))
    target = (tensor(*batch).abs() * 1e3).long() % classes
    options = {"p": draw(st.sampled_from([1, 2])), "margin": draw(st.sampled_from([1.0, 0.3]))}
    weight = tensor(classes).abs() if draw(st.booleans()) else None
    reduction = draw(st.sampled_from(["mean", "sum", "none"]))
    return Call(2 * tensor(*batch, classes), target, **options, weight=weight, reduction=reduction)


def with_constant_weight(function):
    def call(input, target, weight=None, **kwargs):
        return function(input, target, weight=None if weight is None else weight.detach(), **kwargs)

    return call


def hinges(draw, tensor):
    batch, classes = draw(SIZES), draw(SIZES)
    target = (tensor(batch).abs() * 1e3).long() % classes
    return Call(2 * tensor(batch, classes), target, draw(st.sampled_from(["mean", "sum", "none"])))


def hinge_by_relu(input, target, reduction):
    answers = 2 * F.one_hot(target, input.shape[1]) - 1
    loss = F.relu(1 - answers * input).sum(1)
    return loss if reduction == "none" else getattr(loss, reduction)()


def kernels(*options):
    def example(draw, tensor):
        x, other = rows(draw, tensor)
        return Call(torch.cat([x, tensor(1, x.shape[1])]), other, **dict.fromkeys(options, 0.5))

    return example


def pairwise(kernel):
    """A kernel of scikit-learn, in double precision."""

    def call(x, other, **options):
        return torch.from_numpy(kernel(x.double().numpy(), other.double().numpy(), **options)).to(x.dtype)

    return call


def machine(draw, tensor):
    features = draw(SIZES)
    parameters = {"support_vectors": tensor(4, features), "coefficients": tensor(3, 4), "bias": tensor(3)}
    return Call(parameters, tensor(draw(SIZES), features), kernel_svm.linear_kernel)


def machine_by_sums(parameters, x, kernel):
    products = (x[:, None] * parameters["support_vectors"]).sum(-1)
    return (parameters["coefficients"] * products[:, None]).sum(-1) + parameters["bias"]


WITHOUT = {"gradients": False, "half": False}  # the other side is numpy's
MARGINS = with_constant_weight(svm.multi_margin_loss), with_constant_weight(F.multi_margin_loss)
TWINS = [
    Twin("multi_margin_loss", *MARGINS, margins),
    Twin("one_vs_rest_hinge_loss", svm.one_vs_rest_hinge_loss, hinge_by_relu, hinges),
    Twin("linear_kernel", kernel_svm.linear_kernel, pairwise(pairs.linear_kernel), kernels(), **WITHOUT),
    Twin(
        "polynomial_kernel",
        kernel_svm.polynomial_kernel,
        pairwise(pairs.polynomial_kernel),
        kernels("gamma", "coef0"),
        **WITHOUT,
    ),
    Twin("rbf_kernel", kernel_svm.rbf_kernel, pairwise(pairs.rbf_kernel), kernels("gamma"), **WITHOUT),
    Twin("kernel_svm_scores", kernel_svm.kernel_svm_scores, machine_by_sums, machine),
    Twin(
        "signs",
        svm.signs,
        lambda y, classes: 2.0 * F.one_hot(y, classes).double() - 1,
        lambda draw, tensor: Call((tensor(draw(SIZES)).abs() * 1e3).long() % 4, 4),
        **WITHOUT,
    ),
    Twin("linear_scores", logistic.linear_scores, linear_layer, linear),
    Twin("squared_distances", neighbours.squared_distances, by_differences, squared_distances),
    Twin("k_nearest", neighbours.k_nearest, by_sorting, k_nearest, **WITHOUT),
    Twin(
        "knn_scores",
        neighbours.knn_scores,
        neighbours_of_sklearn,
        neighbours_vote,
        **WITHOUT,
    ),
    Twin(
        "knn_classify",
        neighbours.knn_classify,
        neighbours_classify,
        neighbours_vote,
        **WITHOUT,
    ),
]
# What is learnt is compared with what scikit-learn learns from the same rows, to what an iteration promises.
ELSEWHERE = {
    "fit_logistic": "tests/classical/test_logistic.py",
    "fit_linear_svm": "tests/classical/test_linear_svm.py",
    **dict.fromkeys(
        [
            *("gini", "entropy", "best_split", "fit_tree", "tree_leaves", "tree_scores"),
            *("fit_forest", "forest_scores"),
        ],
        "tests/classical/test_trees.py",
    ),
    **dict.fromkeys(["fit_kernel_svm", "scale_gamma", "solve_dual"], "tests/classical/test_kernel_svm.py"),
    "lbfgs": "tests/classical/test_logistic.py",
}
