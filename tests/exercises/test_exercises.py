"""What every exercise must have: a solution that passes, a blank that does not, hints, enough answers."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mmcourse.checks import books, catalog

ROOT = Path(__file__).resolve().parents[2]
EXERCISES_OF_A_LESSON = {"00": 3, "01": 8}  # at least


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
