"""Fingerprints: the same for the same work, another for whatever may change it."""

import functools
import importlib
import os
import sys
import textwrap

import numpy as np
import pytest
import torch
from torch import nn

from mmcourse.errors import CourseError
from mmcourse.evaluation.fingerprint import fingerprint
from mmcourse.evaluation.sources import code_of, is_own

THINGS = {
    "number": (1, 2),
    "kind of number": (1, 1.0),
    "truth and number": (True, 1),
    "word": ("a", "b"),
    "order": ([1, 2], [2, 1]),
    "list and tuple": ([1], (1,)),
    "keys": ({"a": 1}, {"b": 1}),
    "values": ({"a": 1}, {"a": 2}),
    "tensor": (torch.zeros(3), torch.tensor([0.0, 0.0, 1e-30])),
    "dtype": (torch.zeros(3), torch.zeros(3, dtype=torch.float64)),
    "shape": (torch.zeros(2, 3), torch.zeros(3, 2)),
    "half": (torch.zeros(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.bfloat16)),
    "array": (np.zeros(3), np.ones(3)),
    "partial": (functools.partial(max, 1), functools.partial(max, 2)),
    "module": (nn.Linear(2, 2), nn.Linear(2, 2)),
    "default": (lambda x, y=1: x, lambda x, y=2: x),
    "generator": (torch.Generator().manual_seed(0), torch.Generator().manual_seed(1)),
    "function of torch": (torch.relu, torch.sigmoid),
    "class": (nn.ReLU, nn.Tanh),
}


@pytest.mark.parametrize("name", THINGS)
def test_another_content_has_another_fingerprint(name):
    one, other = THINGS[name]
    assert fingerprint(one) == fingerprint(one) != fingerprint(other)
    assert len(fingerprint(one)) == 32


def test_strides_and_views_do_not_count():
    values = torch.arange(6.0).reshape(2, 3)
    assert fingerprint(values.T.contiguous().T) == fingerprint(values)
    assert fingerprint({1, 2, 3}) == fingerprint({3, 2, 1})


def held(number):
    return lambda: number


def test_what_a_closure_holds_counts():
    assert fingerprint(held(1)) == fingerprint(held(1)) != fingerprint(held(2))


def test_something_that_holds_itself_comes_to_an_end():
    ring = []
    ring.append(ring)
    assert fingerprint(ring) == fingerprint(ring)


def test_what_cannot_be_read_gets_a_sentence():
    with pytest.raises(CourseError, match="the method 'x' holds a generator, whose content cannot be told"):
        fingerprint((number for number in range(3)), what="the method 'x'")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two files beside each other; gives a function that writes and imports them."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name, text):
        path = tmp_path / f"{name}.py"
        path.write_text(textwrap.dedent(text))
        stamp = write.stamp = getattr(write, "stamp", 1) + 1
        os.utime(path, ns=(stamp * 10**9, stamp * 10**9))
        importlib.invalidate_caches()

    write("mm_toy_helper", "def double(x):\n    return 2 * x\n")
    write("mm_toy_method", "def train(task):\n    from mm_toy_helper import double\n    return double\n")
    yield write
    for name in ("mm_toy_helper", "mm_toy_method"):
        sys.modules.pop(name, None)


def test_the_source_of_a_method_and_of_what_it_imports_counts(project):
    train = importlib.import_module("mm_toy_method").train
    assert is_own("mm_toy_method")
    assert not is_own("torch")
    assert not is_own("json")
    first = fingerprint(train)
    project("mm_toy_helper", 'def double(x):\n    """Say it."""\n    return 2 * x  # why\n')
    assert fingerprint(train) == first
    project("mm_toy_helper", "def double(x):\n    return 3 * x\n")
    second = fingerprint(train)
    assert second != first
    project(
        "mm_toy_method",
        "def train(task):\n    from mm_toy_helper import double\n    return double  \n\nK = 1\n",
    )
    assert fingerprint(train) not in (first, second)


def test_the_package_follows_its_own_imports():
    found = code_of("mmcourse.modules.multimodal")
    assert found == code_of("mmcourse.modules.multimodal") != code_of("mmcourse.modules.image_models")


NOTEBOOK = """
import torch
{more}
FACTOR = {factor}
def helper(x):
    return {body}
class Model(torch.nn.Module):
    def forward(self, x):
        return {inner}
def train(task):
    return lambda table: Model()(helper(table))
"""


def in_a_notebook(more="", factor=2, body="FACTOR * x", inner="x + 1"):
    cells = {"__name__": "__main__"}
    exec(NOTEBOOK.format(more=more, factor=factor, body=body, inner=inner), cells)
    assert cells["train"].__module__ == "__main__"
    return fingerprint(cells["train"])


def test_in_a_notebook_the_instructions_count_and_what_they_name():
    first = in_a_notebook()
    assert in_a_notebook(more="# a remark\n\nUNUSED = 3") == first
    others = [in_a_notebook(factor=3), in_a_notebook(body="FACTOR + x"), in_a_notebook(inner="x + 2")]
    assert len({first, *others}) == 4
