"""A step that breaks the weights is noticed, be it the last of an epoch."""

import pytest
import torch

from mmcourse.training import Batches, Diverged, fit, validate
from tests.training.toys import Toy, make_table


def test_a_last_step_that_breaks_the_weights_is_said():
    train = Batches(make_table(20), 20)
    with pytest.raises(
        Diverged,
        match=r"validation batch 1: the logits of 8 of 8 examples are NaN.*tenth of the learning rate",
    ):
        fit(
            Toy(),
            train,
            Batches(make_table(8), 8),
            epochs=1,
            seed=0,
            learning_rate=1e38,
            optimiser=torch.optim.SGD,
            schedule="constant",
            warmup=0,
            max_norm=None,
        )


def test_one_broken_example_of_validation_is_said():
    table = make_table(10)
    table["x"][7, 0] = torch.nan
    with pytest.raises(Diverged, match=r"validation batch 2: the logits of 1 of 4 examples"):
        validate(Toy(), Batches(table, 4))
