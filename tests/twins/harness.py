"""What a twin is, and what "equal" means: values, gradients, precisions, layouts, devices.

A case file in `cases/` fills a list named TWINS; `test_twins.py` tries each entry in every way below.

    def example(draw, tensor):
        x = tensor(draw(sizes), draw(sizes))
        return Call(x, dim=draw(st.sampled_from([0, 1, -1])))

    TWINS = [Twin("softmax", ours=scratch.softmax, theirs=F.softmax, example=example)]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

DEVICES = [
    "cpu",
    *(["cuda"] if torch.cuda.is_available() else []),
    *(["mps"] if torch.mps.is_available() else []),
]
# × the largest value of the library's result: what a sum of many terms can promise.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5, torch.float16: 2e-2, torch.bfloat16: 8e-2}
SEED = 2**20  # of upstream gradients and of dropout; no example draws from it


class Call:
    """The arguments of one call, in float64; dicts, lists and tuples of tensors are welcome."""

    def __init__(self, *args: Any, **kwargs: Any):
        self.args, self.kwargs = args, kwargs


@dataclass(frozen=True)
class Twin:
    """A function of ours and the library's that should be the same function.

    example    (draw, tensor) -> Call; `draw` is hypothesis's, tensor(*shape) a random float64 tensor
    gradients  compare those of every floating tensor among the arguments, under a random upstream
    half       also try float16 and bfloat16, where ours must give no NaN or infinity that theirs does not
    changed    True: both may change their arguments (running statistics); the changed ones are compared
    covers     further public names of mmcourse.scratch that this twin tests
    """

    name: str
    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    example: Callable[[Callable, Callable[..., Tensor]], Call]
    gradients: bool = True
    half: bool = True
    changed: bool = False
    covers: tuple[str, ...] = ()


@dataclass
class Side:
    """One side's call: its leaves, what came out, and the gradients of the floating leaves."""

    leaves: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    gradients: list[Tensor] = field(default_factory=list)


def tensors(seed: int) -> Callable[..., Tensor]:
    """Make tensor(*shape), which draws from one generator: the same example gives the same numbers."""
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(shape, generator=generator, dtype=torch.float64)


