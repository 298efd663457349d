"""Two processes beside one with two threads: `python benchmarks/bench_processes.py`."""

import os
import statistics
import tempfile
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from harness import store
from torch import nn

from mmcourse.modules.image_models import ImageCNN, ImageResNet
from mmcourse.modules.speech_models import SpeechRNN
from mmcourse.training import Batches, Callback, fit

BATCH, STEPS, WARM_UP, TURNS = 128, 25, 5, 5
WAYS = {"1 process, 1 thread": (1, 1), "1 process, 2 threads": (1, 2), "2 processes, 1 thread each": (2, 1)}


class Seen(nn.Module):
    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, batch: dict) -> torch.Tensor:
        if "lengths" in batch:
            return self.network(batch["speech"], batch["lengths"])
        return self.network(batch["image"])


def pictures() -> dict:
    g = torch.Generator().manual_seed(0)
    rows = BATCH * STEPS
    return {
        "image": torch.randn(rows, 3, 32, 32, generator=g),
        "label": torch.randint(10, (rows,), generator=g),
    }


def clips() -> dict:
    g = torch.Generator().manual_seed(0)
    rows = BATCH * STEPS
    return {
        "speech": torch.randn(rows, 40, 100, generator=g),
        "lengths": torch.full((rows,), 100),
        "label": torch.randint(10, (rows,), generator=g),
    }


MODELS = {
    "image CNN, 3 × 32 × 32": (lambda: ImageCNN(10, in_channels=3), pictures),
    "image ResNet, 3 × 32 × 32": (lambda: ImageResNet(10, in_channels=3), pictures),
    "speech GRU, 40 × 100": (lambda: SpeechRNN(10), clips),
}


class Clock(Callback):
    """The time of each step."""

    def __init__(self):
        self.times: list[float] = []

    def on_step(self, run) -> None:
        """Look at the clock."""
        self.times.append(time.perf_counter())


def work(rank: int, size: int, threads: int, name: str, folder: str) -> None:
    """Train in one of several processes; the first writes its samples a second."""
    torch.set_num_threads(threads)
    if size > 1:
        dist.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=size)
    make, table = MODELS[name]
    torch.manual_seed(0)
    clock, table = Clock(), table()
    few = {key: values[:BATCH] for key, values in table.items()}
    fit(
        Seen(make()),
        Batches(table, BATCH, seed=0),
        Batches(few, BATCH),
        epochs=1,
        seed=0,
        callbacks=[clock],
    )
    if rank == 0:
        took = clock.times[-1] - clock.times[WARM_UP - 1]
        with open(os.path.join(folder, "speed"), "w", encoding="utf-8") as file:
            file.write(str(BATCH * (len(clock.times) - WARM_UP) / took))
    if size > 1:
        dist.destroy_process_group()


def speed(name: str, size: int, threads: int) -> float:
    """Samples a second, of all processes together."""
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(work, (size, threads, name, folder), nprocs=size)
        with open(os.path.join(folder, "speed"), encoding="utf-8") as file:
            return float(file.read())


def main() -> None:
    rows = []
    for name, (make, _) in MODELS.items():
        turns = [{way: speed(name, *WAYS[way]) for way in WAYS} for _ in range(TURNS)]
        medians = {way: statistics.median(turn[way] for turn in turns) for way in WAYS}
        one, threads, processes = medians
        gains = sorted(turn[processes] / turn[threads] for turn in turns)
        weights = sum(parameter.numel() for parameter in make().parameters())
        rows.append(
            {
                "network": name,
                "weights": f"{weights:,}",
                **{f"{way} (samples a second)": f"{value:,.0f}" for way, value in medians.items()},
                "2 processes / 2 threads": f"{medians[processes] / medians[threads]:.2f}",
                "lowest to highest": f"{gains[0]:.2f} to {gains[-1]:.2f}",
                "2 processes / 1": f"{medians[processes] / medians[one]:.2f}",
            }
        )
    note = (
        f"Batches of {BATCH} in all, shared by the processes; {STEPS - WARM_UP} steps after {WARM_UP} "
        f"to warm up; the three ways turn by turn, {TURNS} turns, medians. Each process of two sends "
        "and gets every gradient once a step: 4 bytes a weight each way (ring all-reduce, gloo, "
        "within one machine)."
    )
    store("processes", rows, note)


if __name__ == "__main__":
    main()
