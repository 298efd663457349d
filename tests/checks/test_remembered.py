"""What is the same at every check is asked for once; an answer is asked every time."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from mmcourse.checks import Case, Mistake, remembered
from mmcourse.checks.walk import is_plain


class Counted:
    """A function that counts its calls."""

    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


def test_the_reference_is_asked_once_an_input(exercise):
    reference, answer = (
        Counted(lambda x, scale: x.sum(-1) * scale),
        Counted(lambda x, scale: x.sum(-1) * scale),
    )
    asked = exercise(reference=reference)
    assert asked(answer).passed
    first, yours = reference.calls, answer.calls
    assert first > 0
    assert asked(answer).passed
    assert reference.calls == first
    assert answer.calls == 2 * yours
    assert asked(answer, seed=1).passed  # other inputs
    assert reference.calls > first


def test_known_mistakes_are_asked_once_an_input(exercise):
    wrong = Counted(lambda x, scale: x.sum(-1) + scale)
    asked = exercise(mistakes=(Mistake("added", wrong, "You added the scale."),))
    asked_for = []
    for _ in range(2):
        assert asked(lambda x, scale: scale + x.sum(-1)).hint == "You added the scale."
        asked_for.append(wrong.calls)
    assert 0 < asked_for[0] == asked_for[1]


def test_a_mistake_without_end_costs_its_time_once(exercise):
    def without_end(x, scale):
        while True:
            pass

    endless = Counted(without_end)
    asked = exercise(mistakes=(Mistake("no end", endless, "It never ends."),), time_limit=0.2)
    for _ in range(2):
        assert not asked(lambda x, scale: x.sum(-1)).passed
        assert endless.calls == 1


def test_another_exercise_forgets(exercise):
    reference = Counted(lambda x, scale: x.sum(-1) * scale)
    one, other = exercise(reference=reference), exercise()
    one(reference.function)
    first = reference.calls
    other(reference.function)
    one(reference.function)
    assert reference.calls == 2 * first


def test_two_exercises_of_one_id_are_not_confused(exercise):
    one, other = exercise(), exercise(reference=lambda x, scale: x.sum(-1))
    assert one(lambda x, scale: x.sum(-1) * scale).passed
    assert other(lambda x, scale: x.sum(-1)).passed


def test_large_outputs_are_not_kept(exercise):
    large = Case("large", lambda g: (torch.zeros(remembered.LARGEST + 1, 1), 2))
    reference = Counted(lambda x, scale: x.sum(-1) * scale)
    asked = exercise(cases=(large,), reference=reference, variants=())
    asked(reference.function)
    asked(reference.function)
    assert reference.calls == 2


def test_what_the_judge_gets_can_not_be_spoilt_by_an_answer(exercise):
    def spoiling(x, scale):
        x.zero_()
        return x.sum(-1)

    asked = exercise(reference=lambda x, scale: x)
    assert not asked(spoiling).passed
    assert asked(lambda x, scale: x).passed


@pytest.mark.parametrize(
    "value",
    [3, "a", None, torch.zeros(3), np.zeros(3), [1.0, (torch.ones(2), {"a": True})], {1: [2]}],
    ids=["number", "string", "nothing", "tensor", "array", "nested", "dict"],
)
def test_plain_values(value):
    assert is_plain(value, 100)


class Odd(torch.Tensor):
    """A tensor whose comparisons are the learner's own."""


HOLDS_ITSELF = []
HOLDS_ITSELF.append(HOLDS_ITSELF)


NOT_PLAIN = {
    "too large": torch.zeros(101),
    "too large together": [torch.zeros(60), torch.zeros(60)],
    "a huge view": torch.zeros(1).expand(10**12),
    "a tensor of a class of one's own": torch.zeros(3).as_subclass(Odd),
    "an object": [object()],
    "a class as key": {Odd: 1},
    "holds itself": HOLDS_ITSELF,
    "sparse": torch.zeros(3).to_sparse(),
    "without numbers": torch.zeros(3, device="meta"),
    "objects in an array": np.array([object()]),
    "a module": torch.nn.Linear(1, 1),
    "a function": lambda: 1,
}


@pytest.mark.parametrize("value", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_values_that_are_not_plain(value):
    assert not is_plain(value, 100)


def test_what_torch_loads_late_is_there_before_an_answer_runs():
    """A time limit that broke off torch's late import of sympy left it half loaded for the whole kernel."""
    code = """
import sys
from mmcourse.checks import catalog
def answer(*args, **kwargs):
    seen.append("torch.fx.experimental.symbolic_shapes" in sys.modules)
seen = []
catalog.exercises("00")[0](answer)
print(seen)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(run.stdout.strip("[]\n").split(", ")) == {"True"}
