"""Attention: padding is never seen, nothing to see gives zeros, gradients by hand, random weights."""

import math

import pytest
import torch
from torch.nn import functional as F

from mmcourse.modules.attention import AdditiveAttention
from mmcourse.modules.attention_pool import AttentionPool
from mmcourse.scratch import _attention, attention
from mmcourse.scratch._attention import Attention
from mmcourse.scratch.attention_pool import attention_pool
from mmcourse.scratch.chunked import ChunkedAttention, chunked_attention

SDPA = attention.scaled_dot_product_attention
PADDING = [0.0, 1e6, math.nan, math.inf]
LENGTHS = torch.tensor([3, 5, 1])
SIZES = {"query": (3, 2, 4, 6), "key": (3, 2, 5, 6), "value": (3, 2, 5, 7)}


def numbers(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def mask(lengths=LENGTHS, time=5):
    return attention.padding_mask(lengths, time)[:, None, None]


def by_boolean(query, key, value, lengths):
    return SDPA(query, key, value, mask(lengths))


def by_added(query, key, value, lengths):
    added = torch.zeros(len(lengths), 1, 1, 5).to(query).masked_fill(~mask(lengths), -torch.inf)
    return SDPA(query, key, value, added)


def with_weights(query, key, value, lengths):
    output, weights = SDPA(query, key, value, mask(lengths), need_weights=True)
    return torch.cat([output, weights], dim=-1)


def additive(query, key, value, lengths):
    parameters = AdditiveAttention(6, 6, 4).to(query).requires_grad_(False).state_dict()
    parameters = {name: numbers(*w.shape, seed=9).to(query) for name, w in parameters.items()}
    return attention.additive_attention(parameters, query, key, value, mask(lengths))


def additive_module(query, key, value, lengths):
    module = AdditiveAttention(6, 6, 4).to(query)
    return module(query, key, value, mask(lengths))


def in_chunks(query, key, value, lengths):
    return chunked_attention(query, key, value, chunk=2, key_lengths=lengths)


def plain(query, key, value, lengths):
    return attention.dot_product_attention(query, key, value, mask(lengths))


MASKED = [by_boolean, by_added, with_weights, additive, additive_module, in_chunks, plain]


def run(function, key, value, lengths=LENGTHS):
    """The output, and the gradients of query, key and value."""
    torch.manual_seed(0)  # of a module's weights
    inputs = [x.detach().requires_grad_() for x in (numbers(*SIZES["query"]), key, value)]
    output = function(*inputs, lengths)
    upstream = numbers(*output.shape, seed=3)
    return output, torch.autograd.grad(output, inputs, upstream)


@pytest.mark.parametrize("filled", PADDING)
@pytest.mark.parametrize("function", MASKED)
def test_what_stands_in_padding_changes_nothing(function, filled):
    key, value = numbers(*SIZES["key"], seed=1), numbers(*SIZES["value"], seed=2)
    padding = ~attention.padding_mask(LENGTHS, 5)[:, None, :, None]
    want, want_gradients = run(function, key.masked_fill(padding, 0), value.masked_fill(padding, 0))
    got, got_gradients = run(function, key.masked_fill(padding, filled), value.masked_fill(padding, filled))
    assert torch.equal(got, want)
    for one, other in zip(got_gradients, want_gradients, strict=True):
        assert torch.equal(one, other)
    for gradient in got_gradients[1:]:
        assert not gradient.masked_fill(~padding, 0).any(), "padding has a gradient"


@pytest.mark.parametrize("function", MASKED)
def test_more_padding_changes_nothing(function):
    key, value = numbers(*SIZES["key"], seed=1), numbers(*SIZES["value"], seed=2)
    query = numbers(*SIZES["query"])
    for row, length in enumerate(LENGTHS.tolist()):
        alone = [x[row : row + 1, :, :length] for x in (key, value)]
        padded = [F.pad(x, (0, 0, 0, 5 - length), value=math.nan) for x in alone]
        torch.manual_seed(0)
        want = function(query, key, value, LENGTHS)[row]
        torch.manual_seed(0)
        got = function(query[row : row + 1], *padded, LENGTHS[row : row + 1])[0]
        torch.testing.assert_close(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("function", MASKED)
def test_nothing_to_see_gives_zeros_and_no_gradient(function, dtype):
    lengths = torch.tensor([0, 5, 0])
    torch.manual_seed(0)
    inputs = [numbers(*shape).to(dtype).requires_grad_() for shape in SIZES.values()]
    output = function(*inputs, lengths)
    assert not output[[0, 2]].any()
    assert output[1].any()
    for gradient in torch.autograd.grad(output.sum() + output.square().sum(), inputs):
        assert not gradient[[0, 2]].any(), "zeros and NaN are told apart here: NaN counts as true"
        assert gradient[1].isfinite().all()


@pytest.mark.parametrize("is_added", [False, True])
def test_a_row_of_a_mask_may_be_empty(is_added):
    """torch's own masked softmax gives NaN for such a row; ours zeros, and leaves the other rows alone."""
    inputs = [numbers(*shape).requires_grad_() for shape in SIZES.values()]
    looks = numbers(4, 5, seed=5) > 0
    looks[2] = False
    given = torch.zeros(4, 5).double().masked_fill(~looks, -torch.inf) if is_added else looks
    output = SDPA(*inputs, given)
    assert not output[:, :, 2].any()
    gradients = torch.autograd.grad(output, inputs, numbers(*output.shape, seed=6))
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert not gradients[0][:, :, 2].any()
    rest = [0, 1, 3]
    want = F.scaled_dot_product_attention(inputs[0][:, :, rest], *inputs[1:], attn_mask=looks[rest])
    torch.testing.assert_close(output[:, :, rest], want)


def test_queries_that_are_padding_may_hold_nan_where_the_mask_says_so():
    x = numbers(3, 5, 6)
    valid = attention.padding_mask(LENGTHS, 5)
    both = valid[:, :, None] & valid[:, None, :]
    filled = x.masked_fill(~valid[..., None], math.nan).requires_grad_()
    output = SDPA(filled, filled, filled, both)
    (gradient,) = torch.autograd.grad(output.sum(), filled)
    assert output.isfinite().all()
    assert gradient.isfinite().all()
    assert not gradient[~valid].any()


@pytest.mark.parametrize("at_hand", [1, 12, 2**19])
def test_gradients_of_one_buffer_are_the_numerical_ones(at_hand, monkeypatch):
    """One clip at a time, or all at once."""
    monkeypatch.setattr(_attention, "AT_HAND", at_hand)
    inputs = [
        numbers(2, *shape, seed=seed).requires_grad_() for seed, shape in enumerate([(3, 2), (4, 2), (4, 3)])
    ]
    looks = numbers(2, 3, 4, seed=4) > 0
    looks[0, 1] = False
    added = numbers(2, 3, 4, seed=5).requires_grad_()
    for given in (None, looks, added):
        assert torch.autograd.gradcheck(Attention.apply, (*inputs, given))


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 5, 9])
def test_chunks_have_the_numerical_gradients(chunk):
    """Chunks that do not divide the queries or keys, one that is larger than all, and a clip of no keys."""
    inputs = [
        numbers(2, *shape, seed=seed).requires_grad_() for seed, shape in enumerate([(5, 2), (4, 2), (4, 3)])
    ]
    valid = attention.padding_mask(torch.tensor([3, 0]), 4)
    for mask, is_causal in ((None, False), (None, True), (valid, False), (valid, True)):
        assert torch.autograd.gradcheck(ChunkedAttention.apply, (*inputs, mask, is_causal, chunk))


