"""Give back the global state as it was: seeds, default dtype, grad mode, folder, patched functions …"""

from __future__ import annotations

import builtins
import contextlib
import math
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

# Where a careless assignment (torch.manual_seed = …, np.random.rand = …) would outlive the answer.
_SPACES = (
    builtins, math, random, time, np, np.random,
    torch, torch.nn, torch.nn.functional, torch.linalg, torch.fft, torch.Tensor,
)  # fmt: skip


@contextmanager
def preserved() -> Iterator[None]:
    """Run the block and put back, in the end, whatever it changed globally."""
    restorers = [keep() for keep in (_names, _seeds, _torch_settings, _process, _warnings)]
    try:
        yield
    finally:
        for restore in restorers:  # names first: the others call what may have been patched
            with contextlib.suppress(Exception):
                restore()


def make_neutral(seed: int) -> None:
    """Set the state in which every call starts, whatever the learner's notebook has set before."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - answers may use the old global generator
    torch.random.default_generator.manual_seed(seed)  # torch.manual_seed writes down the stack, for devices
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)
    torch.set_grad_enabled(True)
    # Threads that wait for each other on a busy machine make small work a hundred times slower than it is.
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
    if torch.get_default_dtype() != torch.float32:
        torch.set_default_dtype(torch.float32)
    if torch.get_default_device().type != "cpu":
        torch.set_default_device(None)


def _names() -> Callable[[], None]:
    saved = [(space, _snapshot(space)) for space in _SPACES]

    def restore() -> None:
        for space, names in saved:
            if _unchanged(vars(space), names):
                continue
            now = dict(vars(space))
            for name, value in names.items():
                if now.get(name) is not value:
                    setattr(space, name, value)
            if isinstance(space, type):  # a new name there hides an inherited method
                for name in set(now) - set(names):
                    delattr(space, name)

    return restore


_snapshots: dict[int, dict[str, Any]] = {}


def _snapshot(space: Any) -> dict[str, Any]:
    """A copy of a namespace, which nobody may change: the last one made as long as it still holds."""
    last = _snapshots.get(id(space))
    if last is None or not _unchanged(vars(space), last):
        last = _snapshots[id(space)] = dict(vars(space))
    return last


def _unchanged(now: Mapping[str, Any], names: dict[str, Any]) -> bool:
    """Whether two namespaces hold the same objects: dicts compare identity first, in microseconds."""
    try:
        return now == names
    except Exception:  # something put there refuses to be compared
        return False


def _seeds() -> Callable[[], None]:
    python, numpy, torch_cpu = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []

    def restore() -> None:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        torch.set_rng_state(torch_cpu)
        if cuda:
            torch.cuda.set_rng_state_all(cuda)

    return restore


def _torch_settings() -> Callable[[], None]:
    settings: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
        (torch.is_grad_enabled, torch.set_grad_enabled),
        (torch.get_default_dtype, torch.set_default_dtype),
        (torch.get_num_threads, torch.set_num_threads),
        (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
        (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
        (torch.get_default_device, _set_device),
    ]
    saved = [(read, write, read()) for read, write in settings]

    def restore() -> None:
        for read, write, value in saved:
            if read() != value:
                write(value)

    return restore


def _set_device(device: torch.device) -> None:
    torch.set_default_device(None if device.type == "cpu" else device)  # None costs nothing per operation


def _process() -> Callable[[], None]:
    folder, environment = _folder(), dict(os.environ)
    recursion, numpy_errors = sys.getrecursionlimit(), np.geterr()

    def restore() -> None:
        sys.setrecursionlimit(recursion)
        np.seterr(**numpy_errors)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        if folder is not None and _folder() != folder:
            os.chdir(folder)

    return restore


def _folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # the folder has been deleted
        return None


def _warnings() -> Callable[[], None]:
    filters, show = warnings.filters[:], warnings.showwarning

    def restore() -> None:
        warnings.filters[:] = filters
        warnings.showwarning = show

    return restore
