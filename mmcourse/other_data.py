"""Lessons on other data than their text was written for: a copy with its switch turned, executed and stored.

A lesson with a switch has these two lines in a code cell, and loads data by them alone:

    DATASET = "digits"  # or "mnist-fsdd"
    EXAMPLES = None
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from mmcourse import notebooks
from mmcourse.data.catalog import CATALOG
from mmcourse.data.wording import near_matches
from mmcourse.errors import CourseError
from mmcourse.lab import course_folder

SWITCH = {
    "DATASET": re.compile(r'^DATASET = "digits"', re.MULTILINE),
    "EXAMPLES": re.compile(r"^EXAMPLES = None", re.MULTILINE),
}
# A link of a text to a file beside the lesson: [words](here), not to a page, a place in the text or a picture
# that the cell itself holds
LINK = re.compile(r"(\]\()(?!https?:|mailto:|attachment:|data:|[#/])")
EXAMPLES = 1300  # of each part at most: lessons stay within minutes


def renew(names: Iterable[str], dataset: str, examples: int | None = EXAMPLES) -> None:
    """Run copies of lessons on another data set and store them in `notebooks/DATASET/`.

    names     which lessons, as `notebooks.find` takes them; all that have a switch where there are none
    examples  pairs of each part at most
    Raises    CourseError for a data set that there is none of, or a lesson without a switch
    """
    if dataset not in CATALOG:
        raise CourseError(f"There is no data set {dataset!r}. {near_matches(dataset, list(CATALOG))}")
    folder, names = course_folder(), list(names)
    found = [path for path in notebooks.find(folder, names) if path.parent.name == "notebooks"]
    chosen = found if names else [path for path in found if has_switch(path)]
    for path in chosen:
        target = path.parent / dataset / path.name
        copy = turned(nbformat.read(path, as_version=4), path.name, dataset, examples)
        target.parent.mkdir(exist_ok=True)
        notebooks.store(notebooks.run(target, copy), target)
        print(f"✓ {target.relative_to(folder).as_posix()}", flush=True)


def has_switch(path: Path) -> bool:
    """Say whether a stored lesson runs on other data too."""
    notebook = nbformat.read(path, as_version=4)
    return all(len(list(_places(notebook, name))) == 1 for name in SWITCH)


def turned(notebook: NotebookNode, name: str, dataset: str, examples: int | None) -> NotebookNode:
    """Turn a lesson's switch, in place, and return it: with a word about that on top, and links mended.

    name    of the lesson's file
    Raises  CourseError where one of the two lines is missing or there twice
    """
    _turn(notebook, name, "DATASET", f'"{dataset}"')
    shortened(notebook, name, examples)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(r"\1../", cell.source)
    notebook.cells.insert(0, new_markdown_cell(_about(name, dataset, examples), id="other-data"))
    return notebook


def shortened(notebook: NotebookNode, name: str, examples: int | None) -> NotebookNode:
    """Have a lesson use at most so many examples of each part, in place, and return it.

    Raises  CourseError where it has no such line, or two
    """
    _turn(notebook, name, "EXAMPLES", repr(examples))
    return notebook


def _turn(notebook: NotebookNode, name: str, word: str, value: str) -> None:
    places = list(_places(notebook, word))
    if len(places) != 1:
        raise CourseError(
            f"{name} has {len(places)} lines `{SWITCH[word].pattern[1:]}`: a lesson with a switch for its "
            "data has one."
        )
    places[0].source = SWITCH[word].sub(f"{word} = {value}", places[0].source)


def _places(notebook: NotebookNode, word: str) -> Iterator[NotebookNode]:
    """Give the cell of each line that sets a word of the switch."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for _ in SWITCH[word].finditer(cell.source):
                yield cell


def _about(name: str, dataset: str, examples: int | None) -> str:
    some = "all of its pairs" if examples is None else f"at most {examples:,} pairs of each part"
    return (
        f"> **[{name}](../{name}) on `{dataset}`**, with {some}. The text below is the lesson's own, written "
        "for `digits`: where it says what came out, that was there. Figures and tables are of "
        f"`{dataset}`. ✓ marks a sentence that holds here too, ✗ one that does not. Made by "
        f"`mmcourse notebooks --data {dataset} {name[:2]}`; change the lesson, not this copy."
    )
