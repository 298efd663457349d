"""The exercises on the command line, on a small course of two toys."""

import time

import pytest
from typer.testing import CliRunner

from mmcourse import cli
from mmcourse.checks import books, progress, runner
from mmcourse.errors import CourseError

RIGHT = "def double(signal):\n    return signal + signal"


@pytest.fixture
def mmcourse(course, monkeypatch):
    """Run the command; returns (exit code, output)."""
    monkeypatch.setenv("COLUMNS", "140")

    def run(*arguments, input=None):
        result = CliRunner().invoke(cli.app, arguments, input=input)
        if isinstance(result.exception, CourseError):  # what cli.main does with it
            return 2, str(result.exception)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run


def sources(path):
    return [(cell.id, cell.source) for cell in books.read(path).cells]


def statuses(course):
    return {state.exercise.id: state.status for state in progress.states(course, "09")}


def test_a_check_runs_stores_and_shows_in_progress(mmcourse, course, path, fill_in):
    fill_in(path, "09.1", RIGHT)
    before = sources(path)
    code, output = mmcourse("check")
    assert code == 1
    assert "✓ 09.1 double: correct." in output
    assert "○ 09.2 label_share: not attempted." in output
    assert sources(path) == before
    assert statuses(course) == {"09.1": "correct", "09.2": "not attempted"}
    code, output = mmcourse("progress")
    assert code == 0
    assert "1 of 2 exercises are correct" in output
    assert "Next: 09.2 Share of each label" in output
    fill_in(path, "09.1", RIGHT + "  # a comment changes nothing")
    assert statuses(course)["09.1"] == "correct"
    fill_in(path, "09.1", RIGHT + " + 1")
    code, output = mmcourse("progress")
    assert "changed since it was correct" in output
    assert "0 of 2 exercises are correct" in output


def test_only_what_is_asked_is_checked(mmcourse, path, fill_in):
    fill_in(path, "09.1", RIGHT)
    code, output = mmcourse("check", "9.1")
    assert code == 0
    assert "09.2" not in output
    assert books.cell_of(books.read(path), "09.2", "check").outputs == []


def test_wrong_answers_and_syntax_errors_say_so(mmcourse, course, path, fill_in):
    fill_in(path, "09.1", "def double(signal):\n    return signal ** 2")
    fill_in(path, "09.2", "def label_share(labels)\n    return {}")
    code, output = mmcourse("check")
    assert code == 1
    assert "You squared the signal" in output
    assert "09.2 label_share: crashed. Its answer cell ends with SyntaxError" in output
    assert statuses(course) == {"09.1": "wrong", "09.2": "crashed"}


def test_answers_that_take_the_kernel_with_them_cost_only_themselves(mmcourse, path, fill_in):
    fill_in(path, "09.1", "import os\nos._exit(1)")
    fill_in(
        path,
        "09.2",
        "def label_share(labels):\n    return {x: labels.count(x) / len(labels) for x in labels}",
    )
    code, output = mmcourse("check")
    assert code == 1
    assert "09.1 double: crashed. The cell ex-09-1-answer ended the kernel" in output
    assert "✓ 09.2 label_share: correct." in output


def test_cells_without_end_are_ended(course, path, toy, monkeypatch, fill_in):
    monkeypatch.setattr(runner, "_GRACE", 1)
    sleepless = (
        "import time\nwhile True:\n    try:\n        time.sleep(0.1)\n    except BaseException:\n        pass"
    )
    fill_in(path, "09.1", "while True: pass")  # obeys an interrupt
    fill_in(path, "09.2", sleepless)
    start = time.perf_counter()
    verdicts, _ = runner.check_book(path, [toy.double, toy.label_share], lambda verdict: None, seconds=2)
    assert [verdict.status for verdict in verdicts] == ["too slow", "too slow"]
    assert "Its answer cell does not come to an end" in verdicts[0].text
    assert "did not let itself be interrupted" in verdicts[1].text
    assert time.perf_counter() - start < 30


def test_a_notebook_changed_meanwhile_is_left_alone(course, path, toy, fill_in):
    fill_in(path, "09.1", RIGHT)

    def save_in_jupyterlab(verdict):
        fill_in(path, "09.1", RIGHT + "  # saved while the check ran")

    (verdict,), stored = runner.check_book(path, [toy.double], save_in_jupyterlab)
    assert not stored
    assert verdict.status == "correct"
    assert "saved while the check ran" in path.read_text()
    assert statuses(course)["09.1"] == progress.UNCHECKED


def test_a_deleted_check_cell_is_named(mmcourse, path):
    notebook = books.read(path)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "ex-09-1-check"]
    books.write(notebook, path)
    code, output = mmcourse("check", "09.1")
    assert code == 1
    assert "mmcourse reset 09.1" in output
    assert "its check cell is gone" in mmcourse("progress")[1]


