"""Prototypes of one sense name what the other shows, classes that no training pair was of among them."""

import pytest
import torch

from mmcourse.colearning import prototypes, zero_shot_logits
from mmcourse.metrics import accuracy

AXES = torch.eye(3)


def test_a_prototype_is_the_mean_direction():
    rows = torch.tensor([[2.0, 0, 0], [0, 5, 0], [0, 0, 1], [0, 0, 9]])
    got = prototypes(rows, torch.tensor([0, 0, 1, 1]), 2)
    torch.testing.assert_close(got, torch.tensor([[0.5**0.5, 0.5**0.5, 0], [0, 0, 1]]))


def test_logits_are_cosines_times_the_scale_and_name_the_nearest_class():
    picture = torch.tensor([[0.0, 3.0, 0.4], [0.1, 0.0, 7.0]])
    logits = zero_shot_logits(picture, AXES, torch.tensor(2.0))
    torch.testing.assert_close(
        logits, torch.e**2 * torch.nn.functional.cosine_similarity(picture[:, None], AXES[None], dim=-1)
    )
    assert accuracy(logits, torch.tensor([1, 2])) == 1
    torch.testing.assert_close(zero_shot_logits(9 * picture, AXES, 2.0), logits)


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"each of the 3 classes needs an example; none is of \[1\]"):
        prototypes(AXES, torch.tensor([0, 2, 2]), 3)
    with pytest.raises(ValueError, match="the highest label is 2"):
        prototypes(AXES, torch.tensor([0, 1, 2]), 2)
    with pytest.raises(ValueError, match="have 2 features and prototypes 3"):
        zero_shot_logits(torch.ones(4, 2), AXES)
