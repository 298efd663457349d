"""A toy lesson, and a small course folder made of it."""

import importlib.util
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TOY = Path(__file__).with_name("toy_lesson.py")
ANSWERS = {
    "09.1": ("double", "signal", "return 2 * signal"),
    "09.2": ("label_share", "labels", "return {one: labels.count(one) / len(labels) for one in labels}"),
}


@pytest.fixture(scope="session")
def toy():
    """The toy lesson: its exercises as attributes."""
    spec = importlib.util.spec_from_file_location("toy_lesson", TOY)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    """No test reads or writes the developer's own hint counters, or inherits a grading run."""
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("MMCOURSE_STRICT", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def toy_catalog(toy, monkeypatch):
    """The toy lesson in place of the course's."""
    from mmcourse.checks import catalog

    monkeypatch.setattr(catalog, "lessons", lambda: ["09"])
    monkeypatch.setattr(catalog, "exercises", lambda lesson=None: [toy.double, toy.label_share])
    return catalog


def marks(grade_id, points=0):
    """nbgrader's metadata: of a check cell where there are points, else of an answer cell."""
    kind = {"grade": points > 0, "solution": points == 0, "locked": points > 0, "task": False}
    return {
        "nbgrader": {
            "schema_version": 3,
            "grade_id": grade_id,
            **kind,
            **({"points": points} if points else {}),
        }
    }


@pytest.fixture
def solution(toy):
    """The toy lesson's solution notebook."""
    cells = [
        new_markdown_cell("# Toys", id="title"),
        new_code_cell(TOY.read_text(encoding="utf-8"), id="setup"),
    ]
    for exercise in (toy.double, toy.label_share):
        name, parameter, body = ANSWERS[exercise.id]
        cell = f"ex-{exercise.id.replace('.', '-')}-"
        answer = f"def {name}({parameter}):\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION"
        points = exercise.difficulty
        cells += [
            new_markdown_cell(f"## {exercise.title}", id=cell + "task"),
            new_code_cell(answer, id=cell + "answer", metadata=marks(cell + "answer")),
            new_code_cell("1 + 1", id=cell + "try", metadata={"tags": ["raises-exception"]}),
            new_code_cell(f"check.{name}({name})", id=cell + "check", metadata=marks(cell + "check", points)),
        ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata=kernel)


@pytest.fixture
def course(tmp_path, solution, toy_catalog, monkeypatch):
    """A course folder with the toy lesson's solution and its freshly built exercise notebook."""
    from mmcourse import lab
    from mmcourse.checks import build

    folder = tmp_path / "course"
    for name in ("notebooks", "solutions"):
        (folder / name).mkdir(parents=True)
    nbformat.write(solution, folder / "solutions" / "09_toys.ipynb")
    build.build(folder)
    monkeypatch.setattr(lab, "course_folder", lambda: folder)
    return folder
