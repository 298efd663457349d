"""Compare what came with what was wanted, in order: type, dtype, device, rank, shape, NaN, values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from numbers import Number
from typing import Any

import numpy as np
import torch

from mmcourse.checks.diagnose import diagnose_shape, diagnose_values
from mmcourse.checks.show import describe, kind, number, shape

_FEW = 4  # results, of which all orders are tried


@dataclass(frozen=True)
class Rules:
    """How strictly to compare; the fields are those of Exercise.

    explain  whether a fault's likely cause is looked for, which takes longer than finding the fault
    """

    tolerance: float = 1e-5
    exact_dtype: bool = True
    accept_numpy: bool = False
    scaled: bool = False
    explain: bool = True


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong: the stage, a sentence, the likely cause if one shows, and where.

    place  keys and indices that lead to it, from the outermost
    """

    stage: str
    says: str
    likely: str = ""
    place: tuple[Any, ...] = ()


def compare(got: Any, wanted: Any, rules: Rules, path: str = "output") -> Fault | None:
    """Return the first fault of `got`, or None when it is as good as `wanted`.

    Lists and tuples are interchangeable, numbers may be 0-dimensional tensors, tensors may be views.
    """
    if isinstance(wanted, torch.Tensor):
        return _compare_tensor(got, wanted, rules, path)
    if isinstance(wanted, np.ndarray) and wanted.dtype.kind in "fiubc":
        return _compare_tensor(got, torch.from_numpy(wanted), replace(rules, accept_numpy=True), path)
    if isinstance(wanted, Number):
        return _compare_number(got, wanted, rules, path)
    if isinstance(wanted, Mapping):
        return _compare_mapping(got, wanted, rules, path)
    if isinstance(wanted, (list, tuple)):
        return _compare_sequence(got, wanted, rules, path)
    if isinstance(wanted, (set, frozenset)) and isinstance(got, (set, frozenset)):
        got, wanted = set(got), set(wanted)
    elif type(got) is not type(wanted):
        return _type_fault(got, kind(wanted), path)
    if bool(got == wanted):
        return None
    return Fault("values", f"{path} is {describe(got)}, wanted {describe(wanted)}")


def _type_fault(got: Any, wanted: str, path: str) -> Fault:
    likely = ""
    if isinstance(got, np.ndarray) and "tensor" in wanted:
        likely = "Stay in torch, or convert with torch.from_numpy: a NumPy array carries no gradient."
    elif hasattr(got, "send") and hasattr(got, "throw"):
        likely = "A function with `yield` returns a generator; collect the values and `return` them."
    elif callable(got):
        likely = "You returned a function; did you forget to call it?"
    elif isinstance(got, torch.Tensor) and got.dim() == 0:
        likely = "A tensor without axes is not a Python value; .item() makes it one."
    elif isinstance(got, (list, tuple)) and "tensor" in wanted:
        first = got
        while isinstance(first, (list, tuple)) and first:
            first = first[0]
        pieces = isinstance(first, torch.Tensor)
        likely = (
            "Join the pieces with torch.stack or torch.cat before you return them."
            if pieces
            else "A list is no tensor: torch.tensor(…) or, for zeros, torch.zeros_like(x) makes one."
        )
    return Fault("type", f"{path} is {kind(got)}, wanted {wanted}", likely)


def _compare_tensor(got: Any, wanted: torch.Tensor, rules: Rules, path: str) -> Fault | None:
    if rules.accept_numpy and isinstance(got, (np.ndarray, np.generic)):
        got = torch.as_tensor(np.ascontiguousarray(got))
    if not isinstance(got, torch.Tensor):
        return _type_fault(got, "a tensor", path)
    fault = _compare_form(got, wanted, rules, path)
    if fault is not None:
        return fault
    got, wanted = got.detach(), wanted.detach()
    if wanted.dtype == torch.bool or not (wanted.is_floating_point() or wanted.is_complex()):
        wrong = got != wanted
    else:
        double = torch.complex128 if wanted.is_complex() else torch.float64
        got, wanted = got.cpu().to(double), wanted.cpu().to(double)
        lost = ~torch.isfinite(got) & torch.isfinite(wanted)
        if lost.any():
            return _not_finite(got, wanted, lost, path)
        finite = torch.isfinite(wanted)  # beside ∞ every number would be near enough
        size = wanted[finite].abs().max() if rules.scaled and finite.any() else wanted.abs()
        close = ((got - wanted).abs() <= rules.tolerance * (1 + size)) & finite
        wrong = ~(close | (got == wanted) | (torch.isnan(got) & torch.isnan(wanted)))
    if not wrong.any():
        return None
    return _value_fault(got, wanted, wrong, rules, path)


