"""Multi-head attention and transformer blocks: padding, empty rows, random weights, parameters both ways."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.func import functional_call

from mmcourse.modules.attention import AdditiveAttention
from mmcourse.modules.attention_pool import AttentionPool
from mmcourse.modules.transformer import CrossModalBlock
from mmcourse.scratch.attention import additive_attention, padding_mask
from mmcourse.scratch.attention_pool import attention_pool
from mmcourse.scratch.multihead import merge_heads, multi_head_attention, split_heads
from mmcourse.scratch.transformer import cross_modal_block, transformer_encoder_layer

LENGTHS = torch.tensor([3, 5, 1])
PADDING = [0.0, 1e6, math.nan]
VALID = padding_mask(LENGTHS, 5)


def numbers(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def leaves(module, seed=1):
    return {
        name: numbers(*value.shape, seed=seed + i).requires_grad_()
        for i, (name, value) in enumerate(module.state_dict().items())
    }


def on_itself(parameters, x, lengths):
    return multi_head_attention(parameters, x, x, x, 2, key_padding_mask=~padding_mask(lengths, x.shape[1]))[
        0
    ]


def other_keys(parameters, x, lengths):
    query = numbers(len(x), 4, 6, seed=3)
    padding = (
        torch.zeros(len(x), x.shape[1]).double().masked_fill(~padding_mask(lengths, x.shape[1]), -torch.inf)
    )
    return multi_head_attention(parameters, query, x, x, 2, key_padding_mask=padding, need_weights=False)[0]


def post_norm(parameters, x, lengths):
    return transformer_encoder_layer(
        parameters, x, 2, src_key_padding_mask=~padding_mask(lengths, x.shape[1])
    )


def pre_norm(parameters, x, lengths):
    padding = ~padding_mask(lengths, x.shape[1])
    return transformer_encoder_layer(
        parameters, x.transpose(0, 1), 2, src_key_padding_mask=padding, norm_first=True, batch_first=False
    ).transpose(0, 1)


def two_senses(parameters, x, lengths):
    return cross_modal_block(parameters, numbers(len(x), 4, 6, seed=3), x, 2, context_lengths=lengths)


def two_senses_module(parameters, x, lengths):
    module = CrossModalBlock(6, 6, 2, hidden=5).double()
    return functional_call(module, parameters, (numbers(len(x), 4, 6, seed=3), x, lengths))


ENCODER = nn.TransformerEncoderLayer(6, 2, 5, batch_first=True)
BLOCKS = {
    "attention on itself": (on_itself, nn.MultiheadAttention(6, 2), True),
    "attention on other keys": (other_keys, nn.MultiheadAttention(6, 2), False),
    "post-norm": (post_norm, ENCODER, True),
    "pre-norm, time first": (pre_norm, ENCODER, True),
    "two senses": (two_senses, CrossModalBlock(6, 6, 2, hidden=5), False),
    "two senses, module": (two_senses_module, CrossModalBlock(6, 6, 2, hidden=5), False),
}


def run(function, parameters, x, own_frames):
    """Outputs at valid frames, and the gradients of x and of all parameters."""
    x = x.detach().requires_grad_()
    output = function(parameters, x, LENGTHS)
    valid = VALID[..., None].expand_as(output) if own_frames else torch.ones_like(output, dtype=torch.bool)
    upstream = numbers(*output.shape, seed=5)[valid]
    wanted = [x, *parameters.values()]
    gradients = torch.autograd.grad(
        output[valid], wanted, upstream, allow_unused=True, materialize_grads=True
    )
    return output[valid], gradients


@pytest.mark.parametrize("filled", PADDING)
@pytest.mark.parametrize("name", BLOCKS)
def test_what_stands_in_padding_changes_nothing(name, filled):
    function, module, own_frames = BLOCKS[name]
    parameters, x = leaves(module), numbers(3, 5, 6, seed=40)
    want, want_gradients = run(function, parameters, x.masked_fill(~VALID[..., None], 0), own_frames)
    got, got_gradients = run(function, parameters, x.masked_fill(~VALID[..., None], filled), own_frames)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-12)
    for one, other in zip(got_gradients, want_gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)
    assert not got_gradients[0][~VALID].any(), "padding has a gradient"


@pytest.mark.parametrize("name", BLOCKS)
def test_more_padding_and_another_order_change_nothing(name):
    function, module, own_frames = BLOCKS[name]
    parameters, x = leaves(module), numbers(3, 5, 6, seed=40)
    want = function(parameters, x, LENGTHS)
    longer = function(parameters, torch.cat([x, torch.full((3, 2, 6), 7.0).double()], 1), LENGTHS)
    kept = VALID if own_frames else torch.ones_like(want[..., 0], dtype=torch.bool)
    torch.testing.assert_close(longer[:, : want.shape[1]][kept], want[kept], rtol=0, atol=1e-12)
    if own_frames:  # the others' queries are made inside
        order = torch.tensor([2, 0, 1])
        torch.testing.assert_close(function(parameters, x[order], LENGTHS[order]), want[order])
        torch.testing.assert_close(function(parameters, x[:1], LENGTHS[:1]), want[:1])


@pytest.mark.parametrize("need_weights", [True, False])
def test_nothing_to_see_leaves_the_bias_of_the_output(need_weights):
    """With weights torch gives NaN in such a row, without them it agrees; other clips are equal in both."""
    module = nn.MultiheadAttention(6, 2, batch_first=True).double()
    x, padding = numbers(2, 4, 6), torch.tensor([[True] * 4, [False, False, True, True]])
    parameters = {name: value.detach().requires_grad_() for name, value in module.state_dict().items()}
    output, weights = multi_head_attention(
        parameters, x, x, x, 2, key_padding_mask=padding, need_weights=need_weights
    )
    assert torch.equal(output[0], module.out_proj.bias.expand(4, 6))
    assert weights is None or not weights[0].any()
    gradients = torch.autograd.grad(output.square().sum(), list(parameters.values()))
    assert all(gradient.isfinite().all() for gradient in gradients)
    theirs, _ = module(x, x, x, key_padding_mask=padding, need_weights=need_weights)
    assert theirs[0].isnan().all() == need_weights
    torch.testing.assert_close(output[1], theirs[1])


def test_masks_of_both_kinds_are_joined():
    module = nn.MultiheadAttention(6, 2, batch_first=True).double()
    x, padding = numbers(3, 5, 6), ~VALID
    added = numbers(5, 5, seed=8)
    got, weights = multi_head_attention(
        module.state_dict(), x, x, x, 2, key_padding_mask=padding, attn_mask=added, is_causal=True
    )
    as_numbers = torch.zeros(3, 5).double().masked_fill(padding, -torch.inf)
    causal = torch.full((5, 5), -torch.inf).double().triu(1)
    want, want_weights = module(x, x, x, key_padding_mask=as_numbers, attn_mask=added + causal)
    torch.testing.assert_close(got, want)
    torch.testing.assert_close(weights, want_weights)


@pytest.mark.parametrize("need_weights", [True, False])
def test_the_same_seed_loses_the_same_weights_as_torch(need_weights):
    module = nn.MultiheadAttention(6, 2, dropout=0.4, batch_first=True).double()
    x = numbers(3, 5, 6)
    torch.manual_seed(2)
    want, want_weights = module(x, x, x, need_weights=need_weights)
    torch.manual_seed(2)
    got, weights = multi_head_attention(
        module.state_dict(), x, x, x, 2, dropout=0.4, training=True, need_weights=need_weights
    )
    torch.testing.assert_close(got, want)
    assert weights is None or torch.allclose(weights, want_weights)


@pytest.mark.parametrize("norm_first", [False, True])
def test_a_layer_in_training_draws_what_torch_draws(norm_first):
    """torch keeps time before batch, and a mask is drawn in the order of memory: one clip has one order."""
    module = nn.TransformerEncoderLayer(
        6, 2, 5, dropout=0.3, norm_first=norm_first, batch_first=True
    ).double()
    src = numbers(1, 7, 6)
    torch.manual_seed(2)
    want = module(src)
    torch.manual_seed(2)
    got = transformer_encoder_layer(
        module.state_dict(), src, 2, dropout=0.3, training=True, norm_first=norm_first
    )
    torch.testing.assert_close(got, want)
    generator = torch.Generator().manual_seed(2)
    again = transformer_encoder_layer(
        module.state_dict(), src, 2, dropout=0.3, training=True, norm_first=norm_first, generator=generator
    )
    assert torch.equal(again, got)


def test_the_fast_path_of_torch_gives_the_same_at_valid_frames():
    module = nn.TransformerEncoderLayer(6, 2, 5, batch_first=True).double().eval()
    x = numbers(3, 5, 6)
    with torch.no_grad():
        want = module(x, src_key_padding_mask=~VALID)
    got = transformer_encoder_layer(module.state_dict(), x, 2, src_key_padding_mask=~VALID)
    torch.testing.assert_close(got[VALID], want[VALID])


def test_an_activation_may_be_any_function():
    module = nn.TransformerEncoderLayer(6, 2, 5, 0.0, activation=torch.tanh, batch_first=True).double()
    x = numbers(3, 5, 6)
    got = transformer_encoder_layer(module.state_dict(), x, 2, activation=torch.tanh)
    torch.testing.assert_close(got, module(x))


def test_heads_are_shares_of_features_and_come_back():
    x = numbers(2, 5, 12)
    heads = split_heads(x, 3)
    assert heads.shape == (2, 3, 5, 4)
    assert torch.equal(heads[:, 1], x[:, :, 4:8])
    assert torch.equal(merge_heads(heads), x)


def classify_multihead(parameters, x):
    return multi_head_attention(parameters, x, x, x, 2, need_weights=False)[0].mean(1)


def classify_encoder(parameters, x):
    return transformer_encoder_layer(parameters, x, 2, dropout=0.0, norm_first=True).mean(1)


def classify_cross(parameters, x):
    return cross_modal_block(parameters, x[:, :2], x[:, 2:], 2, context_lengths=LENGTHS.clamp(max=2)).mean(1)


def classify_additive(parameters, x):
    return additive_attention(parameters, x[:, :1], x[:, 1:], x[:, 1:])[:, 0]


def classify_pool(parameters, x):
    return attention_pool(parameters, x, LENGTHS)[0]


TRAINED = {
    "MultiheadAttention": (
        classify_multihead,
        lambda m, x: m(x, x, x, need_weights=False)[0].mean(1),
        nn.MultiheadAttention(6, 2, batch_first=True),
    ),
    "TransformerEncoderLayer": (
        classify_encoder,
        lambda m, x: m(x).mean(1),
        nn.TransformerEncoderLayer(6, 2, 5, 0.0, norm_first=True, batch_first=True),
    ),
    "CrossModalBlock": (
        classify_cross,
        lambda m, x: m(x[:, :2], x[:, 2:], LENGTHS.clamp(max=2)).mean(1),
        CrossModalBlock(6, 6, 2, hidden=5),
    ),
    "AdditiveAttention": (
        classify_additive,
        lambda m, x: m(x[:, :1], x[:, 1:], x[:, 1:])[:, 0],
        AdditiveAttention(6, 6, 4),
    ),
    "AttentionPool": (classify_pool, lambda m, x: m(x, LENGTHS)[0], AttentionPool(6)),
}


@pytest.mark.parametrize("name", TRAINED)
def test_parameters_go_both_ways_after_training(name):
    function, called, module = TRAINED[name]
    module = copy.deepcopy(module).double()
    x, target = numbers(3, 5, 6), numbers(3, 6, seed=1)
    fresh = copy.deepcopy(module.state_dict())
    parameters = {key: value.clone().requires_grad_() for key, value in fresh.items()}
    optimizers = (torch.optim.Adam(module.parameters(), 1e-2), torch.optim.Adam(parameters.values(), 1e-2))
    for _ in range(5):
        for optimizer, output in zip(optimizers, (called(module, x), function(parameters, x)), strict=True):
            optimizer.zero_grad()
            (output - target).square().mean().backward()
            optimizer.step()
    moved = [key for key, value in module.state_dict().items() if not torch.equal(value, fresh[key])]
    assert moved, "nothing was learned"
    with torch.no_grad():
        torch.testing.assert_close(function(module.state_dict(), x), called(module, x), rtol=0, atol=1e-10)
        trained = function(parameters, x)
        module.load_state_dict(parameters)
        torch.testing.assert_close(called(module, x), trained, rtol=0, atol=1e-10)
