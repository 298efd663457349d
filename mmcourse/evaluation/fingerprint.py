"""One short word for code, data and settings: it changes when what they compute may change.

Of a function or class in a file, the words of that file count and of all the files of the same project, or of
this package, that it imports, directly or not; comments and docstrings do not. Of one defined in a notebook,
its own instructions count and what it refers to. Other packages count by their version.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
import sys
import types
from collections.abc import Mapping, Set
from enum import Enum
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mmcourse.errors import CourseError
from mmcourse.evaluation.sources import code_of, is_own

PACKAGES = ("torch", "numpy", "scikit-learn")
_PLAIN = (type(None), bool, int, float, complex, str, bytes, range, Path, torch.dtype, torch.device)


def fingerprint(*things: object, what: str = "this") -> str:
    """Return 32 hexadecimal digits for things that are computed with, and for the versions they run on.

    things  numbers, words, tensors, functions, classes, and objects and collections of them. An object with a
            method `fingerprint()` says by that what stands for its data, such as files.
    what    names them in the error
    Raises  CourseError for something whose content cannot be read
    """
    versions = [sys.version_info[:2], *(version(name) for name in PACKAGES)]
    parts = repr([_describe(thing, {}, what) for thing in (versions, *things)])
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def _describe(thing: object, seen: dict, what: str) -> object:
    """Return words, and lists of words, that are the same for the same content."""
    if isinstance(thing, _PLAIN):
        return f"{type(thing).__name__} {thing!r}"
    if isinstance(thing, Enum):
        return f"{type(thing).__qualname__}.{thing.name}"
    if isinstance(thing, Tensor | np.ndarray | np.generic):
        return _array(thing)
    if id(thing) in seen:  # it is being described further up, or was before
        return f"again {seen[id(thing)][0]}"
    seen[id(thing)] = (len(seen), thing)  # kept, or its id could be given to another

    def each(parts) -> list:
        return [_describe(part, seen, what) for part in parts]

    if isinstance(thing, Mapping):
        return ["dict", *([_describe(key, seen, what), _describe(thing[key], seen, what)] for key in thing)]
    if isinstance(thing, list | tuple):
        return [type(thing).__name__, *each(thing)]
    if isinstance(thing, Set):
        return ["set", *sorted(map(repr, each(thing)))]
    if isinstance(thing, functools.partial):
        return ["partial", *each((thing.func, thing.args, thing.keywords))]
    if isinstance(thing, types.MethodType):
        return ["method", *each((thing.__func__, thing.__self__))]
    if isinstance(thing, staticmethod | classmethod | property):
        inner = (thing.fget, thing.fset) if isinstance(thing, property) else (thing.__func__,)
        return [type(thing).__name__, *each(inner)]
    if isinstance(thing, types.ModuleType):
        return code_of(thing.__name__) if is_own(thing.__name__) else f"module {thing.__name__}"
    if isinstance(thing, types.FunctionType):
        return _function(thing, each)
    if isinstance(thing, type):
        return _class(thing, each)
    if isinstance(thing, types.BuiltinFunctionType | np.ufunc) or not hasattr(thing, "__dict__"):
        return _pickled(thing, what)
    return _object(thing, each)


def _array(values: Tensor | np.ndarray | np.generic) -> str:
    if isinstance(values, Tensor):
        values = values.detach().cpu().contiguous()
        kind, content = values.dtype, values.reshape(-1).view(torch.uint8).numpy()
    else:
        values = np.ascontiguousarray(values)
        kind, content = values.dtype, values
    return f"array {kind} {tuple(values.shape)} {hashlib.sha256(content.tobytes()).hexdigest()}"


def _function(function: types.FunctionType, each) -> list:
    """Where it stands and what it holds; of a notebook's function its instructions and what they name."""
    name = f"{function.__module__}.{function.__qualname__}"
    cells = []
    for cell in function.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:  # not filled yet
            cells.append("empty")
    held = each((function.__defaults__, function.__kwdefaults__, cells))
    if _in_a_file(function.__module__):
        code = code_of(function.__module__) if is_own(function.__module__) else ""
        return ["function", name, code, _instructions(function.__code__) if "<" in name else "", *held]
    named = {name for code in _codes(function.__code__) for name in code.co_names}
    known = sorted(named & function.__globals__.keys())
    return [
        "function",
        _instructions(function.__code__),
        *held,
        *zip(known, each(function.__globals__[name] for name in known), strict=True),
    ]


def _class(cls: type, each) -> list:
    name = f"{cls.__module__}.{cls.__qualname__}"
    if _in_a_file(cls.__module__):
        return ["class", name, code_of(cls.__module__) if is_own(cls.__module__) else ""]
    skipped = {"__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__"}
    parts = {
        key: value
        for key, value in vars(cls).items()
        if not (key in skipped or key.startswith("_abc") or isinstance(value, types.GetSetDescriptorType))
    }
    return ["class", name, *each((cls.__bases__, parts))]


def _object(thing: object, each) -> list:
    if callable(getattr(thing, "fingerprint", None)):
        return ["object", *each((type(thing), thing.fingerprint()))]
    return ["object", *each((type(thing), vars(thing)))]


def _pickled(thing: object, what: str) -> list:
    if isinstance(thing, torch.Generator):
        return ["generator", _array(thing.get_state())]
    try:
        return [type(thing).__name__, hashlib.sha256(pickle.dumps(thing)).hexdigest()]
    except Exception as error:  # pickle raises whatever the object's own code leads it to
        raise CourseError(
            f"{what} holds a {type(thing).__name__}, whose content cannot be told from another's, so results "
            "with it could not be found again. Make it inside of the function instead."
        ) from error


def _codes(code: types.CodeType) -> list[types.CodeType]:
    """A function's code and that of the functions within it."""
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return [code, *(deeper for part in inner for deeper in _codes(part))]


def _instructions(code: types.CodeType) -> str:
    """What a function does, without where its lines stand."""
    parts = []
    for part in _codes(code):
        plain = [
            repr(sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant)
            for constant in part.co_consts
            if not isinstance(constant, types.CodeType)
        ]
        parts.append((part.co_code.hex(), plain, part.co_names, part.co_varnames, part.co_freevars))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _in_a_file(module: str | None) -> bool:
    """Whether a module can be imported elsewhere, as a notebook or the command's own file cannot."""
    return module not in (None, "__main__", "__mp_main__") and module in sys.modules
