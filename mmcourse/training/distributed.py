"""Several processes that train one model: each takes its share of every batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

from mmcourse.errors import CourseError


@dataclass(frozen=True)
class World:
    """The processes that train together; one alone where torch.distributed was not started.

    rank  number of this process, 0..size - 1
    size  how many there are
    """

    rank: int = 0
    size: int = 1

    @classmethod
    def current(cls) -> World:
        """Return the world that this process is in."""
        if dist.is_available() and dist.is_initialized():
            return cls(dist.get_rank(), dist.get_world_size())
        return cls()

    @property
    def first(self) -> bool:
        """Whether this is the process that writes files and shows progress."""
        return self.rank == 0

    def share(self, batch: dict) -> tuple[dict, int]:
        """Return this process's rows of a batch that all of them hold, and how many count.

        The batch is the whole one, so its size does not depend on the number of processes. A process that a
        small last batch leaves without rows gets the first row, counted as none: all take part in each step.
        """
        if self.size == 1:
            return batch, len(batch["label"])
        rows = list(range(self.rank, len(batch["label"]), self.size))
        take = rows or [0]
        part = {
            name: values[take] if isinstance(values, Tensor) else [values[row] for row in take]
            for name, values in batch.items()
        }
        return part, len(rows)

    def sum(self, values: Tensor) -> Tensor:
        """Add up a tensor over all processes."""
        if self.size > 1:
            values = values.clone()
            dist.all_reduce(values)
        return values

    def gather(self, value: object) -> list:
        """Return the value of every process, in the order of their ranks."""
        if self.size == 1:
            return [value]
        values = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    def wrap(self, model: nn.Module) -> Callable[[dict], Tensor]:
        """Return the model as it is called in training: gradients are averaged over the processes."""
        if self.size == 1:
            return model
        device = next(model.parameters()).device
        return nn.parallel.DistributedDataParallel(model, [device] if device.type == "cuda" else None)

    def waiting(self, network: Callable, last: bool) -> AbstractContextManager:
        """Keep gradients to this process until the last of the batches that make a step."""
        return network.no_sync() if hasattr(network, "no_sync") and not last else nullcontext()

    def model_state(self, model: nn.Module) -> dict:
        """Return the whole model's state_dict; all processes must call it."""
        return model.state_dict()

    def optimiser_state(self, model: nn.Module, optimiser: torch.optim.Optimizer) -> dict:
        """Return the optimiser's state_dict; all processes must call it."""
        return optimiser.state_dict()

    def load(self, model: nn.Module, optimiser: torch.optim.Optimizer, weights: dict, moments: dict) -> None:
        """Put back what `model_state` and `optimiser_state` returned."""
        model.load_state_dict(weights)
        optimiser.load_state_dict(moments)


ALONE = World()


@contextmanager
def processes(device: str = "auto") -> Iterator[World]:
    """Join the processes that torchrun started, within the block; without torchrun, the world is this one.

    device  "auto", "cpu" or "cuda": on CUDA each process takes the GPU of its number, and they talk through
            NCCL; on the CPU through gloo
    Raises  CourseError for more processes than GPUs, and a device that several processes cannot share
    """
    if not dist.is_available() or not {"RANK", "WORLD_SIZE", "LOCAL_RANK"} <= os.environ.keys():
        yield World.current()
        return
    number = int(os.environ["LOCAL_RANK"])
    here = int(os.environ.get("LOCAL_WORLD_SIZE", number + 1))
    if _on_cuda(device, here):
        torch.cuda.set_device(number)
        dist.init_process_group("nccl", device_id=torch.device("cuda", number))
    else:
        dist.init_process_group("gloo")
    try:
        yield World.current()
    finally:
        dist.destroy_process_group()


def _on_cuda(device: str, here: int) -> bool:
    """Say whether `here` processes of this machine train on GPUs, one each."""
    kind = str(device)
    if kind not in ("auto", "cpu", "cuda"):
        raise CourseError(
            f'several processes train on "cuda", each with a GPU of its own, or on "cpu"; got {kind!r}.'
        )
    gpus = torch.cuda.device_count()
    if kind == "cpu" or (kind == "auto" and gpus == 0):
        return False
    if here > gpus:
        raise CourseError(
            f"each of {here} processes needs a GPU, and this machine has {gpus}: start torchrun with "
            f'--nproc_per_node={max(gpus, 1)}, or take device="cpu".'
        )
    return True
