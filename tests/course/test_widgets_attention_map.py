"""The attention panel: every control moves the map, and its weights are attention's."""

import matplotlib.pyplot as plt
import pytest
import torch
from torch.nn import functional as F

from mmcourse.widgets import attention_map_panel
from mmcourse.widgets.attention_map import FEATURES, TIME, draw_map, weights_of


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("clip length (frames)", 3),
        ("clip length (frames)", 0),
        ("scores times", 5.0),
        ("causal: look back only", True),
        ("mask at softmax", "after"),
        ("mask at softmax", "none"),
    ],
)
def test_each_control_moves_the_figure(shown, words, value):
    attention_map_panel()
    before = shown.picture.data
    assert before.startswith(b"\x89PNG")
    shown.controls[words].value = value
    assert shown.picture.data != before


def test_the_weights_are_those_of_masked_attention():
    generator = torch.Generator().manual_seed(3)
    query, key = (torch.randn(1, TIME, FEATURES, generator=generator) for _ in range(2))
    looks = (torch.arange(TIME) < 6) & torch.ones(TIME, TIME, dtype=torch.bool).tril()
    want = F.scaled_dot_product_attention(query, key, torch.eye(TIME)[None], looks[None])[0]
    torch.testing.assert_close(weights_of(6, causal=True, seed=3), want)


@pytest.mark.parametrize("causal", [False, True])
def test_what_each_rule_leaves_of_a_row(causal):
    before, after, none = (weights_of(4, causal=causal, rule=rule) for rule in ("before", "after", "none"))
    torch.testing.assert_close(before.sum(-1), torch.ones(TIME))
    torch.testing.assert_close(none.sum(-1), torch.ones(TIME))
    assert (after.sum(-1) < 0.99).any()
    assert not before[:, 4:].any()
    assert not after[:, 4:].any()
    assert (none[:, 4:] > 0).all()


def test_a_clip_of_no_frames_is_looked_at_by_nobody():
    plt.switch_backend("agg")
    weights = weights_of(0)
    assert torch.equal(weights, torch.zeros(TIME, TIME))
    plt.close(draw_map(weights, 0))
