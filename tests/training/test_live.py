"""The live curve: one figure that grows, drawn no more often than it is looked at, and only in a notebook."""

import math
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest

from mmcourse.plotting import live
from mmcourse.plotting.live import LiveCurve, draw_losses, time_shares
from mmcourse.training import Batches, Shares, fit
from tests.training.toys import Toy, make_table


class Shown:
    """The cell's outputs: one picture, and how often it was replaced."""

    def __init__(self):
        self.figures, self.pictures, self.updates = 0, [], 0

    def display(self, thing, display_id):
        assert display_id is True
        self.figures += 1
        self.pictures.append(thing.data)
        return self

    def update(self, thing):
        self.updates += 1
        self.pictures.append(thing.data)


@pytest.fixture
def shown(monkeypatch):
    plt.switch_backend("agg")
    monkeypatch.delenv("MMCOURSE_QUIET", raising=False)
    shown = Shown()
    monkeypatch.setattr(live, "display", shown.display)
    monkeypatch.setattr(live, "get_ipython", lambda: "a notebook")
    yield shown
    assert plt.get_fignums() == []


def train(callback, epochs=4):
    batches = Batches(make_table(40), 16, seed=0)
    return fit(Toy(), batches, [make_table(20, 1)], epochs=epochs, seed=0, callbacks=[callback])


def test_each_epoch_replaces_the_figure(shown):
    train(LiveCurve(seconds=0))
    assert (shown.figures, shown.updates) == (1, 3)
    assert len(set(shown.pictures)) == 4


def test_a_fast_training_is_drawn_at_its_first_and_last_epoch(shown):
    train(LiveCurve(seconds=60))
    assert (shown.figures, shown.updates) == (1, 1)


def test_a_second_training_has_a_figure_of_its_own(shown):
    curve = LiveCurve(seconds=0)
    train(curve, 2)
    train(curve, 2)
    assert (shown.figures, shown.updates) == (2, 2)


def test_a_quiet_notebook_gets_the_last_figure_alone(shown, monkeypatch):
    monkeypatch.setenv("MMCOURSE_QUIET", "1")
    train(LiveCurve(seconds=0))
    assert (shown.figures, shown.updates) == (1, 0)


def test_outside_a_notebook_nothing_is_drawn(shown, monkeypatch, capsys):
    monkeypatch.setattr(live, "get_ipython", lambda: None)
    train(LiveCurve(seconds=0))
    assert shown.pictures == []
    assert capsys.readouterr().out == ""


def test_a_process_that_does_not_write_and_a_run_without_epochs_draw_nothing(shown):
    history = SimpleNamespace(train_loss=[1.0], val_loss=[1.0])
    run = SimpleNamespace(world=SimpleNamespace(first=False), epochs=1, history=history)
    curve = LiveCurve(seconds=0)
    for moment in (curve.on_start, curve.on_epoch, curve.on_end):
        moment(run)
    run.world.first, run.history = True, SimpleNamespace(train_loss=[0.5], val_loss=[])  # broken off in val
    curve.on_end(run)
    assert shown.pictures == []


def test_the_curve_has_both_losses_and_marks_the_best_epoch():
    (ax,) = draw_losses([3.0, 2.0, 1.0], [2.5, 2.25, 2.75], epochs=10).axes
    plt.close(ax.figure)
    assert ax.lines[0].get_ydata().tolist() == [3, 2, 1]
    assert ax.lines[1].get_ydata().tolist() == [2.5, 2.25, 2.75]
    assert ax.get_title() == "validation is best after epoch 2: 2.250 nats"
    assert {text.get_text() for text in ax.texts} == {"training", "validation"}
    assert ax.get_xlim() == (0.5, 10.5)


def test_losses_that_are_no_numbers_leave_a_gap():
    (ax,) = draw_losses([1.0, math.inf], [1.0, math.nan], epochs=2).axes
    plt.close(ax.figure)
    assert "after epoch 1" in ax.get_title()
    (ax,) = draw_losses([math.nan], [math.nan], epochs=2).axes
    plt.close(ax.figure)
    assert ax.get_title() == ""


def test_losses_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="an entry an epoch, got 2 of training and 1 of validation"):
        draw_losses([1, 2], [1], epochs=2)


def test_shares_of_time_fill_a_bar_each():
    slow = Shares(loading=3.0, copying=0.0, forward=0.5, backward=0.25, step=0.25, samples=8)
    fast = Shares(loading=0.0, copying=0.1, forward=0.4, backward=0.4, step=0.1, samples=8)
    ax = time_shares({"slow loader": slow.parts, "fast loader": fast.parts})
    plt.close(ax.figure)
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx([0.75, 0, 0.125, 0.0625, 0.0625, 0, 0.1, 0.4, 0.4, 0.1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["slow loader", "fast loader"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(slow.parts)
    assert "75%" in [text.get_text() for text in ax.texts]


def test_a_part_that_no_step_has_is_refused():
    with pytest.raises(ValueError, match=r"a step consists of loading, copying, forward, .*; got lunch"):
        time_shares({"day": {"lunch": 1.0}})
    assert plt.get_fignums() == []
