"""What the engine accepts, what it catches, in which order, and what it says."""

import functools
from dataclasses import replace

import numpy as np
import pytest
import torch

from mmcourse.checks import Args, Case, Exercise, Mistake, NotPassed
from mmcourse.checks.result import MIME, STATUSES, Result


def exercise(**changes):
    """An exercise that cuts rows of length n out of a matrix; any field may be changed."""
    fields = {
        "id": "09.3",
        "name": "rows",
        "title": "Row sums",
        "difficulty": 1,
        "minutes": 5,
        "parameters": ("x", "scale"),
        "reference": lambda x, scale: x.sum(-1) * scale,
        "hints": ("Over which axis?", "The last one."),
        "cases": (
            Case("a small matrix", lambda g: (torch.tensor([[1.0, 2, 3], [4, 5, 7]]), 2)),
            Case("a random batch", lambda g: (torch.randn(2, 3, 4, generator=g), 3)),
            Case("a batch of one", lambda g: (torch.randn(1, 4, generator=g), 3)),
        ),
        "time_limit": 1.0,
    }
    return Exercise(**{**fields, **changes})


def right(x, scale):
    return x.sum(-1) * scale


# --- right answers of another form


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
def test_right_answers_of_another_form_are_correct(answer):
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
def test_values_are_as_good_in_another_form(wanted, got):
    result = one_case(wanted)(lambda: got)
    assert result.passed, result.message


def one_case(wanted, **changes):
    return exercise(
        parameters=(), reference=lambda: wanted, cases=(Case("nothing", lambda g: ()),), **changes
    )


def test_numpy_is_accepted_where_the_exercise_says_so():
    def answer(x, scale):
        return x.numpy().sum(-1) * np.float32(scale)

    assert exercise(accept_numpy=True, variants=()).__call__(answer).passed
    refused = exercise()(answer)
    assert refused.status == "wrong"
    assert "NumPy array" in refused.message
    assert "from_numpy" in refused.hint


# --- faults, in order


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, scale: None, "The function returned None"),
        (lambda x, scale: right(x, scale).tolist(), "Output is a list, wanted a tensor"),
        (lambda x, scale: right, "forget to call it"),
        (lambda x, scale: right(x, scale).double(), "dtype float64, wanted float32"),
        (lambda x, scale: right(x, scale).long(), "dtype int64, wanted float32"),
        (lambda x, scale: x.sum(-1, keepdim=True) * scale, "axis of size 1 too many"),
        (lambda x, scale: x.sum(0) * scale, "Output has shape [3], wanted [2]"),
        (lambda x, scale: right(x, scale).squeeze(), "drop the batch axis of a batch of one"),
        (lambda x, scale: right(x, scale) / 0, "output[0] is inf, wanted 12"),
        (lambda x, scale: torch.log(-right(x, scale)), "output[0] is nan"),
        (lambda x, scale: -right(x, scale), "sign is the wrong way round"),
        (lambda x, scale: x.sum(-1), "0.5 times what is wanted"),
        (lambda x, scale: right(x, scale) + 7, "off by the same amount, 7"),
        (lambda x, scale: right(x, scale) * 0, "Every entry is 0"),
        (lambda x, scale: right(x, scale).flip(0), "Axis 0 is reversed"),
        (lambda x, scale: right(x.mul_(2), scale) / 2, "changes its input"),
        (lambda x, scale: right(x, scale).to("meta"), "is on meta, wanted cpu"),
        (lambda x, scale: right(x, scale).to_sparse(), "layout"),
        (lambda x, scale: right(x.to(torch.float32), scale), "dtype float32, wanted float64"),
        (lambda x, scale: right(x.view(-1).view(x.shape), scale), "non-contiguous"),
    ],
)  # fmt: skip
def test_faults_are_named(answer, words):
    result = exercise()(answer)
    assert result.status in ("wrong", "crashed")
    assert words in result.message
    assert len(result.message.splitlines()) <= 12


