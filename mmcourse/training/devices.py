"""Where to train: the device, batches on their way there, and a compiled model where that works."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def choose_device(device: torch.device | str | None = "auto") -> torch.device:
    """Return the device asked for; "auto" takes CUDA where there is one, else Apple's MPS, else the CPU.

    Raises  ValueError for a name that torch does not know or a device that this machine lacks
    """
    if device in (None, "auto"):
        if torch.cuda.is_available():
            return torch.device("cuda", torch.cuda.current_device())
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(device)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f"device {str(device)!r} is not there: {_first_sentence(error)} "
            'Take device="auto", which is the best that this machine has.'
        ) from None
    return device


def _first_sentence(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].split(". ")[0].rstrip(".") + "."


def move(
    batch: dict, device: torch.device | str, *, memory_format: torch.memory_format | None = None
) -> dict:
    """Bring a batch's tensors to a device; what is not a tensor (names, ids) stays as it is.

    memory_format  for the pictures, tensors of four axes: torch.channels_last, or None to leave them
    From pinned memory a GPU fetches while the CPU goes on.
    """
    device = torch.device(device)
    ahead = device.type == "cuda"  # without pinned memory torch waits by itself; towards the CPU it would not
    moved = {}
    for name, value in batch.items():
        if isinstance(value, Tensor):
            value = value.to(device, non_blocking=ahead)
            if memory_format is not None and value.ndim == 4:
                value = value.contiguous(memory_format=memory_format)
        moved[name] = value
    return moved


@contextmanager
def evaluating(model: nn.Module) -> Iterator[nn.Module]:
    """Switch off dropout and gradients within the block, and give every part its mode back afterwards."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        for module, was_training in modes:
            module.training = was_training


class Compiled:
    """A model that torch.compile made code of; where that fails, the model as it was, with one warning."""

    def __init__(self, model: Callable[[dict], Tensor]):
        self.model = model
        self._fast = torch.compile(model)

    def __call__(self, batch: dict) -> Tensor:
        if self._fast is None:
            return self.model(batch)
        try:
            return self._fast(batch)
        except _compiler_faults() as error:
            self._fast = None
            warnings.warn(
                f"torch.compile did not work here ({type(error).__name__}: {_first_sentence(error)}) "
                "Training goes on without it. On Linux it needs a C++ compiler: apt install g++",
                stacklevel=2,
            )
            return self.model(batch)


def _compiler_faults() -> tuple[type[Exception], ...]:
    from torch._dynamo.exc import TorchDynamoException  # slow to import: only where something was compiled
    from torch._inductor.exc import InvalidCxxCompiler

    return TorchDynamoException, InvalidCxxCompiler
