"""Two processes that torchrun starts train as one: gradients, metrics, weights, and after a break too."""

import os
import signal
import time

import pytest
import torch

from mmcourse.errors import CourseError
from mmcourse.training import Checkpoints
from mmcourse.training.distributed import processes
from tests.training import worker
from tests.training.launching import LONG, end, furthest, launch, one_thread, results
from tests.training.toys import differences


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("processes")


@pytest.fixture(scope="module")
def both(folder):
    return results("everything", folder)


@pytest.fixture(scope="module")
def alone():
    with one_thread():
        return {name: worker.train(**options) for name, options in worker.TRAININGS.items()}


def test_each_process_knows_its_rank_and_hears_the_others(both):
    for rank, found in enumerate(both):
        assert found["world"] == (rank, 2)
        assert found["sum"].tolist() == [2.0, 1.0]
        assert found["sum"].dtype == torch.float64
        assert found["gather"] == [{"rank": 0}, {"rank": 1}]


@pytest.mark.parametrize("case", worker.GRADIENTS)
def test_the_gradients_of_two_processes_are_those_of_one(both, case):
    want = worker.gradients(**worker.GRADIENTS[case])
    assert max(gradient.abs().max() for gradient in want.values()) > 1e-4
    for found in both:
        assert furthest(want, found["gradients"][case]) < 1e-6


def test_metrics_of_uneven_batches_are_exactly_those_of_one_process(both):
    want = worker.measured()
    for found in both:
        for name, value in found["metrics"].items():
            # the mean loss of a batch is rounded to float32 before it is counted
            limit = 1e-6 if name == "loss" else 1e-12
            assert (torch.as_tensor(value) - torch.as_tensor(want[name])).abs().max() <= limit, name


@pytest.mark.parametrize("name", worker.TRAININGS)
def test_two_processes_end_with_the_weights_and_curves_of_one(both, alone, name):
    for found in both:
        assert furthest(found[name]["weights"], alone[name]["weights"]) < 1e-6
        assert torch.allclose(
            torch.tensor(found[name]["curves"]), torch.tensor(alone[name]["curves"]), atol=1e-6
        )


def test_early_stopping_stops_all_processes_at_once(both):
    first, second = (found["stopped early"] for found in both)
    assert "no better val_loss" in first["stopped"]
    assert first["stopped"] == second["stopped"]
    assert first["curves"] == second["curves"]
    assert len(first["curves"][0]) < 9


@pytest.mark.parametrize("name", [*worker.TRAININGS, "other weights", "dropout", "batch norm"])
def test_all_processes_end_with_the_same_weights(both, name):
    assert differences(both[0][name], both[1][name]) == []


def test_the_first_process_brings_the_weights(both):
    assert differences(both[0]["other weights"], both[0]["plain"]) == []


def test_processes_with_dropout_draw_numbers_of_their_own(both):
    with one_thread():
        assert furthest(both[0]["dropout"]["weights"], worker.train(dropout=0.5)["weights"]) > 1e-3


def test_different_batches_in_the_processes_are_refused(both):
    for found in both:
        assert "epoch 1, batch 1: the processes hold different batches" in found["different batches"]
        assert "generator=torch.Generator().manual_seed(0)" in found["different batches"]


def test_only_the_first_process_writes_checkpoints(both, folder):
    assert Checkpoints(folder / "of process 0").paths()
    assert not (folder / "of process 1").exists()


@pytest.fixture(scope="module")
def went_on(both, folder):
    """Two processes stopped after step 8; "plain" went on in one process to step 11, then both in two."""
    assert [Checkpoints(folder / name).paths()[0].stem for name in ("plain", "dropout")] == [
        "step-0000000008"
    ] * 2
    with one_thread():
        assert worker.train(folder=folder / "plain", halt=11) is None
    assert Checkpoints(folder / "plain").paths()[0].stem == "step-0000000010"
    return results("resumed", folder)


def test_resumed_in_two_one_and_two_processes_it_ends_as_if_never_stopped(went_on, alone):
    for found in went_on:
        assert furthest(found["plain"]["weights"], alone["plain"]["weights"]) < 1e-6
        assert torch.allclose(
            torch.tensor(found["plain"]["curves"]), torch.tensor(alone["plain"]["curves"]), atol=1e-6
        )


