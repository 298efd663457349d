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


def has_graph(value: Any, depth: int = 4) -> bool:
    """Whether a tensor in an object, or in what that holds, carries the way back to others."""
    if isinstance(value, torch.Tensor):
        return value.grad_fn is not None
    if depth == 0 or isinstance(value, (str, int, float, bool, type(None))):
        return False
    if isinstance(value, torch.nn.Module):
        value = [*value.parameters(), *value.buffers()]
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        value = list(getattr(value, "__dict__", {}).values())
    return any(has_graph(one, depth - 1) for one in value)


def unshared(answer: Any, use: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `use()` gives; or {"shared": True} where tensors are left in an attribute of the class itself."""
    try:
        seen, failed = use(), None
    except Exception as error:
        seen, failed = {}, error
    kept = [vars(one) for one in inspect.getmro(answer)[:-1]] if inspect.isclass(answer) else []
    if any(_holds_tensors(value) for names in kept for value in names.values()):
        return {"shared": True}
    if failed is not None:
        raise failed
    return seen


def _holds_tensors(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(_holds_tensors, value))
    return isinstance(value, (torch.Tensor, torch.nn.Module))
