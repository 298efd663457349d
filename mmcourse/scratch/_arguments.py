"""What every file here asks of its arguments, and the precision it works in."""

import torch
from torch import Tensor


def need_floating(x: object, name: str) -> None:
    """Raise TypeError unless x is a tensor of floating-point numbers."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(x).__name__}: use torch.as_tensor({name}).")
    if not x.is_floating_point():
        raise TypeError(f"{name} must hold floating-point numbers, got {x.dtype}: use {name}.float().")


def need_integers(x: object, name: str) -> None:
    """Raise TypeError unless x is a tensor of whole numbers, as indices are."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(x).__name__}: use torch.as_tensor({name}).")
    if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
        raise TypeError(f"{name} must hold whole numbers, got {x.dtype}: use {name}.long().")


def need_axis(x: Tensor, dim: object, name: str = "input") -> None:
    """Raise unless dim is an axis of x: TypeError for no whole number, ValueError for an axis x lacks."""
    if isinstance(dim, bool) or not isinstance(dim, int):
        raise TypeError(f"dim must be a whole number, got {dim!r}: name the axis to work along, such as -1.")
    axes = max(x.ndim, 1)  # torch lets a single number have the axes 0 and -1
    if not -axes <= dim < axes:
        raise ValueError(f"dim must lie in {-axes}..{axes - 1} for {name} {list(x.shape)}, got {dim}.")


def need_choice(value: object, name: str, choices: tuple[str, ...]) -> None:
    """Raise ValueError unless an option is one of a few words."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}.")


def need_share(value: float, name: str) -> None:
    """Raise ValueError unless a number lies in 0..1."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie in 0..1, got {value}.")


def widen(x: Tensor) -> Tensor:
    """Give half precision as float32, and anything else as it is.

    float16 ends at 65,504 and bfloat16 has three digits: a sum, a square or an exponential inside a function
    needs more of both than its result does. Functions widen what comes in and narrow what goes out.
    """
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
