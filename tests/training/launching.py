"""Start the processes of tests/training/worker.py with torchrun, and look at what they found."""

import os
import subprocess
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).parents[2]
LONG = 120  # seconds after which something hangs


def launch(task, folder, restarts=0):
    """Start two processes with torchrun."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    command += [f"--max-restarts={restarts}", "-m", "tests.training.worker", task, str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    with (folder / f"{task}.log").open("a") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


def end(process):
    """Wait for the end of torchrun; return its exit code."""
    try:
        return process.wait(LONG)
    except subprocess.TimeoutExpired:
        process.terminate()  # torchrun ends its processes, then itself
        process.wait(60)
        raise


def results(task, folder):
    """Do a task in two processes; return what each found."""
    code = end(launch(task, folder))
    assert code == 0, (folder / f"{task}.log").read_text()[-5000:]
    return [torch.load(folder / f"{task}-{rank}.pt") for rank in (0, 1)]


class one_thread:
    """Compute as the processes do."""

    def __enter__(self):
        self.before = torch.get_num_threads()
        torch.set_num_threads(1)

    def __exit__(self, *_):
        torch.set_num_threads(self.before)


def furthest(one, other):
    """Return the largest difference between two dicts of tensors."""
    assert list(one) == list(other)
    return max((one[name] - other[name]).abs().max().item() for name in one)
