"""End a call that takes too long, even one that swallows exceptions.

On Unix in the main thread an alarm raises TimeUp inside the running code, again and again until it gives up.
Elsewhere (Windows, other threads) the call runs in a thread of its own that gets TimeUp from outside, and is
left behind if even that does not end it. Out of reach are calls that never come back from C (one huge
matrix product) and code that ends the process itself (`os._exit`).
"""

from __future__ import annotations

import ctypes
import gc
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

AGAIN = 0.05  # seconds between two attempts to end a call
LOADING = 60.0  # seconds that an import which outlasts the limit may take
_PATIENCE = 40  # attempts after which a thread is left behind


class TimeUp(BaseException):
    """The time is over; not an Exception, so that `except Exception` lets it pass."""


def limited(function: Callable[[], Any], limit: float) -> Any:
    """Return `function()`, or raise TimeUp once `limit` seconds are over."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _under_alarm(function, limit)
    return _in_thread(function, limit)


class _Chase:
    """Raises TimeUp in the running code until it has left `_call`.

    `while True: try: sleep(1) except: pass` swallows whatever is raised in the sleep. But swallowing it
    deletes it, and its `__del__` has it raised again at one of the next lines, sooner or later one outside
    the `try`; and so on through every level of calls that swallow it.
    """

    def __init__(self, limit: float) -> None:
        self.active, self.count = True, 0
        self.limit, self.free_until = limit, 0.0
        self.over = 0.0  # when the limit was first found reached
        self.stop = type("TimeUp", (TimeUp,), {"__del__": lambda _error: self.arm(sys._getframe())})

    def ring(self, _signal: int, frame: FrameType | None) -> None:
        """The alarm's handler: raise at once, or, every second time, at a line that comes later."""
        if not self.active or _lost_in(frame) or self.waits(frame):
            return
        if self.count % 2:
            self.arm(frame)
        else:
            self.count += 1
            raise self.stop

    def arm(self, frame: FrameType | None) -> None:
        """Raise at one of the next lines that `frame` or its callers run."""
        if not self.active:
            return
        self.count += 1
        lines_left = self.count % 5

        def trace(traced: FrameType, event: str, _argument: Any) -> Any:
            nonlocal lines_left
            lines_left -= event == "line"
            if lines_left < 0 and self.active and not _lost_in(traced):
                raise self.stop
            return trace

        while frame is not None and frame.f_code is not _call.__code__:
            frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)

    def waits(self, frame: FrameType | None) -> bool:
        """Whether an import is under way, or ended less than a limit ago.

        torch.optim loads for seconds when it is first used; that is not the answer's work, and a module whose
        import is broken off stays half loaded.
        """
        now = time.monotonic()
        self.over = self.over or now
        if now < self.over + LOADING and _is_below(frame, _loads):
            self.free_until = now + self.limit
        return now < self.free_until

    @property
    def began(self) -> bool:
        """Whether the time limit was reached."""
        return self.count > 0


def _lost_in(frame: FrameType | None) -> bool:
    """Whether what is raised in `frame` would be reported and dropped, not end the call.

    So it is in a callback of the garbage collector and in the hook that reports such an error.
    """
    codes = [getattr(hook, "__code__", None) for hook in (*gc.callbacks, sys.unraisablehook)]
    return _is_below(frame, codes.__contains__)


def _is_below(frame: FrameType | None, of: Callable[[CodeType], bool]) -> bool:
    """Whether a frame of the call, `frame` or one that it was called from, runs such code."""
    while frame is not None and frame.f_code is not _call.__code__:
        if of(frame.f_code):
            return True
        frame = frame.f_back
    return False


def _loads(code: CodeType) -> bool:
    return "importlib._bootstrap" in code.co_filename


def _call(function: Callable[[], Any], chase: _Chase) -> Any:
    try:
        return function()
    finally:
        chase.active = False  # what rings before this line is caught by the callers


def _under_alarm(function: Callable[[], Any], limit: float) -> Any:
    chase, tracer, start = _Chase(limit), sys.gettrace(), time.monotonic()
    handler = signal.signal(signal.SIGALRM, chase.ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, limit, AGAIN)
    value = None
    try:
        value = _call(function, chase)
    except BaseException:
        if not chase.began:
            raise
    finally:
        chase.active = False
        signal.signal(signal.SIGALRM, handler)
        # a timer of the caller's (a test's time limit, an outer check) goes on where it would be now
        signal.setitimer(signal.ITIMER_REAL, left and max(left - (time.monotonic() - start), AGAIN), interval)
        if chase.began:
            sys.settrace(tracer)
    if chase.began:
        raise TimeUp
    return value


def _in_thread(function: Callable[[], Any], limit: float) -> Any:
    chase = _Chase(limit)
    done: dict[str, Any] = {}

    def work() -> None:
        try:
            done["value"] = _call(function, chase)
        except BaseException as error:
            done["error"] = error

    thread = threading.Thread(target=work, name="mmcourse check", daemon=True)
    thread.start()
    thread.join(limit)
    while thread.is_alive() and chase.waits(sys._current_frames().get(thread.ident)):
        thread.join(AGAIN)
    late = thread.is_alive()
    for _ in range(_PATIENCE):
        if not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(chase.stop))
        thread.join(AGAIN)
    chase.active = False
    if late:
        raise TimeUp
    if "error" in done:
        raise done["error"]
    return done["value"]