def mapped(function: Callable[[Tensor], Any], tree: Any) -> Any:
    """Apply a function to every tensor in nested tuples, lists and dicts."""
    if isinstance(tree, Tensor):
        return function(tree)
    if isinstance(tree, dict):
        return {key: mapped(function, value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(mapped(function, value) for value in tree)
    return tree


def leaves(tree: Any) -> list[Tensor]:
    found: list[Tensor] = []
    mapped(found.append, tree)
    return found


def strided(x: Tensor) -> Tensor:
    """The same values, every second place of a larger block of memory."""
    room = torch.zeros(*x.shape, 2, dtype=x.dtype, device=x.device)
    if x.is_floating_point():
        room.fill_(float("nan"))
    room[..., 0] = x
    return room[..., 0].detach()


def run(
    function: Callable, call: Call, dtype: torch.dtype, device: str, gradients: bool, layout: Callable
) -> Side:
    """Call a function on copies of the arguments, and differentiate it under a random upstream gradient."""
    side = Side()

    def prepare(x: Tensor) -> Tensor:
        x = layout((x.to(dtype) if x.is_floating_point() else x).to(device))
        leaf = x.detach().requires_grad_(gradients and x.is_floating_point())
        side.leaves.append(leaf)
        return leaf

    args, kwargs = mapped(prepare, call.args), mapped(prepare, call.kwargs)
    torch.manual_seed(SEED)
    side.outputs = leaves(function(*args, **kwargs))
    wanted = [leaf for leaf in side.leaves if leaf.requires_grad]
    differentiable = [out for out in side.outputs if out.requires_grad]
    if gradients and wanted and differentiable:
        generator = torch.Generator().manual_seed(SEED)
        upstream = [
            torch.randn(out.shape, generator=generator, dtype=torch.float64).to(out) for out in differentiable
        ]
        side.gradients = list(
            torch.autograd.grad(differentiable, wanted, upstream, allow_unused=True, materialize_grads=True)
        )
    return side


def assert_twins(twin: Twin, call: Call, dtype: torch.dtype, device: str, layout: Callable) -> None:
    """Equal outputs and gradients, of the same dtypes and shapes; ours leaves its arguments as they were."""
    gradients = twin.gradients
    want = run(twin.theirs, call, dtype, "cpu", gradients, Tensor.clone)
    got = run(twin.ours, call, dtype, device, gradients, layout)
    assert_near(got.outputs, want.outputs, dtype, "output")
    assert not gradients or want.gradients, "the library's result has no gradient: gradients=False"
    assert_near(got.gradients, want.gradients, dtype, "gradient", largest_of(want.gradients))
    if twin.changed:
        assert_near(got.leaves, want.leaves, dtype, "argument after the call")
    else:
        given = leaves((call.args, call.kwargs))
        for index, (leaf, before) in enumerate(zip(got.leaves, given, strict=True)):
            before = before.to(dtype) if before.is_floating_point() else before
            assert torch.equal(leaf.detach().cpu(), before), f"argument {index} was changed"


def assert_finite_like(twin: Twin, call: Call, dtype: torch.dtype, device: str) -> None:
    """Where the library's half precision has numbers, ours has nearly the same ones, not NaN or infinity."""
    try:
        with torch.backends.mkldnn.flags(enabled=False):  # its float16 convolution crashes on some processors
            want = run(twin.theirs, call, dtype, device, twin.gradients, Tensor.clone)
    except (RuntimeError, NotImplementedError):  # the library has no half-precision kernel on this device
        want = run(twin.theirs, call, torch.float32, device, twin.gradients, Tensor.clone)
    got = run(twin.ours, call, dtype, device, twin.gradients, Tensor.clone)
    for what in ("outputs", "gradients"):
        for index, (mine, other) in enumerate(zip(getattr(got, what), getattr(want, what), strict=True)):
            bad = other.isfinite() & ~mine.to(other.device).isfinite()
            assert not bad.any(), f"{what} {index}: {int(bad.sum())} numbers are not finite, theirs are"
            if mine.is_floating_point():
                assert mine.dtype == dtype, f"{what} {index} is {mine.dtype}, the arguments were {dtype}"


def largest_of(gradients: list[Tensor]) -> float:
    """The largest gradient of a call: the scale of one that is 0 by formula, whose terms cancel."""
    return max((g[g.isfinite()].abs().max().item() for g in gradients if g.isfinite().any()), default=1.0)


def assert_near(
    got: list[Tensor], want: list[Tensor], dtype: torch.dtype, what: str, scale: float = 1e-6
) -> None:
    assert len(got) == len(want), f"{len(got)} {what}s, the library has {len(want)}"
    for index, (mine, other) in enumerate(zip(got, want, strict=True)):
        mine, other = mine.detach().cpu(), other.detach()
        assert mine.shape == other.shape, f"{what} {index}: {list(mine.shape)}, wanted {list(other.shape)}"
        assert mine.dtype == other.dtype, f"{what} {index}: {mine.dtype}, wanted {other.dtype}"
        if not mine.is_floating_point():
            assert torch.equal(mine, other), f"{what} {index} differs"
            continue
        finite = other[other.isfinite()].abs()
        # A gradient that is 0 but for rounding (of a bias before batch norm) has no scale of its own.
        floor = max(scale, 1.0) if what == "gradient" else scale
        largest = max(finite.max().item() if len(finite) else 0.0, floor)
        torch.testing.assert_close(
            mine,
            other,
            rtol=0,
            atol=TOLERANCE[dtype] * largest,
            equal_nan=True,
            msg=lambda text, index=index: f"{what} {index}: {text}",
        )
