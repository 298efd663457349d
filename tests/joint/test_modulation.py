"""Gradient modulation: its formula, whose gradients it touches, and that it leaves the model as it was."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.joint import GradientModulation, JointLoss, JointModel, alone
from mmcourse.joint.modulation import factor, lead
from mmcourse.modules.multimodal import TwoSenses
from mmcourse.training import Callback, fit
from tests.joint.toys import CLASSES, Hear, See, batches, make_model, make_table

LOSS = JointLoss(CLASSES, (1, 0, 0))
OPTIONS = {"epochs": 1, "seed": 0, "loss": LOSS, "optimiser": torch.optim.SGD, "learning_rate": 0.1}


def branches(model):
    return dict(model.encoders.items())


class Steps(Callback):
    """Note the gradients of each step, before the optimiser's next zero_grad."""

    def __init__(self):
        self.grads = []

    def on_step(self, run):
        self.grads.append({n: p.grad.clone() for n, p in run.model.named_parameters() if p.grad is not None})


def answering(image, speech):
    """Logits that give the right class a probability, whatever the model."""

    def answers(model, batch, senses):
        rows, found = len(batch["label"]), {}
        for sense, share in (("image", image), ("speech", speech)):
            probabilities = torch.full((rows, CLASSES), (1 - share) / (CLASSES - 1))
            found[sense] = probabilities.scatter(1, batch["label"][:, None], share).log()
        return found

    return answers


def test_the_formula():
    assert lead({"image": 6.0, "speech": 3.0}) == {"image": 2.0, "speech": 0.5}
    assert lead({"a": 6.0, "b": 3.0, "c": 1.0})["a"] == 3.0
    assert factor(2.0, 0.5) == pytest.approx(1 - math.tanh(1.0))
    assert factor(1.0, 0.5) == factor(0.3, 0.5) == 1.0


@pytest.mark.parametrize("accumulate", [1, 3])
def test_the_branch_ahead_gets_less_and_the_others_what_they_had(accumulate):
    plain, modulated = Steps(), Steps()
    options = {**OPTIONS, "max_norm": None, "accumulate": accumulate, "learning_rate": 0.0}
    fit(make_model(), batches(), batches(seed=1), callbacks=[plain], **options)
    model = make_model()
    callback = GradientModulation(branches(model), 0.3, noise=False, answers=answering(0.8, 0.4))
    fit(model, batches(), batches(seed=1), callbacks=[callback, modulated], **options)
    want = 1 - math.tanh(0.3 * 2)
    assert callback.factors["image"] == pytest.approx([want] * 5)
    assert callback.factors["speech"] == [1.0] * 5
    assert callback.ratios["speech"] == pytest.approx([0.5] * 5)
    for before, after in zip(plain.grads, modulated.grads, strict=True):
        for name, grad in before.items():
            wanted = want * grad if name.startswith("encoders.image") else grad
            torch.testing.assert_close(after[name], wanted, msg=name)


def test_a_tie_changes_nothing_to_the_bit():
    plain, same = make_model(), make_model()
    fit(plain, batches(), batches(seed=1), **OPTIONS)
    callback = GradientModulation(branches(same), noise=False, answers=answering(0.5, 0.5))
    fit(same, batches(), batches(seed=1), callbacks=[callback], **OPTIONS)
    for name, value in plain.state_dict().items():
        torch.testing.assert_close(same.state_dict()[name], value, rtol=0, atol=0, msg=name)


def test_noise_has_the_spread_of_the_gradient_and_the_seed_of_the_run():
    ends = []
    for seed in (0, 0, 1):
        model = make_model()
        model.encoders.speech.dropout.p = 0.0
        callback = GradientModulation(branches(model), answers=answering(0.5, 0.5))
        fit(model, batches(), batches(seed=1), callbacks=[callback], **OPTIONS | {"seed": seed})
        ends.append(model.encoders.image.linear.weight.detach().clone())
    assert torch.equal(ends[0], ends[1])
    assert not torch.equal(ends[0], ends[2])
    callback._now = {"image": 0.0, "speech": 1.0}
    grad = 3 * torch.randn(100_000, generator=torch.Generator().manual_seed(0)) + 1
    assert callback._modulated(grad, "image").std().item() == pytest.approx(3, rel=0.02)


def test_alone_is_the_joint_model_with_the_rest_muted():
    model, batch = make_model().train(), make_table(5)
    found = alone(model, batch, ("image", "speech"))
    assert model.training
    torch.testing.assert_close(found["image"], model.eval()(batch, muted="speech"))
    torch.testing.assert_close(found["speech"], model(batch, muted="image"))
    plain = TwoSenses(See(), Hear(), CLASSES)
    assert alone(plain, batch, ("image", "speech"))["image"].shape == (5, CLASSES)


