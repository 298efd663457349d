"""The command `mmcourse`: its root, and the commands that belong to the course as a whole.

Nothing heavy is imported here: `mmcourse progress` answers before torch would have loaded.
"""

import sys
from typing import Annotated

import typer

from mmcourse import __version__, data_commands
from mmcourse.checks import commands as exercise_commands
from mmcourse.errors import CourseError

app = typer.Typer(
    name="mmcourse",
    help="A course on multimodal learning: pictures and speech, alone and together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=PASS_ON)
def lab(context: typer.Context) -> None:
    """Open JupyterLab at lesson 0. More options go to JupyterLab: --no-browser, --port 8890 …"""
    from mmcourse import lab as jupyter

    jupyter.start(context.args)


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run every test of the course. More options go to pytest: -k mel, -x, tests/features …"""
    from mmcourse import testing

    raise typer.Exit(testing.run(context.args))


@app.command()
def doctor() -> None:
    """Say what of this machine is ready for the course, and what to do where something is not."""
    from mmcourse import doctor as machine

    raise typer.Exit(machine.report())


@app.command()
def notebooks(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which: 00, solutions/01_data.ipynb … (all if left out).")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(help="Run copies of lessons on this data set instead, into notebooks/DATA."),
    ] = None,
    examples: Annotated[int, typer.Option(min=1, help="With --data: pairs of each part at most.")] = 1300,
) -> None:
    """Run lessons and solutions again and store them with their outputs."""
    from mmcourse import notebooks as stored
    from mmcourse import other_data

    if data is None:
        stored.renew(names or [])
    else:
        other_data.renew(names or [], data, examples)


@app.command()
def version() -> None:
    """Print the version of the course."""
    print(__version__)


data_commands.register(app)
exercise_commands.register(app)


def main() -> None:
    """Run the command line. A `CourseError` is one sentence for the learner, and exit code 2."""
    try:
        app()
    except CourseError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
