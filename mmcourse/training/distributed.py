"""Several processes that train one model: each takes its share of every batch."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import NoReturn

import torch
import torch.distributed as dist
from torch import Tensor, nn

from mmcourse.errors import CourseError
from mmcourse.training.sharded import is_sharded, split, split_optimiser, whole


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

    def need_same(self, batch: dict, where: str) -> None:
        """Raise ValueError where the processes do not hold the same batch: their rows would not complete it.

        where  such as "epoch 2, batch 1", for the message
        """
        if self.size == 1:
            return
        labels = self.gather(batch["label"].tolist())
        if any(other != labels[0] for other in labels):
            raise ValueError(
                f"{where}: the processes hold different batches, and each takes its rows of the same one. "
                "Shuffle with the same seed in all: Batches(…, seed=0), or DataLoader(…, shuffle=True, "
                "generator=torch.Generator().manual_seed(0))."
            )

    def sum(self, values: Tensor) -> Tensor:
        """Add up a tensor over all processes."""
        if self.size == 1:
            return values
        total = values.detach().clone().to(_talks_from(values.device))
        dist.all_reduce(total)
        return total.to(values.device)

    def gather(self, value: object) -> list:
        """Return the value of every process, in the order of their ranks."""
        if self.size == 1:
            return [value]
        values = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    def wrap(self, model: nn.Module) -> Callable[[dict], Tensor]:
        """Return the model as it is called in training: backward averages its gradients over the processes.

        All of them begin with the first one's weights. A model in shards does all that by itself.
        """
        if self.size == 1 or is_sharded(model):
            return model
        device = next(model.parameters()).device
        return nn.parallel.DistributedDataParallel(model, [device] if device.type == "cuda" else None)

    def waiting(self, network: Callable, last: bool) -> AbstractContextManager:
        """Keep gradients to this process until the last of the batches that make a step."""
        return network.no_sync() if hasattr(network, "no_sync") and not last else nullcontext()

    def same_buffers(self, model: nn.Module) -> None:
        """Give all processes the first one's buffers, such as batch norm's averages of the rows it saw."""
        if self.size > 1:
            for buffer in model.buffers():
                ours = buffer.to(_talks_from(buffer.device))
                dist.broadcast(ours, src=0)
                buffer.copy_(ours)

    def model_state(self, model: nn.Module) -> dict:
        """Return the whole model's state_dict; all processes must call it."""
        return whole(model.state_dict()) if is_sharded(model) else model.state_dict()

    def optimiser_state(self, model: nn.Module, optimiser: torch.optim.Optimizer) -> dict:
        """Return the optimiser's whole state_dict; all processes must call it."""
        return whole(optimiser.state_dict()) if is_sharded(model) else optimiser.state_dict()

    def load(self, model: nn.Module, weights: dict) -> None:
        """Put back what `model_state` returned, in this or another number of processes."""
        model.load_state_dict(split(weights, model) if is_sharded(model) else weights)

    def load_optimiser(self, model: nn.Module, optimiser: torch.optim.Optimizer, state: dict) -> None:
        """Put back what `optimiser_state` returned, in this or another number of processes."""
        optimiser.load_state_dict(split_optimiser(state, optimiser) if is_sharded(model) else state)


ALONE = World()


@contextmanager
def processes(device: str = "auto") -> Iterator[World]:
    """Join the processes that torchrun started, within the block; without torchrun, the world is this one.

    device  "auto", "cpu" or "cuda": on CUDA each process takes the GPU of its number, and they talk through
            NCCL; on the CPU through gloo
    A program that ends soon after should end by `leave`.
    Raises  CourseError for more processes than GPUs, and a device that several processes cannot share
    """
    if not dist.is_available() or not {"RANK", "WORLD_SIZE", "LOCAL_RANK"} <= os.environ.keys():
        yield World.current()
        return
    number = int(os.environ["LOCAL_RANK"])
    here = int(os.environ.get("LOCAL_WORLD_SIZE", number + 1))
    if _on_cuda(device, here):
        torch.cuda.set_device(number)
        dist.init_process_group("nccl", device_id=torch.device("cuda", number), **_meeting_place())
    else:
        dist.init_process_group("gloo", **_meeting_place())
    try:
        yield World.current()
        dist.barrier()  # none goes while another still waits for its answer
    finally:
        dist.destroy_process_group()


def leave(code: int = 0) -> NoReturn:
    """End this process at once, with what it has printed.

    With torch 2.14, threads of a group that trained live on after it, and now and then they break the
    interpreter's own slow end: the process aborts with its work done, and torchrun calls that a failure.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _meeting_place() -> dict:
    """Return where the processes leave each other their addresses: another place after each restart.

    torchrun 2.14 keeps the old addresses, at which nobody listens any more. On several machines the counts of
    restarts differ, so there it has to be told: TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1.
    """
    if os.environ.get("GROUP_WORLD_SIZE") != "1":  # torchrun's number of machines
        return {}
    store, rank, size = next(dist.rendezvous("env://"))
    start = f"start {os.environ['TORCHELASTIC_RESTART_COUNT']}"
    return {"store": dist.PrefixStore(start, store), "rank": rank, "world_size": size}


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
        fewer = f"start torchrun with --nproc_per_node={gpus}, or " if gpus else ""
        raise CourseError(
            f'each of {here} processes needs a GPU, and this machine has {gpus}: {fewer}take device="cpu".'
        )
    return True


def _talks_from(device: torch.device) -> torch.device:
    """Return where a tensor must lie to be sent: NCCL sends from GPUs only."""
    return torch.device("cuda", torch.cuda.current_device()) if dist.get_backend() == "nccl" else device
