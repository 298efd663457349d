"""What is wrong is found in order and named: type, dtype, shape, values, gradients, known mistakes."""

import pytest
import torch

from mmcourse.checks import Case, Mistake


def right(x, scale):
    return x.sum(-1) * scale


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, scale: None, "The function returned None"),
        (lambda x, scale: right(x, scale).tolist(), "Output is a list, wanted a tensor"),
        (lambda x, scale: right, "forget to call it"),
        (lambda x, scale: right(x, scale).double(), "dtype float64, wanted float32"),
        (lambda x, scale: right(x, scale).long(), "dtype int64, wanted float32"),
        (lambda x, scale: x.sum(-1, keepdim=True) * scale, "axis of size 1 too many"),
        (lambda x, scale: x.sum(0) * scale, "Output has shape [3], wanted [4]"),
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
def test_faults_are_named(exercise, answer, words):
    result = exercise()(answer)
    assert result.status in ("wrong", "crashed")
    assert words in result.message
    assert len(result.message.splitlines()) <= 12


@pytest.mark.parametrize(
    ("wanted", "got", "words"),
    [
        ([1, 2, 3], [1, 2], "has 2 items, wanted 3"),
        (
            torch.ones(2, 3).tril() > 0,
            (torch.ones(2, 3).tril() > 0).T,
            "another order: the numbers are right",
        ),
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
def test_differences_are_named(one_case, wanted, got, words):
    result = one_case(wanted)(lambda: got)
    assert result.status == "wrong"
    assert words in result.message


def test_values_within_tolerance_pass_and_beyond_do_not(one_case):
    loose = one_case(torch.tensor([1.0, 100.0]), tolerance=1e-3)
    assert loose(lambda: torch.tensor([1.001, 100.09])).passed
    assert not loose(lambda: torch.tensor([1.003, 100.0])).passed


GRADIENTS = {"gradient": True, "parameters": ("x", "w"), "reference": lambda x, w: (x * w).softmax(-1)}
GRADIENT_CASES = (Case("two vectors", lambda g: (torch.randn(4, generator=g), torch.randn(4, generator=g))),)


def test_gradients_under_a_random_upstream_are_compared(exercise):
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


def test_a_gradient_mistake_is_named(exercise):
    mistake = Mistake("cut", lambda x, w: (x * w.detach()).softmax(-1), "You detached w.")
    asked = exercise(**GRADIENTS, cases=GRADIENT_CASES, mistakes=(mistake,))
    assert asked(lambda x, w: (w.detach() * x).softmax(-1)).hint == "You detached w."


def test_the_mistake_that_fits_best_is_named(exercise):
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


def test_of_two_mistakes_alike_on_one_input_the_one_alike_on_all_is_named(exercise):
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


def test_a_judges_sentence_is_what_is_said(one_case):
    def judge(got, wanted, args):
        return None if sorted(got) == sorted(wanted) else "Some items are lost."

    asked = one_case([1, 2, 3], judge=judge)
    assert asked(lambda: [3, 1, 2]).passed
    assert "Some items are lost." in asked(lambda: [1, 2]).message
    assert "of another form" in asked(lambda: 7).message  # sorted(7) fails: not our fault


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("infinite", [float("inf"), -float("inf")])
def test_a_number_is_not_near_to_infinity(one_case, infinite, scaled):
    wanted = torch.tensor([1.0, infinite])
    asked = one_case(wanted, scaled=scaled)
    assert asked(lambda: wanted.clone()).passed
    assert not asked(lambda: torch.tensor([1.0, 7.0])).passed
    assert not asked(lambda: torch.tensor([1.5, infinite])).passed
    assert not asked(lambda: -wanted.abs() * torch.sign(wanted)).passed
    assert not one_case(infinite)(lambda: 7.0).passed
