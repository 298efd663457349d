"""The adapter: classical methods answer as networks do, on a scale of the training rows alone."""
# ruff: noqa: E501 (a table: one row, one line)

import copy
import pickle

import numpy as np
import pytest
import torch
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from mmcourse import features
from mmcourse.classical import (
    Forest,
    KernelSVM,
    LinearSVM,
    Logistic,
    Neighbours,
    Tree,
    fit_classical,
    hog_of,
    mfcc_of,
    pixels,
    pooled_log_mel,
    represent,
)
from mmcourse.errors import CourseError
from mmcourse.evaluation import accuracy, predict
from tests.classical.rows import clouds, share

OWN = [
    Neighbours(), Logistic(), LinearSVM(epochs=20), KernelSVM(), Tree(), Tree(seed=0), Forest(trees=10),
]  # fmt: skip
THEIRS = [
    KNeighborsClassifier(),
    LogisticRegression(),
    LinearSVC(),
    SVC(),
    RandomForestClassifier(10, random_state=0),
    make_pipeline(StandardScaler(), SVC()),
]


def table(rows: int = 120, classes: int = 3, seed: int = 0, spread: float = 1.0) -> dict:
    """Features of both senses, on different scales."""
    image, label = clouds(rows, 5, classes, seed=seed, spread=spread)
    speech, _ = clouds(rows, 4, classes, seed=seed + 50, spread=spread)
    return {"image": 100 * image + 1000, "speech": speech, "label": label}


def halves(whole: dict) -> list[dict]:
    """Two batches; the second of a small table is empty."""
    return [{name: value[part] for name, value in whole.items()} for part in (slice(0, 70), slice(70, None))]


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("estimator", [*OWN, *THEIRS], ids=lambda value: type(value).__name__)
def test_every_classifier_is_evaluated_like_a_network(estimator, classes):
    model = fit_classical(estimator, halves(table(classes=classes)))
    asked = table(60, classes, seed=7)
    log_probs, labels = predict(model, halves(asked))
    assert torch.equal(labels, asked["label"])
    assert log_probs.shape == (60, classes)
    torch.testing.assert_close(log_probs.exp().sum(1), torch.ones(60))
    assert accuracy(log_probs, labels) > 0.8
    rows = model.rows(asked).numpy()
    assert log_probs.argmax(1).tolist() == model.estimator.predict(rows).tolist()
    assert not hasattr(estimator, "classes_"), "the estimator that was given stays as it was"


@pytest.mark.parametrize("estimator", OWN, ids=lambda value: type(value).__name__)
def test_ours_fit_into_pipelines_of_scikit_learn(estimator):
    x, y = clouds(90, 5, 3)
    names = y.numpy() * 10 + 5  # any class numbers
    pipeline = make_pipeline(StandardScaler(), estimator).fit(x.numpy(), names)
    assert set(pipeline.predict(x.numpy())) <= {5, 15, 25}
    assert pipeline.score(x.numpy(), names) > 0.8
    assert copy.deepcopy(pipeline).predict(x.numpy()).tolist() == pipeline.predict(x.numpy()).tolist()


def test_the_scale_is_that_of_the_training_rows_alone():
    train, other = table(), table(seed=3)
    model = fit_classical(Neighbours(), [train])
    rows = model.rows(train)
    torch.testing.assert_close(rows.mean(0), torch.zeros(9), atol=1e-4, rtol=0)
    torch.testing.assert_close(rows.std(0, correction=0), torch.ones(9), atol=1e-4, rtol=0)
    shifted = {**other, "image": other["image"] + 500}
    torch.testing.assert_close(
        model.rows(shifted)[:, :5] - model.rows(other)[:, :5],
        (500 / train["image"].std(0, correction=0)).expand(120, -1),
        rtol=1e-3,
        atol=1e-3,
    )
    plain = fit_classical(Neighbours(), [train], scale=False)
    assert torch.equal(plain.rows(other), torch.cat([other["image"], other["speech"]], 1))


