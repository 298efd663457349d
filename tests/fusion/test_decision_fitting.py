"""What late fusions learn on validation: the truth where it is known, and the same in both libraries."""

import pytest
import torch

from mmcourse.modules.decision_fitting import fit_decision
from mmcourse.modules.decisions import AverageDecisions, WeightedDecisions
from mmcourse.modules.evidence import DempsterShafer
from mmcourse.modules.reliability import ReliabilityMixture, TemperatureScaling
from mmcourse.scratch import decision_fitting as fitting
from mmcourse.scratch.decisions import average_decisions, weighted_decisions
from mmcourse.scratch.reliability import confidence_features, reliability_mixture, temperature_scaling


def experts(rows=3000, strength=(3.0, 0.5), seed=0, classes=4):
    """Honest senses: labels are drawn from what the first says, the others see them through noise."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (rows,), generator=generator)
    signal = torch.nn.functional.one_hot(labels, classes).double()
    noise = torch.randn(rows, len(strength), classes, generator=generator, dtype=torch.float64)
    # Gaussian scores of mean s and variance 1 have the posterior softmax(s · score)
    power = torch.tensor(strength, dtype=torch.float64)[:, None]
    return (power * (noise + power * signal[:, None])).log_softmax(-1), labels


def holes(x, labels, seed=3):
    present = torch.rand(x.shape[:2], generator=torch.Generator().manual_seed(seed)) > 0.2
    return x.masked_fill(~present[..., None], torch.nan), labels, present


def loss(log_probs, labels):
    return torch.nn.functional.nll_loss(log_probs, labels).item()


def test_the_better_sense_gets_the_say():
    x, labels = experts()
    weight = fitting.fit_weights(x, labels)
    assert weight[0] > weight[1] + 1
    assert loss(weighted_decisions(x, weight), labels) < loss(average_decisions(x), labels) - 0.05


def test_weights_by_class_find_who_knows_which_class():
    x, labels = experts(strength=(3.0, 3.0))
    swapped = x[..., [1, 0, 3, 2]]  # each sense guesses within a pair of classes, and is sure of its guess
    guess = torch.rand(x.shape[:2], generator=torch.Generator().manual_seed(1)) < 0.5
    guess &= torch.stack([labels >= 2, labels < 2], 1)  # the first within 2 and 3, the other within 0 and 1
    x = torch.where(guess[..., None], swapped, x)
    lead = -fitting.fit_weights(x, labels, per_class=True).diff(dim=0)[0]
    assert lead[:2].min() > 2
    assert lead[2:].max() < -2
    weight, common = (fitting.fit_weights(x, labels, per_class=answer) for answer in (True, False))
    by_class, by_sense = (weighted_decisions(x, found) for found in (weight, common))
    assert loss(by_class, labels) < loss(by_sense, labels) - 0.1
    assert (by_class.argmax(1) == labels).double().mean() > (
        by_sense.argmax(1) == labels
    ).double().mean() + 0.1


def test_a_class_missing_in_validation_gets_the_mean_of_the_others():
    x, labels = experts()
    rows = labels != 3
    weight = fitting.fit_weights(x[rows], labels[rows], per_class=True)
    torch.testing.assert_close(weight[:, 3], weight[:, :3].mean(1))
    module = fit_decision(WeightedDecisions(2, 4).double(), x[rows], labels[rows])
    torch.testing.assert_close(module.weight.detach(), weight, rtol=0, atol=1e-5)


def test_the_temperature_that_a_sense_was_heated_by_is_found():
    x, labels = experts(rows=20000, strength=(2.0, 1.0))
    factor = torch.tensor([3.0, 0.5], dtype=torch.float64)
    wrong = (x * factor[:, None]).log_softmax(-1)
    log_temperature = fitting.fit_temperature(wrong, labels)
    torch.testing.assert_close(log_temperature, factor.log(), rtol=0, atol=0.06)
    cooled = temperature_scaling(wrong, log_temperature)
    assert torch.equal(cooled.argmax(2), wrong.argmax(2))
    assert loss(cooled[:, 0], labels) < loss(wrong[:, 0], labels) - 0.05


def test_a_sense_that_is_never_there_keeps_its_temperature_and_others_are_as_alone():
    x, labels = experts()
    present = torch.tensor([[True, False]]).repeat(len(x), 1)
    found = fitting.fit_temperature(x.masked_fill(~present[..., None], torch.nan), labels, present)
    assert found[1] == 0
    torch.testing.assert_close(found[:1], fitting.fit_temperature(x[:, :1], labels))


def test_a_sense_that_is_always_right_does_not_drive_numbers_to_infinity():
    x = torch.tensor([[[0.9, 0.1], [0.6, 0.4]], [[0.2, 0.8], [0.7, 0.3]]]).log()
    labels = torch.tensor([0, 1])
    for found in (fitting.fit_weights(x, labels), fitting.fit_temperature(x, labels)):
        assert found.dtype == torch.float32
        assert found.abs().max() < 10


def test_the_gate_hears_the_sense_that_is_sure_now():
    x, labels = experts(rows=2000, strength=(2.5, 2.5))
    noisy = torch.arange(len(x)) % 2 == 0  # in half of the rows the first sense knows nothing, else the other
    flat = x[:, 0] * 0.05
    x = torch.stack(
        [torch.where(noisy[:, None], flat, x[:, 0]), torch.where(noisy[:, None], x[:, 1], flat)], 1
    )
    x = x.log_softmax(-1)
    found = fitting.fit_gate(x, labels)
    assert loss(reliability_mixture(found, x), labels) < loss(average_decisions(x), labels) - 0.1
    zero = {"weight": torch.zeros(2, 3), "bias": torch.zeros(2), "log_temperature": torch.zeros(2)}
    torch.testing.assert_close(reliability_mixture(zero, x), average_decisions(x))


def test_confidence_by_hand():
    x = torch.tensor([[[0.5, 0.5, 0.0], [0.2, 0.7, 0.1]]], dtype=torch.float64).log()
    found = confidence_features(x)[0]
    entropy = torch.special.entr(x.exp()).sum(-1)[0] / torch.tensor(3.0, dtype=torch.float64).log()
    wanted = torch.tensor([[0.5, 0, 0], [0.7, 0, 0.5]], dtype=torch.float64)
    wanted[:, 1] = entropy
    torch.testing.assert_close(found, wanted)
    missing = confidence_features(x * torch.nan, torch.zeros(1, 2, dtype=torch.bool))[0, 0]
    torch.testing.assert_close(missing, torch.tensor([1 / 3, 1, 0], dtype=torch.float64))


@pytest.mark.parametrize("with_holes", [False, True])
def test_both_libraries_learn_the_same(with_holes):
    x, labels = experts(rows=300, strength=(2.0, 1.0, 0.5))
    x, labels, present = holes(x, labels) if with_holes else (x, labels, None)
    given = x.clone()
    pairs = [
        (WeightedDecisions(3), {"weight": fitting.fit_weights(x, labels, present)}),
        (WeightedDecisions(3, 4), {"weight": fitting.fit_weights(x, labels, present, per_class=True)}),
        (TemperatureScaling(3), {"log_temperature": fitting.fit_temperature(x, labels, present)}),
        (ReliabilityMixture(3), fitting.fit_gate(x, labels, present)),
        (DempsterShafer(3), {"logit": fitting.fit_reliability(x, labels, present).logit()}),
    ]
    for module, wanted in pairs:
        found = dict(fit_decision(module.double(), x, labels, present).named_parameters())
        assert set(found) == set(wanted)
        for name, value in wanted.items():
            torch.testing.assert_close(found[name].detach(), value, rtol=0, atol=2e-5)
    torch.testing.assert_close(x, given, equal_nan=True, rtol=0, atol=0)


def test_every_parameter_is_learned_in_a_step():
    x, labels = experts(rows=50)
    for module in (ReliabilityMixture(2), WeightedDecisions(2), DempsterShafer(2)):
        for parameter in module.parameters():
            torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(0))
        before = [parameter.detach().clone() for parameter in module.parameters()]
        torch.nn.functional.nll_loss(module(x.float()), labels).backward()
        torch.optim.SGD(module.parameters(), 0.1).step()
        for old, new in zip(before, module.parameters(), strict=True):
            assert (old != new).all()


X, Y = experts(rows=4)
NOBODY = torch.zeros(4, 2, dtype=torch.bool)
BAD = {
    "labels of other rows": (lambda: fitting.fit_weights(X, Y[:2]), "labels must be"),
    "a class too many": (lambda: fitting.fit_weights(X, Y + 4), r"labels must lie in 0\.\.3"),
    "nobody there": (lambda: fitting.fit_gate(X, Y, NOBODY), "no validation row has a sense"),
    "no penalty": (lambda: fitting.fit_temperature(X, Y, l2=0), "l2 must be above 0"),
    "module, nobody there": (lambda: fit_decision(ReliabilityMixture(2), X, Y, NOBODY), "no validation row"),
    "module, no penalty": (lambda: fit_decision(ReliabilityMixture(2), X, Y, l2=0), "l2 must be above 0"),
    "nothing to learn": (
        lambda: fit_decision(AverageDecisions(), X, Y),
        "AverageDecisions has no parameters",
    ),
}


@pytest.mark.parametrize(("call", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