def test_progress_goes_on_beside_a_broken_notebook(mmcourse, path):
    path.write_text("{ broken")
    code, output = mmcourse("progress")
    assert code == 0
    assert "Lesson 09: exercises/09_toys.ipynb is broken" in output
    assert "Next: mmcourse reset 09" in output
    assert mmcourse("check")[0] == 2


def test_hints_come_one_by_one_and_end_at_the_solution(mmcourse, toy):
    shown = [mmcourse("hint", "9.1")[1] for _ in range(4)]
    assert toy.double.hints[0] in shown[0]
    assert "hint 1 of 2" in shown[0]
    assert toy.double.hints[1] in shown[1]
    assert "mmcourse solution 09.1" in shown[2]
    assert toy.double.hints[0] in shown[3]
    assert toy.label_share.hints[0] in mmcourse("hint", "09.2")[1]  # each has its own counter


@pytest.mark.parametrize("content", ["{ broken", "[]", '{"09.1": "two"}', '{"09.1": -5}', '{"09.1": 99}'])
def test_a_spoilt_counter_is_no_obstacle(mmcourse, tmp_path, content):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "hints.json").write_text(content)
    code, output = mmcourse("hint", "09.1")
    assert code == 0
    assert "09.1" in output


def test_the_solution_asks_first(mmcourse):
    answer = "return 2 * signal"
    code, output = mmcourse("solution", "09.1", input="n\n")
    assert code == 1
    assert answer not in output
    assert answer in mmcourse("solution", "09.1", input="y\n")[1]
    assert answer in mmcourse("solution", "double", "--yes")[1]


def test_reset_keeps_a_copy_and_says_where(mmcourse, course, path, fill_in):
    fill_in(path, "09.1", RIGHT)
    fill_in(path, "09.2", "def label_share(labels):\n    return 'mine'")
    code, output = mmcourse("reset", "09.1")
    assert code == 0
    assert "exercises/.backup/09_toys_" in output
    assert RIGHT not in path.read_text()
    assert "mine" in path.read_text()
    code, output = mmcourse("reset", "9")
    assert code == 0
    assert "mine" not in path.read_text()
    assert len(list((course / "exercises" / ".backup").iterdir())) == 2


@pytest.mark.parametrize("command", ["check", "hint", "solution", "reset"])
@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("09.3", "Near it: 09.1 double, 09.2 label_share"),
        ("doubel", "Near it: 09.1 double"),
        ("?", "mmcourse progress"),
    ],
)
def test_an_unknown_exercise_gets_near_matches(mmcourse, command, which, words):
    code, output = mmcourse(command, which)
    assert code == 2
    assert words in output


@pytest.mark.parametrize("command", ["check", "reset"])
def test_an_unknown_lesson_gets_the_list(mmcourse, command):
    code, output = mmcourse(command, "7")
    assert code == 2
    assert "There is no lesson '7' with exercises. There are: 09." in output


def test_exercises_build_says_what_it_wrote(mmcourse, path, fill_in):
    assert "unchanged exercises/09_toys.ipynb" in mmcourse("exercises", "build")[1]
    fill_in(path, "09.1", RIGHT)
    output = mmcourse("exercises", "build", "09")[1]
    assert "written   exercises/09_toys.ipynb" in output
    assert "exercises/.backup/09_toys_" in output


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        ("", "not attempted", "Its answer cell is empty"),
        ("def doubled(signal):\n    return 2 * signal", "crashed", "double was renamed"),
    ],
)
def test_a_lost_name_is_explained(mmcourse, course, path, fill_in, source, status, words):
    fill_in(path, "09.1", source)
    output = mmcourse("check", "09.1")[1]
    assert f"09.1 double: {status}." in output
    assert words in output
    assert "mmcourse reset 09.1" in output
    assert "NameError" not in output
    assert statuses(course)["09.1"] == status


def test_a_check_says_where_its_results_are(mmcourse, path, fill_in):
    fill_in(path, "09.1", RIGHT)
    output = mmcourse("check", "09.1")[1]
    assert "stored in exercises/09_toys.ipynb" in output
    assert "offer to reload" in output
    assert "stored in the notebook" in " ".join(mmcourse("check", "--help")[1].split())


def test_a_broken_notebook_keeps_no_other_from_being_checked(
    mmcourse, course, path, toy, fill_in, monkeypatch
):
    from dataclasses import replace

    from mmcourse.checks import catalog

    fill_in(path, "09.1", RIGHT)
    (course / "exercises" / "08_broken.ipynb").write_text("{ broken")
    lost = replace(toy.label_share, id="08.1")
    monkeypatch.setattr(catalog, "exercises", lambda lesson=None: [lost, toy.double])
    code, output = mmcourse("check")
    assert code == 2
    assert "Lesson 08: exercises/08_broken.ipynb is broken" in output
    assert progress.state_of(books.read(path), toy.double).status == "correct"
