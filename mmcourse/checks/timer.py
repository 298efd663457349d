"""End a call that takes too long."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any


class TimeUp(BaseException):
    """The time is over; not an Exception, so that `except Exception` lets it pass."""


def limited(function: Callable[[], Any], limit: float) -> Any:
    """Return `function()`, or raise TimeUp once `limit` seconds are over."""

    def ring(*_: Any) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit, 0.1)
    try:
        return function()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
