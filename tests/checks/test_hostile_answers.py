"""Whatever an answer does, a check ends with a result, soon, and leaves the process as it was."""

import os
import random
import signal
import sys
import time
import warnings

import numpy as np
import pytest
import torch


@pytest.mark.parametrize(
    "error", [SystemExit, GeneratorExit, KeyboardInterrupt, StopIteration, BaseException]
)
def test_every_exception_is_a_crash(toy, error):
    def answer(signal):
        raise error("on purpose")

    assert toy.double(answer).status == "crashed"


def test_exit_is_told_apart(toy):
    result = toy.double(lambda signal: sys.exit(0))
    assert result.status == "crashed"
    assert "exit()" in result.message


def test_the_users_own_interrupt_passes(toy):
    def answer(signal):
        os.kill(os.getpid(), 2)
        time.sleep(1)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it may be ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            toy.double(answer)
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_error_that_cannot_be_printed_is_a_crash(toy):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    def answer(signal):
        raise Unprintable

    result = toy.double(answer)
    assert result.status == "crashed"
    assert "Unprintable" in result.message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces a limit on address space")
@pytest.mark.parametrize(
    "allocate",
    [
        lambda signal: torch.zeros(10 * 2**30 // 4),
        lambda signal: np.ones(10 * 2**30, dtype=np.uint8),
        lambda signal: bytearray(10 * 2**30),
        lambda signal: [signal] * 10**10,
    ],
    ids=["torch", "numpy", "bytearray", "list"],
)
def test_a_huge_allocation_is_refused(toy, allocate):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    result = toy.double(allocate)
    assert result.status == "crashed"
    assert "more memory than there is" in result.message
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_flood_of_print_is_kept_short(toy, capsys):
    def answer(signal):
        for n in range(100_000):
            print(n, "x" * 100)
        return signal

    result = toy.double(answer)
    assert result.status == "wrong"
    assert "printed 0 xxx" in " ".join(result.message.split())
    assert len(result.message) < 2000
    assert capsys.readouterr().out == ""


def test_the_first_printed_line_is_shown(toy):
    def answer(signal):
        print("shape", signal.shape)
        return signal

    assert "printed shape torch.Size([3])" in " ".join(toy.double(answer).message.split())


def test_deep_recursion_is_a_crash(toy):
    def answer(signal):
        return answer(signal)

    result = toy.double(answer)
    assert result.status == "crashed"
    assert "calls itself without end" in result.message
    assert "calls before" in result.message


def test_input_is_refused(toy):
    result = toy.double(lambda signal: float(input()) * signal)
    assert result.status == "crashed"
    assert "input()" in result.message


def test_a_generator_is_named(toy):
    def answer(signal):
        yield signal

    result = toy.double(answer)
    assert result.status == "wrong"
    assert "yield" in result.message


def test_in_place_change_is_told(toy):
    result = toy.double(lambda signal: signal.mul_(2))
    assert result.status == "wrong"
    assert "changes its input" in result.message


def test_a_value_whose_comparison_raises_is_wrong(toy):
    class Evil(dict):
        def __eq__(self, other):
            raise RuntimeError

        __hash__ = None

        def __repr__(self):
            raise RuntimeError

        def __getitem__(self, key):
            raise RuntimeError

    result = toy.label_share(lambda labels: Evil({"a": 0.75, "b": 0.25}))
    assert result.status == "wrong"


def test_a_huge_view_is_not_compared(toy):
    assert "shape" in toy.double(lambda signal: signal[:1].expand(10**12)).message


def test_global_state_is_put_back(toy, tmp_path, monkeypatch):
    def answer(signal):
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002
        torch.manual_seed(1)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.set_default_device("meta")
        torch.use_deterministic_algorithms(True)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        os.chdir("/")
        os.environ["MMCOURSE_TEST"] = "changed"
        sys.setrecursionlimit(5000)
        torch.manual_seed = torch.randn = print
        torch.Tensor.relu = None
        np.random.rand = sys.stdout = None
        return signal * 2

    def state():
        return (
            random.getstate(),
            np.random.get_state()[1].tolist(),  # noqa: NPY002
            torch.get_rng_state().tolist(),
            torch.get_default_dtype(),
            torch.is_grad_enabled(),
            torch.get_default_device(),
            torch.are_deterministic_algorithms_enabled(),
            np.geterr(),
            list(warnings.filters),
            os.getcwd(),
            dict(os.environ),
            sys.getrecursionlimit(),
            (torch.manual_seed, torch.randn, torch.Tensor.relu, np.random.rand, sys.stdout),
        )

    monkeypatch.chdir(tmp_path)
    before = state()
    result = toy.double(answer)
    assert state() == before
    assert not result.passed  # under no_grad no gradient flows


def test_an_answer_runs_on_one_thread_and_the_notebook_keeps_its_own(toy):
    threads, seen = torch.get_num_threads(), []
    torch.set_num_threads(3)
    try:
        toy.double(lambda signal: seen.append(torch.get_num_threads()))
        assert seen == [1]
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(threads)


def test_the_notebooks_own_settings_do_not_matter(toy):
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    try:
        assert toy.double(lambda signal: signal * torch.tensor([2.0])).passed
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)


def test_one_answer_cannot_spoil_the_next_check(toy):
    def answer(signal):
        torch.allclose = torch.equal = torch.isfinite = lambda *_, **__: True
        torch.Tensor.any = lambda self: torch.zeros(())
        return signal

    assert toy.double(answer).status == "wrong"
    assert toy.double(lambda signal: signal * 3).status == "wrong"
    assert toy.double(lambda signal: signal * 2).passed
