"""Logs: those of a run that was killed and went on are those of a run that was not."""

import csv
import json
import sys
from types import ModuleType, SimpleNamespace

import pytest
import torch

from mmcourse.errors import CourseError
from mmcourse.metrics import TopK
from mmcourse.training import Batches, Callback, Checkpoints, ProgressBar, fit
from mmcourse.training.logs import CsvLog, JsonLog, TensorBoard
from tests.training.toys import Toy, make_table

EPOCHS, STEPS = 3, 4  # steps of an epoch


class Killed(Exception):
    pass


def history_after(step):
    done = step // STEPS
    return SimpleNamespace(
        train_loss=[1 / (epoch + 1) for epoch in range(done)],
        val_loss=[2 / (epoch + 1) for epoch in range(done)],
        val_accuracy=[0.1 * epoch for epoch in range(done)],
        metrics={
            "top 3, of 5": [0.2 * epoch for epoch in range(done)],
            "confusion": [torch.eye(2) for epoch in range(done)],  # not one number: not in a log
        },
        learning_rate=[1e-3 / (before + 1) for before in range(step)],
    )


def go(log, start=0, *, kill_at=None, writes=True, loss=lambda step: 3 / step):
    """A run from a checkpoint at step `start`; one that is killed after a step's callbacks has no end."""
    run = SimpleNamespace(epochs=EPOCHS, total_steps=EPOCHS * STEPS, step=start, epoch=start // STEPS)
    run.first, run.world, run.history = start == 0, SimpleNamespace(first=writes), history_after(start)
    log.on_start(run)
    for step in range(start + 1, run.total_steps + 1):
        run.step, run.loss, run.learning_rate = step, loss(step), 1e-3 / (step + 1)
        run.history.learning_rate.append(1e-3 / step)
        log.on_step(run)
        if kill_at == run.step:
            return
        if run.step % STEPS == 0:
            run.history = history_after(run.step)
            run.epoch += 1
            log.on_epoch(run)
    log.on_end(run)


LOGS = {"csv": CsvLog, "epochs": JsonLog, "steps": lambda path: JsonLog(path, every=1)}
every_log = pytest.mark.parametrize("make", LOGS.values(), ids=LOGS)


def test_a_table_has_a_row_an_epoch(tmp_path):
    go(CsvLog(tmp_path / "new" / "log.csv"))
    with (tmp_path / "new" / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [row["step"] for row in rows] == ["4", "8", "12"]
    assert float(rows[1]["learning_rate"]) == 1e-3 / 8
    assert float(rows[1]["train_loss"]) == 1 / 2
    assert float(rows[2]["val_loss"]) == 2 / 3
    assert float(rows[2]["top 3, of 5"]) == pytest.approx(0.4)
    assert "confusion" not in rows[0]


def test_json_lines_are_in_the_order_of_the_run(tmp_path):
    go(JsonLog(tmp_path / "log", every=2))
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [(line["event"], line["step"]) for line in lines[:4]] == [
        ("step", 2),
        ("step", 4),
        ("epoch", 4),
        ("step", 6),
    ]
    assert lines[0] == {"event": "step", "epoch": 1, "step": 2, "loss": 1.5, "learning_rate": 5e-4}
    assert lines[2]["val_accuracy"] == 0


@every_log
@pytest.mark.parametrize("kill_at", range(1, EPOCHS * STEPS + 1))
def test_a_run_that_goes_on_leaves_the_log_of_one_that_never_stopped(make, kill_at, tmp_path):
    go(make(tmp_path / "whole"))
    for saved in {max(0, kill_at - 3), kill_at // STEPS * STEPS, kill_at}:  # where its last checkpoint was
        go(make(tmp_path / "log"), kill_at=kill_at)
        go(make(tmp_path / "log"), start=saved)
        assert (tmp_path / "log").read_text() == (tmp_path / "whole").read_text()


@every_log
@pytest.mark.parametrize("lost", [1, 7, 30])
def test_a_line_that_was_cut_is_mended(make, lost, tmp_path):
    go(make(tmp_path / "whole"))
    go(make(tmp_path / "log"), kill_at=9)
    whole = (tmp_path / "log").read_bytes()
    (tmp_path / "log").write_bytes(whole[:-lost])  # as a power cut leaves it
    go(make(tmp_path / "log"), start=8)
    assert (tmp_path / "log").read_text() == (tmp_path / "whole").read_text()


@every_log
def test_each_line_is_on_the_disk_at_once(make, tmp_path):
    log = make(tmp_path / "log")
    go(log, kill_at=9)  # the file is still open, as a SIGKILL would find it
    lines = (tmp_path / "log").read_text()
    assert lines.endswith("\n")
    go(make(tmp_path / "other"), kill_at=9)
    go(make(tmp_path / "other"), start=9)
    assert (tmp_path / "other").read_text().startswith(lines)
    assert len(lines.splitlines()) == {"csv": 3, "epochs": 2, "steps": 11}[_kind(log)]


def _kind(log):
    return "csv" if isinstance(log, CsvLog) else "steps" if log.every else "epochs"


@every_log
def test_a_log_of_which_nothing_is_left_but_a_word_is_mended(make, tmp_path):
    go(make(tmp_path / "whole"))
    first = (tmp_path / "whole").read_text()[:5]
    (tmp_path / "log").write_text(first)
    go(make(tmp_path / "log"))
    assert (tmp_path / "log").read_text() == (tmp_path / "whole").read_text()


@every_log
def test_a_new_run_begins_its_log_anew(make, tmp_path):
    for _ in range(2):
        go(make(tmp_path / "log"))
    go(make(tmp_path / "once"))
    assert (tmp_path / "log").read_text() == (tmp_path / "once").read_text()


@every_log
@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_is_no_log_is_left_alone(make, first, tmp_path):
    (tmp_path / "thesis.txt").write_text("Chapter 1\n")
    with pytest.raises(CourseError, match=r"thesis\.txt is not a log of a training: it is left alone"):
        go(make(tmp_path / "thesis.txt"), start=0 if first else 4)
    assert (tmp_path / "thesis.txt").read_text() == "Chapter 1\n"
    with pytest.raises(CourseError, match="is a folder: name a file in it, such as"):
        go(make(tmp_path))


@every_log
def test_only_one_of_several_processes_writes(make, tmp_path):
    go(make(tmp_path / "log"), writes=False)
    assert list(tmp_path.iterdir()) == []


class FullDisk:
    def write(self, text):
        raise OSError(28, "No space left on device")

    def close(self):
        raise OSError(28, "No space left on device")


@every_log
def test_a_full_disk_is_warned_of_once_and_training_goes_on(make, tmp_path):
    log = make(tmp_path / "log")
    start = log.on_start

    def on_start(run):
        start(run)
        log._file.close()
        log._file = FullDisk()

    log.on_start = on_start
    with pytest.warns(
        UserWarning, match=r"lacks lines: No space left on device\. Training goes on"
    ) as warned:
        go(log)
    assert len(warned) == 1


def test_a_folder_that_cannot_be_made_is_warned_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(UserWarning, match="lacks lines"):
        go(CsvLog(tmp_path / "file" / "log.csv"))


def test_numbers_that_json_does_not_know_are_null(tmp_path):
    go(JsonLog(tmp_path / "log", every=1), loss=lambda step: float("nan"))
    first = (tmp_path / "log").read_text().splitlines()[0]
    assert json.loads(first)["loss"] is None
    go(JsonLog(tmp_path / "log", every=1), start=4)


@pytest.mark.parametrize("make", [JsonLog, TensorBoard])
def test_less_than_a_step_is_refused(make, tmp_path):
    with pytest.raises(ValueError, match=r"every must be at least 1 step.*got 0"):
        make(tmp_path / "log", every=0)


def test_without_tensorboard_there_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(CourseError, match="TensorBoard is not installed: type `pip install tensorboard`, or"):
        TensorBoard(tmp_path)


class Writer:
    """What torch's SummaryWriter does, in memory: events of a folder, in which a purge hides later ones."""

    folders: dict = {}  # noqa: RUF012

    def __init__(self, folder, purge_step):
        self.events = self.folders.setdefault(folder, {})
        for key in [key for key in self.events if key[1] >= purge_step]:
            del self.events[key]
        self.waiting = []

    def add_scalar(self, name, value, step):
        self.waiting.append(((name, step), value))

    def flush(self):
        self.events.update(self.waiting)

    def close(self):
        self.flush()


@pytest.mark.parametrize(("kill_at", "saved"), [(7, 5), (7, 6), (9, 8), (9, 6), (2, 0)])
def test_tensorboard_gets_what_the_other_logs_get(monkeypatch, kill_at, saved):
    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter, Writer.folders = Writer, {}
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    go(TensorBoard("whole", every=2))
    go(TensorBoard("log", every=2), kill_at=kill_at)
    go(TensorBoard("log", every=2), start=saved)
    assert Writer.folders["log"] == Writer.folders["whole"]
    assert Writer.folders["log"]["step/loss", 6] == 0.5
    assert Writer.folders["log"]["epoch/val_loss", 8] == 1
    go(TensorBoard("other"), writes=False)
    assert "other" not in Writer.folders


class StopAt(Callback):
    def __init__(self, step):
        self.step = step

    def on_step(self, run):
        if run.step == self.step:
            raise Killed


@pytest.mark.parametrize("kill_at", [2, 4, 7, 11])
def test_logs_of_fit_broken_off_and_taken_up_again(kill_at, tmp_path):
    def train(name, *callbacks):
        logs = [CsvLog(tmp_path / f"{name}.csv"), JsonLog(tmp_path / f"{name}.json", every=1)]
        return fit(
            Toy(),
            Batches(make_table(50), 16, seed=0),
            [make_table(20, 1)],
            epochs=3,
            seed=0,
            metrics={"top 2": TopK(2)},
            callbacks=[*logs, ProgressBar(), *callbacks],
            checkpoints=Checkpoints(tmp_path / name, every=3),
        )

    history = train("whole")
    with pytest.raises(Killed):
        train("cut", StopAt(kill_at))
    train("cut")
    for kind in ("csv", "json"):
        whole, cut = ((tmp_path / f"{name}.{kind}").read_text() for name in ("whole", "cut"))
        assert whole == cut
    rows = list(csv.DictReader((tmp_path / "cut.csv").open(newline="")))
    assert [float(row["val_loss"]) for row in rows] == history.val_loss
    assert [float(row["top 2"]) for row in rows] == history.metrics["top 2"]
    assert [float(row["learning_rate"]) for row in rows] == history.learning_rate[3::4]
