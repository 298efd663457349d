"""An answer without end is ended, soon, also where it swallows what should end it."""

import gc
import signal as signals
import sys
import threading
import time
from dataclasses import replace

import pytest


@pytest.fixture(autouse=True)
def _soon(toy):
    """Each of these answers would go on for ever or for long."""
    toy.double(lambda signal: signal + signal)  # what the first check loads is no part of it
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < 6


@pytest.fixture
def hasty(toy):
    """The toy exercise with half a second for an answer."""
    return replace(toy.double, time_limit=0.5)


def endless(signal):
    while True:
        pass


def endless_and_swallowing(signal):
    while True:
        try:
            pass
        except:  # noqa: E722
            continue


def sleeping(signal):
    time.sleep(60)


def sleeping_and_swallowing(signal):
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def swallowing_deep_inside(signal):
    def inner(depth):
        while True:
            try:
                if depth:
                    inner(depth - 1)
                time.sleep(0.01)
            except BaseException:
                continue

    inner(3)


def continuing_in_finally(signal):
    while True:
        try:
            time.sleep(0.01)
        finally:
            continue  # noqa: B012


def keeping_what_it_caught(signal):
    caught = []
    while True:
        try:
            time.sleep(0.01)
        except BaseException as error:
            caught.append(error)


def waiting_when_stopped(signal):
    try:
        while True:
            signal = signal + 1
    finally:
        time.sleep(60)


@pytest.mark.parametrize(
    "answer",
    [
        endless,
        endless_and_swallowing,
        sleeping,
        sleeping_and_swallowing,
        swallowing_deep_inside,
        continuing_in_finally,
        keeping_what_it_caught,
        waiting_when_stopped,
    ],
)
def test_an_answer_without_end_is_too_slow(hasty, answer):
    tracer = sys.gettrace()
    result = hasty(answer)
    assert result.status == "too slow"
    assert "not done after 0.5 s" in result.message.lower()
    assert sys.gettrace() is tracer


def dozing(signal):
    time.sleep(3)  # ends soon after it is left: until then Python 3.11 hangs where anything is traced


@pytest.mark.parametrize("answer", [endless, endless_and_swallowing, dozing])
def test_the_time_limit_holds_in_other_threads(hasty, answer):
    results = []
    thread = threading.Thread(target=lambda: results.append(hasty(answer)))
    thread.start()
    thread.join(5)
    assert [result.status for result in results] == ["too slow"]
    for left in threading.enumerate():
        if left.name == "mmcourse check":
            left.join(2)
            assert not left.is_alive()


def test_a_right_answer_is_correct_in_another_thread(toy):
    results = []
    thread = threading.Thread(target=lambda: results.append(toy.double(lambda signal: signal + signal)))
    thread.start()
    thread.join()
    assert results[0].passed


def test_a_timer_of_the_caller_goes_on(hasty):
    if not hasattr(signals, "setitimer"):
        pytest.skip("no interval timers on this system")
    rang = []
    handler = signals.signal(signals.SIGALRM, lambda *_: rang.append(1))
    before = signals.setitimer(signals.ITIMER_REAL, 1.0)
    try:
        assert hasty(sleeping).status == "too slow"
        time.sleep(0.8)
    finally:
        signals.setitimer(signals.ITIMER_REAL, *before)
        signals.signal(signals.SIGALRM, handler)
    assert rang


@pytest.fixture
def at_collection(monkeypatch):
    """Two lists: what to call when rubbish is collected, and what was raised there."""
    calls, lost = [], []

    def called(phase, _info):
        if phase == "start":
            for call in calls:
                call()

    monkeypatch.setattr(sys, "unraisablehook", lambda error: lost.append(error.exc_type.__name__))
    gc.callbacks.append(called)
    yield calls, lost
    gc.callbacks.remove(called)


def test_the_alarm_waits_while_rubbish_is_collected(hasty, at_collection):
    """What is raised in a callback of the collector is lost, so the alarm rings again instead."""
    if not hasattr(signals, "setitimer"):
        pytest.skip("no interval timers on this system")
    calls, lost = at_collection
    calls.append(lambda: signals.raise_signal(signals.SIGALRM))

    def collecting(signal):
        gc.collect(0)  # a whole collection can take longer than the limit in a process with much in it
        return signal + signal

    assert hasty(collecting).passed
    assert lost == []


def test_an_answer_that_makes_rubbish_is_ended(hasty, at_collection):
    _, lost = at_collection

    def littering(signal):
        while True:
            try:
                sum(range(10_000))
                gc.collect(0)
            except BaseException:
                continue

    assert hasty(littering).status == "too slow"
    assert lost == []


@pytest.fixture
def slow_module(tmp_path, monkeypatch):
    """A module that loads for a second and a half and has not been loaded yet."""
    (tmp_path / "loads_slowly.py").write_text("import time\ntime.sleep(1.5)\nfactor = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("loads_slowly", None)


def importing(signal):
    import loads_slowly

    return loads_slowly.factor * signal


def importing_and_endless(signal):
    import loads_slowly

    while loads_slowly.factor:
        pass


def in_another_thread(call):
    results = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.parametrize("where", [lambda call: call(), in_another_thread], ids=["main", "thread"])
def test_loading_a_module_is_not_counted_and_never_broken_off(hasty, slow_module, where):
    assert where(lambda: hasty(importing)).passed
    assert sys.modules["loads_slowly"].factor == 2


@pytest.mark.parametrize("where", [lambda call: call(), in_another_thread], ids=["main", "thread"])
def test_after_loading_the_limit_holds(hasty, slow_module, where):
    assert where(lambda: hasty(importing_and_endless)).status == "too slow"
    assert sys.modules["loads_slowly"].factor == 2
