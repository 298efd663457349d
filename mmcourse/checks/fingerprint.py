"""A fingerprint of an answer's source that comments, blank lines and layout do not change."""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import linecache
import textwrap
from typing import Any


def of_source(source: str) -> str:
    """Twelve hex digits for a cell's source; what is no plain Python (a magic, an error) is taken as is."""
    try:
        source = ast.unparse(ast.parse(textwrap.dedent(source)))
    except (SyntaxError, ValueError):
        source = source.strip()
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def of_answer(answer: Any) -> str:
    """The fingerprint of the notebook cell that defines `answer` (elsewhere: of its own source), or ''."""
    try:
        code = code_of(answer)
        if code is None:
            return ""
        if _is_cell(code.co_filename):
            return of_source("".join(linecache.getlines(code.co_filename)))
        return of_source(inspect.getsource(code))
    except (OSError, TypeError):  # typed at a prompt, built in, made by exec
        return ""


def code_of(answer: Any) -> Any:
    """The code object of a function, of what a decorator wraps, or of a class's first own method."""
    while isinstance(answer, functools.partial):
        answer = answer.func
    answer = inspect.unwrap(answer)
    if inspect.isclass(answer):
        methods = [value for value in vars(answer).values() if inspect.isfunction(value)]
        answer = methods[0] if methods else None
    return getattr(answer, "__code__", None)


def _is_cell(filename: str) -> bool:
    """IPython keeps a cell's source in linecache under a name that no file has."""
    entry = linecache.cache.get(filename)
    return entry is not None and len(entry) == 4 and entry[1] is None