@pytest.mark.parametrize(
    ("wanted", "got", "words"),
    [
        ([1, 2, 3], [1, 2], "has 2 items, wanted 3"),
        ([1, [2, 3]], [1, [2, 4]], "output[1][1] is 4, wanted 3"),
        ({"a": 1, "b": 2}, {"a": 1}, "lacks the key 'b'"),
        ({"a": 1}, {"a": 1, "c": 2}, "a key too many, 'c'"),
        ({"a": 1}, [1], "is a list, wanted a dict"),
        ("yes", "no", "is 'no', wanted 'yes'"),
        (3, "3", "is a str, wanted a number"),
        (3, True, "is a bool, wanted a number"),
        (True, 1, "wanted True or False"),
        (3.0, 3j, "wanted a real number"),
        (1.0, float("nan"), "division by 0"),
        (3, torch.tensor([3]), "is a tensor, wanted a number"),
        ({1, 2}, {1}, "wanted {1, 2}"),
        (torch.tensor([True, False]), torch.tensor([1, 0]), "dtype int64, wanted bool"),
        (torch.tensor([True, False]), torch.tensor([False, True]), "opposite"),
        (torch.arange(6.0), torch.arange(6.0).roll(1), "shifted by one place"),
        (torch.tensor([3.0, 1, 2, 7, 4]), torch.tensor([1.0, 2, 3, 4, 7]), "in another order"),
        (torch.arange(9.0).view(3, 3), torch.arange(9.0).view(3, 3).T, "transposed"),
        (torch.arange(6.0).view(2, 3), torch.arange(6.0).view(2, 3).T, "transpose them"),
        (torch.arange(6.0).view(2, 3), torch.arange(6.0), "laid out in another shape"),
        (torch.ones(5), torch.ones(4), "Axis 0 is one short"),
        (torch.ones(2, 3), torch.ones(2, 4), "Axis 1 is one long"),
        (torch.tensor([1 + 1j]), torch.tensor([1 - 1j]), "output[0] is"),
    ],
)
def test_differences_are_named(wanted, got, words):
    result = one_case(wanted)(lambda: got)
    assert result.status == "wrong"
    assert words in result.message


def test_values_within_tolerance_pass_and_beyond_do_not():
    loose = one_case(torch.tensor([1.0, 100.0]), tolerance=1e-3)
    assert loose(lambda: torch.tensor([1.001, 100.09])).passed
    assert not loose(lambda: torch.tensor([1.003, 100.0])).passed


# --- gradients


GRADIENTS = {"gradient": True, "parameters": ("x", "w"), "reference": lambda x, w: (x * w).softmax(-1)}
GRADIENT_CASES = (Case("two vectors", lambda g: (torch.randn(4, generator=g), torch.randn(4, generator=g))),)


def test_gradients_under_a_random_upstream_are_compared():
    asked = exercise(**GRADIENTS, cases=GRADIENT_CASES)
    assert asked(lambda x, w: torch.softmax(x * w, 0)).passed
    cut = asked(lambda x, w: (x * w).softmax(-1).detach())
    assert cut.status == "wrong"
    assert "no gradient flows back" in cut.message
    half = asked(lambda x, w: (x * w.detach()).softmax(-1))
    assert "the gradient of w[0] is 0" in half.message
    # under .sum() the gradient of a softmax is 0 whatever its input: this one would not be noticed
    wrong = asked(lambda x, w: (x * w).softmax(-1).detach() + 0 * x * w)
    assert "gradient of x" in wrong.message


def test_a_gradient_mistake_is_named():
    mistake = Mistake("cut", lambda x, w: (x * w.detach()).softmax(-1), "You detached w.")
    asked = exercise(**GRADIENTS, cases=GRADIENT_CASES, mistakes=(mistake,))
    assert asked(lambda x, w: (w.detach() * x).softmax(-1)).hint == "You detached w."


