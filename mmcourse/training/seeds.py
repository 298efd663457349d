"""One seed for everything random, and the state of it all, to be kept and put back.

On the CPU the same seed gives the same weights to the bit, with the same versions and number of threads.
A GPU adds in an order that differs from run to run, so there the last digits move, unless
`torch.use_deterministic_algorithms(True)` is set before, which is slower and refuses some functions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor


def seed_all(seed: int) -> None:
    """Seed the random numbers of Python, NumPy and torch; loader workers take theirs from torch."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  the global one is what third-party code draws from
    torch.manual_seed(seed)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed everything within the block; afterwards the caller's random numbers go on as before it."""
    before = random_states()
    seed_all(seed)
    try:
        yield
    finally:
        set_random_states(before)


def random_states() -> dict:
    """Return the states of Python's, NumPy's and torch's random numbers, as tensors and numbers alone."""
    version, words, gauss = random.getstate()
    name, keys, position, has_gauss, cached = np.random.get_state()  # noqa: NPY002
    numpy = [name, torch.from_numpy(keys.astype(np.int64)), int(position), int(has_gauss), float(cached)]
    states = {"python": [version, list(words), gauss], "numpy": numpy, "torch": torch.get_rng_state()}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_states(states: dict) -> None:
    """Put back what `random_states` returned; a device that this machine lacks is passed over."""
    version, words, gauss = states["python"]
    random.setstate((version, tuple(words), gauss))
    name, keys, position, has_gauss, cached = states["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), position, has_gauss, cached))  # noqa: NPY002
    torch.set_rng_state(_bytes(states["torch"]))
    if "cuda" in states and len(states["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all([_bytes(state) for state in states["cuda"]])
    if "mps" in states and torch.backends.mps.is_available():
        torch.mps.set_rng_state(_bytes(states["mps"]))


def _bytes(state: Tensor) -> Tensor:
    return state.cpu()  # a checkpoint may have been loaded to a device; states live on the CPU
