"""The files that a module's work depends on: its own and all that it imports, within the same project."""

from __future__ import annotations

import ast
import hashlib
import sys
import sysconfig
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = __name__.partition(".")[0]  # counts wherever it is installed


def is_own(module: str) -> bool:
    """Say whether a module belongs to this package or a project of the reader's, not to an installed one."""
    top = module.partition(".")[0]
    return top == PACKAGE or bool(_folders(top))


def code_of(module: str) -> str:
    """Return a digest of a module's source and of every file of its own project or this package it imports.

    Imports within functions count too. What is imported by a name that is made up while running does not.
    """
    found, waiting = {}, [module]
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is None or name in found:
            continue
        state = path.stat()
        found[name], imported = _read(path, name, state.st_mtime_ns, state.st_size)
        waiting += imported
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


@lru_cache(maxsize=4096)
def _read(path: Path, name: str, changed: int, size: int) -> tuple[str, tuple[str, ...]]:
    """Return a digest of a file without its comments and docstrings, and the names that it imports."""
    tree = ast.parse(path.read_bytes())
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    imported = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (base, node.module) if part)
            imported += [base, *(f"{base}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = node.body[ast.get_docstring(node, clean=False) is not None :]
    digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    return digest, tuple(dict.fromkeys(imported))


def _file(module: str) -> Path | None:
    """Return the file of a module of an own project, or None; nothing is imported to find it."""
    top, *rest = module.split(".")
    for folder in _folders(top):
        path = folder.joinpath(*rest)
        for file in (path.with_suffix(".py") if rest else folder.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return file
    return None


@lru_cache(maxsize=256)
def _folders(top: str) -> tuple[Path, ...]:
    """Return where a top-level module's files lie (a lone one without its suffix); none if installed."""
    if top in sys.builtin_module_names or top in sys.stdlib_module_names:
        return ()
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return ()
    if spec is None:
        return ()
    places = [Path(place) for place in spec.submodule_search_locations or ()]
    if not places and spec.origin and spec.origin.endswith(".py"):
        places = [Path(spec.origin).with_suffix("")]
    installed = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")]
    return tuple(
        place
        for place in places
        if top == PACKAGE
        or not (
            any(place.is_relative_to(folder) for folder in installed)
            or {"site-packages", "dist-packages"} & set(place.parts)
        )
    )
