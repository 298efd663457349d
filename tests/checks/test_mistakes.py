"""A known mistake is named where it explains the answer, and not where it fits by chance."""

import pytest
import torch

from mmcourse.checks import Case, Mistake

HALF = "You halved it."


def share(x, scale):
    return (x > 0).float().mean().item()


@pytest.fixture
def scalar(exercise):
    """Makes an exercise that wants a number, with a mistake that gives a Python float."""
    mistake = Mistake("half", lambda x, scale: share(x, scale) / 2, HALF)
    return exercise(reference=share, mistakes=(mistake,), variants=(), exact_dtype=False)


@pytest.mark.parametrize(
    "form",
    [
        float,
        torch.tensor,
        lambda x: torch.tensor(x, dtype=torch.float64),
        lambda x: torch.tensor(x).numpy()[()],
    ],
)
def test_a_number_is_a_number_in_whatever_form(scalar, form):
    assert scalar(lambda x, scale: form(share(x, scale) / 2)).hint == HALF


def test_an_agreement_on_one_small_input_names_nothing(exercise):
    mistake = Mistake("square", lambda x, scale: x.sum(-1) ** scale, "You took a power.")
    asked = exercise(
        cases=(
            Case("chance", lambda g: (torch.tensor([[2.0]]), 1)),
            *(Case(f"random {n}", lambda g: (torch.rand(2, 4, generator=g), 3)) for n in range(3)),
        ),
        reference=lambda x, scale: x.sum(-1) * scale + 1,
        mistakes=(mistake,),
    )
    assert asked(lambda x, scale: x.sum(-1) * scale).hint != mistake.sentence
    assert asked(lambda x, scale: x.sum(-1).pow(scale)).hint == mistake.sentence


@pytest.mark.parametrize("entries", [1, 2])
@pytest.mark.parametrize("spoil", [lambda x: 3 * x, lambda x: x + 3])
def test_a_factor_or_an_offset_needs_three_entries(one_case, entries, spoil):
    wanted = torch.tensor([1.0, 2.0, 5.0])
    assert one_case(wanted)(lambda: spoil(wanted)).hint
    assert not one_case(wanted[:entries])(lambda: spoil(wanted[:entries])).hint


def test_outputs_are_tried_on_all_inputs_before_any_gradient(exercise):
    """Right on the first, special input, but not its gradient; the next output is wrong."""
    asked = exercise(
        parameters=("x",),
        reference=lambda x: x**2,
        cases=(
            Case("special", lambda g: torch.ones(3)),
            Case("random", lambda g: torch.rand(3, generator=g) + 2),
        ),
        gradient=True,
    )
    result = asked(lambda x: x)
    assert "random" in result.message
    assert "the output is right" not in result.message.lower()


def test_numpy_under_a_gradient_gets_a_word_on_why(exercise):
    asked = exercise(parameters=("x",), reference=lambda x: x**2, gradient=True,
                     cases=(Case("three", lambda g: torch.arange(1.0, 4)),))  # fmt: skip
    crashed = asked(lambda x: torch.from_numpy(x.numpy() ** 2))
    assert crashed.status == "crashed"
    assert "The output is right, but with inputs that require a gradient" in crashed.message
    assert "Stay in torch" in crashed.hint
    assert "x.numpy()" in crashed.message  # the learner's own line
    cut = asked(lambda x: torch.tensor((x**2).tolist(), dtype=x.dtype))
    assert cut.status == "wrong"
    assert "could be trained" in cut.message
    assert "Stay in torch" in cut.hint


def test_a_change_in_place_that_breaks_the_gradient_is_not_blamed_on_numpy(exercise):
    def halved(x):
        grown = x.exp()
        return grown.mul_(0.5)  # exp needs its own result again to find its slope

    asked = exercise(parameters=("x",), reference=lambda x: x.exp() / 2, gradient=True,
                     cases=(Case("three", lambda g: torch.arange(1.0, 4)),))  # fmt: skip
    result = asked(halved)
    assert result.status == "crashed"
    assert "changed a tensor in place" in result.hint
    assert "NumPy" not in result.hint


def test_results_in_another_order_are_seen(one_case):
    wanted = (torch.ones(3, 2), torch.zeros(2, 2))
    assert "another order" in one_case(wanted)(lambda: wanted[::-1]).hint


def test_memory_that_was_never_written_is_named(exercise):
    asked = exercise(reference=lambda x, scale: torch.zeros_like(x))
    assert "torch.empty" in asked(lambda x, scale: torch.empty_like(x).fill_(7)).hint


def test_a_crash_on_the_first_input_with_more_axes_says_so(exercise):
    asked = exercise()
    result = asked(lambda x, scale: torch.stack([row @ torch.ones(x.shape[1]) for row in x]) * scale)
    assert "a random batch" in result.message
    assert "Count axes from the end" in result.hint


def test_a_list_gets_advice_that_fits_what_is_in_it(one_case):
    asked = one_case(torch.zeros(2))
    assert "torch.tensor" in asked(lambda: [0, 0]).hint
    assert "torch.stack" in asked(lambda: [torch.zeros(()), torch.zeros(())]).hint


def test_the_first_hint_does_not_stand_below_a_named_mistake(exercise):
    asked = exercise(id="09.7", mistakes=(Mistake("row", lambda x, scale: x.sum(-1), "You left out scale."),))
    for _ in range(3):
        result = asked(lambda x, scale: x.sum(-1))
    assert result.hint == "You left out scale."
    assert asked.hints[0] not in result.message


def test_a_stub_above_finished_code_is_pointed_out(exercise):
    def left(x, scale):
        """Docstring."""
        raise NotImplementedError("09.3: sum the rows")
        return x.sum(-1) * scale

    def blank(x, scale):
        """Docstring."""
        raise NotImplementedError("09.3: sum the rows")

    assert exercise()(left).status == exercise()(blank).status == "not attempted"
    assert "delete it" in exercise()(left).message
    assert "delete it" not in exercise()(blank).message


def test_a_judge_is_quoted_as_it_writes(one_case):
    asked = one_case([1], judge=lambda got, wanted, args: "dB_of is gone: was it here?")
    assert "wrong. dB_of is gone: was it here?\n" in asked(lambda: [1]).message


def test_a_scaled_tolerance_is_a_share_of_the_largest_entry(one_case):
    wanted = torch.tensor([0.0, 1000.0])
    nearly = wanted + 0.5
    assert one_case(wanted, tolerance=1e-3, scaled=True)(lambda: nearly).passed
    assert not one_case(wanted, tolerance=1e-3)(lambda: nearly).passed
    assert not one_case(wanted, tolerance=1e-3, scaled=True)(lambda: wanted + 2).passed
