"""A class can run on nbgrader: generate the assignment, hand in, autograde; points as expected."""

import os
import shutil
import sysconfig
from pathlib import Path

import pytest

from mmcourse.checks import books

# the warnings are nbgrader's own
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
pytest.importorskip("nbgrader", reason="needs nbgrader, of the dev extra")

SHARES = "return {x: labels.count(x) / len(labels) for x in labels}"
ANSWERS = {  # of each student; what is left out is handed in blank
    "half": {"09.1": "return signal ** 2", "09.2": SHARES},
    "hostile": {"09.1": "while True: pass"},
}
SOLUTIONS = sorted(Path(__file__).resolve().parents[2].glob("solutions/[0-9]*.ipynb"))
POINTS = {"half": (0, 2), "hostile": (0, 0)}


@pytest.fixture
def nbgrader(tmp_path, monkeypatch):
    """nbgrader's interface on an empty course of its own."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    monkeypatch.chdir(tmp_path)
    # nbgrader calls `alembic`, which lies beside this Python whether or not its environment is activated
    scripts = sysconfig.get_path("scripts")
    monkeypatch.setenv("PATH", os.pathsep.join([scripts, os.environ["PATH"]]))
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.course_id = "toys"
    config.CourseDirectory.db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    config.ExecutePreprocessor.timeout = 60
    return NbGraderAPI(config=config)


def hand_in(tmp_path, student, answers, name):
    """The released notebook with these answers, as `student` would hand it in."""
    released = tmp_path / "release" / "toys" / name
    target = tmp_path / "submitted" / student / "toys" / name
    target.parent.mkdir(parents=True)
    notebook = books.read(released)
    for exercise, body in answers.items():
        cell = books.cell_of(notebook, exercise, "answer")
        assert "raise NotImplementedError" in cell.source
        cell.source = cell.source.split("\n")[0] + f"\n    {body}"
    books.write(notebook, target)


def test_an_assignment_is_generated_and_autograded(nbgrader, tmp_path, solution):
    from nbgrader.api import Gradebook

    name = "09_toys.ipynb"
    books.write(solution, tmp_path / "source" / "toys" / name)
    generated = nbgrader.generate_assignment("toys", force=True, create=True)
    assert generated["success"], generated.get("log")
    for student, answers in ANSWERS.items():
        hand_in(tmp_path, student, answers, name)
        graded = nbgrader.autograde("toys", student, force=True, create=True)
        assert graded["success"], graded.get("log")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        for student, points in POINTS.items():
            grades = gradebook.find_submission_notebook(Path(name).stem, "toys", student).grades
            assert {grade.name: grade.score for grade in grades} == {
                "ex-09-1-check": points[0],
                "ex-09-2-check": points[1],
            }, student


def test_what_mmcourse_builds_can_be_released_as_it_is(nbgrader, tmp_path, course):
    (tmp_path / "source" / "toys").mkdir(parents=True)
    shutil.copy(course / "exercises" / "09_toys.ipynb", tmp_path / "source" / "toys")
    generated = nbgrader.generate_assignment("toys", force=True, create=True)
    assert generated["success"], generated.get("log")


def test_every_lesson_can_be_released(nbgrader, tmp_path):
    from nbgrader.api import Gradebook

    (tmp_path / "source" / "toys").mkdir(parents=True)
    for path in SOLUTIONS:
        shutil.copy(path, tmp_path / "source" / "toys")
    generated = nbgrader.generate_assignment("toys", force=True, create=True)
    assert generated["success"], generated.get("log")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        for path in SOLUTIONS:
            checks = {
                cell.name: cell.max_score for cell in gradebook.find_notebook(path.stem, "toys").grade_cells
            }
            exercises = books.exercise_ids(books.read(path))
            assert set(checks) == {f"ex-{name.replace('.', '-')}-check" for name in exercises}, path.stem
            assert min(checks.values()) > 0, path.stem


@pytest.mark.parametrize("path", [SOLUTIONS[0], SOLUTIONS[-1]], ids=lambda path: path.stem)
def test_a_lesson_of_the_course_can_be_graded(nbgrader, tmp_path, path):
    """Grading runs a whole notebook of solutions, as nbval does too: the first and the last stand for all."""
    from nbgrader.api import Gradebook

    (tmp_path / "source" / "toys").mkdir(parents=True)
    shutil.copy(path, tmp_path / "source" / "toys")
    generated = nbgrader.generate_assignment("toys", force=True, create=True)
    assert generated["success"], generated.get("log")
    released = books.read(tmp_path / "release" / "toys" / path.name)
    solved = books.read(path)
    first, *others = books.exercise_ids(released)
    for exercise in others:  # the first one stays blank
        answer = books.cell_of(solved, exercise, "answer").source
        books.cell_of(released, exercise, "answer").source = answer
    books.write(released, tmp_path / "submitted" / "somebody" / "toys" / path.name)
    graded = nbgrader.autograde("toys", "somebody", force=True, create=True)
    assert graded["success"], graded.get("log")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook(path.stem, "toys", "somebody").grades
        scores = {grade.name: (grade.score, grade.max_score) for grade in grades}
    assert len(scores) == len(others) + 1
    assert scores.pop(f"ex-{first.replace('.', '-')}-check")[0] == 0
    assert all(score == most > 0 for score, most in scores.values()), scores
