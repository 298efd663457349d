"""Evaluation: predictions in order, and counts as scikit-learn's."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from mmcourse.evaluation import accuracy, confusion_counts, predict
from mmcourse.training import Batches
from tests.training.toys import Toy, make_table


def test_predictions_keep_the_order_and_pass_options_on():
    table, model = make_table(33), Toy()
    logits, labels = predict(model, Batches(table, 8))
    assert torch.equal(labels, table["label"])
    torch.testing.assert_close(logits, model.eval()(table).detach())
    torch.testing.assert_close(predict(model, Batches(table, 8), negative=True)[0], -logits)


def test_accuracy_and_confusions_agree_with_scikit_learn():
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(50, 4, generator=generator)
    labels = torch.randint(3, (50,), generator=generator)  # the last class never is true
    called = scores.argmax(-1)
    assert accuracy(scores, labels) == pytest.approx((called == labels).double().mean().item())
    np.testing.assert_array_equal(
        confusion_counts(labels, called, 4), confusion_matrix(labels, called, labels=range(4))
    )


@pytest.mark.parametrize("labels", [torch.zeros(3, dtype=int), torch.zeros(0, dtype=int)])
def test_accuracy_needs_a_label_an_example(labels):
    with pytest.raises(ValueError, match="one label an example"):
        accuracy(torch.zeros(len(labels) and 2, 4), labels)
