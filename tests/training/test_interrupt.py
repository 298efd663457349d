"""Ctrl-C: the step in work is finished and saved, and one sentence says how to go on."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from mmcourse.training import Batches, Callback, Interrupted, fit
from mmcourse.training.interrupt import listening
from tests.training.toys import Stop, Toy, make_table

ROOT = Path(__file__).parents[2]


def train(**options):
    table = make_table(30)
    return fit(Toy(), Batches(table, 8, seed=0), Batches(table, 8), epochs=2, seed=0, **options)


def test_the_message_says_where_it_stopped_and_how_to_go_on(tmp_path):
    with pytest.raises(Interrupted) as error:
        train(checkpoints=tmp_path / "run", callbacks=[Stop(6)])
    assert str(error.value) == (
        f"Stopped after batch 2 of 4 in epoch 2 of 2. Saved to {tmp_path / 'run'}: the same call of fit goes "
        "on from there."
    )
    assert len(train(checkpoints=tmp_path / "run").val_loss) == 2


def test_without_a_folder_it_says_how_to_have_one():
    with pytest.raises(Interrupted) as error:
        train(callbacks=[Stop(3)])
    assert str(error.value) == (
        "Stopped after batch 3 of 4 in epoch 1 of 2. Nothing was saved; with "
        'fit(…, checkpoints="folder") the same call would go on.'
    )


class DuringValidation(Toy):
    def forward(self, batch):
        if not self.training:
            signal.raise_signal(signal.SIGINT)
        return super().forward(batch)


def test_during_validation_the_epoch_is_finished_first(tmp_path):
    table = make_table(30)
    with pytest.raises(Interrupted, match=r"Stopped after epoch 1 of 2\. Saved"):
        fit(
            DuringValidation(),
            Batches(table, 8, seed=0),
            [table],
            epochs=2,
            seed=0,
            checkpoints=tmp_path,
        )


class Twice(Callback):
    def on_step(self, run):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("went on after the second")


def test_a_second_one_breaks_off_at_once(tmp_path):
    with pytest.raises(KeyboardInterrupt) as error:
        train(callbacks=[Twice()], checkpoints=tmp_path)
    assert not isinstance(error.value, Interrupted)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", [None, 3])
def test_the_handler_is_put_back(stop):
    mine = lambda number, frame: None  # noqa: E731  a handler to be recognised
    before = signal.signal(signal.SIGINT, mine)
    try:
        if stop is None:
            train()
        else:
            with pytest.raises(Interrupted):
                train(callbacks=[Stop(stop)])
        assert signal.getsignal(signal.SIGINT) is mine
    finally:
        signal.signal(signal.SIGINT, before)


def test_outside_the_main_thread_it_trains_and_leaves_signals_alone():
    before, seen = signal.getsignal(signal.SIGINT), []
    thread = threading.Thread(target=lambda: seen.append(train()))
    thread.start()
    thread.join()
    assert len(seen[0].val_loss) == 2
    assert signal.getsignal(signal.SIGINT) is before


def test_a_program_that_ignores_ctrl_c_goes_on_ignoring_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with listening() as pressed:
            signal.raise_signal(signal.SIGINT)
            assert not pressed()
    finally:
        signal.signal(signal.SIGINT, before)


SCRIPT = """
from tests.training.test_interrupt import train
from tests.training.toys import Stop
train(callbacks=[Stop(3)], checkpoints="run")
"""


def test_in_a_terminal_the_message_is_the_last_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == (
        "mmcourse.training.interrupt.Interrupted: Stopped after batch 3 of 4 in epoch 1 of 2. Saved to run: "
        "the same call of fit goes on from there."
    )


CELLS = [
    f"import os, signal, sys; sys.path.insert(0, {str(ROOT)!r})\n"
    "from tests.training.test_interrupt import train, Callback\n"
    "class Press(Callback):\n"
    "    def on_step(self, run):\n"
    "        if run.step == 3:\n"
    "            os.kill(os.getpid(), signal.SIGINT)  # what the stop button of Jupyter sends\n",
    "history = train(callbacks=[Press()], checkpoints='run')",
    "history = train(checkpoints='run')\nprint(len(history.val_loss), 'epochs')",
]


def test_in_a_notebook_there_is_a_sentence_and_no_traceback(tmp_path):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(
        book, resources={"metadata": {"path": str(tmp_path)}}, allow_errors=True, timeout=120
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise AssertionError(str(error)) from None
    stopped, resumed = (cell.outputs for cell in book.cells[1:])
    assert [output.output_type for output in stopped] == ["error"]
    assert stopped[0].traceback == [
        "Stopped after batch 3 of 4 in epoch 1 of 2. Saved to run: the same call of fit goes on from there."
    ]
    assert [output.get("text") for output in resumed] == ["2 epochs\n"]
