"""`mmcourse data` in a terminal: its list, its datasheets with the call, its cleaning."""

import pytest
from typer.testing import CliRunner

from mmcourse import cli, data
from mmcourse.data import digits


def _run(*words):
    shown = CliRunner().invoke(cli.app, ["data", *words])
    assert shown.exit_code == 0, shown.output
    return shown.output


def test_list_is_a_command_and_what_data_alone_shows(home):
    assert "mnist-fsdd" in _run("list")
    assert _run("list") == _run()


def test_sheet_of_folder_shows_layout_and_call():
    text = _run("describe", "folder")
    assert "pictures/cat/whiskers.jpg and sounds/cat/anna/1.wav" in text
    assert 'data.load("folder", images="pictures", speech="sounds")' in text
    for kind in (".png", ".wav"):
        assert kind in text


@pytest.mark.parametrize("name", data.names())
def test_every_sheet_shows_a_call_and_fits_a_screen(name):
    text = _run("describe", name)
    assert f'data.load("{name}"' in text
    assert max(map(len, text.splitlines())) <= 100


def test_clean_names_what_is_gone(home, monkeypatch):
    assert _run("clean") == "There is nothing to remove.\n"
    monkeypatch.setattr(digits, "voices", lambda: ["en+f2"])
    (home / "digits-0.tmp-dead").mkdir(parents=True)
    assert _run("clean") == "Removed digits-0.tmp-dead.\n"
    assert not (home / "digits-0.tmp-dead").exists()
