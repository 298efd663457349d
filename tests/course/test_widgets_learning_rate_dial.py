"""The learning-rate dial: steps of torch's optimisers, curves that stay, and the rate at which it bursts."""

import math

import matplotlib.pyplot as plt
import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.widgets import learning_rate_dial
from mmcourse.widgets import learning_rate_dial as panel
from mmcourse.widgets.learning_rate_dial import DIVERGED, STEPS, Descent, descend, draw_descents
from mmcourse.widgets.moons import PointNetwork, two_moons


@pytest.mark.parametrize(("words", "value"), [("learning rate: 10 to the", 1.0), ("optimiser", "Adam")])
def test_each_control_moves_the_figure(shown, words, value):
    learning_rate_dial()
    before = shown.picture.data
    assert before.startswith(b"\x89PNG")
    shown.controls[words].value = value
    assert shown.picture.data != before


def test_the_positions_before_stay_in_the_figure_and_on_the_map(shown, monkeypatch):
    drawn = []
    monkeypatch.setitem(
        panel.__globals__, "draw_descents", lambda descents: drawn.append(descents) or plt.figure()
    )
    learning_rate_dial(rate=1.0, before=(0.001, 0.1))
    dial, switch = shown.controls.values()
    dial.value = -1.0  # again: it is not kept twice
    dial.value = 0.5
    switch.value = "Adam"
    rates = [[descent.rate for descent in descents] for descents in drawn]
    assert rates[0] == pytest.approx([0.001, 0.1, 1])
    assert rates[1] == pytest.approx([0.001, 1, 0.1])
    assert rates[2] == pytest.approx([0.001, 1, 0.1, 10**0.5])
    assert rates[3] == pytest.approx([10**0.5])
    assert drawn[3][0] == descend(10**0.5, "Adam")


@pytest.mark.parametrize("optimiser", ["SGD", "Adam"])
def test_a_descent_takes_the_optimisers_steps(optimiser):
    model, batch = PointNetwork(16, seed=2), two_moons(200, 2)
    steps = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}[optimiser](model.parameters(), lr=0.03)
    want = []
    for _ in range(5):
        loss = cross_entropy(model(batch), batch["label"])
        want.append(loss.item())
        steps.zero_grad()
        loss.backward()
        steps.step()
    assert descend(0.03, optimiser, steps=5, seed=2).losses == pytest.approx(tuple(want))


def test_small_rates_crawl_middling_ones_learn_large_ones_burst():
    crawls, learns, bursts = (descend(rate) for rate in (1e-3, 1.0, 10.0))
    assert crawls.losses[-1] > 0.95 * crawls.losses[0]
    assert learns.losses[-1] < 0.5 * learns.losses[0]
    assert bursts.diverged
    assert not crawls.diverged
    assert not learns.diverged
    assert len(learns.losses) == STEPS
    assert len(bursts.losses) < STEPS
    assert bursts.losses[-1] > DIVERGED * bursts.losses[0]
    assert max(bursts.losses[:-1]) <= DIVERGED * bursts.losses[0]
    assert Descent(1.0, (0.7, math.nan)).diverged


def test_the_figure_names_the_last_rate_and_marks_those_that_ran_away():
    fig = draw_descents([Descent(0.1, (0.7, 0.6)), Descent(10.0, (0.7, 0.8, math.inf))])
    curves, ends = fig.axes
    plt.close(fig)
    assert curves.get_title() == "at 10 the loss runs away at step 2"
    assert {text.get_text() for text in curves.texts} == {"0.1", "10"}
    assert [line.get_marker() for line in ends.lines] == ["o", "X"]
    assert [line.get_xdata()[0] for line in ends.lines] == [0.1, 10.0]
    assert ends.lines[0].get_ydata()[0] == 0.6
    assert curves.lines[0].get_linewidth() > curves.lines[-1].get_linewidth()
    fig = draw_descents([Descent(0.1, (0.7, 0.6))])
    plt.close(fig)
    assert fig.axes[0].get_title() == "at 0.1 the loss comes to 0.60 in 2 steps"


def test_only_the_last_four_curves_are_drawn_and_all_are_on_the_map():
    fig = draw_descents([Descent(rate, (0.7, 0.6)) for rate in (1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0)])
    curves, ends = fig.axes
    plt.close(fig)
    assert {text.get_text() for text in curves.texts} == {"0.01", "0.1", "1", "10"}
    assert len(ends.lines) == 6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: descend(0.1, "LBFGS"), "optimiser is one of SGD, Adam; got 'LBFGS'"),
        (lambda: descend(0.0), r"rate must be above 0, got 0\.0"),
        (lambda: learning_rate_dial(rate=1000.0), r"the dial goes from 0\.0001 to 100, got 1000\.0"),
        (lambda: learning_rate_dial(before=[0.0]), r"the dial goes from 0\.0001 to 100, got 0\.0"),
        (lambda: learning_rate_dial(optimiser="LBFGS"), "optimiser is one of SGD, Adam; got 'LBFGS'"),
    ],
)
def test_what_the_panel_does_not_have_is_refused(shown, call, words):
    with pytest.raises(ValueError, match=words):
        call()
