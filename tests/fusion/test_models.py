"""What holds for each classifier of several senses: missing senses, muting, batches of one, gradients."""

import copy

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.modules.decisions import AverageDecisions
from mmcourse.modules.fused import Decisions, Fused
from mmcourse.modules.fusion import ConcatFusion
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import OneSense
from mmcourse.modules.speech_models import SpeechCNN
from tests.fusion.models import CLASSES, MODELS, batch_of, made

EACH = pytest.mark.parametrize("name", MODELS)
PRESENT = torch.tensor(
    [[True, True], [True, False], [False, True], [False, False], [True, True], [True, False]]
)


@EACH
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluating"])
@pytest.mark.parametrize("filling", [1e6, float("nan"), float("inf")])
def test_what_is_missing_changes_no_value_no_gradient_and_no_statistic(name, filling, training):
    found = []
    for value in (0.0, filling):
        model, batch = made(name).train(training), batch_of() | {"present": PRESENT}
        batch["image"] = batch["image"].masked_fill(~PRESENT[:, 0, None, None, None], value)
        batch["speech"] = batch["speech"].masked_fill(~PRESENT[:, 1, None, None], value)
        lengths = batch["lengths"]
        batch["lengths"] = lengths.where(PRESENT[:, 1], 0) if value else lengths
        logits = model(batch)
        cross_entropy(logits, batch["label"]).backward()
        gradients = [parameter.grad for parameter in model.parameters()]
        found.append([logits, *gradients, *model.state_dict().values()])
    for got, want in zip(*found, strict=True):
        assert got.isfinite().all()
        torch.testing.assert_close(got, want, rtol=0, atol=1e-12)


@EACH
@pytest.mark.parametrize("sense", ["image", "speech"])
def test_a_muted_sense_is_missing_in_all_examples(name, sense):
    model, batch = made(name).eval(), batch_of()
    present = torch.tensor([[sense != "image", sense != "speech"]]).expand(6, 2)
    muted = model(batch, muted=sense)
    torch.testing.assert_close(muted, model(batch | {"present": present}), rtol=0, atol=1e-12)
    assert not torch.allclose(muted, model(batch))
    batch[sense] = batch[sense] * float("nan")
    torch.testing.assert_close(muted, model(batch, muted=sense), rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match="muted is one of image, speech; got 'smell'"):
        model(batch, muted="smell")


@EACH
def test_rows_are_answered_one_by_one_as_together(name):
    model, batch = made(name).eval(), batch_of()
    rows = [0, 1, 2, 4]  # without the one that has no sense
    together = model(batch | {"present": PRESENT})
    for row in rows:
        one = {key: value[row : row + 1] for key, value in (batch | {"present": PRESENT}).items()}
        alone = model(one)
        assert alone.shape == (1, CLASSES)
        torch.testing.assert_close(alone[0], together[row], rtol=0, atol=1e-12)


@EACH
def test_every_parameter_moves_in_one_step(name):
    model, batch = made(name), batch_of(16)
    before = copy.deepcopy(dict(model.named_parameters()))
    optimiser = torch.optim.SGD(model.parameters(), lr=1.0)
    cross_entropy(model(batch), batch["label"]).backward()
    optimiser.step()
    for parameter, value in model.named_parameters():
        assert not torch.equal(value, before[parameter]), parameter


@EACH
def test_a_state_dict_goes_into_a_new_model(name):
    old, new, batch = made(name).eval(), made(name, seed=1).eval(), batch_of()
    new.load_state_dict(old.state_dict())
    torch.testing.assert_close(new(batch), old(batch), rtol=0, atol=0)


def test_a_late_fusion_without_a_sense_is_the_other_models_answer():
    model, batch = made("Decisions").eval(), batch_of()
    want = model.models["speech"](batch).log_softmax(-1)
    torch.testing.assert_close(model(batch, muted="image"), want)
    uniform = model(batch | {"present": PRESENT})[3].exp()
    torch.testing.assert_close(uniform, torch.full_like(uniform, 1 / CLASSES))


def test_parts_that_do_not_fit_are_refused():
    encoders = {"image": ImageCNN(3), "speech": SpeechCNN(5)}
    with pytest.raises(ValueError, match=r"takes the widths \[4, 5\], the encoders give \[3, 5\]"):
        Fused(encoders, ConcatFusion((4, 5), 6), 10)
    with pytest.raises(ValueError, match="two senses or more, got image"):
        Decisions({"image": OneSense("image", ImageCNN(3), 10)}, AverageDecisions())
    models = {sense: OneSense("image", ImageCNN(3), 10) for sense in ("image", "speech")}
    with pytest.raises(ValueError, match="the model given for speech looks at image"):
        Decisions(models, AverageDecisions())
