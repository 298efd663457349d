"""Short, safe descriptions of values: what a learner's code returns may not even have a working repr."""

from __future__ import annotations

import sys
from typing import Any

from mmcourse.checks.exercise import Args

_ENTRIES = 16  # a tensor with more entries is described by its shape
_ITEMS = 8  # of a list or a dict are shown
_INNER = 60  # characters for each of them
_ROOM = 30  # characters that may stand before what must not be cut off


def describe(value: Any, width: int = 100, place: tuple[Any, ...] = ()) -> str:
    """One line for `value`: entries of a small tensor, else kind, dtype and shape.

    place  keys and indices that lead to what must not be cut off: its key comes first, a list begins with it
    """
    try:
        text = " ".join(_describe(value, place).split())
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= width else text[: width - 1] + "…"


def describe_args(args: Args, names: tuple[str, ...] = (), width: int = 100) -> str:
    """One line for a call's arguments: 'waveform = [0, 1, 2], hop_length = 3'."""
    labels = list(names[: len(args.args)]) + [""] * (len(args.args) - len(names))
    parts = [
        f"{label} = {describe(value, width)}" if label else describe(value, width)
        for label, value in zip(labels, args.args, strict=True)
    ]
    parts += [f"{label} = {describe(value, width)}" for label, value in args.kwargs.items()]
    return ", ".join(parts) or "(nothing)"


def kind(value: Any) -> str:
    """The kind of a value in words: 'a tensor', 'a list', 'None'."""
    if value is None:
        return "None"
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return "a tensor"
    name = {"ndarray": "NumPy array"}.get(type(value).__name__, type(value).__name__)
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"


def number(value: Any) -> str:
    """A number with as many digits as help."""
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _describe(value: Any, place: tuple[Any, ...] = ()) -> str:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _describe_tensor(value.detach())
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        inner = _items(value, place)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        first = [key for key in place[:1] if key in value]
        keys = [*first, *(key for key in value if key not in first)][:_ITEMS]
        inside = {key: place[1:] if key in first else () for key in keys}
        return "{" + ", ".join(f"{key!r}: {describe(value[key], _INNER, inside[key])}" for key in keys) + "}"
    if torch is not None and isinstance(value, torch.Generator):
        return f"a generator of seed {value.initial_seed()}"
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return repr(value)


def _items(values: list | tuple, place: tuple[Any, ...]) -> str:
    """Some items of a sequence; those before the one at `place` only where they leave room for it."""
    at = place[0] if place and isinstance(place[0], int) and place[0] < len(values) else 0
    long = at >= _ITEMS or sum(len(describe(item, _INNER)) + 2 for item in values[:at]) > _ROOM
    start = at if long else 0
    texts = [
        describe(item, _INNER, place[1:] if index == at else ())
        for index, item in enumerate(values[start : start + _ITEMS], start)
    ]
    return ", ".join([*["…"][: start > 0], *texts, *["…"][: len(values) > start + _ITEMS]])


def _describe_tensor(value: Any) -> str:
    if value.numel() <= _ENTRIES and value.device.type != "meta" and not value.is_sparse:
        return _entries(value.tolist())
    return f"a {str(value.dtype).removeprefix('torch.')} tensor of shape {shape(value)}"


def _entries(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(_entries(value) for value in values) + "]"
    return number(values)


def shape(value: Any) -> str:
    """A tensor's shape as a learner writes it: '[3, 4]'."""
    return str(list(value.shape))
