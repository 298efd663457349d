"""The weights panel: every control moves the figure, and its weights do what they say."""

import matplotlib.pyplot as plt
import pytest
import torch
from torch.nn.functional import nll_loss, one_hot

from mmcourse.metrics import accuracy
from mmcourse.modules.decisions import AverageDecisions, ProductOfExperts
from mmcourse.widgets import fusion_weights_panel
from mmcourse.widgets.fusion_weights import draw_weights, joined, learned


def decided(seed, rows=400, classes=4):
    """Two senses that err apart; the first is better, the second too sure."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (rows,), generator=generator)
    signal = one_hot(labels, classes).float()
    noise = torch.randn(2, rows, classes, generator=generator)
    logits = torch.stack([2 * signal + noise[0], 4 * (0.5 * signal + noise[1])], 1)
    return logits.log_softmax(2), labels


@pytest.mark.parametrize(
    ("words", "value"),
    [("rule", "average"), ("weight of image", 0.3), ("weight of speech", 0.0), ("weight of speech", 2.0)],
)
def test_each_control_moves_the_figure(shown, words, value):
    fusion_weights_panel(decided(0), decided(1))
    before = shown.picture.data
    assert before.startswith(b"\x89PNG")
    shown.controls[words].value = value
    assert shown.picture.data != before


def test_all_weights_may_be_put_to_0(shown):
    fusion_weights_panel(decided(0), decided(1), rule="average")
    for words in ("weight of image", "weight of speech"):
        shown.controls[words].value = 0.0
    assert shown.picture.data.startswith(b"\x89PNG")


def test_equal_weights_are_the_plain_rules():
    x, _ = decided(0)
    for rule, module in {"average": AverageDecisions(), "product": ProductOfExperts()}.items():
        torch.testing.assert_close(joined(x, torch.ones(2), rule), module(x))


@pytest.mark.parametrize("rule", ["average", "product"])
def test_a_weight_of_0_leaves_a_sense_out_and_answers_add_up_to_1(rule):
    x, _ = decided(0)
    torch.testing.assert_close(joined(x, torch.tensor([0.0, 1.0]), rule), x[:, 1])
    answer = joined(x, torch.tensor([0.4, 1.7]), rule)
    torch.testing.assert_close(answer.exp().sum(1), torch.ones(len(x)))
    assert torch.equal(joined(x, torch.zeros(2), rule).exp(), torch.full((len(x), 4), 0.25))


@pytest.mark.parametrize("rule", ["average", "product"])
def test_learned_weights_have_the_lowest_loss_and_trust_the_better_sense(rule):
    x, labels = decided(0, rows=2000)
    weights = learned(x, labels, rule)
    best = nll_loss(joined(x, weights, rule), labels)
    for other in torch.cartesian_prod(*[torch.linspace(0.05, 2, 14)] * 2):
        assert best <= nll_loss(joined(x, other, rule), labels) + 1e-3
    assert weights[0] > weights[1]
    assert accuracy(joined(x, weights, rule), labels) >= accuracy(x[:, 0], labels)


def test_another_rule_is_refused():
    with pytest.raises(ValueError, match="'average' or 'product'"):
        joined(decided(0)[0], torch.ones(2), "majority")


def test_bars_stand_for_every_choice_on_every_table(shown):
    by = {"equal": torch.ones(2), "by hand": torch.tensor([0.2, 1.0])}
    fig = draw_weights(by, {"validation": decided(0), "test": decided(1)}, "product")
    assert [len(ax.patches) for ax in fig.axes] == [4, 4]
    plt.close(fig)
