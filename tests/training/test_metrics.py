"""Metrics: equal to scikit-learn over all examples at once, however these come in batches or processes."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics
from sklearn.calibration import calibration_curve
from torch.nn.functional import cross_entropy

from mmcourse import metrics
from mmcourse.metrics import F1, Accuracy, CalibrationError, Confusion, MeanLoss, TopK

CLASSES = 5
ALL = {
    "accuracy": Accuracy(),
    "top 3": TopK(3),
    "loss": MeanLoss(cross_entropy),
    "confusion": Confusion(CLASSES),
    "f1 macro": F1(CLASSES),
    "f1 micro": F1(CLASSES, "micro"),
    "f1 weighted": F1(CLASSES, "weighted"),
    "f1 by class": F1(CLASSES, None),
    "calibration": CalibrationError(bins=7),
}
every_metric = pytest.mark.parametrize("metric", [m.fresh() for m in ALL.values()], ids=list(ALL))


def examples(count=61, seed=0, true_classes=CLASSES, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(true_classes, (count,), generator=generator)
    logits = torch.randn(count, CLASSES, generator=generator)
    logits[torch.arange(count), labels] += 1
    return logits.to(dtype), labels


def reference(name, logits, labels):
    """The same by scikit-learn and torch, over all examples at once."""
    logits64 = logits.double()
    called, every = logits64.argmax(1).numpy(), range(CLASSES)
    if name == "accuracy":
        return sklearn_metrics.accuracy_score(labels, called)
    if name == "top 3":
        return sklearn_metrics.top_k_accuracy_score(labels, logits64, k=3, labels=every)
    if name == "loss":
        return sklearn_metrics.log_loss(labels, logits64.softmax(1).numpy(), labels=every)
    if name == "confusion":
        return sklearn_metrics.confusion_matrix(labels, called, labels=every)
    if name == "calibration":
        return reference_calibration(logits64.softmax(1).numpy(), labels.numpy(), bins=7)
    average = name.removeprefix("f1 ")
    average = None if average == "by class" else average
    return sklearn_metrics.f1_score(labels, called, labels=every, average=average, zero_division=0)


def reference_calibration(probs, labels, bins):
    right, confidence = (probs.argmax(1) == labels).astype(int), probs.max(1)
    accuracy, mean = calibration_curve(right, confidence, n_bins=bins)
    edges = np.linspace(0, 1, bins + 1)
    counts = np.bincount(np.searchsorted(edges[1:-1], confidence), minlength=bins)
    return np.sum(counts[counts > 0] / len(labels) * np.abs(accuracy - mean))


@pytest.mark.parametrize("true_classes", [CLASSES, 3, 1])  # the others never are true; some never are called
@pytest.mark.parametrize("name", ALL)
def test_a_metric_over_uneven_batches_is_scikit_learns_over_all(name, true_classes):
    logits, labels = examples(true_classes=true_classes)
    metric = ALL[name].fresh()
    for rows in torch.arange(61).split([1, 29, 30, 1]):
        metric.update(logits[rows], labels[rows])
    np.testing.assert_allclose(metric.value(), reference(name, logits, labels), rtol=1e-6, atol=1e-12)


@given(seed=st.integers(0, 1000), count=st.integers(1, 12), ways=st.integers(2, 5))
def test_f1_is_scikit_learns_where_classes_are_absent(seed, count, ways):
    logits, labels = examples(count, seed)
    logits[:, ways:], labels = -9, labels % ways  # classes from `ways` on are neither true nor called
    for average in ("macro", "weighted", "micro"):
        want = reference(f"f1 {average}", logits, labels)
        assert metrics.f1_score(logits, labels, average) == pytest.approx(want)


@every_metric
def test_processes_add_their_sums(metric):
    logits, labels = examples()
    alone, first, second = metric.fresh(), metric.fresh(), metric.fresh()
    alone.update(logits, labels)
    first.update(logits[:40], labels[:40])
    second.update(logits[40:], labels[40:])
    both = metric.fresh()
    both.load(first.state() + second.state())
    np.testing.assert_allclose(both.value(), alone.value(), rtol=1e-6, atol=1e-12)
    assert first.state().dtype == torch.float64


@every_metric
def test_a_state_is_a_copy_and_reset_forgets(metric):
    metric = metric.fresh()
    metric.update(*examples(9))
    before, state = metric.value(), metric.state()
    state += 1
    other = metric.fresh()
    other.load(state)
    other.update(*examples(9, seed=1))
    np.testing.assert_array_equal(metric.value(), before)
    assert torch.equal(state, metric.state() + 1)  # the sums went on, the state that was given did not
    metric.reset()
    with pytest.raises(ValueError, match=f"{type(metric).__name__} has seen no examples: call update first"):
        metric.value()


@every_metric
def test_half_precision_and_gradients_come_in_and_inputs_stay(metric):
    logits, labels = examples(dtype=torch.bfloat16)
    kept, metric = logits.clone(), metric.fresh()
    metric.update(logits.requires_grad_(), labels)
    assert torch.equal(logits, kept)
    assert not metric.state().requires_grad
    want = metric.fresh()
    want.update(kept.double(), labels)
    np.testing.assert_allclose(metric.value(), want.value(), rtol=1e-2)


def test_functions_are_the_metrics_of_all_examples():
    logits, labels = examples()
    assert metrics.accuracy(logits, labels) == pytest.approx(reference("accuracy", logits, labels))
    assert metrics.top_k_accuracy(logits, labels, 3) == pytest.approx(reference("top 3", logits, labels))
    assert metrics.calibration_error(logits, labels, 7) == pytest.approx(
        reference("calibration", logits, labels)
    )
    np.testing.assert_array_equal(
        metrics.confusion_matrix(logits, labels), reference("confusion", logits, labels)
    )
    assert metrics.confusion_matrix(logits, labels).dtype == torch.int64
    assert metrics.f1_score(logits, labels, None).shape == (CLASSES,)


def test_of_equal_scores_the_first_counts_as_highest():
    scores, labels = torch.zeros(4, 4), torch.arange(4)
    assert metrics.accuracy(scores, labels) == 1 / 4
    assert [metrics.top_k_accuracy(scores, labels, k) for k in (1, 2, 4)] == [1 / 4, 2 / 4, 1]
    assert metrics.confusion_matrix(scores, labels)[:, 0].tolist() == [1, 1, 1, 1]


def test_calibration_by_hand():
    probs = torch.tensor([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.5, 0.5]])
    labels = torch.tensor([0, 1, 1, 0])  # sure 0.9 and half right; 0.6 and right; 0.5 and right
    error = metrics.calibration_error(probs.log(), labels, bins=10)
    assert error == pytest.approx((2 * 0.4 + 0.4 + 0.5) / 4)
    assert metrics.calibration_error(1e4 * torch.eye(3), torch.arange(3)) == 0


def test_an_upper_edge_belongs_to_its_bin():
    logits = torch.tensor([[0.0, 0.0], [math.log(3.0), 0.0]])  # sure 0.5 and right, sure 0.75 and wrong
    assert metrics.calibration_error(logits, torch.tensor([0, 1]), bins=2) == pytest.approx((0.5 + 0.75) / 2)


def test_probabilities_of_exactly_one_have_a_bin():
    error = metrics.calibration_error(
        torch.tensor([[0.0, -math.inf], [0.0, -math.inf]]), torch.tensor([0, 1])
    )
    assert error == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TopK(0), "k must be at least 1, got 0"),
        (lambda: TopK(6).update(*examples(3)), "k must be at most the number of classes, 5, got 6"),
        (lambda: Confusion(0), "classes must be at least 1, got 0"),
        (lambda: F1(3).update(*examples(4)), r"F1\(3\) needs logits \[batch, 3\], got \[4, 5\]"),
        (lambda: F1(3, "mean"), "average must be one of 'macro', 'micro', 'weighted', None, got 'mean'"),
        (lambda: CalibrationError(0), "bins must be at least 1, got 0"),
        (lambda: F1(3).load(torch.zeros(4)), r"F1 keeps 9 sums, got a state of shape \[4\]: it comes from"),
    ],
)
def test_options_that_do_not_fit_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("scores", "labels", "words"),
    [
        (
            torch.zeros(3),
            torch.tensor([0]),
            r"scores \[example, class\] and labels \[example\], got \[3\]",
        ),
        (torch.zeros(2, 3), torch.zeros(2, 1).long(), r"labels \[example\], got \[2, 3\] and \[2, 1\]"),
        (torch.zeros(2, 3), torch.tensor([0]), "one label an example, got 2 examples and 1 labels"),
        (torch.zeros(0, 3), torch.zeros(0).long(), "one label an example, got 0 examples"),
        (
            torch.zeros(2, 3),
            torch.tensor([1, 3]),
            r"labels must lie in 0\.\.2 for 3 classes, got 1\.\.3: is",
        ),
        (torch.zeros(2, 3), torch.tensor([-1, 0]), r"got -1\.\.0"),
        (
            torch.tensor([[0, math.nan], [1, 2]]),
            torch.tensor([0, 1]),
            "scores of 1 of 2 examples hold NaN",
        ),
        (torch.full((1, 2), math.inf), torch.tensor([0]), "scores of 1 of 1 examples hold NaN or ∞"),
    ],
)
@every_metric
def test_what_names_no_class_is_refused_and_not_counted(metric, scores, labels, words):
    metric = metric.fresh()
    with pytest.raises(ValueError, match=words):
        metric.update(scores, labels)
    assert not metric.state().any()