def _compare_form(got: torch.Tensor, wanted: torch.Tensor, rules: Rules, path: str) -> Fault | None:
    """Dtype, layout, device, rank, shape."""
    if got.layout != wanted.layout:
        return Fault("type", f"{path} has layout {got.layout}, wanted {wanted.layout}")
    if not _dtype_fits(got.dtype, wanted.dtype, rules.exact_dtype):
        name, wish = (str(dtype).removeprefix("torch.") for dtype in (got.dtype, wanted.dtype))
        likely = (
            f"The input decides the dtype: it should come out as {wish}. torch.zeros and torch.tensor make "
            f"float32 unless told: give them dtype=x.dtype, or take x.new_zeros(…), where x is the input."
            if wanted.is_floating_point() and got.is_floating_point()
            else f"The input decides the dtype: it should come out as {wish}."
            if wanted.is_floating_point()
            else ""
        )
        if wanted.dtype == torch.bool:
            likely = "A mask is boolean; a comparison such as `a < b` gives one."
        return Fault("dtype", f"{path} has dtype {name}, wanted {wish}", likely)
    if got.device.type != wanted.device.type:
        return Fault(
            "device",
            f"{path} is on {got.device.type}, wanted {wanted.device.type}, where the input is",
            "Give new tensors device=x.device.",
        )
    if got.shape != wanted.shape:
        says = f"{path} has shape {shape(got)}, wanted {shape(wanted)}"
        stage = "rank" if got.dim() != wanted.dim() else "shape"
        pair = (got.detach(), wanted.detach())
        return Fault(stage, says, diagnose_shape(*pair, rules.tolerance) if rules.explain else "")
    return None


def _dtype_fits(got: torch.dtype, wanted: torch.dtype, exact: bool) -> bool:
    """Integer widths are interchangeable; float widths only where the dtype need not be exact."""
    if got == wanted:
        return True
    if torch.bool in (got, wanted):
        return False
    if wanted.is_floating_point or wanted.is_complex:
        same_kind = got.is_floating_point == wanted.is_floating_point and got.is_complex == wanted.is_complex
        return same_kind and not exact
    return not (got.is_floating_point or got.is_complex)


def _not_finite(got: torch.Tensor, wanted: torch.Tensor, lost: torch.Tensor, path: str) -> Fault:
    index = tuple(torch.nonzero(lost)[0].tolist())
    says = f"{path}{_at(index)} is {number(got[index].item())}, wanted {number(wanted[index].item())}"
    return Fault("nan", says, "Look for a division by 0, the logarithm of 0, or an overflow.")


def _value_fault(got: Any, wanted: Any, wrong: torch.Tensor, rules: Rules, path: str) -> Fault:
    index = tuple(torch.nonzero(wrong)[0].tolist())
    count, total = int(wrong.sum()), wrong.numel()
    says = f"{path}{_at(index)} is {number(got[index].item())}, wanted {number(wanted[index].item())}"
    if total > 1:
        says += f" ({count} of {total} entries differ)"
    return Fault("values", says, diagnose_values(got, wanted, rules.tolerance) if rules.explain else "")


def _at(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _compare_number(got: Any, wanted: Any, rules: Rules, path: str) -> Fault | None:
    if (isinstance(got, torch.Tensor) and got.dim() == 0) or isinstance(got, np.generic):
        got = got.item()
    if isinstance(wanted, (bool, np.bool_)) != isinstance(got, bool) or not isinstance(got, Number):
        return _type_fault(got, "True or False" if isinstance(wanted, (bool, np.bool_)) else "a number", path)
    if isinstance(got, complex) and not isinstance(wanted, complex):
        return _type_fault(got, "a real number", path)
    if got == wanted or (got != got and wanted != wanted):
        return None
    says = f"{path} is {number(got)}, wanted {number(wanted)}"
    if got != got or abs(got) == float("inf"):
        return Fault("nan", says, "Look for a division by 0, the logarithm of 0, or an overflow.")
    finite = abs(wanted) != float("inf")
    if not isinstance(wanted, int) and finite and abs(got - wanted) <= rules.tolerance * (1 + abs(wanted)):
        return None
    pair = (torch.tensor(value, dtype=torch.complex128) for value in (got, wanted))
    tells = rules.explain and not isinstance(wanted, bool)
    return Fault("values", says, diagnose_values(*pair, rules.tolerance) if tells else "")


def _compare_mapping(got: Any, wanted: Mapping, rules: Rules, path: str) -> Fault | None:
    if not isinstance(got, Mapping):
        return _type_fault(got, "a dict", path)
    missing = [key for key in wanted if key not in got]
    extra = [key for key in got if key not in wanted]
    if missing:
        return Fault("keys", f"{path} lacks the key {describe(missing[0])}")
    if extra:
        return Fault("keys", f"{path} has a key too many, {describe(extra[0])}")
    faults = ((key, compare(got[key], wanted[key], rules, f"{path}[{key!r}]")) for key in wanted)
    return next((_within(key, fault) for key, fault in faults if fault is not None), None)


def _compare_sequence(got: Any, wanted: list | tuple, rules: Rules, path: str) -> Fault | None:
    if not isinstance(got, (list, tuple)):
        return _type_fault(got, f"a {type(wanted).__name__} of {len(wanted)}", path)
    if len(got) != len(wanted):
        return Fault("shape", f"{path} has {len(got)} items, wanted {len(wanted)}")
    fault = _first_unlike(got, wanted, rules, path)
    if fault is not None and rules.explain and 2 <= len(got) <= _FEW:
        orders = list(permutations(got))[1:]
        if any(_first_unlike(order, wanted, rules, path) is None for order in orders):
            return replace(fault, likely="These are the right results, but in another order.")
    return fault


def _first_unlike(got: Sequence, wanted: Sequence, rules: Rules, path: str) -> Fault | None:
    pairs = enumerate(zip(got, wanted, strict=True))
    faults = ((index, compare(ours, theirs, rules, f"{path}[{index}]")) for index, (ours, theirs) in pairs)
    return next((_within(index, fault) for index, fault in faults if fault is not None), None)


def _within(place: Any, fault: Fault) -> Fault:
    return replace(fault, place=(place, *fault.place))
