"""How long data take to build and load, and how much memory: `python benchmarks/bench_data.py`.

Every line is a process of its own, so that imports, caches and memory of one do not help another.
"""

import os
import tempfile
from pathlib import Path

from harness import Peak, peak_memory, store

from mmcourse import data

MIB = 2**20


def build(workers: int, folder: str) -> None:
    """Make the whole of `digits` in an empty cache."""
    os.environ["MMCOURSE_CACHE_DIR"] = folder
    data.load("digits", workers=workers)


def load(folder: str) -> None:
    """Load `digits` from the cache that `build` left, checksums and all, and split and pair it."""
    os.environ["MMCOURSE_CACHE_DIR"] = folder
    data.load("digits")


def load_as_tensors(folder: str) -> None:
    os.environ["MMCOURSE_CACHE_DIR"] = folder
    for part in data.load("digits"):
        part.as_tensors()


def one_epoch(folder: str) -> None:
    """Fetch 10,000 pairs in shuffled batches of 64, as a training loop does."""
    os.environ["MMCOURSE_CACHE_DIR"] = folder
    for _ in data.loader(data.load("digits", pairs_per_image=8).train, batch_size=64):
        pass


def load_human() -> None:
    data.load("mnist-fsdd")


def _row(what: str, peak: Peak, most_seconds: str = "–", most_memory: str = "–") -> dict[str, str]:
    return {
        "what": what,
        "seconds": f"{peak.seconds:.2f}",
        "at most (s)": most_seconds,
        "memory added (MiB)": f"{(peak.peak_bytes - peak.start_bytes) / MIB:.0f}",
        "at most (MiB)": most_memory,
    }


def main() -> None:
    os.environ["MMCOURSE_QUIET"] = "1"
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        rows = [
            _row("build digits, 1 process", peak_memory(build, 1, one)),
            _row("build digits, 2 processes", peak_memory(build, 2, two), "45"),
            _row("load digits again", peak_memory(load, two), "1", "300"),
            _row("load digits again, all as tensors", peak_memory(load_as_tensors, two), "–", "300"),
            _row("one epoch of 10,000 pairs in batches of 64", peak_memory(one_epoch, two)),
        ]
        held = [
            sorted((file.name, file.read_bytes()) for file in Path(f).glob("digits-*/*")) for f in (one, two)
        ]
        if held[0] != held[1]:
            raise SystemExit("The two builds differ, and they should be the same to the byte.")
    if os.environ.get("MMCOURSE_DATA_DIR"):
        rows.append(_row("load mnist-fsdd from MMCOURSE_DATA_DIR", peak_memory(load_human)))
    store(
        "data", rows, "The builds with 1 and 2 processes are the same to the byte. Importing is not counted."
    )


if __name__ == "__main__":
    main()
