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
MATRIX = [[1.0, 2.0, 3.0], [4.0, 5.0, 7.0], [1.0, 1.0, 2.0], [0.0, 1.0, 0.0]]


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


@pytest.fixture
def path(course):
    """The exercise notebook of the toy lesson."""
    return course / "exercises" / "09_toys.ipynb"


@pytest.fixture
def fill_in():
    """Write `source` into a cell of an exercise, in a notebook file."""
    from mmcourse.checks import books

    def write(path, exercise, source, part="answer"):
        notebook = books.read(path)
        books.cell_of(notebook, exercise, part).source = source
        books.write(notebook, path)

    return write


@pytest.fixture
def exercise():
    """Makes an exercise that sums rows and scales the sums."""
    import torch

    from mmcourse.checks import Case, Exercise

    def make(**changes):
        """An exercise that cuts rows of length n out of a matrix; any field may be changed."""
        fields = {
            "id": "09.3",
            "name": "rows",
            "title": "Row sums",
            "difficulty": 1,
            "minutes": 5,
            "parameters": ("x", "scale"),
            "reference": lambda x, scale: x.sum(-1) * scale,
            "hints": ("Over which axis?", "The last one."),
            "cases": (
                Case("a small matrix", lambda g: (torch.tensor(MATRIX), 2)),
                Case("a random batch", lambda g: (torch.randn(2, 3, 4, generator=g), 3)),
                Case("a batch of one", lambda g: (torch.randn(1, 4, generator=g), 3)),
            ),
            "time_limit": 1.0,
        }
        return Exercise(**{**fields, **changes})

    return make


@pytest.fixture
def one_case(exercise):
    """Makes an exercise whose only case has no arguments and wants a given value."""
    from mmcourse.checks import Case

    def make(wanted, **changes):
        return exercise(
            parameters=(), reference=lambda: wanted, cases=(Case("nothing", lambda g: ()),), **changes
        )

    return make
