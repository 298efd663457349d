"""Twins: ours and the library's, values and gradients, in both precisions, on every device there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch
from torch import Tensor

DEVICES = [
    "cpu",
    *(["cuda"] if torch.cuda.is_available() else []),
    *(["mps"] if torch.mps.is_available() else []),
]
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}  # × the largest value of the library's result


@pytest.fixture(scope="session", params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def assert_twins(device: str) -> Callable[..., None]:
    """assert_twins(ours, theirs, x, ...): equal results, equal gradients, x left as it was.

    Ours gets a strided copy of x on `device`, theirs a plain one on the CPU. Differences are measured
    against the largest value of the library's result: that is what float32 can promise of a sum.
    """
    dtypes = (torch.float32,) if device == "mps" else (torch.float32, torch.float64)

    def check(
        ours: Callable[[Tensor], Tensor],
        theirs: Callable[[Tensor], Tensor],
        x: Tensor,
        dtypes: tuple[torch.dtype, ...] = dtypes,
        gradients: bool = True,
    ) -> None:
        for dtype in dtypes:
            with _default_dtype(dtype):  # in which the library makes its windows and filters
                _check(ours, theirs, x.to(dtype), device, gradients)

    return check


@pytest.fixture(scope="session")
def default_dtype() -> Callable[..., object]:
    """with default_dtype(torch.float64): the library makes its windows and filters in this precision"""
    return _default_dtype


@contextmanager
def _default_dtype(dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _check(ours: Callable, theirs: Callable, x: Tensor, device: str, gradients: bool) -> None:
    mine = _strided(x.to(device)).requires_grad_(gradients)
    other = x.clone().requires_grad_(gradients)
    got, want = ours(mine), theirs(other)
    assert got.dtype == want.dtype
    assert got.device.type == device
    _assert_near(got.detach().cpu(), want.detach(), "values")
    assert torch.equal(mine.detach().cpu(), x), "the input was changed"
    if gradients:
        generator = torch.Generator().manual_seed(2**20)  # which no test draws x from
        upstream = torch.randn(want.shape, dtype=want.dtype, generator=generator)
        (got_grad,) = torch.autograd.grad(got, mine, upstream.to(device))
        (want_grad,) = torch.autograd.grad(want, other, upstream)
        _assert_near(got_grad.cpu(), want_grad, "gradients")


def _assert_near(got: Tensor, want: Tensor, what: str) -> None:
    assert got.shape == want.shape
    tolerance = TOLERANCE[want.real.dtype] * max(want.abs().max().item(), 1e-6)
    torch.testing.assert_close(got, want, rtol=0, atol=tolerance, msg=lambda text: f"{what}: {text}")


def _strided(x: Tensor) -> Tensor:
    """The same values, every second place of a larger block of memory."""
    room = torch.full((*x.shape, 2), float("nan"), dtype=x.dtype, device=x.device)
    room[..., 0] = x
    return room[..., 0].detach()
