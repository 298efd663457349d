"""Stacking learns from models that have not seen the rows; and what happens where they have."""

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC
from torch import nn

from mmcourse.classical.folds import OutOfFold, deal_folds, out_of_fold, side_by_side
from mmcourse.classical.stacking import Stacking
from mmcourse.errors import CourseError

CLASSES = 3


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def pairs(rows=300, seed=0):
    """Pictures of noise, which can only be learned by heart, and sounds that tell the class fairly well."""
    generator = seeded(seed)
    label = torch.randint(CLASSES, (rows,), generator=generator)
    sound = nn.functional.one_hot(label, CLASSES) * 2.0 + torch.randn(rows, CLASSES, generator=generator)
    return {"image": torch.randn(rows, 5, generator=generator), "speech": sound, "label": label}


def fitted_on(sense):
    return lambda model, table: model.fit(table[sense].numpy(), table["label"].numpy())


def asked_of(sense):
    def predict(model, table):
        return torch.from_numpy(model.predict_proba(table[sense].numpy())).clamp(min=1e-6).log()

    return predict


MODELS = {
    "image": lambda: KNeighborsClassifier(1),  # knows every row that it has seen
    "speech": lambda: LogisticRegression(),
}


def both_senses(table, fold):
    return side_by_side(
        *(
            out_of_fold(make, fitted_on(sense), asked_of(sense), table, fold, classes=CLASSES)
            for sense, make in MODELS.items()
        )
    )


def trained(table):
    return {sense: fitted_on(sense)(make(), table) for sense, make in MODELS.items()}


def said(models, table):
    return torch.stack(
        [asked_of(sense)(model, table).log_softmax(1) for sense, model in models.items()], 1
    ).float()


@pytest.mark.parametrize("estimator", ["logistic", "forest"])
def test_what_is_known_by_heart_fools_stacking_in_fold_and_not_out_of_fold(estimator):
    train, test = pairs(seed=0), pairs(rows=1000, seed=1)
    models = trained(train)
    of_test = said(models, test)
    alone = (of_test[:, 1].argmax(1) == test["label"]).double().mean()

    honest = Stacking(estimator).fit(both_senses(train, deal_folds(train["label"], 5, generator=seeded())))
    out = (honest(of_test).argmax(1) == test["label"]).double().mean()

    fooled = Stacking(
        estimator
    )  # by hand, since fit refuses it: predictions of the models' own training rows
    in_fold = both_senses(train, deal_folds(train["label"], 5, generator=seeded()))
    object.__setattr__(in_fold, "log_probs", said(models, train))
    fooled.fit(in_fold)
    in_ = (fooled(of_test).argmax(1) == test["label"]).double().mean()

    assert alone > 0.75
    assert out > alone - 0.05  # a forest loses a little to features of noise
    assert in_ < 0.55


def test_no_model_has_seen_a_row_that_it_predicts_and_no_group_is_in_two_folds():
    table = pairs(rows=90) | {"row": torch.arange(90), "speaker": [f"s{row % 15}" for row in range(90)]}
    fold = deal_folds(table["label"], 5, groups=table["speaker"], generator=seeded())
    assert sorted(fold.unique().tolist()) == [0, 1, 2, 3, 4]
    for speaker in set(table["speaker"]):
        assert len({int(fold[row]) for row in range(90) if table["speaker"][row] == speaker}) == 1
    predicted = []

    def fit(model, part):
        model["seen"] = set(part["row"].tolist())
        model["speakers"] = set(part["speaker"])

    def predict(model, part):
        assert not model["seen"] & set(part["row"].tolist())
        assert not model["speakers"] & set(part["speaker"])
        predicted.extend(part["row"].tolist())
        return part["row"][:, None] + torch.tensor([0.0, 1.0, 2.0])

    found = out_of_fold(dict, fit, predict, table, fold, classes=CLASSES)
    assert sorted(predicted) == list(range(90))
    torch.testing.assert_close(found.log_probs[:, 0], torch.tensor([0.0, 1, 2]).log_softmax(0).repeat(90, 1))


def test_folds_have_their_share_of_every_class_and_depend_on_the_generator_alone():
    label = torch.tensor([0] * 50 + [1] * 25 + [2] * 10)
    fold = deal_folds(label, 5, generator=seeded(1))
    for number in range(5):
        assert label[fold == number].bincount().tolist() == [10, 5, 2]
    assert torch.equal(fold, deal_folds(label, 5, generator=seeded(1)))
    assert not torch.equal(fold, deal_folds(label, 5, generator=seeded(2)))