def test_chunks_survive_scores_that_overflow_an_exponential():
    query, key, value = (100 * numbers(1, 7, 8, seed=seed, dtype=torch.float32) for seed in range(3))
    got = chunked_attention(query, key, value, chunk=3)
    torch.testing.assert_close(got, F.scaled_dot_product_attention(query, key, value))


def test_the_same_seed_loses_the_same_weights_as_torch():
    inputs = [numbers(*shape) for shape in SIZES.values()]
    torch.manual_seed(7)
    want = F.scaled_dot_product_attention(*inputs, dropout_p=0.4)
    torch.manual_seed(7)
    got = SDPA(*inputs, dropout_p=0.4)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-12)
    again = SDPA(*inputs, dropout_p=0.4, generator=torch.Generator().manual_seed(7))
    assert torch.equal(again, got)


def test_weights_add_up_to_one_and_keep_their_mean_under_dropout():
    query, key, value = (numbers(*shape) for shape in SIZES.values())
    _, weights = SDPA(query, key, value, need_weights=True)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 4).double())
    generator = torch.Generator().manual_seed(0)
    lost = torch.stack(
        [SDPA(query, key, value, None, 0.5, generator=generator, need_weights=True)[1] for _ in range(3000)]
    )
    torch.testing.assert_close(lost.mean(0), weights, rtol=0, atol=0.06)


@pytest.mark.parametrize("function", [SDPA, chunked_attention])
def test_no_keys_give_zeros(function):
    output = function(numbers(2, 3, 4), numbers(2, 0, 4), numbers(2, 0, 5))
    assert torch.equal(output, torch.zeros(2, 3, 5).double())


@pytest.mark.parametrize("function", [SDPA, chunked_attention, attention.dot_product_attention])
def test_a_permuted_batch_is_permuted_and_one_alone_is_the_same(function):
    inputs = [numbers(*shape, seed=seed) for seed, shape in enumerate(SIZES.values())]
    want, order = function(*inputs), torch.tensor([2, 0, 1])
    torch.testing.assert_close(function(*(x[order] for x in inputs)), want[order], rtol=0, atol=1e-12)
    torch.testing.assert_close(function(*(x[1:2] for x in inputs)), want[1:2], rtol=0, atol=1e-12)


@pytest.mark.parametrize("filled", PADDING)
@pytest.mark.parametrize("made", ["scratch", "module"])
def test_a_pool_leaves_padding_out(made, filled):
    module = AttentionPool(6).double()
    parameters = module.state_dict()
    padding = ~attention.padding_mask(LENGTHS, 5)[..., None]
    x = numbers(3, 5, 6).masked_fill(padding, filled).requires_grad_()
    weight = parameters["score.weight"].detach().requires_grad_()
    if made == "scratch":
        pooled, weights = attention_pool({"score.weight": weight}, x, LENGTHS)
    else:
        pooled, weights = torch.func.functional_call(module, {"score.weight": weight}, (x, LENGTHS))
    gradients = torch.autograd.grad(pooled.sum() + weights.square().sum(), (x, weight))
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert not weights[padding[..., 0]].any()
    for row, length in enumerate(LENGTHS.tolist()):
        alone, _ = attention_pool(parameters, x[row : row + 1, :length])
        torch.testing.assert_close(pooled[row], alone[0], rtol=0, atol=1e-12)
