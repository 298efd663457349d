"""What holds for each fusion of tokens: missing senses, padding, batches of one, gradients, refusals."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
import torch

from mmcourse.modules import token_fusion as modules
from mmcourse.scratch import token_fusion as scratch

OUT, WIDTHS, TIMES = 5, (3, 4, 2), (4, 6, 3)
SMALL = {"width": 8, "num_heads": 2}


@dataclass(frozen=True)
class Both:
    module: Callable
    function: Callable

    def made(self, senses, seed=0):
        torch.manual_seed(seed)
        return self.module(WIDTHS[:senses], OUT).double()

    def answer(self, module, way, *given):
        if way == "module":
            return module(*given)
        return self.function(dict(module.named_parameters()), *given, num_heads=2)


FUSIONS = {
    "one transformer": Both(partial(modules.TokenTransformer, **SMALL), scratch.token_transformer),
    "bottleneck": Both(partial(modules.BottleneckFusion, **SMALL), scratch.bottleneck_fusion),
    "cross-modal": Both(partial(modules.CrossModalFusion, **SMALL), scratch.cross_modal_fusion),
}
EACH = pytest.mark.parametrize("name", FUSIONS)
SENSES = pytest.mark.parametrize("senses", [2, 3])
WAYS = pytest.mark.parametrize("way", ["scratch", "module"])


def tokens_of(senses, batch=4, seed=1):
    generator = torch.Generator().manual_seed(seed)
    shapes = list(zip(TIMES, WIDTHS, strict=True))[:senses]
    tokens = [torch.randn(batch, *shape, generator=generator, dtype=torch.float64) for shape in shapes]
    lengths = [torch.randint(1, time + 1, (batch,), generator=generator) for time, _ in shapes]
    return tokens, lengths


def masks(senses):
    return torch.tensor([[bool(n >> sense & 1) for sense in range(senses)] for n in range(2**senses)])


@EACH
@SENSES
@WAYS
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluating"])
@pytest.mark.parametrize("filling", [1e6, float("nan"), float("inf")])
def test_what_is_missing_or_padding_changes_no_value_and_no_gradient(name, senses, way, filling, training):
    both, present = FUSIONS[name], masks(senses)
    module = both.made(senses).train(training)
    tokens, lengths = tokens_of(senses, len(present))
    filled = []
    for x, count, there in zip(tokens, lengths, present.t(), strict=True):
        unseen = (torch.arange(x.shape[1]) >= count[:, None]) | ~there[:, None]
        filled.append(x.masked_fill(unseen[..., None], filling))
    found = []
    for given in (tokens, filled):
        given = [x.clone().requires_grad_() for x in given]
        output = both.answer(module, way, given, lengths, present)
        weights = torch.randn(output.shape, generator=torch.Generator().manual_seed(2), dtype=output.dtype)
        gradients = torch.autograd.grad((output * weights).sum(), [*given, *module.parameters()])
        found.append((output, *gradients))
    for got, want in zip(*found, strict=True):
        assert got.isfinite().all()
        torch.testing.assert_close(got, want, rtol=0, atol=0)
    for gradient, x in zip(gradients, filled, strict=False):
        assert (gradient[x == filling] == 0).all()
        assert (gradient[x.isnan()] == 0).all()
    assert (output[0] == 0).all()  # nobody is there
    with torch.no_grad():  # another way through torch.nn
        torch.testing.assert_close(
            both.answer(module, way, filled, lengths, present), output, rtol=0, atol=1e-12
        )


@EACH
@SENSES
@WAYS
def test_a_clip_without_frames_is_a_missing_sense(name, senses, way):
    both, (tokens, lengths) = FUSIONS[name], tokens_of(senses)
    module, present = both.made(senses), torch.ones(4, senses, dtype=torch.bool)
    present[1, 0] = False
    empty, absurd = ([lengths[0].masked_fill(~present[:, 0], n), *lengths[1:]] for n in (0, 99))
    got, want = (both.answer(module, way, tokens, *rest) for rest in ((empty,), (absurd, present)))
    torch.testing.assert_close(got, want, rtol=0, atol=1e-14)


@EACH
@SENSES
@WAYS
def test_rows_are_answered_one_by_one_as_together(name, senses, way):
    both, (tokens, lengths) = FUSIONS[name], tokens_of(senses)
    module, present = both.made(senses), masks(senses)[[-1, 1, 0, 2]]
    together = both.answer(module, way, tokens, lengths, present)
    for row in range(4):
        one = slice(row, row + 1)
        cut = [x[one, : n[row]] for x, n in zip(tokens, lengths, strict=True)]  # and without its padding
        alone = both.answer(module, way, cut, None, present[one])
        assert alone.shape == (1, OUT)
        torch.testing.assert_close(alone[0], together[row], rtol=0, atol=1e-12)


@EACH
@SENSES
@WAYS
def test_every_parameter_gets_a_gradient_and_moves_in_one_step(name, senses, way):
    both, (tokens, lengths) = FUSIONS[name], tokens_of(senses)
    module = both.made(senses)
    before = copy.deepcopy(module.state_dict())
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    both.answer(module, way, tokens, lengths).square().sum().backward()
    optimiser.step()
    for parameter, value in module.named_parameters():
        assert value.grad.abs().sum() > 0, parameter
        assert not torch.equal(value, before[parameter]), parameter


@EACH
@WAYS
def test_each_sense_hears_the_other(name, way):
    """What comes out of the first sense's own tokens changes with the second sense."""
    both, (tokens, _) = FUSIONS[name], tokens_of(2)
    module = both.made(2)
    if name == "one transformer":
        outputs = [both.answer(module, way, [tokens[0], x]) for x in (tokens[1], tokens[1] + 1)]
    else:  # the columns of the last layer that read the second sense are closed
        module.linear.weight.data[:, 8:] = 0
        outputs = [both.answer(module, way, [tokens[0], x]) for x in (tokens[1], tokens[1] + tokens[1] ** 2)]
    assert not torch.allclose(*outputs, atol=1e-6)


@EACH
def test_a_state_dict_goes_into_a_new_module(name):
    tokens, lengths = tokens_of(2)
    old, new = (FUSIONS[name].made(2, seed) for seed in (0, 1))
    new.load_state_dict(old.state_dict())
    assert torch.equal(old(tokens, lengths), new(tokens, lengths))
    assert new.features == OUT


@EACH
@WAYS
def test_wrong_tokens_are_refused_with_a_sentence(name, way):
    both, (tokens, lengths) = FUSIONS[name], tokens_of(2)
    module = both.made(2)
    with pytest.raises(ValueError, match="senses"):
        both.answer(module, way, tokens[:1])
    with pytest.raises(ValueError, match="senses"):
        both.answer(module, way, tokens, lengths[:1])
    with pytest.raises(ValueError, match=r"lengths must lie in 0\.\.4"):
        both.answer(module, way, tokens, [lengths[0] + 9, lengths[1]])
    with pytest.raises(ValueError, match="present must be"):
        both.answer(module, way, tokens, lengths, torch.ones(4, 3, dtype=torch.bool))


def test_a_bottleneck_of_one_block_would_say_nothing():
    with pytest.raises(ValueError, match="two blocks or more"):
        modules.BottleneckFusion((3, 4), 5, num_layers=1)
    with pytest.raises(ValueError, match="bottlenecks 0"):
        modules.BottleneckFusion((3, 4), 5, bottlenecks=0)
