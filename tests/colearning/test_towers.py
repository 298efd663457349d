"""Two towers: their answer, both losses through fit, embeddings, and a run that is taken up again."""

import functools
import tempfile

import pytest
import torch

from mmcourse.colearning import (
    ContrastiveLoss,
    CorrelationLoss,
    PairAccuracy,
    TwoTowers,
    correlate,
    embeddings,
)
from mmcourse.colearning.towers import apart
from mmcourse.metrics import recall_at_k
from mmcourse.modules.cca import DeepCCALoss
from mmcourse.modules.contrastive import pair_loss
from mmcourse.training import Batches, Interrupted, fit
from tests.joint.toys import Hear, See, make_table
from tests.training.toys import Stop, differences


def towers(seed=0, features=6):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return TwoTowers({"image": See(features), "speech": Hear(features)}, temperature=0.2)


def easy(rows=64, seed=0, size=32, shuffle=None):
    return Batches(make_table(rows, seed, spread=0.3), size, seed=shuffle)


def test_the_answer_holds_both_embeddings_and_the_scale():
    model, batch = towers().eval(), make_table(7)
    answer = model(batch)
    assert answer.shape == (7, 13)
    image, speech, log_scale = apart(answer)
    torch.testing.assert_close(image, model.embed(batch, "image"))
    torch.testing.assert_close(speech, model.embed(batch, "speech"))
    assert log_scale.exp().item() == pytest.approx(5)
    assert model(make_table(1)).shape == (1, 13)


def test_the_losses_are_those_of_the_embeddings():
    model, batch = towers().eval(), make_table(20)
    answer, labels = model(batch), batch["label"]
    image, speech, log_scale = apart(answer)
    torch.testing.assert_close(ContrastiveLoss()(answer, labels), pair_loss(image, speech, log_scale))
    same = ContrastiveLoss("class")(answer, labels)
    torch.testing.assert_close(same, pair_loss(image, speech, log_scale, labels))
    assert same > ContrastiveLoss()(answer, labels) * 0.5
    torch.testing.assert_close(CorrelationLoss(2)(answer, labels), DeepCCALoss(2)(image, speech))


def test_one_sense_needs_no_other():
    model, batch = towers().eval(), make_table(7)
    want = model.embed(batch, "image")
    torch.testing.assert_close(model.embed({"image": batch["image"]}, "image"), want)
    found, labels = embeddings(model, [{"image": batch["image"], "label": batch["label"]}], ("image",))
    assert list(found) == ["image"]
    torch.testing.assert_close(found["image"], want)
    assert torch.equal(labels, batch["label"])


@pytest.mark.parametrize("right", ["pair", "class"])
def test_contrast_brings_the_senses_into_one_space(right):
    model = towers()
    test = make_table(300, seed=9, spread=0.3)

    def recall():
        found, labels = embeddings(model, Batches(test, 64))
        return recall_at_k(found["image"], found["speech"], labels, labels, 1)

    before, scale = recall(), model.contrast.log_scale.item()
    options = {"learning_rate": 0.05, "loss": ContrastiveLoss(right), "metrics": {"pairs": PairAccuracy()}}
    history = fit(model, easy(shuffle=0), easy(seed=1), epochs=15, seed=0, **options)
    assert history.val_loss[-1] < history.val_loss[0]
    assert recall() > max(0.8, before)
    assert history.metrics["pairs"][-1] > 0.8
    assert model.contrast.log_scale.item() != scale


def test_correlation_brings_them_together_too():
    model = towers(features=4)
    train = easy(256, size=64, shuffle=0)
    options = {"learning_rate": 0.03, "loss": CorrelationLoss(2), "epochs": 8, "seed": 0}
    before = correlate(model, train, 2).correlations.sum()
    history = fit(model, train, easy(64, seed=1, size=64), **options)
    cca = correlate(model, train, 2)
    assert cca.correlations.sum() > before
    assert history.val_loss[-1] == pytest.approx(-float(cca.correlations.sum()), abs=0.3)
    test = Batches(make_table(300, seed=9, spread=0.3), 64)
    found, labels = embeddings(model, test)
    image, speech = cca(found["image"], found["speech"])
    assert recall_at_k(image, speech, labels, labels, 1) > 0.8


def test_pair_accuracy_counts_both_directions():
    image = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]])
    speech = torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.1, 1.0]])
    answer = torch.cat([image, speech, torch.zeros(3, 1)], dim=1)
    metric = PairAccuracy()
    metric.update(answer, torch.tensor([0, 1, 2]))
    # pictures 0, 1 and 2 are nearest to sounds 1, 1, 0; sounds 0, 1, 2 to pictures 2, 0, 2
    assert metric.value() == pytest.approx(2 / 6)


def run(folder, loss, stop=None):
    model = towers()
    train, val = easy(40, size=12, shuffle=1), easy(24, seed=1, size=12)
    options = {"epochs": 2, "seed": 5, "checkpoints": folder, "loss": loss}
    try:
        fit(model, train, val, callbacks=[Stop(stop)] if stop else [], **options)
    except Interrupted:
        return None
    return model.state_dict()


LOSSES = {"contrast": ContrastiveLoss(), "class": ContrastiveLoss("class"), "correlation": CorrelationLoss()}


@functools.cache
def whole(name):
    with tempfile.TemporaryDirectory() as folder:
        return run(folder, LOSSES[name])


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("stop", [1, 5, 8])
def test_a_run_that_was_interrupted_equals_one_that_was_not(tmp_path, name, stop):
    assert run(tmp_path, LOSSES[name], stop) is None
    assert differences(whole(name), run(tmp_path, LOSSES[name])) == []


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"two encoders of one width, got 2 of \[5, 6\]"):
        TwoTowers({"image": See(6), "speech": Hear(5)})
    with pytest.raises(ValueError, match=r"got 1 of \[6\]"):
        TwoTowers({"image": See(6)})
    with pytest.raises(ValueError, match="one of image, speech; got 'sound'"):
        towers().embed(make_table(2), "sound")
    with pytest.raises(ValueError, match="must be 'pair' or 'class', got 'all'"):
        ContrastiveLoss("all")
    with pytest.raises(ValueError, match="one example correlates with nothing"):
        CorrelationLoss()(towers()(make_table(1)), torch.tensor([0]))
    assert ContrastiveLoss()(towers()(make_table(1)), torch.tensor([0])).isfinite()