# --- mistakes


def test_the_mistake_that_fits_best_is_named():
    mistakes = (
        Mistake(
            "first row", lambda x, scale: x.sum(-1) * 2 * (scale == 2), "You kept the scale of the example."
        ),
        Mistake("no scale", lambda x, scale: x.sum(-1), "You left out scale."),
        Mistake("wrong axis", lambda x, scale: x.sum(0) * scale, "You summed over the batch."),
        Mistake("in place", lambda x, scale: x.mul_(scale).sum(-1), "You scaled x itself."),
        Mistake("crash", lambda x, scale: x["a"], "x is no dict."),
    )
    asked = exercise(mistakes=mistakes)
    for mistake in mistakes:
        result = asked(mistake.wrong)
        assert result.hint == mistake.sentence
        assert f"Hint: {mistake.sentence}" in result.message


def test_of_two_mistakes_alike_on_one_input_the_one_alike_on_all_is_named():
    mistakes = (
        Mistake("power", lambda x, n: x**2, "You squared."),
        Mistake("times two", lambda x, n: x * 2, "You doubled."),
    )
    asked = exercise(
        reference=lambda x, n: x + n,
        cases=(
            Case("two", lambda g: (torch.tensor([2.0]), 5)),
            Case("random", lambda g: (torch.randn(3, generator=g), 1)),
        ),
        mistakes=mistakes,
    )
    assert asked(lambda x, n: x + x).hint == "You doubled."
    assert asked(lambda x, n: x * x).hint == "You squared."


def test_a_judges_sentence_is_what_is_said():
    def judge(got, wanted, args):
        return None if sorted(got) == sorted(wanted) else "Some items are lost."

    asked = one_case([1, 2, 3], judge=judge)
    assert asked(lambda: [3, 1, 2]).passed
    assert "Some items are lost." in asked(lambda: [1, 2]).message
    assert "of another form" in asked(lambda: 7).message  # sorted(7) fails: not our fault


# --- classes, keyword arguments, blanks


def test_a_class_is_checked_through_call():
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


def test_arguments_by_keyword():
    asked = exercise(
        cases=(Case("by name", lambda g: Args((torch.ones(2, 3),), {"scale": 4})),), variants=("float64",)
    )
    assert asked(right).passed
    assert "scale = 4" in asked(lambda x, scale: x).message


def test_a_blank_is_not_attempted_and_a_librarys_refusal_is_a_crash():
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
def test_what_is_no_function_is_told(answer):
    result = exercise()(answer)
    assert result.status == "wrong"
    assert "check.rows(rows)" in result.message


@pytest.mark.parametrize("answer", [lambda x: x, lambda: 0, lambda x, scale, more: x, lambda *, a, b: a])
def test_a_signature_that_does_not_fit_is_told(answer):
    result = exercise()(answer)
    assert result.status == "wrong"
    assert "is called with (x, scale), yours takes (" in result.message


# --- speed, seeds, our own faults, strictness


def test_an_answer_much_slower_than_the_reference_is_too_slow():
    def looped(x, scale):
        total = torch.zeros(x.shape[:-1])
        for column in range(x.shape[-1]):
            total = total + x[..., column]
        return total * scale

    mistake = Mistake("loop", looped, "You add column by column.")
    case = Case("wide", lambda g: (torch.ones(2, 20_000), 2), timed=True)
    asked = exercise(cases=(case,), slow_factor=20, mistakes=(mistake,), variants=(), time_limit=5.0)
    result = asked(looped)
    assert result.status == "too slow"
    assert "times as slow as need be" in result.message
    assert result.hint == "You add column by column."
    assert asked(right).passed


