"""End a call that takes too long, even one that swallows exceptions.

On Unix in the main thread an alarm raises TimeUp inside the running code, again and again until it gives up.
Elsewhere (Windows, other threads) the call runs in a thread of its own that gets TimeUp from outside, and is
left behind if even that does not end it. Out of reach are calls that never come back from C (one huge
matrix product) and code that ends the process itself (`os._exit`).
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

AGAIN = 0.05  # seconds between two attempts to end a call
_PATIENCE = 40  # attempts after which a thread is left behind


class TimeUp(BaseException):
    """The time is over; not an Exception, so that `except Exception` lets it pass."""


def limited(function: Callable[[], Any], limit: float) -> Any:
    """Return `function()`, or raise TimeUp once `limit` seconds are over."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _under_alarm(function, limit)
    return _in_thread(function, limit)


class _Alarm:
    """Raises TimeUp where the code is now; if that is swallowed, also at one of the lines it runs next.

    `while True: try: sleep(1) except: pass` swallows whatever is raised in the sleep. Every second ring
    therefore lets n lines pass before it raises, n growing, until a line outside the `try` is hit.
    """

    def __init__(self) -> None:
        self.active, self.rings = True, 0

    def __call__(self, _signal: int, frame: FrameType | None) -> None:
        if not self.active:
            return
        self.rings += 1
        if self.rings % 2:
            raise TimeUp
        lines_left = self.rings // 2

        def trace(_frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal lines_left
            lines_left -= event == "line"
            if lines_left < 0 and self.active:
                raise TimeUp
            return trace

        while frame is not None and frame.f_code is not _under_alarm.__code__:
            frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)


def _under_alarm(function: Callable[[], Any], limit: float) -> Any:
    alarm, tracer, start = _Alarm(), sys.gettrace(), time.monotonic()
    handler = signal.signal(signal.SIGALRM, alarm)
    left, interval = signal.setitimer(signal.ITIMER_REAL, limit, AGAIN)
    try:
        try:
            value = function()
        finally:
            alarm.active = False  # an alarm in this very line is caught by the outer `finally`
    finally:
        alarm.active = False
        signal.signal(signal.SIGALRM, handler)
        # a timer of the caller's (a test's time limit, an outer check) goes on where it would be now
        signal.setitimer(signal.ITIMER_REAL, left and max(left - (time.monotonic() - start), AGAIN), interval)
        if alarm.rings:
            sys.settrace(tracer)
    if alarm.rings:
        raise TimeUp
    return value


def _in_thread(function: Callable[[], Any], limit: float) -> Any:
    done: dict[str, Any] = {}

    def work() -> None:
        try:
            done["value"] = function()
        except BaseException as error:
            done["error"] = error

    thread = threading.Thread(target=work, name="mmcourse check", daemon=True)
    thread.start()
    thread.join(limit)
    late = thread.is_alive()
    for _ in range(_PATIENCE):
        if not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUp))
        thread.join(AGAIN)
    if late:
        raise TimeUp
    if "error" in done:
        raise done["error"]
    return done["value"]
