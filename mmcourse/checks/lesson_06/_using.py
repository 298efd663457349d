"""How a check uses a learner's class: makes an object of it, and looks at what it does to a model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from mmcourse.checks import lazy

torch = lazy("torch")


def made(answer: Callable[..., Any], **named: Any) -> Any:
    """An object of the class: its arguments by position, or by name where it takes them only so."""
    try:
        inspect.signature(answer).bind(*named.values())
    except TypeError:
        return answer(**named)
    except ValueError:  # a class without a signature
        pass
    return answer(*named.values())


def entries(model) -> Iterator[tuple[str, Any]]:
    """All that a state_dict holds, parameters first; the tensors themselves, without their gradients."""
    yield from ((name, parameter.detach()) for name, parameter in model.named_parameters())
    yield from model.named_buffers()


def snapshot(model) -> dict[str, Any]:
    """Copies of all parameters and buffers."""
    return {name: value.clone() for name, value in entries(model)}


def unlike(model, before: dict[str, Any]) -> list[str]:
    """Names of what is no longer as it was in a `snapshot`."""
    return [name for name, value in entries(model) if not torch.equal(value, before[name])]


def replaced(model, parameters: list) -> bool:
    """Whether the model holds other Parameter objects than `parameters`, which an optimiser still holds."""
    return any(now is not then for now, then in zip(model.parameters(), parameters, strict=True))


def plain_bool(value: Any) -> Any:
    """A bool in whatever form, as Python's; anything else as it is."""
    if getattr(value, "ndim", None) == 0 and "bool" in str(value.dtype):
        return bool(value)
    return value
