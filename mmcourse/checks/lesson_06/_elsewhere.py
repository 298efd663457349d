"""Another device, pretended: on a machine without a GPU a forgotten .to(device) has to show as well."""

from __future__ import annotations

import torch
from torch import nn

APART = "Expected all tensors to be on the same device, but the batch lies on another one than the model"
MODEL_APART = "Expected all tensors to be on the same device, but the model has not been moved there"
ELSEWHERE = "Expected all tensors to be on the device that was asked for; the model has been moved elsewhere"
_HARMLESS = {"size", "dim", "numel", "__len__", "__repr__", "__hash__", "stride", "is_floating_point"}


class _Batch(torch.Tensor):
    """A tensor that lets nobody compute with it before `.to(device)` has made a plain one of it."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        name, kwargs = getattr(function, "__name__", ""), kwargs or {}
        with torch._C.DisableTorchFunctionSubclass():
            if name == "__get__" and function.__self__ is torch.Tensor.device:
                return torch.device("cuda", 0)  # any that is not the CPU
            if name == "__get__" or name in _HARMLESS:
                return function(*args, **kwargs)
            if name in ("cpu", "cuda") or (name == "to" and type(args[0]) is cls and _device(args, kwargs)):
                return function(args[0].as_subclass(torch.Tensor), *args[1:], **kwargs)
        raise RuntimeError(APART)


class _Model(nn.Sequential):
    """A network that has to be moved to a device before it is used."""

    home = None  # where it has been moved

    def to(self, *args, **kwargs):
        self.home = torch._C._nn._parse_to(*args, **kwargs)[0] or self.home
        return super().to(*args, **kwargs)

    def cpu(self):
        return self.to("cpu")

    def cuda(self, device=None):
        return self.to(torch.device("cuda", device or 0))

    def forward(self, x):
        if self.home is None:
            raise RuntimeError(MODEL_APART)
        if self.home.type != torch.device(self.asked).type:
            raise RuntimeError(ELSEWHERE)
        return super().forward(x)


def away(model, batches, device):
    """`model` and `batches` as if they lay on another device than `device`.

    model    an nn.Sequential, changed in place
    Returns  the batches
    """
    model.__class__ = _Model
    model.asked = device
    return [tuple(value.as_subclass(_Batch) for value in batch) for batch in batches]


def _device(args, kwargs):
    """The device that these arguments of `.to` name, if any."""
    return torch._C._nn._parse_to(*args[1:], **kwargs)[0]
