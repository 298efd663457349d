"""What holds for each fusion of embeddings: missing senses, batches of one, gradients, what it refuses."""

import copy

import pytest
import torch

from tests.fusion.fusions import CASES, FUSIONS, OUT, embeddings_of

WIDTHS = (3, 4, 2)
EACH = pytest.mark.parametrize(("name", "senses"), CASES, ids=[f"{name}-{senses}" for name, senses in CASES])
WAYS = pytest.mark.parametrize("way", ["scratch", "module"])
FILLINGS = pytest.mark.parametrize("filling", [0.0, 1e6, float("nan"), float("inf")])


def masks(senses):
    """Every pattern of senses that are there, nobody and all among them."""
    rows = [[bool(number >> sense & 1) for sense in range(senses)] for number in range(2**senses)]
    return torch.tensor(rows)


@EACH
@WAYS
@FILLINGS
def test_what_is_missing_changes_no_value_and_no_gradient(name, senses, way, filling):
    both, present = FUSIONS[name], masks(senses)
    module = both.made(WIDTHS[:senses])
    clean = embeddings_of(WIDTHS[:senses], len(present))
    filled = [x.masked_fill(~there[:, None], filling) for x, there in zip(clean, present.t(), strict=True)]
    found = []
    for given in (clean, filled):
        given = [x.clone().requires_grad_() for x in given]
        output = both.answer(module, given, present, way)
        weights = torch.randn(output.shape, generator=torch.Generator().manual_seed(2), dtype=output.dtype)
        gradients = torch.autograd.grad((output * weights).sum(), [*given, *module.parameters()])
        found.append((output, *gradients))
        for gradient, there in zip(gradients[:senses], present.t(), strict=True):
            assert (gradient[~there] == 0).all()
    for got, want in zip(*found, strict=True):
        assert got.isfinite().all()
        torch.testing.assert_close(got, want, rtol=0, atol=0)
    assert (output[0] == 0).all()  # nobody is there


@EACH
@WAYS
def test_a_mask_of_true_is_no_mask(name, senses, way):
    both, embeddings = FUSIONS[name], embeddings_of(WIDTHS[:senses])
    module, present = both.made(WIDTHS[:senses]), torch.ones(5, senses, dtype=torch.bool)
    got, want = (both.answer(module, embeddings, mask, way) for mask in (present, None))
    torch.testing.assert_close(got, want, rtol=0, atol=1e-14)


@EACH
@WAYS
def test_a_sense_that_is_there_counts(name, senses, way):
    both, embeddings = FUSIONS[name], embeddings_of(WIDTHS[:senses])
    module = both.made(WIDTHS[:senses])
    before = both.answer(module, embeddings, None, way)
    for sense in range(senses):
        changed = [x + (number == sense) for number, x in enumerate(embeddings)]
        assert not torch.allclose(both.answer(module, changed, None, way), before)


@EACH
@WAYS
def test_rows_are_answered_one_by_one_as_together_and_in_any_order(name, senses, way):
    both, embeddings = FUSIONS[name], embeddings_of(WIDTHS[:senses])
    module, present = both.made(WIDTHS[:senses]), masks(senses)[[-1, 1, -1, 0, 2]]
    together = both.answer(module, embeddings, present, way)
    order = torch.tensor([3, 0, 4, 2, 1])
    shuffled = both.answer(module, [x[order] for x in embeddings], present[order], way)
    torch.testing.assert_close(shuffled, together[order], rtol=0, atol=1e-12)
    for row in range(5):
        alone = both.answer(module, [x[row : row + 1] for x in embeddings], present[row : row + 1], way)
        assert alone.shape == (1, OUT)
        torch.testing.assert_close(alone[0], together[row], rtol=0, atol=1e-12)


@EACH
@WAYS
def test_every_parameter_gets_a_gradient_and_moves_in_one_step(name, senses, way):
    both, embeddings = FUSIONS[name], embeddings_of(WIDTHS[:senses])
    module = both.made(WIDTHS[:senses])
    before = copy.deepcopy(module.state_dict())
    assert before.keys() == dict(module.named_parameters()).keys()
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    both.answer(module, embeddings, None, way).square().sum().backward()
    optimiser.step()
    for parameter, value in module.named_parameters():
        assert value.grad.abs().sum() > 0, parameter
        assert not torch.equal(value, before[parameter]), parameter


@EACH
def test_a_state_dict_goes_into_a_new_module(name, senses):
    both, embeddings = FUSIONS[name], embeddings_of(WIDTHS[:senses])
    old, new = (both.made(WIDTHS[:senses], seed=seed) for seed in (0, 1))
    assert not torch.equal(old(embeddings), new(embeddings))
    new.load_state_dict(old.state_dict())
    assert torch.equal(old(embeddings), new(embeddings))
    assert new.features == OUT


@EACH
@WAYS
def test_wrong_senses_are_refused_with_a_sentence(name, senses, way):
    both, embeddings = FUSIONS[name], embeddings_of(WIDTHS[:senses])
    module = both.made(WIDTHS[:senses])
    with pytest.raises(ValueError, match="senses"):
        both.answer(module, embeddings[:1], None, way)
    with pytest.raises(ValueError, match="one batch"):
        both.answer(module, [embeddings[0][:2], *embeddings[1:]], None, way)
    with pytest.raises(ValueError, match=r"present must be \[batch, sense\]"):
        both.answer(module, embeddings, torch.ones(senses, 5, dtype=torch.bool), way)
    with pytest.raises(TypeError, match=r"present\.bool"):
        both.answer(module, embeddings, torch.ones(5, senses), way)


@pytest.mark.parametrize("name", [name for name, both in FUSIONS.items() if both.senses == (2,)])
def test_what_joins_two_senses_refuses_three(name):
    both = FUSIONS[name]
    with pytest.raises(ValueError, match="exactly 2 senses, got 3"):
        both.made(WIDTHS)
    with pytest.raises(ValueError, match="exactly 2 senses, got 3"):
        both.function({}, embeddings_of(WIDTHS))


@EACH
def test_one_sense_is_no_fusion(name, senses):
    with pytest.raises(ValueError, match="senses, got 1"):
        FUSIONS[name].made(WIDTHS[:1])
