"""Short, safe descriptions of values: what a learner's code returns may not even have a working repr."""

from __future__ import annotations

import sys
from typing import Any

from mmcourse.checks.exercise import Args

_ENTRIES = 16  # a tensor with more entries is described by its shape


def describe(value: Any, width: int = 100) -> str:
    """One line for `value`: entries of a small tensor, else kind, dtype and shape."""
    try:
        text = " ".join(_describe(value).split())
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


def _describe(value: Any) -> str:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _describe_tensor(value.detach())
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        inner = ", ".join(describe(item, 60) for item in value[:8]) + (", …" if len(value) > 8 else "")
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{key!r}: {describe(item, 60)}" for key, item in list(value.items())[:8]) + "}"
        )
    if torch is not None and isinstance(value, torch.Generator):
        return f"a generator of seed {value.initial_seed()}"
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return repr(value)


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
