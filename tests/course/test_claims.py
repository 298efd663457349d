"""What a lesson may claim, and what a learner reads when it does not hold."""

import numpy as np
import pytest
import torch

from mmcourse.claims import ClaimFailed, claim

TRUE = [True, np.True_, np.array(True), torch.tensor(True), torch.tensor([1, 2]).gt(0).all()]
FALSE = [False, np.False_, np.array(False), torch.tensor(False), torch.tensor([1, 2]).gt(1).all()]


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
