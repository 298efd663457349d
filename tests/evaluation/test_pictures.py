"""Figures of comparisons: every method and seed at its place, and words that stay inside the picture."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from mmcourse import plotting
from mmcourse.evaluation import Grid

NAMES = [f"a method with a name, number {number}" for number in range(18)]


@pytest.fixture(autouse=True)
def _no_window_and_none_left_open():
    plt.switch_backend("agg")
    plotting.use_style()
    yield
    plt.close("all")


def need_inside(ax):
    figure = ax.figure
    figure.draw_without_rendering()
    box, size = figure.get_tightbbox(), figure.get_size_inches()
    inside = box.x0 >= -0.01 and box.y0 >= -0.01 and box.x1 <= size[0] + 0.01 and box.y1 <= size[1] + 0.01
    assert inside, f"{box} in {size}"


def test_every_seed_is_a_dot_and_the_best_stands_on_top():
    scores = {"low": [0.5, 0.7], "high": [0.9, 0.8], "middle": [0.7]}
    ax = plotting.accuracy_dots(scores, near={"high"}, levels={"high": "late"}, chance=0.1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["low", "middle", "high"]
    dots = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert [sorted(line.get_xdata()) for line in dots] == [[0.5, 0.7], [0.7], [0.8, 0.9]]
    assert [line.get_markerfacecolor() == "white" for line in dots] == [True, True, False]
    assert "filled: within seed noise" in ax.get_xlabel()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["late"]
    means = [line.get_xdata()[0] for line in ax.lines if line.get_linewidth() == 2]
    assert means == pytest.approx([0.6, 0.7, 0.85])
    need_inside(ax)


def test_without_levels_and_verdict_there_is_nothing_to_explain():
    ax = plotting.accuracy_dots({"a": [0.5, 0.6], "b": [0.7, 0.8]})
    assert ax.get_legend() is None
    assert ax.get_xlabel() == "test accuracy (share correct)"


@pytest.mark.parametrize("count", [1, 2, 18])
def test_words_stay_inside_and_apart(count):
    rng = np.random.default_rng(0)
    scores = {name: 0.8 + 0.1 * rng.random(5) for name in NAMES[:count]}
    levels = dict(zip(NAMES, ["one sense", "early", "intermediate", "late"] * 5, strict=False))
    need_inside(plotting.accuracy_dots(scores, levels=levels, near=set(NAMES[:1]), title="middle"))
    ax = plotting.cost_against_accuracy(scores, {name: 10.0 ** rng.uniform(2, 7) for name in scores})
    need_inside(ax)
    boxes = [plt.Text.get_window_extent(text) for text in ax.texts]  # without the line to its dot
    boxes.sort(key=lambda box: box.y0)
    assert len(boxes) == count
    assert all(low.y1 <= high.y0 + 2 for low, high in pairwise(boxes))


def test_cost_is_where_it_should_be():
    ax = plotting.cost_against_accuracy({"a": [0.5, 0.7], "b": [0.9, 0.9]}, {"a": 1000, "b": 20_000})
    assert [line.get_xdata()[0] for line in ax.lines] == [1000, 20_000]
    assert [line.get_ydata()[0] for line in ax.lines] == pytest.approx([0.6, 0.9])
    assert ax.get_xscale() == "log"


def test_a_critical_difference_has_a_bar_a_group():
    ranks = {name: 1 + 0.6 * place for place, name in enumerate(NAMES[:12])}
    groups = [NAMES[:4], NAMES[3:9], NAMES[8:12]]
    ax = plotting.critical_difference(ranks, 2.5, groups)
    bars = [bar for bar in ax.collections if bar.get_linewidth()[0] == 4]
    ends = [bar.get_segments()[0][:, 0] for bar in bars]
    assert all(
        low < ranks[group[0]] and high > ranks[group[-1]]
        for (low, high), group in zip(ends, groups, strict=True)
    )
    assert len({bar.get_segments()[0][0, 1] for bar in bars}) == 3
    texts = [text.get_text() for text in ax.texts]
    assert f"{NAMES[0]}  1.00" in texts
    assert f"{7.6:.2f}  {NAMES[11]}" in texts
    assert "critical difference 2.50" in texts
    scale = next(line for line in ax.lines if line.get_marker() == "|")
    assert np.ptp(scale.get_xdata()) == pytest.approx(2.5)


def test_a_heat_map_writes_each_number_in_its_field():
    values = torch.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.96]])
    ax = plotting.heat_map(Grid("missing in training", (0.0, 0.5), "noise (dB)", (None, -3, 2.5), values))
    assert [(text.get_position(), text.get_text()) for text in ax.texts][-1] == ((2, 1), "96%")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["none", "-3", "2.5"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "0.5"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("noise (dB)", "missing in training")
    dark, light = ax.texts[0], ax.texts[-1]
    assert (dark.get_color(), light.get_color()) == ("white", "black")
    need_inside(ax)


def test_gradient_norms_are_drawn_step_by_step_with_names_apart():
    norms = {"image": np.linspace(1, 2, 50), "speech": np.linspace(1, 2.01, 50), "head": np.full(50, 0.1)}
    ax = plotting.gradient_norms(norms, smooth=1)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), norms["image"])
    assert ax.get_yscale() == "log"
    need_inside(ax)
    one, other = (text.get_window_extent() for text in ax.texts[:2])
    assert one.y1 <= other.y0 + 1 or other.y1 <= one.y0 + 1


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plotting.accuracy_dots({}), "no scores"),
        (lambda: plotting.cost_against_accuracy({"a": [1]}, {"a": 0}), "cost above 0"),
        (lambda: plotting.cost_against_accuracy({"a": [1]}, {"b": 1}), "cost above 0"),
        (lambda: plotting.gradient_norms({}), "callback given to fit"),
    ],
)
def test_nothing_to_draw_gets_a_sentence(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
