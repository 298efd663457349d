"""What does not fit attention is named in a sentence: what came, what fits, what to do."""

import pytest
import torch
from torch import nn

from mmcourse.modules.attention_pool import AttentionPool
from mmcourse.modules.positions import LearnedPositions
from mmcourse.modules.transformer import CrossModalBlock
from mmcourse.scratch import attention, multihead, positions
from mmcourse.scratch.attention_pool import attention_pool
from mmcourse.scratch.chunked import chunked_attention
from mmcourse.scratch.transformer import cross_modal_block, transformer_encoder_layer

X, WHOLE = torch.ones(2, 3, 4), torch.ones(2, 3, 4, dtype=torch.long)
SDPA = attention.scaled_dot_product_attention
HEADS = nn.MultiheadAttention(4, 2).state_dict()
LAYER = nn.TransformerEncoderLayer(4, 2, 5).state_dict()
BLOCK = CrossModalBlock(4, 4, 2).state_dict()
ADDITIVE = {
    "query.weight": torch.ones(5, 4),
    "key.weight": torch.ones(5, 4),
    "score.weight": torch.ones(1, 5),
}
BAD = {
    "a query of integers": (lambda: SDPA(WHOLE, X, X), TypeError, "query must hold floating-point numbers"),
    "a key that is a list": (lambda: SDPA(X, [1.0], X), TypeError, "key must be a tensor, got list"),
    "a query without time": (
        lambda: SDPA(X[0, 0], X, X),
        ValueError,
        r"\[\.\.\., time, feature\], got \[4\]",
    ),
    "keys of another width": (
        lambda: SDPA(X, X[..., :3], X),
        ValueError,
        r"same features .* query \[2, 3, 4\], key \[2, 3, 3\], value \[2, 3, 4\]: project both",
    ),
    "a value too few": (lambda: SDPA(X, X, X[:, :2]), ValueError, "every key needs one value"),
    "another batch": (lambda: SDPA(X, torch.ones(3, 3, 4), X), ValueError, "in front of time must agree"),
    "a mask of integers": (
        lambda: SDPA(X, X, X, torch.ones(3, 3).int()),
        TypeError,
        r"attn_mask must be boolean .* got torch\.int32: use attn_mask\.bool\(\)",
    ),
    "a padding mask as it is": (
        lambda: SDPA(X[:, None], X[:, None], X[:, None], torch.ones(2, 3) == 1),
        ValueError,
        r"broadcast to \[2, 1, 3, 3\], .* got \[2, 3\]: a padding mask .* mask\[:, None, None\]",
    ),
    "a mask larger than the scores": (
        lambda: SDPA(X, X, X, torch.ones(5, 2, 3, 3) == 1),
        ValueError,
        r"got \[5, 2, 3, 3\]",
    ),
    "causal and a mask": (
        lambda: SDPA(X, X, X, torch.ones(3, 3) == 1, is_causal=True),
        ValueError,
        r"attn_mask & causal_mask\(query, key\)",
    ),
    "dropout of 2": (lambda: SDPA(X, X, X, dropout_p=2.0), ValueError, r"p must lie in 0\.\.1, got 2"),
    "3 heads for 2": (
        lambda: SDPA(torch.ones(1, 3, 2, 4), torch.ones(1, 2, 2, 4), torch.ones(1, 2, 2, 4), enable_gqa=True),
        ValueError,
        "got 3 of queries, 2 of keys and 2 of values: the first must be a multiple",
    ),
    "lengths with a fraction": (
        lambda: attention.padding_mask(torch.ones(2), 3),
        TypeError,
        "lengths must hold whole numbers",
    ),
    "a length too long": (
        lambda: attention.padding_mask(torch.tensor([2, 4]), 3),
        ValueError,
        r"lengths must lie in 0\.\.3, got \[2, 4\]",
    ),
    "lengths in a table": (
        lambda: attention.padding_mask(torch.ones(2, 1).long(), 3),
        ValueError,
        r"lengths must be \[batch\]",
    ),
    "fewer than no queries": (lambda: attention.causal_mask(-1, 2), ValueError, "counts, 0 or more, got -1"),
    "softmax over no axis": (
        lambda: attention.masked_softmax(X, None, 3),
        ValueError,
        r"dim must lie in -3\.\.2 for scores \[2, 3, 4\], got 3",
    ),
    "softmax with another mask": (
        lambda: attention.masked_softmax(X, torch.ones(3, 3) == 1),
        ValueError,
        r"mask must broadcast to \[2, 3, 4\]",
    ),
    "additive attention of other weights": (
        lambda: attention.additive_attention(ADDITIVE, X[..., :3], X, X),
        ValueError,
        r"does not fit weight \[5, 4\]",
    ),
    "additive attention of other values": (
        lambda: attention.additive_attention(ADDITIVE, X, X, X[:, :2]),
        ValueError,
        "every key needs one value",
    ),
    "3 heads of 4 features": (
        lambda: multihead.split_heads(X, 3),
        ValueError,
        "3 heads do not divide 4 features",
    ),
    "no heads": (lambda: multihead.split_heads(X, 0), ValueError, "0 heads do not divide"),
    "heads of a picture": (
        lambda: multihead.split_heads(X[None], 2),
        ValueError,
        r"\[batch, time, feature\], got \[1,",
    ),
    "merging what was not split": (
        lambda: multihead.merge_heads(X),
        ValueError,
        r"x must be \[batch, head, time, d\], got \[2, 3, 4\]",
    ),
    "heads that do not divide": (
        lambda: multihead.multi_head_attention(HEADS, X, X, X, 3),
        ValueError,
        "3 heads do not divide 4 features",
    ),
    "a query with a batch, a key without": (
        lambda: multihead.multi_head_attention(HEADS, X, X[0], X[0], 2),
        ValueError,
        "query, key and value must be .* each, got",
    ),
    "padding of another batch": (
        lambda: multihead.multi_head_attention(HEADS, X, X, X, 2, key_padding_mask=torch.ones(3, 2) == 1),
        ValueError,
        r"key_padding_mask must be \[batch, key\] = \[2, 3\], got \[3, 2\]",
    ),
    "padding of integers": (
        lambda: multihead.multi_head_attention(HEADS, X, X, X, 2, key_padding_mask=torch.ones(2, 3).long()),
        TypeError,
        "key_padding_mask must be boolean",
    ),
    "a mask a clip": (
        lambda: multihead.multi_head_attention(HEADS, X, X, X, 2, attn_mask=torch.ones(2, 3, 3) == 1),
        ValueError,
        r"attn_mask must .* \[4, 3, 3\].* got \[2, 3, 3\]",
    ),
    "weights of another width": (
        lambda: multihead.multi_head_attention(HEADS, X[..., :2], X, X, 2),
        ValueError,
        r"does not fit weight \[4, 4\]",
    ),
    "no positions": (lambda: positions.sinusoidal(0, 4), ValueError, "at least 1, got 0 and 4"),
    "more frames than rows": (
        lambda: positions.add_learned(X, torch.ones(2, 4)),
        ValueError,
        r"no more frames than its rows: what was not learned",
    ),
    "rows of another width": (lambda: positions.add_learned(X, torch.ones(5, 3)), ValueError, "features as"),
    "half a pair": (
        lambda: positions.rotary(X[..., :3]),
        ValueError,
        r"pairs of features to turn, got \[2, 3",
    ),
    "positions of other frames": (
        lambda: positions.rotary(X, torch.arange(2)),
        ValueError,
        r"positions must be \[time\] or broadcast to \[2, 3\], got \[2\]",
    ),
    "a pool of one clip": (
        lambda: attention_pool({"score.weight": torch.ones(1, 4)}, X[0]),
        ValueError,
        r"x must be \[batch, time, feature\], got \[3, 4\]",
    ),
    "a length too few": (
        lambda: attention_pool({"score.weight": torch.ones(1, 4)}, X, torch.tensor([2])),
        ValueError,
        r"lengths must be \[2\], one number for each clip, got \[1\]",
    ),
    "a pool's module, a length too long": (
        lambda: AttentionPool(4)(X, torch.tensor([2, 4])),
        ValueError,
        r"lengths must lie in 0\.\.3, got \[2, 4\]",
    ),
    "more frames than learned": (lambda: LearnedPositions(4, 2)(X), ValueError, "2 learned positions, got 3"),
    "chunks of nothing": (lambda: chunked_attention(X, X, X, chunk=0), ValueError, "at least 1, got 0"),
    "chunks that broadcast": (
        lambda: chunked_attention(X, X[:1], X[:1]),
        ValueError,
        "need the same axes in front of time",
    ),
    "chunks, lengths without batch": (
        lambda: chunked_attention(X[0], X[0], X[0], key_lengths=torch.tensor([2])),
        ValueError,
        r"one number for each of the first axis of key \[3, 4\], got \[1\]",
    ),
    "a layer of integers": (lambda: transformer_encoder_layer(LAYER, WHOLE, 2), TypeError, "src must hold"),
    "another activation": (
        lambda: transformer_encoder_layer(LAYER, X, 2, activation="silu"),
        ValueError,
        "activation must be one of 'relu', 'gelu', got 'silu'",
    ),
    "padding of other frames": (
        lambda: transformer_encoder_layer(LAYER, X, 2, src_key_padding_mask=torch.ones(2, 4) == 1),
        ValueError,
        r"key_padding_mask must be \[batch, key\] = \[2, 3\], got \[2, 4\]",
    ),
    "two senses of two batches": (
        lambda: cross_modal_block(BLOCK, X, X[:1], 2),
        ValueError,
        r"x and context must be .* of one batch, got \[2, 3, 4\] and \[1, 3, 4\]",
    ),
    "a context too long": (
        lambda: cross_modal_block(BLOCK, X, X, 2, context_lengths=torch.tensor([1, 4])),
        ValueError,
        r"lengths must lie in 0\.\.3, got \[1, 4\]",
    ),
    "a module's context too long": (
        lambda: CrossModalBlock(4, 4, 2)(X, X, torch.tensor([1, 4])),
        ValueError,
        r"context_lengths must lie in 0\.\.3",
    ),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