def test_resumed_in_as_many_processes_it_is_equal_to_the_bit(went_on, both):
    for found, want in zip(went_on, both, strict=True):
        assert differences(want["dropout"], found["dropout"]) == []


def kill_one(folder, restarts):
    """Kill the second process with SIGKILL once there is a checkpoint; return torchrun's code, seconds."""
    process = launch("slowly", folder, restarts)
    began = time.monotonic()
    while len(Checkpoints(folder / "slowly").paths()) < 4:
        assert process.poll() is None, (folder / "slowly.log").read_text()[-5000:]
        assert time.monotonic() - began < LONG
        time.sleep(0.01)
    os.kill(int((folder / "pid-1").read_text()), signal.SIGKILL)
    began = time.monotonic()
    return end(process), time.monotonic() - began


posix = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")


@posix
def test_a_killed_process_is_started_again_and_ends_equal_to_the_bit(both, tmp_path):
    code, _ = kill_one(tmp_path, restarts=1)
    assert code == 0, (tmp_path / "slowly.log").read_text()[-5000:]
    begins = sorted(int(path.read_text()) for path in tmp_path.glob("begins-*"))
    assert begins[:2] == [0, 0]
    assert begins[2] == begins[3] >= 4
    for rank, want in enumerate(both):
        assert differences(want["dropout"], torch.load(tmp_path / f"slowly-{rank}.pt")) == []


@posix
def test_without_restarts_torchrun_ends_and_the_training_can_be_taken_up(both, tmp_path):
    code, seconds = kill_one(tmp_path, restarts=0)
    assert code not in (0, None)
    assert seconds < 20
    assert "Signal 9 (SIGKILL)" in (tmp_path / "slowly.log").read_text()
    for rank, found in enumerate(results("slowly", tmp_path)):
        assert differences(both[rank]["dropout"], found) == []
    begins = sorted(int(path.read_text()) for path in tmp_path.glob("begins-*"))
    assert begins[2] == begins[3] >= 4


@posix
def test_ctrl_c_leaves_a_training_that_can_be_taken_up(both, tmp_path):
    process = launch("slowly", tmp_path)
    began = time.monotonic()
    while not Checkpoints(tmp_path / "slowly").paths():
        assert time.monotonic() - began < LONG
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert end(process) != 0
    log = (tmp_path / "slowly.log").read_text()
    assert "the same call of fit goes on from there" in log
    steps = Checkpoints(tmp_path / "slowly").paths()[0].stem
    assert steps < f"step-{worker.STEPS:010d}"
    for rank, found in enumerate(results("slowly", tmp_path)):
        assert differences(both[rank]["dropout"], found) == []


def test_a_broken_row_of_one_process_ends_all(tmp_path):
    assert end(launch("broken", tmp_path)) not in (0, None)
    log = (tmp_path / "broken.log").read_text()
    assert "Diverged: epoch 1, batch 4: the loss is nan" in log
    assert "'x' of this batch holds NaN" in log
    last = torch.load(Checkpoints(tmp_path / "broken").paths()[0], weights_only=True)
    assert last["run"]["position"]["batch"] == 3
    assert all(tensor.isfinite().all() for tensor in last["run"]["model"].values())


def test_without_torchrun_the_world_is_this_process(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    with processes() as world:
        assert (world.rank, world.size) == (0, 1)
        assert not torch.distributed.is_initialized()


@pytest.mark.parametrize(
    ("device", "gpus", "sentence"),
    [
        (
            "auto",
            1,
            r"each of 2 processes needs a GPU, and this machine has 1: .*--nproc_per_node=1, or .*cpu",
        ),
        (
            "cuda",
            0,
            r"each of 2 processes needs a GPU, and this machine has 0: take device=.cpu",
        ),
        ("cuda:1", 2, r'several processes train on "cuda", each with a GPU of its own, .* got \'cuda:1\''),
    ],
)
def test_devices_that_the_processes_cannot_have_are_refused(monkeypatch, device, gpus, sentence):
    for name, value in {"RANK": 0, "WORLD_SIZE": 2, "LOCAL_RANK": 0, "LOCAL_WORLD_SIZE": 2}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    with pytest.raises(CourseError, match=sentence), processes(device):
        pass
