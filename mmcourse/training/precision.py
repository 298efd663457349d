"""Which numbers a step computes with: float32, or 16 bits where they are precise enough (mixed precision).

Source  Micikevicius et al. 2018, "Mixed precision training"
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

NAMES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class Precision:
    """Compute the products of a step in `name`; weights, sums and the optimiser stay in float32.

    bfloat16 has the range of float32 and 8 bits of precision. float16 has 11 bits and a small range:
    gradients below 6e-8 would become 0, so the loss is multiplied by a large number before, and the gradients
    are divided by it.

    Raises  ValueError for another name, or one that the device cannot compute with
    """

    def __init__(self, name: str, device: torch.device):
        if name not in NAMES:
            raise ValueError(f"precision is one of {', '.join(NAMES)}; got {name!r}.")
        if name == "bfloat16" and device.type == "cuda" and not torch.cuda.is_bf16_supported():
            raise ValueError('this GPU has no bfloat16; take precision="float16" or "float32".')
        self.name = name
        self.device = device
        self.scaler = torch.amp.GradScaler(device.type, enabled=name == "float16")

    def autocast(self) -> AbstractContextManager:
        """Compute in 16 bits within the block, where torch knows that it is safe."""
        if self.name == "float32":
            return nullcontext()  # torch's own, even switched off, costs 1 % of a small model's step
        return torch.autocast(self.device.type, NAMES[self.name])

    def backward(self, loss: Tensor) -> None:
        """Add the gradients of the loss, scaled in float16, to those that are there."""
        self.scaler.scale(loss).backward()

    def step(self, optimiser: torch.optim.Optimizer, model: nn.Module, max_norm: float | None) -> bool:
        """Clip the true gradients, not the scaled ones, and step; False where float16 overflowed: no step."""
        self.scaler.unscale_(optimiser)
        if max_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        if not self.scaler.is_enabled():
            optimiser.step()
            return True
        scale = self.scaler.get_scale()
        self.scaler.step(optimiser)
        self.scaler.update()
        return self.scaler.get_scale() >= scale  # it shrinks after an overflow, and only then
