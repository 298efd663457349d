"""Sanity: each fault that is planted in a model is found and named, and a sound model passes untouched."""

import copy
import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mmcourse.modules.image_models import ImageCNN, ImageResNet
from mmcourse.modules.multimodal import TwoSenses
from mmcourse.modules.speech_models import SpeechCNN, SpeechRNN, SpeechTransformer
from mmcourse.modules.transformer import CrossModalBlock
from mmcourse.training.sanity import Unsound, sanity
from tests.training.toys import Toy, make_table

BATCH = make_table(12)


class Plain(nn.Module):
    """Two layers, to plant faults in."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.last = nn.Linear(6, 16), nn.Linear(16, 3)

    def forward(self, batch):
        return self.last(self.hidden(self.first(batch["x"])))

    def hidden(self, h):
        return h.relu()


class Dead(Plain):
    def __init__(self):
        super().__init__()
        self.never_used = nn.Parameter(torch.ones(3))


class Detached(Plain):
    def hidden(self, h):
        return h.detach().relu()


class DeadUnits(Plain):
    def __init__(self):
        super().__init__()
        nn.init.constant_(self.first.bias, -1e3)  # no input gets a ReLU over its edge


class InAList(Plain):
    def __init__(self):
        super().__init__()
        self.more = [nn.Linear(16, 16)]

    def hidden(self, h):
        return self.more[0](h).relu()


class InADict(Plain):
    def __init__(self):
        super().__init__()
        self.scales = {"hidden": torch.ones(16, requires_grad=True)}

    def hidden(self, h):
        return (h * self.scales["hidden"]).relu()


class Softmax(Plain):
    def forward(self, batch):
        return super().forward(batch).softmax(dim=1)


class SoftmaxOverBatch(Plain):
    def hidden(self, h):
        return h * h.softmax(dim=0)


class MeanOverBatch(Plain):
    def hidden(self, h):
        return (h - h.mean(dim=0)).relu()


class MeanInTraining(Plain):
    def hidden(self, h):
        return (h - h.mean(dim=0) if self.training else h).relu()


class Frozen(Plain):
    def __init__(self):
        super().__init__()
        self.first.requires_grad_(False)


class Reversed(Plain):
    def forward(self, batch):
        return super().forward(batch).flip(0)


class Shuffled(Plain):
    def forward(self, batch):
        logits = super().forward(batch)
        order = torch.randperm(len(logits), generator=torch.Generator().manual_seed(1))
        return logits[order]


class NotANumber(Plain):
    def __init__(self):
        super().__init__()
        self.middle = nn.Identity()
        self.middle.forward = lambda h: (h - 100).sqrt()

    def hidden(self, h):
        return self.middle(h)


class NotANumberHere(Plain):
    def hidden(self, h):
        return (h - 100).log()


class DropoutInEval(Plain):
    def hidden(self, h):
        return F.dropout(h.relu(), 0.5)


class OtherInTraining(Plain):
    def hidden(self, h):
        return h.relu() * (2 if self.training else 1)


class Squeezed(Plain):
    def forward(self, batch):
        return super().forward(batch).squeeze()


class SqueezedInside(Plain):
    def hidden(self, h):
        return torch.einsum("bf->bf", h[:, None].squeeze()).relu()


class TooSure(Plain):
    def forward(self, batch):
        return 50 * super().forward(batch)


class Told(Plain):
    def forward(self, batch):
        return 0 * super().forward(batch) + 5 * F.one_hot(batch["label"], 3)


class OneColumn(Plain):
    def forward(self, batch):
        return super().forward(batch)[:, 0]


class Explodes(Plain):
    def hidden(self, h):
        return torch.where(h > 1e9, 1 / (h * 0), h)  # finite forwards; backwards 0 · ∞ is NaN


FAULTS = {
    Dead: ("every parameter moves", "never_used get no gradient"),
    Detached: (
        "every parameter moves",
        "first.weight, first.bias get no gradient: unused, or cut",
    ),
    DeadUnits: ("every parameter moves", "first.weight, first.bias, last.weight get a gradient of 0"),
    InAList: ("parameters known", "more[0].weight, more[0].bias of a plain list"),
    InADict: ("parameters known", "scales['hidden'] of a plain list, dict"),
    Softmax: ("logits, not probabilities", "each row adds up to 1: leave the softmax out"),
    SoftmaxOverBatch: ("examples apart", "a mean, a softmax or a normalisation over axis 0"),
    MeanOverBatch: ("examples apart", "logits change with the others of its batch"),
    MeanInTraining: ("examples apart", "in training an example's logits change with the others"),
    Frozen: ("nothing frozen", "first.weight, first.bias have requires_grad=False"),
    Reversed: ("examples apart", "come out in another order than the examples went in"),
    Shuffled: ("examples apart", "come out in another order"),
    NotANumber: ("finite", "NaN or ∞ comes first out of 'middle', a Identity"),
    NotANumberHere: ("finite", "NaN or ∞ comes first out of 'last', a Linear"),
    DropoutInEval: ("evaluation repeats", "Dropout is left on: F.dropout needs training=self.training"),
    OtherInTraining: (
        "train and eval",
        "differ, and not by dropout or batch norm: look",
    ),
    Squeezed: ("batch of one", "gives [3] where [1, 3] was to come: a squeeze without an axis?"),
    SqueezedInside: ("batch of one", "breaks (RuntimeError: "),
    TooSure: ("loss at start", "too sure"),
    Told: ("loss at start", "is it trained already, or is the label among the inputs?"),
    OneColumn: ("shape of the logits", "[12] where [12, classes] was to come"),
    Explodes: ("every parameter moves", "become NaN or ∞ within three steps"),
}


def failed(report):
    return {check.name: check.words for check in report.checks if not check.passed}


@pytest.mark.parametrize(("kind", "check", "words"), [(kind, *said) for kind, said in FAULTS.items()])
def test_a_fault_is_found_and_named(kind, check, words):
    report = sanity(kind(), BATCH)
    assert words in failed(report)[check]
    assert not report.passed
    assert f"not ok  {check}" in str(report)
    with pytest.raises(Unsound) as refused:
        report.raise_if_bad()
    assert f"{check}: " in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", [Frozen, Squeezed, DropoutInEval, InAList, Softmax, OtherInTraining, Dead])
def test_a_single_fault_raises_few_other_alarms(kind):
    assert len(failed(sanity(kind(), BATCH))) <= 2  # its own, and that it may not learn the batch


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (BATCH["label"] + 1, "lie in 1..3, but the classes are 0..2. They are counted from 1: subtract 1."),
        (BATCH["label"] - 1, "lie in -1..1, but the classes are 0..2."),
        (BATCH["label"].float(), "must be int64 [batch], got torch.float32 [12]"),
        (F.one_hot(BATCH["label"]), "must be int64 [batch], got torch.int64 [12, 3]"),
    ],
)
def test_labels_that_do_not_fit_are_named(labels, words):
    assert words in failed(sanity(Plain(), {**BATCH, "label": labels}))["labels"]


def test_data_that_are_no_numbers_are_told_from_a_model_that_makes_none():
    x = BATCH["x"].clone()
    x[3, 2] = float("nan")
    report = sanity(Plain(), {**BATCH, "x": x})
    assert failed(report) == {"finite": "'x' of the batch holds NaN or ∞ already: mend the data."}


def test_another_number_of_classes_is_named():
    report = sanity(Plain(), BATCH, classes=4)
    assert failed(report)["shape of the logits"] == "[12, 3] where [12, 4] was to come."


def test_equal_examples_of_different_labels_cannot_be_learnt():
    batch = {"x": torch.ones(6, 6), "label": torch.arange(6) % 3}
    assert list(failed(sanity(Plain(), batch))) == ["learns a batch by heart"]
    assert "equal examples have different labels" in str(sanity(Plain(), batch))


class Normed(Plain):
    def __init__(self, norm):
        super().__init__()
        self.norm = norm

    def hidden(self, h):
        return self.norm(h).relu()


class Recurrent(Plain):
    """With a dropout that is an option of torch's GRU and not a module."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(16, 16, num_layers=2, dropout=0.3, batch_first=True)

    def hidden(self, h):
        return self.gru(h[:, None].expand(-1, 3, -1))[0][:, -1]