def test_random_cases_follow_the_seed():
    seen = []
    asked = exercise(cases=(Case("random", lambda g: (torch.randn(3, 4, generator=g), 1)),), variants=())

    def answer(x, scale):
        seen.append(x)
        return x

    first, again, other = (asked(answer, seed=seed) for seed in (5, 5, 6))
    assert torch.equal(seen[0], seen[1])
    assert not torch.equal(seen[0], seen[2])
    assert (first.seed, other.seed) == (5, 6)
    assert first.message.splitlines()[1:3] == again.message.splitlines()[1:3]


def test_the_seed_is_printed_where_it_matters():
    def wrong_on_random(x, scale):
        return right(x, scale) + (x.dim() == 3)

    message = exercise()(wrong_on_random, seed=4).message
    assert "check.rows(rows, seed=4)" in message
    assert "seed" not in exercise()(lambda x, scale: x).message


@pytest.mark.parametrize(
    "broken",
    [
        {"reference": lambda x, scale: 1 / 0},
        {"cases": (Case("broken", lambda g: 1 / 0),)},
        {"judge": lambda got, wanted, args: 1 / 0},
        {"gradient": True, "reference": lambda x, scale: x.detach()},
    ],
)
def test_our_own_fault_is_said_to_be_ours(broken):
    result = exercise(**broken)(lambda x, scale: x)
    assert result.status == "crashed"
    assert "the course's fault, not yours" in result.message


def test_the_first_hint_comes_when_an_answer_fails_again():
    asked = exercise(id="09.8")
    first, second = (asked(lambda x, scale: x) for _ in range(2))
    assert "mmcourse hint 09.8" in first.message
    assert asked.hints[0] not in first.message
    assert f"First hint: {asked.hints[0]}" in second.message
    asked(right)
    assert asked.hints[0] not in asked(lambda x, scale: x).message


@pytest.mark.parametrize("variable", ["MMCOURSE_STRICT", "NBGRADER_EXECUTION"])
def test_where_a_grade_hangs_on_it_only_correct_passes(variable, monkeypatch):
    monkeypatch.setenv(variable, "1")
    assert exercise()(right).passed
    with pytest.raises(NotPassed, match=r"09.3 rows: wrong"):
        exercise()(lambda x, scale: x)


# --- declarations and results


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "9.3"}, "id must look like"),
        ({"name": "two words"}, "name must be a Python name"),
        ({"difficulty": 4}, "difficulty must be 1, 2 or 3, got 4"),
        ({"minutes": 0}, "minutes must be at least 1"),
        ({"hints": ("only one?",)}, "at least two hints are needed, got 1"),
        ({"hints": "a bare string"}, "at least two hints are needed"),
        ({"hints": ("one", " ")}, "at least two hints are needed, got 1"),
        ({"hints": ("same", "same")}, "two hints are the same"),
        ({"cases": ()}, "at least one case"),
        ({"cases": (Case("a", right), Case("a", right))}, "two cases have the same name"),
        (
            {"mistakes": (Mistake("a", right, "b"), Mistake("a", right, "c"))},
            "two mistakes have the same name",
        ),
        ({"variants": ("float16",)}, "variants must be among"),
        ({"tolerance": -1}, "tolerance must not be negative"),
        ({"time_limit": 0}, "time_limit must be above 0"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(changes, words):
    with pytest.raises(ValueError, match=r"exercise .*: ") as caught:
        exercise(**changes)
    assert words in str(caught.value)


@pytest.mark.parametrize("status", STATUSES)
def test_a_result_is_text_box_and_data(status):
    result = Result("09.3", "rows", status, "Because <b>.", ("a < b", "c"), answer="abc")
    bundle = result._repr_mimebundle_()
    assert bundle["text/plain"] == result.message == repr(result)
    assert result.passed is bool(result) is (status == "correct")
    assert "a &lt; b" in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]
    assert "var(--jp-" in bundle["text/html"]
    assert bundle[MIME] == {"id": "09.3", "status": status, "answer": "abc"}


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="status must be one of"):
        replace(Result("09.3", "rows", "wrong", ""), status="fine")
