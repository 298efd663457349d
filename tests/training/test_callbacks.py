"""Callbacks: the bar costs next to nothing, and says where the run stands."""

from statistics import median
from time import perf_counter
from types import SimpleNamespace

import pytest

from mmcourse.data import progress
from mmcourse.training.callbacks import Callback, ProgressBar


def make_run(**changes):
    usual = {"epoch": 0, "epochs": 2, "step": 0, "total_steps": 10, "loss": 0.5, "learning_rate": 1e-3}
    world = SimpleNamespace(first=changes.pop("writes", True))
    return SimpleNamespace(**(usual | changes), first=True, world=world)


@pytest.fixture
def bars(monkeypatch):
    made = []

    def record(**options):
        made.append(SimpleNamespace(n=options["initial"], options=options, words=[], closed=False))
        shown = made[-1]
        shown.set_description_str = lambda words, refresh: shown.words.append(words)
        shown.set_postfix_str = lambda words, refresh: shown.words.append(words)
        shown.update = lambda steps: setattr(shown, "n", shown.n + steps)
        shown.close = lambda: setattr(shown, "closed", True)
        return shown

    monkeypatch.setattr(progress, "bar", record)
    return made


def test_a_callback_that_does_nothing_does_nothing():
    callback, run = Callback(), object()
    for moment in (callback.on_start, callback.on_step, callback.on_epoch, callback.on_end):
        assert moment(run) is None


def test_the_bar_goes_on_where_the_run_does_and_ends_at_its_last_step(bars):
    bar, run = ProgressBar(seconds=0), make_run(step=4)
    bar.on_start(run)
    assert (bars[0].n, bars[0].options["total"]) == (4, 10)
    run.step, run.epoch, run.loss = 7, 1, 0.25
    bar.on_step(run)
    assert bars[0].n == 7
    assert bars[0].words == ["epoch 2 of 2", "loss 0.250"]
    run.step, run.epoch = 10, 2  # a loop may count on after the last epoch
    bar.on_end(run)
    assert bars[0].n == 10
    assert bars[0].words[-2] == "epoch 2 of 2"
    assert bars[0].closed
    bar.on_end(run)  # twice is no fault


def test_an_interrupted_run_leaves_the_bar_where_it_was(bars):
    bar, run = ProgressBar(seconds=60), make_run()
    bar.on_start(run)
    run.step = 3
    bar.on_step(run)
    assert bars[0].n == 0  # not yet due
    bar.on_end(run)
    assert (bars[0].n, bars[0].closed) == (3, True)


def test_only_one_of_several_processes_has_a_bar(bars):
    bar, run = ProgressBar(seconds=0), make_run(writes=False)
    for moment in (bar.on_start, bar.on_step, bar.on_epoch, bar.on_end):
        moment(run)
    assert bars == []


def test_the_bar_is_silent_where_it_is_asked_to_be(monkeypatch, capsys):
    monkeypatch.setenv("MMCOURSE_QUIET", "1")
    bar, run = ProgressBar(seconds=0), make_run()
    bar.on_start(run)
    bar.on_step(run)
    bar.on_end(run)
    assert capsys.readouterr() == ("", "")


def test_a_step_under_the_bar_takes_microseconds(monkeypatch, capsys):
    monkeypatch.delenv("MMCOURSE_QUIET", raising=False)
    bar, run, steps = ProgressBar(), make_run(total_steps=20_000), 20_000
    bar.on_start(run)
    seconds = []
    for run.step in range(1, steps + 1):
        start = perf_counter()
        bar.on_step(run)
        seconds.append(perf_counter() - start)
    bar.on_end(run)
    assert "20000/20000" in capsys.readouterr().err
    assert median(seconds) < 5e-6  # 1 % of a step of half a millisecond; measured 2e-7
