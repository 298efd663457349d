"""Have a huge allocation refused with an exception, before the system ends the whole kernel for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import torch

GIB = 2**30
_PER_THREAD = 72 * 2**20  # what a new thread reserves: stack and malloc arena, hardly used


@contextmanager
def memory_limited() -> Iterator[None]:
    """Let the block's code take `allowance()` more bytes of address space; only Linux enforces this.

    Not where CUDA may yet start: it reserves far more address space than it uses.
    """
    if sys.platform != "linux" or (torch.cuda.is_available() and not torch.cuda.is_initialized()):
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _address_space(resource.getpagesize()) + allowance()
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space(page: int) -> int:
    """Bytes of address space in use; making a psutil.Process for it took half of a call's time."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * page


def allowance() -> int:
    """Bytes an answer may take: half of what is free, from 1 to 4 GiB, and what new threads reserve."""
    free = psutil.virtual_memory().available // 2
    return min(max(free, GIB), 4 * GIB) + _PER_THREAD * (os.cpu_count() or 1)


def is_refused(error: BaseException) -> bool:
    """Whether `error` says that there was not enough memory."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and ("allocate memory" in str(error) or "Allocator" in str(error))
