"""The command line: one sentence for an error, near matches, and nothing heavy before it is needed."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import mmcourse
from mmcourse import cli, data
from mmcourse.errors import CourseError

HEAVY = {"torch", "numpy", "matplotlib", "sklearn", "scipy", "IPython", "nbclient"}


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "mmcourse", *words], capture_output=True, text=True, timeout=120
    )


def test_version():
    assert run("version").stdout.strip() == mmcourse.__version__


def test_without_arguments_it_explains_itself():
    shown = run()
    for command in ("lab", "test", "doctor", "data", "notebooks", "check", "progress", "hint", "reset"):
        assert f" {command} " in shown.stdout


def test_unknown_command_lists_the_near_match():
    wrong = run("progess")
    assert wrong.returncode == 2
    assert "Did you mean 'progress'" in wrong.stderr


def test_course_error_is_one_sentence_and_exit_code_2():
    wrong = run("data", "describe", "digts")
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert wrong.stderr.strip() == (
        f"There is no data set 'digts'. Did you mean 'digits'? There are: {', '.join(data.names())}."
    )


def test_other_errors_keep_their_traceback(monkeypatch):
    def broken():
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_course_error_ends_with_its_own_exit_code(monkeypatch, capsys):
    def refused():
        raise CourseError("Put the file there.")

    monkeypatch.setattr(cli, "app", refused)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "Put the file there.\n"


@pytest.mark.parametrize(
    "words",
    [(), ("--help",), ("version",), ("progress",), ("hint", "00.1"), ("hint", "xx"), ("reset", "xx")],
    ids=" ".join,
)
def test_light_commands_import_nothing_heavy(words, tmp_path):
    script = (
        "import sys\n"
        f"sys.argv = ['mmcourse', *{words!r}]\n"
        "from mmcourse.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "MMCOURSE_CACHE_DIR": str(tmp_path)},
    )
    assert ran.stdout.strip().endswith("HEAVY []"), ran.stdout + ran.stderr


def test_importing_the_package_imports_no_other():
    script = "import sys; before = set(sys.modules); import mmcourse; print(set(sys.modules) - before)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert ran.stdout.strip() == "{'mmcourse'}"


def test_every_command_has_help_in_words():
    runner = CliRunner()
    for words in (["lab"], ["test"], ["doctor"], ["notebooks"], ["data"], ["data", "build"], ["check"]):
        shown = runner.invoke(cli.app, [*words, "--help"])
        assert shown.exit_code == 0
        assert len(shown.output.split()) > 10


def test_data_lists_every_set_and_what_is_here(monkeypatch, tmp_path):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("MMCOURSE_DATA_DIR", raising=False)
    shown = CliRunner().invoke(cli.app, ["data"]).output
    for name in data.names():
        assert name in shown
    assert "On this machine: none yet." in shown


@pytest.mark.parametrize("name", data.names())
def test_each_data_set_has_a_sheet_that_reads_without_loading(name, monkeypatch, tmp_path):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path))
    shown = CliRunner().invoke(cli.app, ["data", "describe", name])
    assert shown.exit_code == 0
    for word in ("origin", "licence", "size", "how made", "caution"):
        assert f"\n{word}" in shown.output
    assert list(tmp_path.iterdir()) == []


def test_own_folders_cannot_be_built_and_the_sentence_says_what_to_do():
    with pytest.raises(CourseError, match=r"data\.load\('folder', images="):
        CliRunner().invoke(cli.app, ["data", "build", "folder"], catch_exceptions=False)
