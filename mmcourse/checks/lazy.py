"""Names that import their module at first use, so that declaring an exercise loads no torch."""

import importlib
from typing import Any


class _Lazy:
    """Stands for a module until an attribute of it is asked for."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") and attribute.endswith("__"):  # asked by inspect, doctest, pickle …
            raise AttributeError(attribute)
        return getattr(importlib.import_module(self._name), attribute)

    def __repr__(self) -> str:
        return f"<{self._name}, imported at first use>"


def lazy(name: str) -> Any:
    """Return a stand-in for module `name`, imported when an attribute of it is first read."""
    return _Lazy(name)
