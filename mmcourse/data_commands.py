"""The data sets on the command line: `mmcourse data list`, `data build NAME`, `data describe NAME`."""

from typing import Annotated

import typer

Name = Annotated[str, typer.Argument(help="A data set's name, as `mmcourse data` lists them.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the course's command line."""
    data = typer.Typer(help="List, build, describe and clean up the data sets.", invoke_without_command=True)
    data.callback()(overview)
    data.command("list")(show)
    data.command()(build)
    data.command()(describe)
    data.command()(clean)
    app.add_typer(data, name="data")


def overview(context: typer.Context) -> None:
    """List the data sets, build one, or print what one is."""
    if context.invoked_subcommand is None:
        show()


def show() -> None:
    """List the data sets, and which of them are on this machine."""
    from rich.console import Console
    from rich.table import Table

    from mmcourse import data
    from mmcourse.doctor import checks

    table = Table("name", "pictures", "speech", show_lines=True)
    for name in data.names():
        sheet = _datasheet(name)
        table.add_row(name, sheet.images, sheet.speech)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"On this machine: {checks.data_sets().text}.")


def build(name: Name = "digits") -> None:
    """Make or fetch a data set now, so that lessons start at once and work offline."""
    from mmcourse import data
    from mmcourse.errors import CourseError

    if name == "folder":
        raise CourseError(
            "Your own folders need no building: data.load('folder', images='…', speech='…') reads them."
        )
    typer.echo(data.load(name).describe())


def describe(name: Name) -> None:
    """Print a data set's datasheet: origin, licence, size, how it was made, cautions, and how to load it."""
    typer.echo(_datasheet(name))


def clean() -> None:
    """Remove broken-off builds, and speech that `digits` of this version does not read, from the cache."""
    from mmcourse.data import digits

    gone = digits.clean()
    typer.echo(f"Removed {', '.join(gone)}." if gone else "There is nothing to remove.")


def _datasheet(name: str):
    """The datasheet alone, without loading the data."""
    from mmcourse.data import catalog

    return catalog.module(name).DATASHEET
