"""Fair timing in a few functions: both sides in one run, turn by turn, medians; and a table that is kept.

    from harness import peak_memory, ratio, store

    result = ratio(lambda: ours(x), lambda: theirs(x))
    store("features", [{"what": "log-mel, 64 × 1 s", **result.row(), "at most": "1.5 ×"}])

A ratio taken in one run survives a slower machine; seconds do not, so the machine is written beside them.
"""

import gc
import multiprocessing
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Ratio:
    """Medians of both sides in seconds, and their ratio with its middle half over the turns.

    best   ratio of both sides' fastest turns: on a busy machine it says more than the medians do
    """

    ours: float
    theirs: float
    quarter: float
    three_quarters: float
    best: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    def row(self) -> dict[str, str]:
        """The cells of a table, in milliseconds."""
        return {
            "ours (ms)": f"{1e3 * self.ours:.2f}",
            "theirs (ms)": f"{1e3 * self.theirs:.2f}",
            "ours / theirs": f"{self.ratio:.2f}",
            "middle half": f"{self.quarter:.2f} to {self.three_quarters:.2f}",
            "of the best turns": f"{self.best:.2f}",
        }


@dataclass(frozen=True)
class Peak:
    """What one call needed in a process of its own."""

    seconds: float
    start_bytes: int  # the process before the call, imports included
    peak_bytes: int  # its highest point, imports included


def ratio(ours: Callable[[], object], theirs: Callable[[], object], repeats: int = 31) -> Ratio:
    """Time two functions turn by turn, the first of a turn changing, after two turns to warm up."""
    if repeats < 3:
        raise ValueError(f"repeats must be at least 3 for a median with a spread, got {repeats}.")
    gc.collect()
    turns = [_turn(ours, theirs, ours_first=bool(i % 2)) for i in range(repeats + 2)][2:]
    quarter, _, three_quarters = statistics.quantiles([a / b for a, b in turns], n=4)
    mine, other = zip(*turns, strict=True)
    return Ratio(
        statistics.median(mine), statistics.median(other), quarter, three_quarters, min(mine) / min(other)
    )


def timed(function: Callable[[], object]) -> float:
    """Seconds of one call, the collector off and an accelerator's queue emptied before and after."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        _finish_queue()
        start = time.perf_counter()
        function()
        _finish_queue()
        return time.perf_counter() - start
    finally:
        if was_on:
            gc.enable()


def peak_memory(function: Callable[..., object], *args: object) -> Peak:
    """Run function(*args) in a fresh process and see how far that process grew (not its own children).

    function   defined at the top of a module, so that the other process can import it
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(_measure, function, args).result()


def machine() -> dict[str, str]:
    """What the figures depend on, without the machine's name or any path."""
    import psutil
    import torch

    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "none"
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "threads": str(torch.get_num_threads()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "GPU": device,
        "load": f"{psutil.getloadavg()[0]:.1f} processes at once; above the cores, trust the best turns",
        "system": f"{platform.system()} {platform.machine()}",
        "software": ", ".join(
            [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in ("torch", "torchaudio"))]
        ),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows with the same keys as a Markdown table."""
    if not rows:
        raise ValueError("a table needs at least one row.")
    heads = list(rows[0])
    if any(list(row) != heads for row in rows):
        raise ValueError(f"every row must have the columns {heads}, in this order.")
    lines = [heads, ["---"] * len(heads), *([str(cell) for cell in row.values()] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def store(name: str, rows: Sequence[Mapping] | Mapping[str, Sequence[Mapping]], note: str = "") -> Path:
    """Print the table and keep it, with the machine it was measured on, in results/NAME.md.

    rows  of one table; of several, title -> rows
    """
    about = "\n".join(f"- {key}: {value}" for key, value in machine().items())
    if isinstance(rows, Mapping):
        tables = [f"## {title}\n\n{table(part)}" for title, part in rows.items()]
    else:
        tables = [table(rows)]
    parts = [f"# {name}", *tables, note, about, f"Made by `python benchmarks/bench_{name}.py`."]
    text = "\n\n".join(part for part in parts if part) + "\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path


def _turn(ours: Callable, theirs: Callable, ours_first: bool) -> tuple[float, float]:
    if ours_first:
        return timed(ours), timed(theirs)
    other = timed(theirs)
    return timed(ours), other


def _measure(function: Callable[..., object], args: tuple) -> Peak:
    start_bytes = _peak_bytes()
    seconds = timed(lambda: function(*args))
    return Peak(seconds, start_bytes, _peak_bytes())


def _peak_bytes() -> int:
    """The highest resident size of this process so far.

    Linux hands getrusage's figure down from the parent to a process it starts, so a small child of a large
    parent would look large; the kernel's own high-water mark starts afresh.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def _finish_queue() -> None:
    torch = sys.modules.get("torch")  # a benchmark without torch should not load it to be timed
    if torch is not None and torch.cuda.is_available():
        torch.cuda.synchronize()


def _processor() -> str:
    if Path("/proc/cpuinfo").exists():
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