class Attending(Plain):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)
        self.ours = CrossModalBlock(16, 16, 2, dropout=0.1)

    def hidden(self, h):
        frames = h[:, None] * torch.tensor([1.0, 2.0, -1.0])[:, None]
        return self.ours(self.layer(frames), frames).mean(dim=1)


SOUND = {
    "plain": Plain,
    "dropout": Toy,
    "batch norm": lambda: Normed(nn.BatchNorm1d(16)),
    "layer norm": lambda: Normed(nn.LayerNorm(16)),
    "recurrent": Recurrent,
    "attention": Attending,
}


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND)
def test_a_sound_model_passes(make):
    report = sanity(make(), BATCH, classes=3)
    assert failed(report) == {}
    assert report.passed
    report.raise_if_bad()
    assert str(report).count("\n") + 1 == len(report.checks) == 13


@pytest.mark.parametrize("speech", [SpeechCNN, SpeechRNN, SpeechTransformer])
@pytest.mark.parametrize("image", [ImageCNN, ImageResNet])
def test_models_of_the_course_pass(image, speech):
    generator = torch.Generator().manual_seed(0)
    batch = {
        "image": torch.rand(8, 1, 8, 8, generator=generator),
        "speech": torch.randn(8, 40, 30, generator=generator),
        "lengths": torch.tensor([30, 21, 25, 22, 23, 29, 27, 28]),
        "label": torch.arange(8),
        "speaker": list("abcdefgh"),
    }
    torch.manual_seed(0)
    assert failed(sanity(TwoSenses(image(8), speech(8), 10), batch, classes=10)) == {}


