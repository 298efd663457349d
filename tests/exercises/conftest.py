"""Finds the answers that the checks are tried on.

answers/ex_LL_N_name.py holds answers to exercise LL.N, each a whole function as a learner would write it:
    wrong_…   its docstring says `hint: ` and words that the result must hold
    right_…   right in another form than the solution's
    crash_…   its docstring says `line: ` and a piece of the learner's line that the result must show;
              a second line may say `hint: ` as in wrong_…
The solutions themselves and the blanks come from the notebooks in solutions/.
"""

import importlib.util
import inspect
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from mmcourse.checks import books, build, catalog
from mmcourse.checks.exercise import Exercise

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = Path(__file__).parent / "answers"
_FILE = re.compile(r"ex_(\d\d)_(\d+)_(\w+)")


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise, with the words that its result must hold."""

    exercise: Exercise
    function: object
    words: str = ""
    hint: str = ""


def answers(kind: str) -> dict[str, Answer]:
    """All answers of a kind ('wrong', 'right', 'crash') by a name for the report."""
    found = {}
    for path in sorted(ANSWERS.glob("ex_*.py")):
        lesson, number, _ = _FILE.fullmatch(path.stem).groups()
        exercise = catalog.find_exercise(f"{lesson}.{number}")
        for name, function in vars(_module(path)).copy().items():
            if name.startswith(f"{kind}_"):
                says = [line.partition(": ")[::2] for line in (inspect.getdoc(function) or "").splitlines()]
                first = {"wrong": ["hint"], "right": [], "crash": ["line"]}[kind]
                assert [label for label, words in says if words][:1] == first, f"{path.stem}.{name}"
                words, hint = [*(words for _, words in says), "", ""][:2]
                found[f"{exercise.id}-{name.removeprefix(f'{kind}_')}"] = Answer(
                    exercise, function, words, hint
                )
    return found


def _module(path: Path):
    if path.stem not in sys.modules:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        sys.modules[path.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[path.stem])
    return sys.modules[path.stem]


def from_notebook(exercise: Exercise, blank: bool) -> object:
    """The function of the answer cell in solutions/, with or without the answer in it.

    As in the notebook, an answer may use those of the exercises before it.
    """
    path = books.book(ROOT, exercise.lesson, "solutions")
    notebook = nbformat.read(path, as_version=4)
    if blank:
        notebook = build.without_answers(notebook, build.sentences())
    names: dict[str, object] = {}
    imports = next(cell for cell in notebook.cells if cell.id == "imports")
    exec(imports.source, names)
    for earlier in catalog.exercises(exercise.lesson):
        if earlier.id == exercise.id:
            break
        exec(books.cell_of(notebook, earlier.id, "answer").source, names)
    exec(books.cell_of(notebook, exercise.id, "answer").source, names)
    return names[exercise.name]


def pytest_generate_tests(metafunc):
    for kind in ("wrong", "right", "crash"):
        if kind in metafunc.fixturenames:
            found = answers(kind)
            metafunc.parametrize(kind, found.values(), ids=found)
    if "exercise" in metafunc.fixturenames:
        everything = catalog.exercises()
        metafunc.parametrize("exercise", everything, ids=[exercise.id for exercise in everything])
    if "mistake_of" in metafunc.fixturenames:
        pairs = [(exercise, mistake) for exercise in catalog.exercises() for mistake in exercise.mistakes]
        metafunc.parametrize("mistake_of", pairs, ids=[f"{e.id}-{m.name}" for e, m in pairs])


@pytest.fixture(scope="session")
def answer_from_notebook():
    return from_notebook


@pytest.fixture(scope="session")
def answers_of():
    """How many answers of a kind there are to an exercise."""
    return lambda kind, exercise: sum(answer.exercise is exercise for answer in answers(kind).values())
