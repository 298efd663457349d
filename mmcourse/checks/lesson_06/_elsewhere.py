"""Another device, pretended: on a machine without a GPU a forgotten .to(device) has to show as well.

Every tensor stays on the CPU and carries the name of the place where it would be. Within `Pretended` torch
goes by that name: what lies in two places cannot be computed with, and `.device` tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

ASKED = "xpu"  # that nobody names by himself, neither "cpu" nor "cuda"
APART = "Expected all tensors to be on the same device, but the batch lies on another one than the model"
MODEL_APART = "Expected all tensors to be on the same device, but the model has not been moved there"
ELSEWHERE = "Expected all tensors to be on the device that was asked for; something has been moved elsewhere"
_ACROSS = {
    "__getitem__",
    "__setitem__",
    "index_put_",
    "copy_",
    "__set__",
    "to",
}  # torch lets these mix devices


class _Model(nn.Sequential):
    """A network that has to be moved to the device that was asked for before it is used."""

    home = None  # where it has been moved

    def to(self, *args, **kwargs):
        device, dtype = torch._C._nn._parse_to(*args, **kwargs)[:2]
        if dtype is not None:
            super().to(dtype)
        if device is not None:
            self.home = device.type
            for value in (*self.parameters(), *self.buffers()):
                value.place = device.type
        return self

    def cpu(self):
        return self.to("cpu")

    def cuda(self, device=None):
        return self.to(torch.device("cuda", device or 0))

    def forward(self, x):
        if self.home != ASKED:
            raise RuntimeError(ELSEWHERE if self.home else MODEL_APART)
        return super().forward(x)


class Pretended(TorchFunctionMode):
    """Within it, `model` and all tensors lie on the CPU until they are moved."""

    def __init__(self, model: nn.Sequential):
        super().__init__()
        model.__class__ = _Model

    def __torch_function__(self, function, types, args=(), kwargs=None):
        name, kwargs = getattr(function, "__name__", ""), dict(kwargs or {})
        place = _common_place(args, kwargs, name)
        if name == "__get__" and function.__self__ is torch.Tensor.device:
            return torch.device(place or "cpu")
        if name in ("cpu", "cuda", "xpu"):
            return _marked(args[0].clone(), name)
        if name == "to":
            device, dtype = _destination(*args[1:], **kwargs)
            return _marked(args[0].to(dtype or args[0].dtype, copy=True), device or place)
        if kwargs.get("device") is not None and name != "_parse_to":  # a new tensor
            place = torch.device(kwargs.pop("device")).type
        return _marked(function(*args, **kwargs), place)


def _common_place(args, kwargs, name) -> str | None:
    """Where the tensors among the arguments lie; a RuntimeError if that is not one place."""
    placed = [(getattr(value, "place", None), value.dim()) for value in _tensors((args, kwargs))]
    places = {place for place, _ in placed}
    large = {place for place, axes in placed if axes}  # a number may come from anywhere
    if ASKED in large and large != {ASKED} and name not in _ACROSS:
        raise RuntimeError(APART if None in large else ELSEWHERE)
    return ASKED if ASKED in places else next(iter(places - {None}), None)


def _destination(first: Any = None, *args, copy: bool = False, **kwargs) -> tuple[str | None, Any]:
    """The device, if any, and the dtype that arguments of `.to` name."""
    if isinstance(first, torch.Tensor):
        return getattr(first, "place", None) or "cpu", first.dtype
    device, dtype = torch._C._nn._parse_to(*(() if first is None else (first,)), *args, **kwargs)[:2]
    return device and device.type, dtype


def _marked(result: Any, place: str | None) -> Any:
    for tensor in _tensors(result) if place else ():
        tensor.place = place
    return result


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _tensors(one)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))
