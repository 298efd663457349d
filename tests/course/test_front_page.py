"""The README's table of lessons says what the lessons and their exercises say of themselves."""

import re
from pathlib import Path

import nbformat
import pytest

from mmcourse.checks import catalog

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
ROW = re.compile(
    r"\| \[(?P<title>[^]]+)\]\((?P<lesson>[^)]+)\) \| .+ \| (?P<minutes>\d+) min "
    r"\| \[(?P<exercises>\d+), (?P<effort>\d+) min\]\((?P<book>[^)]+)\) \|"
)
rows = [match.groupdict() for match in ROW.finditer((ROOT / "README.md").read_text(encoding="utf-8"))]
each_row = pytest.mark.parametrize("row", rows, ids=lambda row: row["title"])


def test_each_lesson_has_one_row_in_order():
    assert [row["lesson"] for row in rows] == [f"notebooks/{path.name}" for path in LESSONS]


@each_row
def test_title_and_minutes_are_the_lessons_own(row):
    first = nbformat.read(ROOT / row["lesson"], as_version=4).cells[0].source
    number, title = re.match(r"# (\d+) · ([^:\n]+)", first).groups()
    assert row["title"] == f"{number} {title}"
    assert re.findall(r"[Aa]bout (\d+) minutes", first) == [row["minutes"]]


@each_row
def test_count_and_minutes_of_the_exercises_are_their_own(row):
    assert row["book"] == row["lesson"].replace("notebooks/", "exercises/")
    exercises = catalog.exercises(Path(row["lesson"]).name[:2])
    assert int(row["exercises"]) == len(exercises)
    assert int(row["effort"]) == sum(exercise.minutes for exercise in exercises)


PROGRAMS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_a_program_prints_what_its_comments_say(program, capsys):
    exec(program, {"__name__": "readme"})
    assert capsys.readouterr().out.split() == re.findall(r"print\(.*\)  # (\w+)", program)


def test_there_are_programs():
    assert len(PROGRAMS) == 3
