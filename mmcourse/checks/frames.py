"""A traceback cut to the learner's own lines: cell, line number, source; no frame of ours or of a library."""

from __future__ import annotations

import linecache
import sys
import sysconfig
import traceback
from pathlib import Path

_PACKAGE = str(Path(__file__).parent.parent)
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def own_lines(error: BaseException, most: int = 3) -> list[str]:
    """The innermost `most` lines of the learner's code that led to `error`, outermost first."""
    frames = [
        frame for frame in traceback.walk_tb(error.__traceback__) if _is_own(frame[0].f_code.co_filename)
    ]
    lines = [
        f"{cell_name(frame.f_code.co_filename)}, line {number}, in {frame.f_code.co_name}: "
        f"{linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()[:80]}"
        for frame, number in frames[-most:]
    ]
    return lines if len(frames) <= most else [f"(… {len(frames) - most} calls before)", *lines]


def says(error: BaseException, width: int = 200) -> str:
    """'ValueError: text', the first line of it, even if the error cannot be printed."""
    try:
        text = (str(error).strip().splitlines() or [""])[0]
    except Exception:
        text = ""
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return line if len(line) <= width else line[: width - 1] + "…"


def cell_name(filename: str) -> str:
    """'cell [7]' for a notebook cell, the bare file name for a file."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    numbers = getattr(getattr(shell, "compile", None), "_filename_map", {})
    return f"cell [{numbers[filename]}]" if filename in numbers else Path(filename).name


def _is_own(filename: str) -> bool:
    if filename.startswith("<frozen") or "site-packages" in filename or "dist-packages" in filename:
        return False
    return not filename.startswith((_PACKAGE, *_LIBRARIES))
