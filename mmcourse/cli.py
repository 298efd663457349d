"""The command `mmcourse`: its root, and the commands that belong to the course as a whole.

Nothing heavy is imported here: `mmcourse progress` answers before torch would have loaded.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from mmcourse import __version__
from mmcourse.errors import CourseError

app = typer.Typer(
    name="mmcourse",
    help="A course on multimodal learning: pictures and speech, alone and together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
data_app = typer.Typer(help="List, build and describe the data sets.", no_args_is_help=False)
app.add_typer(data_app, name="data")

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
DataSet = Annotated[str, typer.Argument(help="A data set's name, as `mmcourse data` lists them.")]


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
) -> None:
    """Run lessons and solutions again and store them with their outputs."""
    from mmcourse import notebooks as stored

    stored.renew(names or [])


@app.command()
def version() -> None:
    """Print the version of the course."""
    print(__version__)


@data_app.callback(invoke_without_command=True)
def list_data(context: typer.Context) -> None:
    """List the data sets and what of them is on this machine."""
    if context.invoked_subcommand is None:
        from mmcourse import data_table

        data_table.show()


@data_app.command("build")
def build_data(name: DataSet = "digits") -> None:
    """Make or fetch a data set now, so that lessons start at once and work offline."""
    from mmcourse import data

    data.build(name)


@data_app.command("describe")
def describe_data(name: DataSet) -> None:
    """Print a data set's datasheet: origin, licence, size, how it was made."""
    from mmcourse import data

    print(data.datasheet(name))


if find_spec("mmcourse.checks.commands"):
    import_module("mmcourse.checks.commands").register(app)


def main() -> None:
    """Run the command line. A `CourseError` is one sentence for the learner, and exit code 2."""
    try:
        app()
    except CourseError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
