"""The part of a lesson that a page needs: cells that show more than pictures and text, and what they need."""

import json
import subprocess
import symtable
import sys
from collections.abc import Collection, Sequence

from nbformat import NotebookNode


def keep(notebook: NotebookNode, ends: Collection[str]) -> NotebookNode:
    """Leave out the code cells, in place, that no cell of `ends` rests on, and return the notebook.

    ends  ids of cells to be kept, with each earlier cell that binds a name they use, and so on back.
          A cell that only changes what another has bound, such as one that trains a model, goes too.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = rested_on([cell.source for cell in code], {k for k, cell in enumerate(code) if cell.id in ends})
    gone = {id(cell) for k, cell in enumerate(code) if k not in kept}
    notebook.cells = [cell for cell in notebook.cells if id(cell) not in gone]
    return notebook


def rested_on(sources: Sequence[str], ends: Collection[int]) -> set[int]:
    """Positions of the sources to be run before those at `ends`, and theirs."""
    kept, binds = set(ends), [bound(source) for source in sources]
    while True:
        before = len(kept)
        for user, name in undefined({k: sources[k] for k in sorted(kept)}):
            kept |= set([k for k in range(user) if name in binds[k]][-1:])
        if len(kept) == before:
            return kept


def bound(source: str) -> set[str]:
    """Names that a cell binds: by assignment, import, def or class."""
    table = symtable.symtable(source, "cell", "exec")
    return {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}


def undefined(sources: dict[int, str]) -> list[tuple[int, str]]:
    """(position, name) of each use of a name that these sources, run in their order, don't bind, by ruff."""
    rows = [position for position, source in sources.items() for _ in source.splitlines()]
    asked = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F821"]
    asked += ["--ignore-noqa", "--output-format", "json", "--stdin-filename", "cells.py", "-"]
    text = "\n".join("\n".join(source.splitlines()) for source in sources.values())
    said = subprocess.run(asked, input=text, capture_output=True, text=True, check=False)
    if said.returncode not in (0, 1):
        raise RuntimeError(f"ruff could not read the cells: {said.stderr}")
    found = json.loads(said.stdout)
    return [(rows[one["location"]["row"] - 1], one["message"].split("`")[1]) for one in found]
