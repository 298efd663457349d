"""A training that is killed (SIGKILL) at any moment goes on, and ends as if nothing had happened."""

import multiprocessing
import random
import signal
import time

import pytest

from mmcourse.training import Checkpoints
from tests.training import killed
from tests.training.toys import differences, last_state

KILLS = 20


def kill_after(step, seconds, folder):
    """Train in another process, and kill it some time after a step; return its exit code."""
    context = multiprocessing.get_context("forkserver")  # imports torch once, and forks before it has threads
    context.set_forkserver_preload(["tests.training.killed"])
    seen = context.Value("i", -1, lock=False)
    process = context.Process(target=killed.train, args=(folder, seen))
    process.start()
    while seen.value < step and process.is_alive():
        time.sleep(0.0005)
    time.sleep(seconds)
    process.kill()
    process.join()
    return process.exitcode


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_twenty_kills_at_random_moments(tmp_path):
    killed.train(tmp_path / "first")  # what torch does once
    model, history = killed.train(tmp_path / "whole")
    want, draw = last_state(tmp_path / "whole"), random.Random(0)
    kills, tries, seen, in_a_write = 0, 0, set(), 0
    while kills < KILLS:
        tries += 1
        assert tries <= 2 * KILLS, "most runs were over before they were killed"
        folder = tmp_path / str(tries)
        step, wait = draw.randrange(killed.STEPS), draw.uniform(0, 2 * history.seconds / killed.STEPS)
        code = kill_after(step, wait, folder)
        reached = [int(path.stem[5:]) for path in Checkpoints(folder).paths()]
        in_a_write += any(folder.glob("*.tmp")) if folder.exists() else 0
        again, resumed = killed.train(folder)
        assert differences(want, last_state(folder)) == []
        assert differences(model.state_dict(), again.state_dict()) == []
        assert not any(folder.glob("*.tmp"))
        assert resumed.val_loss == history.val_loss
        if code == -signal.SIGKILL and (not reached or max(reached) < killed.STEPS):
            kills += 1
            seen.add(max(reached, default=0))
    assert len(seen) > KILLS / 4, f"all kills fell on the steps {seen}"
    assert in_a_write, "no kill fell into a write"
