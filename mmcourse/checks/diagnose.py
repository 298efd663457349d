"""Guess from two tensors alone what went wrong: transposed, a factor, an offset, reversed, shifted …"""

from __future__ import annotations

from itertools import permutations

import torch

from mmcourse.checks.show import number

_ENOUGH = 3  # entries that differ; with fewer, a factor, an offset or a shift fits by chance


def diagnose_shape(got: torch.Tensor, wanted: torch.Tensor, tolerance: float) -> str:
    """Return a sentence on why the shapes differ, or ''."""
    here, there = list(got.shape), list(wanted.shape)
    if [size for size in here if size != 1] == [size for size in there if size != 1]:
        if len(here) < len(there):
            return "An axis of size 1 is lost: `squeeze()` and `[0]` drop the batch axis of a batch of one."
        if len(here) > len(there):
            return "There is an axis of size 1 too many: index it away or reduce without keepdim."
    if len(here) == len(there) and sorted(here) == sorted(there):
        order = _permutation(got, wanted, tolerance)
        return (
            "The axes are in another order: the numbers are right, transpose them."
            if order
            else ("The sizes are right but the axes stand in another order.")
        )
    if got.numel() == wanted.numel() and _close(got.reshape(-1), wanted.reshape(-1), tolerance):
        return "The numbers are right, but laid out in another shape."
    if len(here) == len(there):
        apart = [(axis, a, b) for axis, (a, b) in enumerate(zip(here, there, strict=True)) if a != b]
        if len(apart) == 1 and abs(apart[0][1] - apart[0][2]) == 1:
            axis, a, b = apart[0]
            return f"Axis {axis} is one {'short' if a < b else 'long'}: check the first and the last step."
    return ""


def diagnose_values(got: torch.Tensor, wanted: torch.Tensor, tolerance: float) -> str:
    """Return a sentence on how wrong values of the right shape relate to the right ones, or ''."""
    if got.dtype == torch.bool or wanted.dtype == torch.bool:
        return "Every entry is the opposite of what is wanted." if bool((got != wanted).all()) else ""
    got, wanted = got.to(torch.complex128), wanted.to(torch.complex128)
    if not bool(torch.isfinite(got).all() and torch.isfinite(wanted).all()):
        return ""
    if got.numel() > 1 and not got.any():
        return "Every entry is 0: the result was never written, or was multiplied by 0."
    if _close(got, -wanted, tolerance):
        return "The sign is the wrong way round."
    return _arithmetic(got, wanted, tolerance) or _order(got, wanted, tolerance)


def _arithmetic(got: torch.Tensor, wanted: torch.Tensor, tolerance: float) -> str:
    """A constant factor or offset."""
    if not _tells(wanted):
        return ""
    factor = ((got * wanted.conj()).sum() / (wanted * wanted.conj()).sum()).real.item()
    if factor != 0 and _close(got, factor * wanted, tolerance):
        return f"Everything is {number(factor)} times what is wanted."
    offset = (got - wanted).mean()
    if abs(offset.imag.item()) <= tolerance and _close(got, wanted + offset, tolerance):
        return f"Everything is off by the same amount, {number(offset.real.item())}."
    return ""


def _order(got: torch.Tensor, wanted: torch.Tensor, tolerance: float) -> str:
    """The right numbers at other places."""
    if _permutation(got, wanted, tolerance):
        return "Two axes are swapped: the numbers are right, transposed."
    for axis in range(got.dim()):
        if _close(got, wanted.flip(axis), tolerance):
            return f"Axis {axis} is reversed."
        size = got.shape[axis]
        if size < _ENOUGH or not _tells(wanted):
            continue
        early, late = got.narrow(axis, 0, size - 1), got.narrow(axis, 1, size - 1)
        if _close(late, wanted.narrow(axis, 0, size - 1), tolerance) or _close(
            early, wanted.narrow(axis, 1, size - 1), tolerance
        ):
            return f"Along axis {axis} the numbers are shifted by one place."
    if got.dim() == 1 and _close(got.real.sort().values, wanted.real.sort().values, tolerance):
        return "The numbers are right, but in another order."
    return ""


def _tells(wanted: torch.Tensor) -> bool:
    """Whether enough entries of a complex tensor differ for a simple relation to another to mean much."""
    return torch.unique(torch.view_as_real(wanted.reshape(-1)), dim=0).shape[0] >= _ENOUGH


def _permutation(got: torch.Tensor, wanted: torch.Tensor, tolerance: float) -> bool:
    """Whether some other order of the axes of `got` gives `wanted`."""
    if not 2 <= got.dim() <= 4 or got.numel() > 1_000_000:
        return False
    orders = (order for order in permutations(range(got.dim())) if order != tuple(range(got.dim())))
    return any(
        got.permute(order).shape == wanted.shape and _close(got.permute(order), wanted, tolerance)
        for order in orders
    )


def _close(got: torch.Tensor, wanted: torch.Tensor, tolerance: float) -> bool:
    if got.shape != wanted.shape or got.is_complex() != wanted.is_complex():
        return False
    if not (got.is_floating_point() or got.is_complex()):  # two masks cannot be subtracted
        return got.numel() > 0 and bool((got == wanted).all())
    return bool(((got - wanted).abs() <= tolerance * (1 + wanted.abs())).all()) if got.numel() else False
