"""Run a learner's code so that, whatever it does, the check and the notebook go on."""

from __future__ import annotations

import builtins
import io
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from time import perf_counter  # our own name: an answer may patch the module's
from typing import Any

from mmcourse.checks.memory import memory_limited
from mmcourse.checks.preserve import make_neutral, preserved
from mmcourse.checks.timer import TimeUp, limited


@dataclass(frozen=True)
class Outcome:
    """What a call did: its value, or the error that ended it; how long it took, and what it printed first."""

    value: Any = None
    error: BaseException | None = None
    seconds: float = 0.0
    printed: str = ""

    @property
    def too_slow(self) -> bool:
        """Whether the time limit ended the call."""
        return isinstance(self.error, TimeUp)


class _Bounded(io.TextIOBase):
    """Keeps the first characters written to it and drops the rest."""

    def __init__(self, limit: int = 2000):
        self.kept, self.limit = "", limit

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.kept) < self.limit:
            self.kept += text[: self.limit - len(self.kept)]
        return len(text)


def run(function: Callable[[], Any], limit: float, seed: int = 0) -> Outcome:
    """Call `function()` for at most `limit` seconds from a neutral state that is put back afterwards.

    Catches all it raises, SystemExit too. Only the user's own interrupt (Ctrl-C, the stop button) passes.
    """
    screen = _Bounded()
    value, error, seconds = None, None, 0.0
    with _interruptible() as interrupt, preserved(), _questions_refused():
        make_neutral(seed)
        try:
            with redirect_stdout(screen), redirect_stderr(screen), memory_limited():
                warnings.simplefilter("ignore")
                start = perf_counter()  # not earlier: a fast answer is not to be judged by our own care
                try:
                    value = limited(function, limit)
                finally:
                    seconds = perf_counter() - start
        except BaseException as caught:
            error = caught
    if interrupt:
        raise KeyboardInterrupt from None
    return Outcome(value, error, seconds, screen.kept)


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Note the user's interrupts in the list, which tells them from an answer's own KeyboardInterrupt."""
    noted: list[int] = []
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield noted
        return

    def note(number: int, frame: Any) -> None:
        noted.append(number)
        handler(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, handler)


@contextmanager
def _questions_refused() -> Iterator[None]:
    """`input()` would wait for an answer that nobody gives; `preserved` puts the original back."""

    def refuse(*_: Any) -> str:
        raise EOFError("a check cannot answer input(); take the value as an argument")

    builtins.input = refuse
    yield
