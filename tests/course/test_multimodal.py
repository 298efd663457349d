"""The small models: padding changes nothing, one example keeps its batch axis, every weight learns."""

import copy

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import OneSense, TwoSenses
from mmcourse.modules.speech_models import SpeechCNN

CLASSES, MELS = 10, 40


def make(kind, seed=0):
    torch.manual_seed(seed)
    if kind == "both":
        return TwoSenses(ImageCNN(), SpeechCNN(), CLASSES)
    encoder = ImageCNN() if kind == "image" else SpeechCNN()
    return OneSense(kind, encoder, CLASSES)


def make_batch(lengths, seed=0, side=8):
    generator = torch.Generator().manual_seed(seed)
    count = len(lengths)
    return {
        "image": torch.rand(count, 1, side, side, generator=generator),
        "speech": torch.randn(count, MELS, max(lengths), generator=generator),
        "lengths": torch.tensor(lengths),
        "label": torch.arange(count) % CLASSES,
    }


KINDS = pytest.mark.parametrize("kind", ["image", "speech", "both"])


@KINDS
@pytest.mark.parametrize("lengths", [[23], [1], [5, 40, 17]], ids=str)
def test_one_row_of_logits_an_example(kind, lengths):
    assert make(kind)(make_batch(lengths)).shape == (len(lengths), CLASSES)


@pytest.mark.parametrize("side", [8, 28, 32])
def test_a_picture_may_have_another_size(side):
    assert make("both")(make_batch([9, 4], side=side)).shape == (2, CLASSES)


@pytest.mark.parametrize("filling", [0.0, 1e6, float("nan"), float("inf")])
def test_padding_changes_nothing(filling):
    model, batch = make("both").double(), make_batch([7, 30, 16])
    batch = {name: value.double() if value.is_floating_point() else value for name, value in batch.items()}
    for row, length in enumerate(batch["lengths"]):
        batch["speech"][row, :, length:] = filling
    together = model(batch)
    for row, length in enumerate(batch["lengths"]):
        alone = {
            "image": batch["image"][row : row + 1],
            "speech": batch["speech"][row : row + 1, :, :length],
            "lengths": batch["lengths"][row : row + 1],
        }
        torch.testing.assert_close(model(alone)[0], together[row], rtol=0, atol=1e-12)


@KINDS
def test_reordering_a_batch_reorders_its_logits(kind):
    model, batch, order = make(kind), make_batch([7, 30, 16]), torch.tensor([2, 0, 1])
    shuffled = {name: value[order] for name, value in batch.items()}
    torch.testing.assert_close(model(shuffled), model(batch)[order])


@KINDS
def test_the_input_comes_back_untouched(kind):
    batch = make_batch([7, 30, 16])
    before = copy.deepcopy(batch)
    make(kind)(batch)
    for name, value in batch.items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


@KINDS
def test_every_parameter_gets_a_gradient_and_moves_in_one_step(kind):
    model = make(kind)
    before = {name: value.clone() for name, value in model.named_parameters()}
    batch = make_batch([30, 25, 17, 40] * 8)
    cross_entropy(model(batch), batch["label"]).backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    for name, value in model.named_parameters():
        assert value.grad.abs().sum() > 0, name
        assert not torch.equal(value, before[name]), name


@pytest.mark.parametrize(("kind", "other"), [("image", "speech"), ("speech", "image")])
def test_one_sense_looks_at_no_other(kind, other):
    model, batch = make(kind), make_batch([7, 30, 16])
    want = model(batch)
    batch[other] = torch.full_like(batch[other], float("nan"))
    torch.testing.assert_close(model(batch), want)


@pytest.mark.parametrize("muted", ["image", "speech"])
def test_a_muted_sense_has_no_say(muted):
    model, batch = make("both"), make_batch([7, 30, 16])
    want = model(batch, muted=muted)
    assert not torch.allclose(want, model(batch))
    batch[muted] = torch.rand_like(batch[muted])
    torch.testing.assert_close(model(batch, muted=muted), want)


def test_both_senses_have_a_say():
    model, batch = make("both"), make_batch([7, 30, 16])
    for sense in ("image", "speech"):
        changed = {**batch, sense: torch.rand_like(batch[sense])}
        assert not torch.allclose(model(changed), model(batch))


def test_unknown_senses_are_named():
    with pytest.raises(ValueError, match="one of image, speech; got 'sound'"):
        OneSense("sound", SpeechCNN(), CLASSES)
    with pytest.raises(ValueError, match="got 'picture'"):
        make("both")(make_batch([7, 3]), muted="picture")


@pytest.mark.parametrize("lengths", [[0, 5], [5, 6]], ids=str)
def test_impossible_lengths_are_named(lengths):
    with pytest.raises(ValueError, match=r"lengths must lie in 1\.\.5 frames, got"):
        SpeechCNN()(torch.zeros(2, MELS, 5), torch.tensor(lengths))
