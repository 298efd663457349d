"""What a lesson may claim, and what a learner reads when it does not hold."""

import numpy as np
import pytest
import torch

from mmcourse.claims import ClaimFailed, claim, measured_on
from mmcourse.errors import CourseError

TRUE = [True, np.True_, np.array(True), torch.tensor(True), torch.tensor([1, 2]).gt(0).all()]
FALSE = [False, np.False_, np.array(False), torch.tensor(False), torch.tensor([1, 2]).gt(1).all()]


@pytest.fixture(autouse=True)
def at_home():
    """Whatever a test measures on, the next one starts as a lesson does."""
    yield
    measured_on("digits")


@pytest.mark.parametrize("truth", TRUE, ids=repr)
def test_a_true_claim_prints_one_line(truth, capsys):
    claim("two senses beat one", truth)
    assert capsys.readouterr().out == "✓ two senses beat one\n"


@pytest.mark.parametrize("truth", FALSE, ids=repr)
def test_a_false_claim_stops_the_notebook_with_its_sentence(truth, capsys):
    with pytest.raises(ClaimFailed, match=r"does not bear out: “two senses beat one”.*run all cells"):
        claim("two senses beat one", truth)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "truth",
    [1, 0.7, "True", None, [True], np.array([True]), torch.tensor([True]), torch.tensor(1), np.int64(1)],
    ids=repr,
)
def test_anything_but_one_truth_value_is_refused(truth, capsys):
    with pytest.raises(TypeError, match="needs one True or False, got"):
        claim("two senses beat one", truth)
    assert capsys.readouterr().out == ""


def test_the_refusal_names_the_shape():
    with pytest.raises(TypeError, match=r"got Tensor of shape \(3,\) and type torch.bool.*\.all\(\)"):
        claim("all are right", torch.tensor([True, True, False]))


@pytest.mark.parametrize("sentence", ["", "  ", "two\nlines", None])
def test_a_claim_is_one_line_of_words(sentence):
    with pytest.raises(ValueError, match="one line of words"):
        claim(sentence, True)


def test_jupyter_shows_the_sentence_and_no_folder():
    shown = ClaimFailed("this run does not bear out: “a”")._render_traceback_()
    assert shown == ["ClaimFailed: this run does not bear out: “a”"]


@pytest.mark.parametrize("truth", FALSE, ids=repr)
def test_on_other_data_a_false_claim_is_marked_and_the_notebook_goes_on(truth, capsys):
    measured_on("mnist-fsdd")
    capsys.readouterr()
    claim("two senses beat one", truth)
    claim("one beats none", True)
    said = capsys.readouterr().out
    assert said == "✗ does not hold on mnist-fsdd: two senses beat one\n✓ one beats none\n"


def test_other_data_are_announced_and_the_lessons_own_are_not(capsys):
    measured_on("digits")
    assert capsys.readouterr().out == ""
    measured_on("mnist-fsdd")
    assert capsys.readouterr().out == (
        "The text was written for all of digits. Below, ✓ holds on mnist-fsdd too, and ✗ does not.\n"
    )


@pytest.mark.parametrize(
    ("dataset", "where"),
    [("digits", "with at most 1,300 examples"), ("mnist-fsdd", "on mnist-fsdd with at most 1,300 examples")],
)
def test_with_fewer_examples_a_false_claim_is_marked_too(dataset, where, capsys):
    measured_on(dataset, 1300)
    assert f"Below, ✓ holds {where} too" in capsys.readouterr().out
    claim("two senses beat one", False)
    assert capsys.readouterr().out == f"✗ does not hold {where}: two senses beat one\n"


def test_back_on_the_lessons_own_data_a_false_claim_stops_again():
    measured_on("mnist-fsdd")
    measured_on("digits")
    with pytest.raises(ClaimFailed):
        claim("two senses beat one", False)


def test_on_other_data_a_figure_is_refused_as_well():
    measured_on("mnist-fsdd")
    with pytest.raises(TypeError, match="needs one True or False"):
        claim("two senses beat one", 0.7)


def test_a_data_set_that_there_is_none_of_is_refused_and_nothing_changes():
    with pytest.raises(CourseError, match=r"There is no data set 'mnist'.*mnist-fsdd"):
        measured_on("mnist")
    with pytest.raises(ClaimFailed):
        claim("two senses beat one", False)
