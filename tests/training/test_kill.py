"""A training that is killed (SIGKILL) at any moment goes on, and ends as if nothing had happened."""

import multiprocessing
import os
import random
import signal
import time

import pytest

from mmcourse.training import Checkpoints
from tests.training import killed
from tests.training.toys import differences, last_state

KILLS = 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The run that nothing happened to: its last checkpoint, weights and history."""
    killed.train(tmp_path_factory.mktemp("first"))  # what torch does once
    folder = tmp_path_factory.mktemp("whole")
    model, history = killed.train(folder)
    return last_state(folder), model.state_dict(), history


def start(target, *arguments):
    """Train in another process."""
    context = multiprocessing.get_context("forkserver")  # imports torch once, and forks before it has threads
    context.set_forkserver_preload(["tests.training.killed"])
    process = context.Process(target=target, args=arguments)
    process.start()
    return process


def kill_after(step, seconds, folder):
    """Train in another process, and kill it some time after a step; return its exit code."""
    seen = multiprocessing.get_context("forkserver").Value("i", -1, lock=False)
    process = start(killed.train, folder, seen)
    while seen.value < step and process.is_alive():
        time.sleep(0.0005)
    time.sleep(seconds)
    process.kill()
    process.join()
    return process.exitcode


def last_step(folder):
    return max((int(path.stem[5:]) for path in Checkpoints(folder).paths()), default=0)


def goes_on(folder, whole):
    state, weights, history = whole
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda number: None)  # half the time of this test; nothing is killed here
        model, resumed = killed.train(folder)
    assert differences(state, last_state(folder)) == []
    assert differences(weights, model.state_dict()) == []
    assert resumed.val_loss == history.val_loss
    assert not any(folder.glob("*.tmp"))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_twenty_kills_at_random_moments(tmp_path, whole):
    draw, seconds = random.Random(0), whole[2].seconds / killed.STEPS
    kills, tries, seen = 0, 0, set()
    while kills < KILLS:
        tries += 1
        assert tries <= 2 * KILLS, "most runs were over before they were killed"
        folder = tmp_path / str(tries)
        step = draw.randrange(killed.STEPS)
        code = kill_after(step, draw.uniform(0, 2 * seconds), folder)
        reached = last_step(folder)
        assert reached >= step - 1, "the step before the last was lost"
        goes_on(folder, whole)
        if code == -signal.SIGKILL and reached < killed.STEPS:
            kills += 1
            seen.add(reached)
    assert len(seen) > KILLS / 4, f"all kills fell on the steps {seen}"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(
    ("name", "number"), [("fsync", 7), ("fsync", 8), ("replace", 1), ("replace", 5), ("unlink", 2)]
)
def test_a_kill_at_each_moment_of_a_write(tmp_path, whole, name, number, done):
    """Bytes written and not synced, synced and not named, named and the folder not synced, too many kept."""
    process = start(killed.train_until, tmp_path, name, number, done)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    saved = {"fsync": 3, "replace": number - 1, "unlink": number + 1}  # steps that were safe by then
    assert last_step(tmp_path) >= saved[name]
    goes_on(tmp_path, whole)
