"""What every exercise must have: a solution that passes, a blank that does not, hints, enough answers."""

import math
import re
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest
import torch

from mmcourse.checks import books, catalog

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "All",
    "Divide",
    "Fill",
    "Half",
    "NaN",
    "Put",
    "Square",
    "Take",
    "Where",
    "Zeros",
}  # English words that are names of code too
EXERCISES_OF_A_LESSON = {
    "00": 3,
    "01": 8,
    "02": 12,
    "03": 10,
    "04": 10,
    "05": 10,
    "06": 14,
    "07": 10,
    "08": 10,
}  # at least


def test_solution_is_correct_whatever_the_seed(exercise, answer_from_notebook):
    solution = answer_from_notebook(exercise, blank=False)
    for seed in range(3):
        result = exercise(solution, seed=seed)
        assert result.passed, result.message
    assert exercise.noticing in result.message


def test_reference_of_the_check_passes_it_too(exercise):
    result = exercise(exercise.reference)
    assert result.passed, result.message


def test_blank_is_not_attempted(exercise, answer_from_notebook):
    result = exercise(answer_from_notebook(exercise, blank=True))
    assert result.status == "not attempted"
    assert exercise.stub in result.message


@pytest.mark.parametrize(("kind", "least"), [("wrong", 5), ("right", 2), ("crash", 1)])
def test_enough_answers_to_try_the_check_on(exercise, answers_of, kind, least):
    assert answers_of(kind, exercise) >= least


def test_hints_ask_first_and_say_more_each_time(exercise):
    assert "?" in exercise.hints[0]
    assert len(set(exercise.hints)) >= 2
    assert len(exercise.hints[-1]) > len(exercise.hints[0]) / 2  # the last one spells the way out


def test_task_cell_says_what_the_exercise_declares(exercise):
    path = books.book(ROOT, exercise.lesson, "solutions")
    notebook = nbformat.read(path, as_version=4)
    title, _, effort = books.cell_of(notebook, exercise.id, "task").source.split("\n")[:3]
    stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
    assert title == f"## {exercise.id} {exercise.title}"
    assert effort == f"{stars} · {exercise.minutes} minutes"
    assert books.cell_of(notebook, exercise.id, "check").source == f"check.{exercise.name}({exercise.name})"


@pytest.mark.parametrize(("lesson", "least"), EXERCISES_OF_A_LESSON.items())
def test_lesson_has_enough_exercises_in_unbroken_order(lesson, least):
    ids = [exercise.id for exercise in catalog.exercises(lesson)]
    assert len(ids) >= least
    assert ids == [f"{lesson}.{number}" for number in range(1, len(ids) + 1)]


def test_declaring_exercises_loads_no_torch():
    code = (
        "import sys; from mmcourse.checks import catalog; catalog.exercises(); print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_all_that_is_said_is_whole_sentences(exercise):
    said = [*exercise.hints, *(mistake.sentence for mistake in exercise.mistakes), exercise.noticing]
    for sentence in said:
        assert re.search(r"[.?!][)`]?$", sentence), f"cut off: {sentence}"
        assert sentence.count("(") == sentence.count(")"), sentence


def test_names_of_code_keep_their_spelling(exercise):
    """A sentence may begin with a name; the capital that a sentence begins with would spoil it."""
    names = {
        *(name for name in exercise.parameters if "_" in name),
        *dir(torch),
        *dir(torch.Tensor),
        *dir(math),
        "dB",
        "n",
        "len",
    }
    for mistake in exercise.mistakes:
        first = re.match(r"\w*", mistake.sentence)[0]
        spoilt = first not in names and {first.lower(), first[:1].lower() + first[1:]} & names
        assert not spoilt or first in WORDS, mistake.sentence


def test_every_default_of_an_answer_counts(exercise, answer_from_notebook):
    """Another default than the task's has to be noticed, be it only a little off."""
    solution = answer_from_notebook(exercise, blank=False)
    defaults = function_of(solution).__defaults__ or ()
    for place, default in enumerate(defaults):
        for other in near(default):
            changed = (*defaults[:place], other, *defaults[place + 1 :])
            assert not exercise(with_defaults(solution, changed)).passed, f"{other} for {default}"


def function_of(solution):
    """A class is made by its __init__."""
    return solution.__init__ if isinstance(solution, type) else solution


def with_defaults(solution, defaults):
    """The solution with other defaults."""
    function = function_of(solution)
    answer = types.FunctionType(function.__code__, function.__globals__, argdefs=defaults)
    return type(solution.__name__, (solution,), {"__init__": answer}) if function is not solution else answer


def near(default):
    """Other values that a default might have had by mistake; None means "left out" and has no neighbours."""
    if default is None:
        return []
    if isinstance(default, bool):
        return [not default]
    if isinstance(default, int):
        return [default - 1, default + 1]
    if isinstance(default, float):
        return [default * factor for factor in (0.1, 10, 1e5)] if default else [1e-3, 1.0]
    if isinstance(default, tuple):
        return [
            (*default[:n], other, *default[n + 1 :]) for n, one in enumerate(default) for other in near(one)
        ]
    raise AssertionError(f"teach this test defaults such as {default!r}")


def test_the_test_of_defaults_has_something_to_try(answer_from_notebook):
    solutions = [answer_from_notebook(exercise, blank=False) for exercise in catalog.exercises()]
    assert any(function_of(solution).__defaults__ for solution in solutions)


def test_no_answer_of_the_tests_hides_another():
    """Two functions of one name in a file: only the second would be tried."""
    for path in sorted((Path(__file__).parent / "answers").glob("ex_*.py")):
        names = re.findall(r"^(?:def|class) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, f"{path.name} has two of {sorted(twice)}"
