"""`mmcourse doctor` tells what is broken, and comes through whatever a check does."""

import importlib.metadata
import os
import sys
import time
from functools import partial

import pytest

from mmcourse import doctor
from mmcourse.doctor import Line, checks

FINE = partial(Line, "ok", "fine")


def test_each_way_to_fail_becomes_a_line_and_the_next_check_still_runs():
    broken = {
        "crash": os.abort,
        "after the crash": FINE,
        "error": partial(int, "x"),
        "after the error": FINE,
        "stuck": partial(time.sleep, 60),
        "after the wait": FINE,
    }
    lines = doctor.look(broken, seconds=8)
    assert list(lines) == list(broken)
    assert [line.state for line in lines.values()] == ["missing", "ok"] * 3
    assert "without a word" in lines["crash"].text
    assert lines["error"].text.startswith("ValueError: invalid literal")
    assert lines["stuck"].text == "no answer in 8 s"
    assert all(line.next_step for line in lines.values() if line.state == "missing")


def test_table_shows_state_finding_and_next_step(capsys, monkeypatch):
    lines = {"torch": Line("missing", "ImportError: libtorch", "Install again"), "disk": FINE()}
    monkeypatch.setattr(doctor, "look", lambda: lines)
    monkeypatch.setenv("COLUMNS", "120")
    assert doctor.report() == 1
    shown = capsys.readouterr().out
    assert "✗ missing" in shown
    assert "libtorch" in shown
    assert "Install again" in shown
    assert "Lesson 0 cannot run yet: see torch." in shown


def test_a_warning_does_not_stop_lesson_0(capsys, monkeypatch):
    monkeypatch.setattr(doctor, "look", lambda: {"memory": Line("warning", "1.0 GiB free", "Close")})
    assert doctor.report() == 0
    assert "Lesson 0 can run" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 10, 9), "missing"), ((3, 11, 0), "ok"), ((3, 13, 2), "ok"), ((3, 15, 0), "warning")],
)
def test_python(monkeypatch, version, state):
    monkeypatch.setattr(sys, "version_info", version)
    assert checks.python().state == state


def test_torch_that_torchvision_was_not_made_for_is_named(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: ["torch==2.9.0"])
    line = checks.torch_family()
    assert line.state == "missing"
    assert "torchvision wants torch==2.9.0" in line.text


def test_torch_of_this_machine_fits():
    assert checks.torch_family().state == "ok"


def test_little_memory_and_little_disk_are_warnings(monkeypatch, tmp_path):
    psutil = pytest.importorskip("psutil")
    little = type("Memory", (), {"available": 2**30, "total": 2**32})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: little)
    assert checks.memory().text == "1.0 GiB free of 4.0 GiB"
    assert checks.memory().state == "warning"
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path / "not" / "yet"))
    assert checks.disk().state == "ok"
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: type("Disk", (), {"free": 2**20}))
    assert checks.disk().state == "warning"
    assert "MMCOURSE_CACHE_DIR" in checks.disk().next_step


def test_disk_that_cannot_be_written_names_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(checks.os, "access", lambda path, mode: False)
    assert checks.disk().state == "missing"
    assert "MMCOURSE_CACHE_DIR" in checks.disk().next_step


def test_silent_speech_is_missing(monkeypatch):
    import torch

    from mmcourse.data import synthesis

    assert checks.speech_synthesis().state == "ok"
    monkeypatch.setattr(synthesis, "say", lambda *args, **options: torch.zeros(800))
    assert checks.speech_synthesis().state == "missing"


def test_sound_that_comes_back_changed_is_missing(monkeypatch):
    import soundfile

    assert checks.sound_files().state == "ok"
    monkeypatch.setattr(soundfile, "read", lambda file, dtype: (0, 4000))
    assert checks.sound_files().state == "missing"


def test_data_sets_are_listed_with_their_size(monkeypatch, tmp_path):
    cache, given = tmp_path / "cache", tmp_path / "given"
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(cache))
    monkeypatch.setenv("MMCOURSE_DATA_DIR", str(given))
    assert "MMCOURSE_DATA_DIR" in checks.data_sets().text  # it is no folder
    (given / "fsdd").mkdir(parents=True)
    (given / "fsdd" / "0.wav").write_bytes(bytes(3_000_000))
    assert checks.data_sets() == Line(
        "warning", "fsdd (3 MB)", "mmcourse data build digits (about a minute, once)"
    )
    (cache / "digits-speech").mkdir(parents=True)
    (cache / "digits-speech" / "manifest.json").write_bytes(bytes(2_000_000))
    assert checks.data_sets() == Line("ok", "digits-speech (2 MB), fsdd (3 MB)")


def test_jupyter_and_widgets_of_this_machine(monkeypatch):
    assert checks.jupyterlab().state == "ok"
    assert checks.widgets().state == "ok"
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", list)
    assert checks.widgets().state == "warning"


def test_kernel_of_another_python_is_a_warning(monkeypatch):
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    other = KernelSpec(argv=["/usr/bin/other-python", "-m", "ipykernel_launcher"])
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: other)
    assert checks.jupyterlab().state == "warning"
    assert "ipykernel install" in checks.jupyterlab().next_step