def test_networks_are_stacked_as_well():
    table = pairs()

    def fit(model, part):
        optimiser = torch.optim.Adam(model.parameters(), 0.05)
        for _ in range(60):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(part["speech"]), part["label"]).backward()
            optimiser.step()

    found = out_of_fold(
        lambda: nn.Linear(3, CLASSES),
        fit,
        lambda model, part: model(part["speech"]),
        table,
        deal_folds(table["label"], 3, generator=seeded()),
        classes=CLASSES,
    )
    torch.testing.assert_close(found.log_probs.exp().sum(2), torch.ones(300, 1))
    assert (Stacking().fit(found)(found.log_probs).argmax(1) == table["label"]).double().mean() > 0.7


def test_a_missing_sense_is_neither_trained_on_nor_heard():
    table = pairs()
    there = torch.rand(300, generator=seeded(4)) > 0.3
    table["speech"][~there] = torch.nan  # which scikit-learn would refuse
    fold = deal_folds(table["label"], 5, generator=seeded())
    speech = out_of_fold(
        MODELS["speech"], fitted_on("speech"), asked_of("speech"), table, fold, classes=CLASSES, there=there
    )
    image = out_of_fold(MODELS["image"], fitted_on("image"), asked_of("image"), table, fold, classes=CLASSES)
    assert speech.log_probs[~there].isnan().all()
    stack = Stacking().fit(side_by_side(image, speech))
    x = torch.randn(4, 2, CLASSES, generator=seeded()).log_softmax(2)
    present = torch.tensor([[True, True], [True, False], [False, True], [False, False]])
    joined = stack(x.masked_fill(~present[..., None], torch.nan), present)
    torch.testing.assert_close(joined.exp().sum(1), torch.ones(4))
    torch.testing.assert_close(joined, stack(x.masked_fill(~present[..., None], -3.0), present))
    torch.testing.assert_close(joined[3].exp(), torch.full((3,), 1 / 3))
    torch.testing.assert_close(stack(x[:1]), joined[:1])
    veto = torch.eye(3).log()[None, :2]
    assert stack(veto).isfinite().all()


TABLE = pairs(rows=30)
FOLD = deal_folds(TABLE["label"], 3, generator=seeded())
ONE = LogisticRegression()


def again(make=MODELS["speech"], predict=None, fold=FOLD):
    predict = predict or asked_of("speech")
    return out_of_fold(make, fitted_on("speech"), predict, TABLE, fold, classes=CLASSES)


BAD = {
    "predictions of unknown origin": (
        lambda: Stacking().fit(torch.zeros(3, 2, 3)),
        TypeError,
        r"from out_of_fold\(...\), got Tensor",
    ),
    "an OutOfFold by hand": (
        lambda: OutOfFold(torch.zeros(3, 1, 3), torch.zeros(3), torch.zeros(3), torch.ones(3, 1)),
        TypeError,
        "made by out_of_fold alone",
    ),
    "one model for all folds": (lambda: again(lambda: ONE), CourseError, "trained already"),
    "other folds": (
        lambda: side_by_side(again(), again(fold=(FOLD + 1) % 3)),
        CourseError,
        "deal_folds once, for all",
    ),
    "scores of two classes": (
        lambda: again(predict=lambda m, t: torch.zeros(10, 2)),
        CourseError,
        r"\[10, 2\]|got",
    ),
    "one fold": (lambda: again(fold=FOLD * 0), CourseError, "all rows are in one fold"),
    "a class in one fold": (lambda: again(fold=TABLE["label"]), CourseError, "nobody shows the classes .0."),
    "folds of other rows": (lambda: again(fold=FOLD[:5]), CourseError, "'fold': 5"),
    "more folds than rows": (
        lambda: deal_folds(torch.tensor([0, 0, 0, 1, 1]), 3, generator=seeded()),
        CourseError,
        "{0: 3, 1: 2}: take fewer folds",
    ),
    "more folds than groups": (
        lambda: deal_folds(TABLE["label"], 3, groups=[0, 1] * 15, generator=seeded()),
        CourseError,
        "30 rows and 2 different ones",
    ),
    "another estimator": (lambda: Stacking("svm"), CourseError, "one of logistic, forest"),
    "scores without probabilities": (lambda: Stacking(LinearSVC()), TypeError, "has predict_proba"),
    "not fitted": (lambda: Stacking()(torch.zeros(3, 2, 3)), CourseError, "first; got"),
    "three senses": (
        lambda: Stacking().fit(again())(torch.zeros(4, 3, 3)),
        CourseError,
        r"\[batch, \*\[1, 3\]\]; got log_probs \[4, 3, 3\]",
    ),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
