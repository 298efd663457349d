"""Speed, seeds, our own faults, grading, declarations, and what a result looks like."""

import re
from dataclasses import replace

import pytest
import torch

from mmcourse.checks import Case, Mistake, NotPassed
from mmcourse.checks.result import MIME, STATUSES, Result


def right(x, scale):
    return x.sum(-1) * scale


def test_an_answer_much_slower_than_the_reference_is_too_slow(exercise):
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


def test_random_cases_follow_the_seed(exercise):
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


def test_the_seed_is_printed_where_it_matters(exercise):
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
def test_our_own_fault_is_said_to_be_ours(exercise, broken):
    result = exercise(**broken)(lambda x, scale: x)
    assert result.status == "crashed"
    assert "the course's fault, not yours" in result.message


def test_the_first_hint_comes_when_an_answer_fails_again(exercise):
    asked = exercise(id="09.8")
    first, second = (asked(lambda x, scale: x) for _ in range(2))
    assert "mmcourse hint 09.8" in first.message
    assert asked.hints[0] not in first.message
    assert f"First hint: {asked.hints[0]}" in second.message
    asked(right)
    assert asked.hints[0] not in asked(lambda x, scale: x).message


@pytest.mark.parametrize("variable", ["MMCOURSE_STRICT", "NBGRADER_EXECUTION"])
def test_where_a_grade_hangs_on_it_only_correct_passes(exercise, variable, monkeypatch):
    monkeypatch.setenv(variable, "1")
    assert exercise()(right).passed
    with pytest.raises(NotPassed, match=r"09.3 rows: wrong"):
        exercise()(lambda x, scale: x)


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
def test_a_declaration_that_does_not_fit_is_refused(exercise, changes, words):
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


def test_rows_break_between_words_and_not_in_names():
    """JupyterLab's own style breaks a <pre> anywhere, fra|me_length."""
    box = Result("09.3", "rows", "wrong", "Because.", ("  tried   frame_length = 4",))._repr_html_()
    (style,) = re.findall(r'<pre style="([^"]*)"', box)
    assert {"word-break:normal", "overflow-wrap:anywhere"} <= set(style.split(";"))


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="status must be one of"):
        replace(Result("09.3", "rows", "wrong", ""), status="fine")
