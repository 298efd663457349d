"""Early stopping: waits as long as it was told, and gives the best weights back."""

import pytest
import torch

from mmcourse import metrics
from mmcourse.training import Batches, Callback, EarlyStopping, fit, validate
from tests.training.toys import Toy, differences, make_table

TRAIN, VAL = make_table(30), make_table(60, seed=1)


class Keep(Callback):
    """Copy the weights after each epoch."""

    def __init__(self):
        self.weights = []

    def on_epoch(self, run):
        self.weights.append({name: value.clone() for name, value in run.model.state_dict().items()})


def train(**options):
    model, keep = Toy(), Keep()
    history = fit(
        model,
        Batches(TRAIN, 8, seed=0),
        Batches(VAL, 20),
        **{
            "epochs": 60,
            "seed": 0,
            "learning_rate": 0.3,
            "schedule": "constant",
            "callbacks": [keep],
            **options,
        },
    )
    return model, history, keep.weights


@pytest.mark.parametrize(
    ("monitor", "best"), [("val_loss", min), ("val_accuracy", max), ("F1", max), ("calibration", min)]
)
def test_the_best_weights_come_back(monitor, best):
    measured = {"F1": metrics.F1(3), "calibration": metrics.CalibrationError()}
    model, history, weights = train(patience=4, monitor=monitor, metrics=measured)
    values = history.metrics[monitor] if monitor in measured else getattr(history, monitor)
    number = values.index(best(values))
    assert 0 <= number < len(values) - 1
    assert len(values) == number + 1 + 4
    assert differences(weights[number], dict(model.state_dict())) == []
    assert differences(weights[-1], dict(model.state_dict())) != []
    assert history.stopped == f"no better {monitor} than {best(values):.4g} in 4 epochs"


def test_the_measure_is_that_of_the_weights_that_came_back():
    model, history, _ = train(patience=2)
    assert validate(model, Batches(VAL, 20))[0] == min(history.val_loss)


def test_without_patience_it_goes_to_the_end_and_keeps_the_last():
    model, history, weights = train(epochs=5)
    assert len(history.val_loss) == 5
    assert history.stopped == ""
    assert differences(weights[-1], dict(model.state_dict())) == []


def test_patience_that_is_not_used_up_gives_the_best_too():
    model, history, weights = train(epochs=6, patience=50)
    assert history.stopped == ""
    number = history.val_loss.index(min(history.val_loss))
    assert differences(weights[number], dict(model.state_dict())) == []


def test_equal_is_not_better_and_nan_never_is():
    stopping = EarlyStopping(2)
    for value, done in [(1.0, False), (float("nan"), False), (0.5, False), (0.5, False), (0.6, True)]:
        stopping.update(value, {"w": torch.tensor(value)})
        assert stopping.done is done
    assert stopping.best == 0.5
    assert stopping.weights == {"w": torch.tensor(0.5)}
    only = EarlyStopping(1)
    only.update(float("nan"), {"w": torch.zeros(1)})
    assert only.done
    assert only.best is None


def test_weights_are_copied():
    model, stopping = Toy(), EarlyStopping(3)
    stopping.update(1.0, model.state_dict())
    before = model.layers[0].weight.detach().clone()
    with torch.no_grad():
        model.layers[0].weight.zero_()
    stopping.restore(model)
    assert torch.equal(model.layers[0].weight, before)


def test_a_table_cannot_be_monitored():
    with pytest.raises(TypeError, match=r"needs one number an epoch to monitor, got \[3, 3\]"):
        train(patience=2, monitor="confusion", metrics={"confusion": metrics.Confusion(3)})