def test_batch_norm_and_dropout_are_named():
    report = {check.name: check.words for check in sanity(Normed(nn.BatchNorm1d(16)), BATCH).checks}
    assert "in training batch norm mixes them: norm" in report["examples apart"]
    assert "batch norm cannot train on it" in report["batch of one"]
    assert report["train and eval"] == "differ by BatchNorm1d alone."
    report = {check.name: check.words for check in sanity(Toy(), BATCH).checks}
    assert report["train and eval"] == "differ by Dropout alone."


def test_what_is_frozen_on_purpose_passes():
    assert sanity(Frozen(), BATCH, frozen=["first."]).passed
    assert not sanity(Frozen(), BATCH, frozen=["last."]).passed


@pytest.mark.parametrize("training", [True, False])
def test_model_batch_and_random_numbers_stay_as_they_were(training):
    model, batch = Normed(nn.BatchNorm1d(16)).train(training), copy.deepcopy(BATCH)
    model.first.weight.grad = torch.ones_like(model.first.weight)
    state = copy.deepcopy(model.state_dict())
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(3)
    want = random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(3)
    sanity(model, batch)
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == want  # noqa: NPY002
    torch.testing.assert_close(model.state_dict(), state, rtol=0, atol=0)
    torch.testing.assert_close(batch, BATCH, rtol=0, atol=0)
    assert all(module.training is training for module in model.modules())
    assert model.first.weight.grad.eq(1).all()
    assert model.last.weight.grad is None


def test_the_same_seed_gives_the_same_report():
    assert str(sanity(Toy(), BATCH, seed=4)) == str(sanity(Toy(), BATCH, seed=4))


def test_one_example_is_too_few():
    with pytest.raises(ValueError, match="a batch of two examples or more, got 1"):
        sanity(Plain(), make_table(1))


def test_a_model_that_cannot_be_copied_is_refused():
    model = Plain()
    model.doubled = 2 * model.first.weight
    with pytest.raises(TypeError, match="cannot be copied: a tensor among its attributes was computed"):
        sanity(model, BATCH)
