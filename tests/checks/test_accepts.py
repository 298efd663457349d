"""Right answers of another form are right; classes, keywords, gradients, judges."""

import functools

import numpy as np
import pytest
import torch

from mmcourse.checks import Args, Case


def right(x, scale):
    return x.sum(-1) * scale


def keyword_only(*, x, scale):
    return right(x, scale)


def with_extra_default(x, scale, verbose=False, *more, **options):
    return right(x, scale)


class Callable:
    def __call__(self, x, scale):
        return right(x, scale)

    def method(self, x, scale):
        return right(x, scale)


@functools.wraps(with_extra_default)
def wrapped(*args, **kwargs):
    return right(*args, **kwargs)


@pytest.mark.parametrize(
    "answer",
    [
        right,
        keyword_only,
        with_extra_default,
        Callable(),
        Callable().method,
        wrapped,
        functools.partial(lambda factor, x, scale: right(x, scale) * factor, 1),
        lambda x, scale: torch.stack([right(x, scale), x[..., 0]], -1)[..., 0],  # a view, not contiguous
        lambda x, scale: torch.nn.Parameter(right(x, scale)),
        lambda x, scale: torch.einsum("...n->...", x) * scale,
        lambda signal, factor: right(signal, factor),  # other names
    ],
)
def test_right_answers_of_another_form_are_correct(exercise, answer):
    result = exercise()(answer)
    assert result.passed, result.message


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ([1.5, 2.5], (1.5, 2.5)),
        ((1, 2), [1, 2]),
        (3, torch.tensor(3)),
        (3.5, np.float32(3.5)),
        (2.0, 2),
        ({"a": [1]}, {"a": (1,)}),
        (torch.tensor([1, 2]), torch.tensor([1, 2], dtype=torch.int32)),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0])),
        ({1, 2}, frozenset([2, 1])),
        (float("nan"), float("nan")),
        (torch.tensor([float("inf"), float("nan")]), torch.tensor([float("inf"), float("nan")])),
        ("yes", "yes"),
        (None, None),
        (True, torch.tensor(True)),
    ],
)
def test_values_are_as_good_in_another_form(one_case, wanted, got):
    result = one_case(wanted)(lambda: got)
    assert result.passed, result.message


def test_numpy_is_accepted_where_the_exercise_says_so(exercise):
    def answer(x, scale):
        return x.numpy().sum(-1) * np.float32(scale)

    assert exercise(accept_numpy=True, variants=())(answer).passed
    refused = exercise()(answer)
    assert refused.status == "wrong"
    assert "NumPy array" in refused.message
    assert "from_numpy" in refused.hint


def test_a_class_is_checked_through_call(exercise):
    asked = exercise(
        parameters=("x", "scale"),
        call=lambda answer, x, scale: answer(scale)(x),
        reference=lambda scale: lambda x: x * scale,
    )

    class Scale(torch.nn.Module):
        def __init__(self, scale):
            super().__init__()
            self.scale = scale

        def forward(self, x):
            return x * self.scale

    class Blank(torch.nn.Module):
        def __init__(self, scale):
            super().__init__()
            raise NotImplementedError("09.3: write the module")

    assert asked(Scale).passed
    assert asked(Blank).status == "not attempted"
    assert asked(torch.nn.Module).status == "crashed"


def test_arguments_by_keyword(exercise):
    asked = exercise(
        cases=(Case("by name", lambda g: Args((torch.ones(2, 3),), {"scale": 4})),), variants=("float64",)
    )
    assert asked(right).passed
    assert "scale = 4" in asked(lambda x, scale: x).message


def test_a_blank_is_not_attempted_and_a_librarys_refusal_is_a_crash(exercise):
    def blank(x, scale):
        raise NotImplementedError("09.3: sum the rows")

    def bare(x, scale):
        raise NotImplementedError

    def library(x, scale):
        raise NotImplementedError("no kernel for this dtype")

    assert [exercise()(answer).status for answer in (blank, bare, library)] == [
        "not attempted",
        "not attempted",
        "crashed",
    ]


@pytest.mark.parametrize("answer", [None, 3, torch.ones(2), "rows"])
def test_what_is_no_function_is_told(exercise, answer):
    result = exercise()(answer)
    assert result.status == "wrong"
    assert "check.rows(rows)" in result.message


@pytest.mark.parametrize("answer", [lambda x: x, lambda: 0, lambda x, scale, more: x, lambda *, a, b: a])
def test_a_signature_that_does_not_fit_is_told(exercise, answer):
    result = exercise()(answer)
    assert result.status == "wrong"
    assert "is called with (x, scale), yours takes (" in result.message
