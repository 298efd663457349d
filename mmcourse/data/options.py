"""Check what a learner hands over before any file is read, and say in one sentence what was wanted."""

import math
import operator
import os
from collections.abc import Mapping, Set
from numbers import Integral, Real
from pathlib import Path

import torch

from mmcourse.data.wording import guess
from mmcourse.errors import CourseError


def whole(
    value: object, name: str, lowest: int, highest: int | None = None, unit: str = "", note: str = ""
) -> int:
    """Return a whole number as an int; 16000.0 and NumPy's whole numbers are as good.

    unit  of the number, such as " of Hz"
    note  an example, or what else may be given, such as ", or None for all"
    Raises  CourseError for a truth value, anything else that is no whole number, and one out of range
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    is_whole = number and (isinstance(value, Integral) or float(value).is_integer())
    if is_whole and lowest <= value and (highest is None or value <= highest):
        return int(value)
    until = "on" if highest is None else f"to {highest}"
    raise CourseError(f"{name} must be a whole number{unit} from {lowest} {until}{note}, got {value!r}.")


def number(value: object, name: str, wanted: str, low: float, high: float = math.inf) -> None:
    """Refuse by CourseError what is no number between `low` and `high`, both included; NaN is none.

    wanted  the range in words, such as "must be 0 or more"
    """
    real = isinstance(value, Real) or (isinstance(value, torch.Tensor) and value.numel() == 1)
    if not real or isinstance(value, bool) or not low <= float(value) <= high:
        raise CourseError(f"{name} {wanted}, got {value!r}.")


def random_generator(value: object) -> None:
    """Refuse by CourseError what is no generator; with None the result would not repeat."""
    if not isinstance(value, torch.Generator):
        raise CourseError(
            f"generator must be a torch.Generator, such as torch.Generator().manual_seed(0), got {value!r}."
        )


def position(index: object, count: int, what: str, example: str) -> int:
    """Return a position counted from 0; it may be given from the end, as -1.

    what, example  what is counted, such as "pair", and how to reach into one of them
    Raises         IndexError beyond the end, as loops over sequences need it; CourseError for no position
    """
    try:
        given = operator.index(index)
    except TypeError:
        raise CourseError(
            f"Give the number of a {what} or a slice, got {index!r}. Each {what} is a dict: {example}."
        ) from None
    if not -count <= given < count:
        raise IndexError(f"{what} {given} of {count}")
    return given % count


def size(value: object, name: str, largest: int) -> tuple[int, int]:
    """Return (height, width) as two ints from 1 to `largest` pixels, or raise CourseError."""
    try:
        if isinstance(value, (str, Set, Mapping)):  # the last two have no order to say which is the height
            raise TypeError
        height, width = (whole(edge, name, 1, largest) for edge in value)
    except (TypeError, ValueError, CourseError):
        raise CourseError(
            f"{name} must be (height, width), two whole numbers from 1 to {largest} pixels, such as "
            f"{name}=(28, 28), got {value!r}."
        ) from None
    return height, width


def existing_folder(value: object, name: str) -> Path:
    """Return a folder that is there, or raise CourseError with a like-named one beside it."""
    if not isinstance(value, (str, os.PathLike)) or not str(value).strip():
        raise CourseError(
            f"{name} must be the path of a folder that holds a folder for each class, such as "
            f"{name}='my/{name}', got {value!r}."
        )
    path = Path(value).expanduser()
    if path.is_dir():
        return path
    if path.exists():
        raise CourseError(f"{name}={path} is a file. Give the folder that holds a folder for each class.")
    beside = [entry.name for entry in path.parent.iterdir() if entry.is_dir()] if path.parent.is_dir() else []
    raise CourseError(
        f"There is no folder {path}. {guess(path.name, beside)}{name} needs one that holds a folder for each "
        "class."
    )
