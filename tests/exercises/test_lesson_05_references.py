"""What the checks of lesson 5 call right is what mmcourse.scratch and torch.nn give."""

import json
import re
from pathlib import Path

import pytest
import torch

from mmcourse.checks import lesson_05
from mmcourse.checks.exercise import Args
from mmcourse.scratch import attention, attention_pool, chunked, multihead, positions, transformer


def inputs(exercise):
    """The arguments of every case."""
    return [
        Args.of(case.make(torch.Generator().manual_seed(n))).args for n, case in enumerate(exercise.cases)
    ]


def same(one, other, **limits):
    torch.testing.assert_close(one, other, **(limits or {"rtol": 1e-4, "atol": 1e-5}))


def valid(lengths, x):
    """[batch, time, 1]."""
    return attention.padding_mask(lengths, x.shape[1])[..., None]


def test_scores_are_those_of_attention():
    for query, key in inputs(lesson_05.scores):
        _, weights = attention.scaled_dot_product_attention(query, key, key, need_weights=True)
        same(lesson_05.scores.reference(query, key).softmax(-1), weights)


def test_weights():
    for args in inputs(lesson_05.masked_softmax):
        same(lesson_05.masked_softmax.reference(*args), attention.masked_softmax(*args))


@pytest.mark.parametrize("name", ["padding_mask", "causal_mask"])
def test_masks(name):
    exercise = getattr(lesson_05, name)
    for args in inputs(exercise):
        assert torch.equal(exercise.reference(*args), getattr(attention, name)(*args))


def test_attention():
    for args in inputs(lesson_05.attention):
        same(lesson_05.attention.reference(*args), attention.scaled_dot_product_attention(*args))


def test_additive_attention():
    for query, key, value, w_query, w_key, w_score, *mask in inputs(lesson_05.additive_attention):
        named = {"query.weight": w_query, "key.weight": w_key, "score.weight": w_score[None]}
        wanted = attention.additive_attention(named, query, key, value, *mask)
        same(
            lesson_05.additive_attention.reference(query, key, value, w_query, w_key, w_score, *mask), wanted
        )


def test_heads():
    for args in inputs(lesson_05.split_heads):
        same(lesson_05.split_heads.reference(*args), multihead.split_heads(*args))


def test_several_heads_over_padded_clips():
    names = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
    for x, *weights, num_heads, lengths in inputs(lesson_05.multi_head_attention):
        parameters = dict(zip(names, weights, strict=True))
        padded = ~valid(lengths, x).squeeze(-1)
        wanted, _ = multihead.multi_head_attention(
            parameters, x, x, x, num_heads, key_padding_mask=padded, need_weights=False
        )
        got = lesson_05.multi_head_attention.reference(x, *weights, num_heads, lengths)
        size = wanted[~padded].abs().max().item()
        same(got[~padded], wanted[~padded], rtol=1e-4, atol=1e-5 * size)


def test_positions():
    for args in inputs(lesson_05.sinusoidal):
        same(lesson_05.sinusoidal.reference(*args), positions.sinusoidal(*args))


def test_a_pool():
    for x, weight, lengths in inputs(lesson_05.attention_pool):
        wanted = attention_pool.attention_pool({"score.weight": weight[None]}, x, lengths)
        same(lesson_05.attention_pool.reference(x, weight, lengths), wanted)


def test_one_sense_asks_another():
    for image, speech, w_q, w_k, w_v, lengths in inputs(lesson_05.cross_attention):
        mask = valid(lengths, speech)
        speech = speech.masked_fill(~mask, 0)
        wanted = attention.scaled_dot_product_attention(
            image @ w_q.T, speech @ w_k.T, speech @ w_v.T, mask.transpose(1, 2)
        )
        same(lesson_05.cross_attention.reference(image, speech, w_q, w_k, w_v, lengths), wanted)


def test_chunks():
    for query, key, value, chunk in inputs(lesson_05.running_attention):
        wanted = chunked.chunked_attention(query, key, value, chunk=chunk)
        same(lesson_05.running_attention.reference(query, key, value, chunk), wanted, rtol=1e-3, atol=1e-4)


def test_a_block():
    for parameters, x, num_heads, lengths in inputs(lesson_05.encoder_block):
        mask = valid(lengths, x)
        wanted = transformer.transformer_encoder_layer(
            parameters, x, num_heads, src_key_padding_mask=~mask.squeeze(-1), norm_first=True
        )
        got = lesson_05.encoder_block.reference(parameters, x, num_heads, lengths)
        size = wanted.masked_fill(~mask, 0).abs().max().item()
        same(got.masked_fill(~mask, 0), wanted.masked_fill(~mask, 0), rtol=1e-4, atol=1e-5 * max(size, 1))


ROOT = Path(__file__).parents[2]


def markdown(path):
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_tasks_name_headings_of_the_lesson():
    headings = re.findall(r"^#+ (?:\d+ · )?(.+)$", markdown("notebooks/05_attention.ipynb"), re.MULTILINE)
    named = re.findall(r"Lesson 5, “(.+?)”", markdown("solutions/05_attention.ipynb"))
    assert len(named) == 13
    assert set(named) <= set(headings), set(named) - set(headings)
