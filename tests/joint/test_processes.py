"""The cures in two processes that torchrun starts: the weights of one, or at least the same in both."""

import os
import subprocess
import sys

import pytest
import torch

from tests.joint import worker
from tests.training.launching import LONG, ROOT, furthest, one_thread
from tests.training.toys import differences


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processes")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    command += ["-m", "tests.joint.worker", str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONG)
    assert done.returncode == 0, done.stderr[-5000:]
    return [torch.load(folder / f"{rank}.pt") for rank in (0, 1)]


def test_dropout_auxiliary_losses_and_rates_end_with_the_weights_of_one_process(both):
    with one_thread():
        want = worker.cures()
    for found in both:
        assert furthest(want, found["cures"]) < 1e-5


@pytest.mark.parametrize("name", ["modulated", "towers"])
def test_what_looks_at_a_part_of_the_batch_still_gives_both_the_same_weights(both, name):
    assert differences(both[0][name], both[1][name]) == []
    assert all(value.isfinite().all() for value in both[0][name].values())
