"""Run a learner's code so that whatever it does, the check goes on."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from mmcourse.checks.timer import TimeUp, limited


@dataclass(frozen=True)
class Outcome:
    """What a call did: its value, or the error that ended it; how long it took, and what it printed."""

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
            self.kept += str(text)[: self.limit - len(self.kept)]
        return len(text)


def run(function: Callable[[], Any], limit: float) -> Outcome:
    """Call `function()` for at most `limit` seconds."""
    screen = _Bounded()
    start = time.perf_counter()
    try:
        with redirect_stdout(screen), redirect_stderr(screen):
            value = limited(function, limit)
        return Outcome(value, None, time.perf_counter() - start, screen.kept)
    except BaseException as error:
        return Outcome(None, error, time.perf_counter() - start, screen.kept)
