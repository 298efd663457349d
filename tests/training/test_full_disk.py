"""A disk that is full: told once, training goes on, and the last good checkpoint stays."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from mmcourse.training import Callback, Checkpoints, Interrupted
from tests.training.test_checkpoints import names, train
from tests.training.toys import Stop, differences


def broken_fsync(number):
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_once_and_training_goes_on(tmp_path, monkeypatch):
    with pytest.raises(Interrupted):
        train(Checkpoints(tmp_path, every=1), callbacks=[Stop(3)])
    before = names(tmp_path)
    monkeypatch.setattr(os, "fsync", broken_fsync)
    with pytest.warns(UserWarning, match="no checkpoint could be written") as caught:
        model = train(Checkpoints(tmp_path, every=1))
    assert [str(warning.message).split("(")[1] for warning in caught] == [
        "No space left on device). Training goes on and tries again each time; step-0000000003.pt, the last "
        "good one, stays."
    ]
    assert names(tmp_path) == before
    assert differences(model.state_dict(), train(None).state_dict()) == []
    monkeypatch.undo()
    assert differences(model.state_dict(), train(tmp_path).state_dict()) == []


def test_a_disk_that_has_room_again_is_used_again(tmp_path, monkeypatch):
    class Full(Callback):
        def on_step(self, run):
            if run.step == 3:
                monkeypatch.setattr(os, "fsync", broken_fsync)
            if run.step == 7:
                monkeypatch.undo()

    with (
        pytest.warns(UserWarning, match="could be written") as caught,
        pytest.raises(Interrupted, match=r"after batch 4 of 4 in epoch 2 of 2\. Saved to"),
    ):
        train(Checkpoints(tmp_path, every=1), callbacks=[Full(), Stop(8)])
    assert len(caught) == 1
    assert names(tmp_path) == ["step-0000000007.pt", "step-0000000008.pt"]


def test_ctrl_c_with_a_full_disk_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", broken_fsync)
    with (
        pytest.warns(UserWarning, match="none is there yet"),
        pytest.raises(
            Interrupted, match=r"could not be saved to .* \(No space left on device\); there is no checkp"
        ),
    ):
        train(tmp_path, callbacks=[Stop(3)])
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_made_does_not_end_the_training(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(UserWarning, match=r"no checkpoint could be written to .*file.* none is there yet"):
        train(tmp_path / "file" / "run")


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.training.test_checkpoints import train
folder = Path(sys.argv[1])
train(folder)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
train(folder, seed=1, resume=False)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file to set")
def test_a_write_that_really_fails(tmp_path):
    """The system refuses bytes past the 3000th of a file, in the middle of a checkpoint."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("no checkpoint could be written") == 1
    assert "(File too large)" in done.stderr
    assert names(tmp_path) == ["step-0000000004.pt", "step-0000000008.pt"]


def test_no_folder_no_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(None)
    assert names(tmp_path) == []
