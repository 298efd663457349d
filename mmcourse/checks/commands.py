"""The exercises on the command line: check, progress, hint, solution, reset, exercises build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mmcourse.errors import CourseError

Which = Annotated[str, typer.Argument(help="An exercise: 01.3, 1.3 or its name.", metavar="ID")]
LessonOrExercise = Annotated[str, typer.Argument(help="A lesson (01) or an exercise (01.3).")]


def register(app: typer.Typer) -> None:
    """Add the commands to the course's command line."""
    for command in (check, progress, hint, solution, reset):
        app.command()(command)
    exercises = typer.Typer(help="For authors: make exercises/ from solutions/.", no_args_is_help=True)
    exercises.callback()(_exercises)
    exercises.command("build")(build)
    app.add_typer(exercises, name="exercises")


def check(
    which: Annotated[
        str | None, typer.Argument(help="A lesson (01) or an exercise (01.3); all if left out.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="What a cell may take, in seconds.")] = 60,
) -> None:
    """Run your exercise notebook in a fresh kernel and say what is right. Exit code 0: all of it.

    The results are stored in the notebook's check cells, where `mmcourse progress` reads them. If the
    notebook is open in JupyterLab, it then offers to reload it.
    """
    from itertools import groupby

    from rich.console import Console

    from mmcourse.checks import books, catalog, runner
    from mmcourse.checks.progress import State, table

    console, folder = Console(highlight=False), _folder()
    asked = catalog.exercises() if which is None else catalog.find(which)
    verdicts, notes, broken = [], [], []
    for lesson, group in groupby(asked, key=lambda exercise: exercise.lesson):
        try:
            path = books.book(folder, lesson)
            found, stored = runner.check_book(path, list(group), _speaker(console), seconds)
            verdicts += found
            notes.append(_where(_shown(path, folder), stored))
        except CourseError as error:  # the other lessons are checked all the same
            broken.append(f"Lesson {lesson}: {error}")
    states = [State(verdict.exercise, verdict.status) for verdict in verdicts]
    if states:
        console.print(table(states, "Checked"))
        typer.echo("\n".join(notes))
    if broken:
        raise CourseError("\n".join(broken))
    raise typer.Exit(0 if all(state.status == "correct" for state in states) else 1)


def progress() -> None:
    """Show which exercises are done, as the exercise notebooks have it."""
    from rich.console import Console

    from mmcourse.checks.progress import overview

    console = Console(highlight=False)
    for part in overview(_folder()):
        console.print(part)


def hint(which: Which) -> None:
    """Show the next hint of an exercise; each time one that says more."""
    from mmcourse.checks import catalog, hints

    typer.echo(hints.next_hint(catalog.find_exercise(which)))


def solution(
    which: Which, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False
) -> None:
    """Show the answer of an exercise; asks first."""
    from rich.console import Console
    from rich.syntax import Syntax

    from mmcourse.checks import catalog
    from mmcourse.checks.reset import solution as answer

    exercise = catalog.find_exercise(which)
    text = answer(_folder(), exercise)
    if not yes:
        hints = f"`mmcourse hint {exercise.id}` may be enough."
        typer.confirm(f"Show the whole answer of {exercise.id} {exercise.title}? {hints}", abort=True)
    console = Console()
    if console.is_terminal:
        console.print(Syntax(text, "python", background_color="default", word_wrap=True))
    else:
        typer.echo(text)  # whole lines, to be piped into a file


def reset(which: LessonOrExercise) -> None:
    """Restore a lesson's exercises or a single one; your work is copied to exercises/.backup first."""
    from mmcourse.checks import catalog, hints
    from mmcourse.checks.reset import reset_exercise, reset_lesson

    found, folder = catalog.find(which), _folder()
    whole = which.strip().isdigit()
    restored = reset_lesson(folder, found[0].lesson) if whole else reset_exercise(folder, found[0])
    for exercise in found:
        hints.forget(exercise)
    what = f"lesson {found[0].lesson}" if whole else f"{found[0].id} {found[0].title}"
    typer.echo(f"Restored {what} in {_shown(restored.path, folder)}.")
    if restored.backup is not None:
        typer.echo(f"What was there is kept in {_shown(restored.backup, folder)}.")
    typer.echo("Is the notebook open in JupyterLab? Then choose File > Reload Notebook from Disk.")


def build(
    lesson: Annotated[str | None, typer.Argument(help="A lesson (01); all if left out.")] = None,
) -> None:
    """Write exercises/ from solutions/, with the answers taken out."""
    from mmcourse.checks import build as building
    from mmcourse.checks import catalog

    folder = _folder()
    lessons = None if lesson is None else [catalog.find_lesson(lesson)]
    for built in building.build(folder, lessons):
        typer.echo(f"{'written  ' if built.changed else 'unchanged'} {_shown(built.path, folder)}")
        if built.backup is not None:
            typer.echo(f"          the work in it is kept in {_shown(built.backup, folder)}")


def _exercises() -> None:
    """For authors: make exercises/ from solutions/."""


def _folder() -> Path:
    from mmcourse.lab import course_folder

    return course_folder()


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _where(name: str, stored: bool) -> str:
    """Say where the results of a notebook are, and what JupyterLab makes of it."""
    if not stored:
        return f"{name} was saved while it was checked, so the results are not stored in it: check again."
    return (
        f"The results are stored in {name}. Is it open in JupyterLab? Then JupyterLab will offer to "
        "reload it: choose Revert, or File > Reload Notebook from Disk."
    )


def _speaker(console):
    """Print a verdict in the colour of its status, with an empty line after it."""
    from mmcourse.checks.progress import style

    def say(verdict) -> None:
        console.print(verdict.text, style=style(verdict.status), markup=False, soft_wrap=True)
        console.print()

    return say
