"""Every public function of `mmcourse.scratch` beside its twin in torch or in `mmcourse.modules`."""

import importlib
import inspect
import pkgutil

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import scratch
from tests.twins import cases
from tests.twins.harness import DEVICES, Call, Twin, assert_finite_like, assert_twins, strided, tensors

CASES = [
    importlib.import_module(f"tests.twins.cases.{found.name}")
    for found in pkgutil.iter_modules(cases.__path__)
]
TWINS: list[Twin] = [twin for module in CASES for twin in module.TWINS]
# Public names that have no counterpart to be compared with, and the test that looks after each.
ELSEWHERE = {name: test for module in CASES for name, test in getattr(module, "ELSEWHERE", {}).items()}
NAMES = [twin.name for twin in TWINS]


def _call(twin: Twin, data: st.DataObject) -> Call:
    return twin.example(data.draw, tensors(data.draw(st.integers(0, 999), label="seed")))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
@given(data=st.data())
@settings(max_examples=50)  # in two precisions each; with 100 the whole networks took 17 s
def test_twins_agree(twin: Twin, device: str, data: st.DataObject):
    call = _call(twin, data)
    layout = data.draw(st.sampled_from([torch.Tensor.clone, strided]), label="layout")
    for dtype in (torch.float32,) if device == "mps" else (torch.float64, torch.float32):
        assert_twins(twin, call, dtype, device, layout)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=["float16", "bfloat16"])
@pytest.mark.parametrize("twin", [twin for twin in TWINS if twin.half], ids=lambda twin: twin.name)
@given(data=st.data())
@settings(max_examples=20)  # no formula is compared here, only what overflows
def test_half_precision_stays_finite(twin: Twin, dtype: torch.dtype, device: str, data: st.DataObject):
    assert_finite_like(twin, _call(twin, data), dtype, device)


def test_every_public_function_has_a_twin():
    covered = {name for twin in TWINS for name in (twin.name.split(",")[0], *twin.covers)} | set(ELSEWHERE)
    missing, unknown = set(_public()) - covered, covered - set(_public())
    assert not missing, f"no twin for {sorted(missing)}: add one in tests/twins/cases/"
    assert not unknown, f"twins of nothing in mmcourse.scratch: {sorted(unknown)}"


def test_names_of_twins_are_different():
    assert len(set(NAMES)) == len(NAMES)


def test_arguments_have_the_names_order_and_defaults_of_torch():
    compared = 0
    for name in sorted(_public()):
        theirs = getattr(F, name, None)
        if not inspect.isfunction(theirs):  # written in C++, without a signature to be read
            continue
        theirs, ours = inspect.signature(theirs).parameters, inspect.signature(_public()[name]).parameters
        common = [argument for argument in ours if argument in theirs]
        assert common == [argument for argument in theirs if argument in ours], f"{name}: another order"
        for argument in common:
            wanted, got = theirs[argument].default, ours[argument].default
            if got is not inspect.Parameter.empty and (name, argument) != (
                "pad",
                "value",
            ):  # None means 0 there
                assert got == wanted, f"{name}: {argument} is {got!r} by default, torch has {wanted!r}"
                compared += 1
    assert compared > 25


def _public() -> dict[str, object]:
    """Functions and classes that the files of mmcourse.scratch define and do not begin with _."""
    found = {}
    for info in pkgutil.iter_modules(scratch.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"mmcourse.scratch.{info.name}")
        found |= {
            name: value
            for name, value in vars(module).items()
            if (inspect.isfunction(value) or inspect.isclass(value))
            and value.__module__ == module.__name__
            and not name.startswith("_")
        }
    return found
