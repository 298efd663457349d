"""JupyterLab's settings are ours for one process, and each of them names something that exists."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from jupyter_core.paths import jupyter_path
from nbformat.sign import NotebookNotary

from mmcourse import lab
from mmcourse.errors import CourseError


def test_starts_at_lesson_0_in_the_course_folder():
    words = lab.arguments(Path("course"), ["--no-browser"])
    assert "--ServerApp.root_dir=course" in words
    assert f"--LabApp.default_url=/lab/tree/{lab.FIRST_LESSON}" in words
    assert words[-1] == "--no-browser"


def test_what_the_caller_gives_replaces_ours():
    words = lab.arguments(Path("course"), ["--ServerApp.root_dir=other"])
    assert [word for word in words if "root_dir" in word] == ["--ServerApp.root_dir=other"]


def test_own_settings_come_first_and_the_user_s_stay(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "theirs")
    assert lab.environment()["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(lab.SETTINGS), "theirs"])
    monkeypatch.delenv("JUPYTER_CONFIG_PATH")
    assert lab.environment()["JUPYTER_CONFIG_PATH"] == str(lab.SETTINGS)


def test_installed_without_lessons_is_said_in_words(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "__file__", str(tmp_path / "site-packages" / "mmcourse" / "lab.py"))
    with pytest.raises(CourseError, match="Clone the repository and run `make lab`"):
        lab.course_folder()


def read(name: str) -> dict:
    return json.loads((lab.SETTINGS / name).read_text())


def test_each_setting_exists_in_this_jupyterlab():
    """A renamed plug-in or setting would come back as noise without anybody noticing."""
    schemas = Path(next(path for path in jupyter_path("lab", "schemas") if Path(path).is_dir()))
    for plugin, settings in read("labconfig/default_setting_overrides.json").items():
        package, name = plugin.split(":")
        known = json.loads((schemas / package / f"{name}.json").read_text())["properties"]
        assert set(settings) <= set(known)


def test_each_disabled_extension_exists_here():
    here = {path.name for folder in jupyter_path("lab", "schemas") for path in Path(folder).glob("@*/*")}
    here |= {path.name for folder in jupyter_path("labextensions") for path in Path(folder).glob("@*/*")}
    disabled = read("labconfig/page_config.json")["disabledExtensions"]
    assert all(disabled.values())
    assert {name.split("/")[1].split(":")[0] for name in disabled} <= here


def test_data_that_cannot_be_built_stop_it_with_their_own_exit_code(monkeypatch, tmp_path, capfd):
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(blocked))
    monkeypatch.setattr(lab, "course_folder", lambda: tmp_path)
    with pytest.raises(SystemExit) as ended:
        lab.start(["--no-browser"])
    assert ended.value.code == 2
    assert "Set MMCOURSE_CACHE_DIR" in capfd.readouterr().err


def test_stored_lessons_are_trusted_and_the_user_s_own_list_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "user_state_path", lambda name: tmp_path / "state")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "course"
    (folder / "notebooks").mkdir(parents=True)
    output = nbformat.v4.new_output("display_data", {"text/html": "<audio>"})
    lesson = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])])
    nbformat.write(lesson, folder / "notebooks" / "00_start.ipynb")
    lab.trust(folder)
    (given,) = [word for word in lab.arguments(folder, []) if word.startswith("--NotebookNotary.data_dir=")]
    notary = NotebookNotary(data_dir=given.partition("=")[2])
    assert notary.check_signature(lesson)
    lesson.cells[0].source = "y"
    assert not notary.check_signature(lesson)
    assert not (tmp_path / "data").exists()
