"""A model split between two processes (FSDP2) trains as a whole one does, and its checkpoints are whole."""

import pytest
import torch

from mmcourse.training import Checkpoints
from mmcourse.training.sharded import shard
from tests.training import worker
from tests.training.launching import furthest, one_thread, results
from tests.training.toys import Toy, differences


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sharded")


@pytest.fixture(scope="module")
def both(folder):
    return results("sharded", folder)


def test_each_process_holds_half_of_the_parameters(both):
    everything = sum(parameter.numel() for parameter in Toy().parameters())
    held = [found["held"] for found in both]
    assert sum(held) == everything
    assert all(abs(count / everything - 0.5) < 0.15 for count in held)  # 3 rows do not halve


CASES = {"plain": {}, "stopped early": worker.TRAININGS["stopped early"], "accumulated": {"accumulate": 4}}


@pytest.mark.parametrize("name", CASES)
def test_a_split_model_ends_with_the_weights_of_a_whole_one(both, name):
    with one_thread():
        want = worker.train(**CASES[name])
    for found in both:
        assert furthest(found[name]["weights"], want["weights"]) < 1e-5
        assert torch.allclose(torch.tensor(found[name]["curves"]), torch.tensor(want["curves"]), atol=1e-5)
        assert found[name]["stopped"] == want["stopped"]


def test_a_split_model_resumed_in_mid_epoch_is_equal_to_the_bit(both):
    for found in both:
        assert differences(found["plain"], found["resumed"]) == []


def test_a_checkpoint_of_a_split_model_is_whole_and_goes_on_in_one_process(both, folder):
    paths = Checkpoints(folder / "sharded").paths()
    for later in paths[:-8]:
        later.unlink()
    assert paths[-8].stem == "step-0000000008"
    with one_thread():
        again = worker.train(folder=folder / "sharded")
    assert furthest(again["weights"], both[0]["plain"]["weights"]) < 1e-5


def test_alone_a_model_stays_whole():
    model = Toy()
    assert shard(model) is model
    assert type(model) is Toy
