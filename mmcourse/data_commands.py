"""The data sets on the command line: `mmcourse data`, `data build NAME`, `data describe NAME`."""

from typing import Annotated

import typer

Name = Annotated[str, typer.Argument(help="A data set's name, as `mmcourse data` lists them.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the course's command line."""
    data = typer.Typer(help="List, build and describe the data sets.", invoke_without_command=True)
    data.callback()(overview)
    data.command()(build)
    data.command()(describe)
    app.add_typer(data, name="data")


def overview(context: typer.Context) -> None:
    """List the data sets, build one, or print what one is."""
    if context.invoked_subcommand is not None:
        return
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
    """Print a data set's datasheet: origin, licence, size, how it was made, cautions."""
    typer.echo(_datasheet(name))


def _datasheet(name: str):
    """The datasheet alone, without loading the data."""
    from importlib import import_module

    from mmcourse.data import catalog
    from mmcourse.errors import CourseError

    if name not in catalog.CATALOG:
        raise CourseError(f"There is no data set {name!r}. {catalog.near_matches(name, catalog.names())}")
    return import_module(catalog.CATALOG[name]).DATASHEET