class Muffled(torch.nn.Module):
    """The joint model without its own way to answer from each sense."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, batch, muted=None):
        return self.model(batch, muted)


@pytest.mark.parametrize("hidden_sense", [None, "speech"])
@pytest.mark.parametrize("third", [False, True])
def test_each_alone_gives_what_muting_gives_and_runs_each_encoder_once(third, hidden_sense):
    encoders = {"image": See(), "speech": Hear()} | ({"touch": See(6)} if third else {})
    model, batch = JointModel(encoders, CLASSES).eval(), make_table(5)
    batch |= {"touch": 2 * batch["image"]} if third else {}
    if hidden_sense:  # in some rows; what is not there may be NaN
        batch["present"] = torch.ones(5, len(encoders), dtype=torch.bool)
        batch["present"][2:, list(encoders).index(hidden_sense)] = False
        batch[hidden_sense] = batch[hidden_sense].clone()
        batch[hidden_sense][2:] = torch.nan
    calls = []
    handles = [one.register_forward_hook(lambda *_: calls.append(1)) for one in encoders.values()]
    found = alone(model, batch, tuple(encoders))
    assert len(calls) == len(encoders)
    for handle in handles:
        handle.remove()
    by_muting = alone(Muffled(model), batch, tuple(encoders))
    for sense in encoders:
        assert found[sense].isfinite().all()
        torch.testing.assert_close(found[sense], by_muting[sense])


def test_the_first_epochs_only_and_then_as_if_it_were_not_there():
    model = make_model()
    callback = GradientModulation(branches(model), epochs=2)
    fit(model, batches(), batches(seed=1), callbacks=[callback], **OPTIONS | {"epochs": 5})
    assert len(callback.factors["image"]) == 2 * 5


@pytest.mark.parametrize("fails", [False, True])
def test_afterwards_nothing_hangs_on_the_model(fails):
    class Break(Callback):
        def on_step(self, run):
            if fails:
                raise RuntimeError("broken")

    model = make_model()
    callback = GradientModulation(branches(model), noise=False, answers=answering(0.9, 0.1))
    try:
        fit(model, batches(), batches(seed=1), callbacks=[callback, Break()], **OPTIONS)
    except RuntimeError:
        assert fails
    noted = len(callback.factors["image"])
    assert not model._forward_hooks
    model.train().zero_grad()
    batch = make_table()
    LOSS(model(batch), batch["label"]).backward()
    got = model.encoders.image.linear.weight.grad.clone()
    assert len(callback.factors["image"]) == noted
    model.zero_grad()
    model.encoders.speech.dropout.p = 0
    cross_entropy(model.all_logits(batch)[:, 0], batch["label"]).backward()
    assert got.norm() > 0.5 * model.encoders.image.linear.weight.grad.norm()


def test_it_brings_two_branches_closer_under_sgd():
    """The picture is easy, the sound hard: held back, the picture's branch moves less."""
    moved = {}
    for alpha in (0.0, 1.0):
        model = make_model()
        before = model.encoders.image.linear.weight.detach().clone()
        callback = GradientModulation(branches(model), alpha, noise=False)
        fit(model, batches(), batches(seed=1), callbacks=[callback], **OPTIONS | {"epochs": 5})
        moved[alpha] = (model.encoders.image.linear.weight - before).norm().item()
        assert sum(ratio > 1 for ratio in callback.ratios["image"]) > 12
    assert moved[1.0] < 0.8 * moved[0.0]


def test_what_does_not_fit_is_named():
    model = make_model()
    with pytest.raises(ValueError, match="at least two branches, got 1"):
        GradientModulation({"image": model.encoders.image})
    with pytest.raises(ValueError, match="alpha must be 0 or more, got -1"):
        GradientModulation(branches(model), -1)
    for wrong in ({"image": See(), "speech": model.encoders.speech}, dict.fromkeys("ab", model.head)):
        with pytest.raises(ValueError, match="must be a part of the model that is trained"):
            fit(model, batches(), batches(seed=1), callbacks=[GradientModulation(wrong)], **OPTIONS)
    callback = GradientModulation(branches(model))
    with pytest.raises(ValueError, match="take compile=False"):
        fit(model, batches(), batches(seed=1), callbacks=[callback], compile=True, **OPTIONS)


def test_of_three_senses_two_may_be_modulated():
    model, batch = JointModel({"image": See(), "speech": Hear(), "touch": See(6)}, CLASSES), make_table(5)
    batch["touch"] = 2 * batch["image"]
    assert list(alone(model, batch, ("speech", "image"))) == ["speech", "image"]