def test_scaling_changes_neighbours_and_kernel_machines_and_not_the_forest():
    train, asked = table(spread=2.0), table(seed=3, spread=2.0)
    answers = {}
    for estimator in (Neighbours(), KernelSVM(), Forest(trees=5)):
        for scale in (True, False):
            model = fit_classical(estimator, [train], scale=scale)
            answers[type(estimator).__name__, scale] = predict(model, [asked])[0].argmax(1)
    assert (answers["Neighbours", True] != answers["Neighbours", False]).sum() > 5
    assert (answers["KernelSVM", True] != answers["KernelSVM", False]).sum() > 5
    assert (answers["Forest", True] == answers["Forest", False]).float().mean() > 0.98  # but for rounding


def test_one_sense_is_learnt_from_alone():
    model = fit_classical(Logistic(), [table()], senses=["speech"])
    asked = table(seed=3)
    wanted = predict(model, [asked])[0]
    assert torch.equal(predict(model, [{**asked, "image": asked["image"] * torch.nan}])[0], wanted)
    assert list(model.mean) == ["speech"]


def test_a_missing_or_muted_sense_counts_as_the_training_mean_and_does_not_leak():
    model = fit_classical(Logistic(), [table()])
    asked = table(40, seed=3)
    present = torch.ones(40, 2, dtype=torch.bool)
    present[:20, 0] = False
    without = {**asked, "image": asked["image"].clone(), "present": present}
    without["image"][:20] = torch.nan
    found = predict(model, [without])[0]
    assert torch.equal(found[20:], predict(model, [asked])[0][20:])
    muted = predict(model, [asked], muted="image")[0]
    assert torch.equal(found[:20], muted[:20])
    assert (model.rows(without)[:20, :5] == 0).all()
    neither = predict(model, [{**without, "present": torch.zeros_like(present)}])[0]
    assert torch.equal(neither, neither[:1].expand(40, -1))
    assert neither.isfinite().all()


def test_training_rows_without_a_sense_do_not_count_for_its_mean():
    train = table()
    present = torch.ones(120, 2, dtype=torch.bool)
    present[::2, 0] = False
    broken = {**train, "image": torch.where(present[:, :1], train["image"], torch.nan), "present": present}
    model = fit_classical(Logistic(), [broken])
    torch.testing.assert_close(model.mean["image"].data, train["image"][1::2].mean(0))


def test_of_several_the_best_on_validation_is_taken():
    train, val = table(spread=2.0), table(seed=3, spread=2.0)
    candidates = [Forest(trees=1, max_depth=1), Logistic(), Logistic()]
    model = fit_classical(candidates, [train], val=[val])
    assert isinstance(model.estimator, Logistic)
    rights = [share(predict(fit_classical(c, [train]), [val])[0].argmax(1), val["label"]) for c in candidates]
    assert share(predict(model, [val])[0].argmax(1), val["label"]) == max(rights)


def test_a_class_without_training_rows_gets_the_floor():
    model = fit_classical(Neighbours(k=1), [table()], classes=5)
    log_probs, _ = predict(model, [table(seed=3)])
    assert log_probs.shape == (120, 5)
    assert log_probs.isfinite().all()
    assert log_probs[:, 3:].exp().max() < 2e-6


def test_features_come_from_pictures_and_recordings():
    generator = torch.Generator().manual_seed(0)
    batch = {
        "image": torch.rand(12, 1, 8, 8, generator=generator),
        "speech": torch.randn(12, 1600, generator=generator),
        "lengths": torch.arange(12) * 50 + 1000,
        "label": torch.arange(12) % 3,
    }
    by = {"speech": mfcc_of(8000, n_mfcc=5), "image": hog_of(cell=2)}
    made = represent([batch, batch], by)
    assert {name: tuple(value.shape) for name, value in made.items()} == {
        "image": (24, 288),
        "speech": (24, 20),
        "label": (24,),
    }
    whole = fit_classical(Neighbours(k=1), [batch], by)
    early = fit_classical(Neighbours(k=1), [represent([batch], by)])
    assert torch.equal(predict(whole, [batch])[0], predict(early, [represent([batch], by)])[0])
    again = pickle.loads(pickle.dumps(whole))
    assert torch.equal(predict(again, [batch])[0], predict(whole, [batch])[0])
    assert torch.equal(represent([batch], {"image": pixels})["image"], batch["image"].flatten(1))


