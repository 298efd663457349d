"""The models both ways: same first numbers, same gradients, trained in one and used in the other."""

import copy

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.scratch import losses, optim
from mmcourse.scratch.parameters import copied, learnable
from tests.twins.models import CLASSES, MELS, MODELS, inputs, module_with, parameters

EACH = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
SPEECH = pytest.mark.parametrize(
    "model", [m for m in MODELS.values() if m.speech], ids=[name for name, m in MODELS.items() if m.speech]
)
MODES = pytest.mark.parametrize("training", [False, True], ids=["evaluating", "training"])
LENGTHS = [7, 12, 1, 9, 4, 12]


def lesson(model):
    """A batch to learn from: each class has a pattern of its own, in noise and of any length."""
    generator = torch.Generator().manual_seed(5)
    batch, *rest = inputs(model, LENGTHS * 5)
    label = torch.arange(len(batch)) % CLASSES
    patterns = torch.randn(CLASSES, *batch.shape[1:-1], 1, generator=generator, dtype=torch.float64)
    return (0.5 * batch + patterns[label], *rest), label


def scratch_trained(model, steps=25):
    values, (batch, label) = parameters(model), lesson(model)
    optimiser = optim.AdamW(learnable(values), lr=0.02)
    for _ in range(steps):
        loss = losses.cross_entropy(model.function(values, *batch, training=True), label)
        optimiser.zero_grad()
        loss.backward()
        optim.clip_grad_norm(learnable(values), 1.0)
        optimiser.step()
    return values


def module_trained(model, steps=25):
    module, (batch, label) = module_with(model, parameters(model)).train(), lesson(model)
    optimiser = torch.optim.AdamW(module.parameters(), lr=0.02)
    for _ in range(steps):
        loss = cross_entropy(module(*batch), label)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimiser.step()
    return module.eval()


@EACH
def test_fresh_parameters_are_those_of_a_new_module(model):
    torch.manual_seed(3)
    want = model.module(CLASSES).state_dict()
    got = model.fresh(CLASSES, generator=torch.Generator().manual_seed(3))
    assert list(got) == list(want)
    for name, value in want.items():
        torch.testing.assert_close(got[name].detach(), value, rtol=1e-6, atol=0, msg=name)
    names = dict(model.module(CLASSES).named_parameters())
    assert learnable(got).keys() == names.keys()


@EACH
def test_trained_in_scratch_it_answers_alike_in_the_module(model):
    values, (batch, label) = scratch_trained(model), lesson(model)
    module = module_with(model, values).eval()
    with torch.no_grad():
        got, want = module(*batch), model.function(values, *batch)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-10)
    assert (want.argmax(-1) == label).double().mean() > 0.7  # it has learned something


@EACH
def test_trained_in_the_module_it_answers_alike_in_scratch(model):
    module, (batch, label) = module_trained(model), lesson(model)
    with torch.no_grad():
        got, want = model.function(module.state_dict(), *batch), module(*batch)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-10)
    assert (got.argmax(-1) == label).double().mean() > 0.7


@EACH
def test_training_is_the_same_both_ways(model):
    values, module = scratch_trained(model, steps=5), module_trained(model, steps=5)
    for name, value in module.state_dict().items():
        torch.testing.assert_close(values[name].detach(), value, rtol=0, atol=1e-7, msg=name)


@EACH
@MODES
def test_every_parameter_gets_the_modules_gradient(model, training):
    values, (batch, label) = parameters(model), lesson(model)
    module = module_with(model, values).train(training)
    losses.cross_entropy(model.function(values, *batch, training=training), label).backward()
    cross_entropy(module(*batch), label).backward()
    for name, weight in module.named_parameters():
        torch.testing.assert_close(values[name].grad, weight.grad, rtol=0, atol=1e-10, msg=name)
        assert weight.grad.abs().sum() > 1e-6, name
    assert all(value.grad is not None for value in learnable(values).values())


@EACH
def test_a_batch_of_one_keeps_its_batch_axis(model):
    values = parameters(model)
    module = module_with(model, values).eval()
    for length in (1, 5):
        batch = inputs(model, [length])
        assert model.function(values, *batch).shape == (1, CLASSES)
        torch.testing.assert_close(module(*batch), model.function(values, *batch), rtol=0, atol=1e-10)


@EACH
@MODES
def test_reordering_a_batch_reorders_its_answers(model, training):
    values, order = parameters(model), torch.tensor([2, 0, 5, 1, 4, 3])
    batch = inputs(model, LENGTHS)
    shuffled = [part[order] for part in batch]
    got, want = (model.function(copied(values), *part, training=training) for part in (shuffled, batch))
    torch.testing.assert_close(got, want[order], rtol=0, atol=1e-10)


@EACH
def test_inputs_come_back_untouched(model):
    batch = inputs(model, LENGTHS)
    before = copy.deepcopy(batch)
    model.function(parameters(model), *batch, training=True)
    for part, old in zip(batch, before, strict=True):
        torch.testing.assert_close(part, old, rtol=0, atol=0)


@SPEECH
@MODES
@pytest.mark.parametrize("way", ["scratch", "module"])
@pytest.mark.parametrize("filling", [0.0, 1e6, float("nan"), float("inf")])
def test_padding_changes_nothing(model, filling, way, training):
    values = parameters(model)
    module = module_with(model, values).train(training)
    speech, lengths = inputs(model, LENGTHS)
    longer = torch.full((len(lengths), MELS, max(LENGTHS) + 5), filling, dtype=torch.float64)
    for row, length in enumerate(lengths):
        longer[row, :, :length] = speech[row, :, :length]

    def answer(*batch):
        return module(*batch) if way == "module" else model.function(values, *batch, training=training)

    together = answer(longer, lengths)
    for row, length in enumerate(lengths):
        alone = answer(speech[row : row + 1, :, :length], lengths[row : row + 1])
        torch.testing.assert_close(alone[0], together[row], rtol=0, atol=1e-11)


@SPEECH
@pytest.mark.parametrize("way", ["scratch", "module"])
def test_padding_that_is_no_number_spoils_no_gradient(model, way):
    values = parameters(model)
    module = module_with(model, values)
    speech, lengths = inputs(model, LENGTHS)
    padding = torch.arange(max(LENGTHS)) >= lengths[:, None]
    speech = speech.masked_fill(padding[:, None], float("nan")).requires_grad_()
    output = module(speech, lengths) if way == "module" else model.function(values, speech, lengths)
    output.square().sum().backward()
    learned = module.parameters() if way == "module" else learnable(values).values()
    assert all(value.grad is None or value.grad.isfinite().all() for value in learned)
    assert (speech.grad.movedim(1, -1)[padding] == 0).all()


@pytest.mark.parametrize("name", ["SpeechRNN, GRU, two layers, one direction", "SpeechTransformer"])
def test_dropout_in_training_is_that_of_its_generator(name):
    """For a transformer torch draws in the order of memory, not of axes: other numbers from one seed."""
    model = MODELS[name]
    values, batch = parameters(model), inputs(model, LENGTHS)

    def answer(seed, training=True):
        generator = torch.Generator().manual_seed(seed)
        return model.function(values, *batch, generator=generator, training=training, dropout=0.5)

    torch.testing.assert_close(answer(1), answer(1), rtol=0, atol=0)
    assert not torch.allclose(answer(1), answer(2))
    torch.testing.assert_close(answer(1, training=False), answer(2, training=False), rtol=0, atol=0)
