"""Ctrl-C during training: the step in work is finished, the run saved, and a sentence says how to go on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interrupted(KeyboardInterrupt):
    """Training was stopped by hand; the message says how to go on."""

    def _render_traceback_(self) -> list[str]:  # Jupyter asks for this, and shows nothing else
        return [str(self)]


@contextmanager
def listening() -> Iterator[Callable[[], bool]]:
    """Note Ctrl-C within the block instead of breaking off in mid-step; a second one breaks off at once.

    Gives a function that says whether it was pressed. Outside the main thread, and where the program ignores
    Ctrl-C, signals are left alone.
    """
    pressed = []

    def note(number, frame):
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