def test_log_mel_of_a_network_gives_the_same_as_its_recording():
    generator = torch.Generator().manual_seed(0)
    speech, lengths = torch.randn(3, 4000, generator=generator), torch.tensor([4000, 3000, 2000])
    speech *= torch.arange(4000) < lengths[:, None]
    batch = {"speech": features.log_mel(speech, 8000), "lengths": 1 + lengths // 80, "label": torch.arange(3)}
    found = represent([batch], {"speech": pooled_log_mel(7)})["speech"]
    wanted = features.pooled_mfcc(speech, 8000, lengths, n_mfcc=7, deltas=False)
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-3)
    bands = represent([batch], {"speech": pooled_log_mel(None, std=False)})["speech"]
    torch.testing.assert_close(bands[0], batch["speech"][0].mean(-1), rtol=1e-4, atol=1e-3)


class Silent(BaseEstimator):
    """A classifier that says neither probabilities nor scores."""

    def fit(self, X, y):
        return self


@pytest.mark.parametrize(
    ("estimator", "change", "options", "error", "words"),
    [
        (Logistic(), {"label": torch.zeros(120, dtype=torch.long)}, {}, CourseError, "all 120 rows have the class 0"),
        (Logistic(), {"label": ["a"] * 120}, {}, CourseError, "label must be a tensor, got list"),
        (Logistic(), {"label": torch.zeros(120)}, {}, CourseError, "integers .batch."),
        (Logistic(), {"label": torch.arange(120) % 3 - 1}, {}, CourseError, "numbered from 0, got -1"),
        (Logistic(), {"image": torch.full((120, 5), torch.nan)}, {}, CourseError, "feature 0 of image is nan in row 0"),
        (Logistic(), {"image": torch.zeros(120, 1, 8, 8)}, {}, CourseError, "say how they are made"),
        (Logistic(), {}, {"senses": ["touch"]}, CourseError, "there is no touch"),
        (Logistic(), {}, {"by": {"touch": pixels}}, CourseError, "image or speech, got"),
        ([Logistic(), Tree()], {}, {}, CourseError, "to choose one of 2 classifiers, give val="),
        (Logistic, {}, {}, TypeError, "must be a classifier"),
        (LinearRegression(), {}, {}, TypeError, "neither probabilities nor scores"),
        (Silent(), {}, {}, TypeError, "neither probabilities nor scores"),
    ],
)  # fmt: skip
def test_what_cannot_be_learnt_from_is_refused(estimator, change, options, error, words):
    with pytest.raises(error, match=words):
        fit_classical(estimator, [table() | change], **options)


def test_questions_that_do_not_fit_are_refused():
    model = fit_classical(Logistic(), [table()])
    asked = table(seed=3)
    with pytest.raises(CourseError, match="speech must have 4 features, as in training"):
        predict(model, [{**asked, "speech": asked["speech"][:, :3]}])
    with pytest.raises(CourseError, match="speech must have 4 features, as in training, got"):
        predict(model, [{"image": asked["image"], "label": asked["label"]}])
    asked["image"][3, 1] = np.nan
    with pytest.raises(CourseError, match="nan in row 3"):
        predict(model, [asked])
    with pytest.raises(ValueError, match="muted must be one of image, speech"):
        predict(model, [table()], muted="touch")
    with pytest.raises(CourseError, match="no batches"):
        fit_classical(Logistic(), iter(()))


def test_a_tree_draws_among_equal_questions_where_it_is_given_a_seed():
    """Two columns that are the same ask the same question; a tree without a seed asks the first."""
    x, y = (tensor.numpy() for tensor in clouds(200, 1, 2, spread=2.0))
    x = np.repeat(x, 2, axis=1)
    asked = [set(Tree(seed=seed).fit(x, y).tree_["feature"].tolist()) - {-1} for seed in (None, 0)]
    assert asked == [{0}, {0, 1}]
    first, again = (Tree(seed=3).fit(x, y).tree_["feature"] for _ in range(2))
    assert torch.equal(first, again)


def test_without_ties_a_seed_changes_nothing():
    x, y = (tensor.numpy() for tensor in clouds(300, 4, 3, spread=2.0))
    options = {"max_depth": 3, "min_samples_leaf": 30}
    trees = [Tree(**options, seed=seed).fit(x, y).tree_ for seed in (None, 0, 1)]
    assert len({tuple(tree["threshold"].tolist()) for tree in trees}) == 1
