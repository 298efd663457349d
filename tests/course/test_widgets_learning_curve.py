"""The learning-curve panel: figures follow each other while it trains, and every dial trains anew."""

import matplotlib.pyplot as plt
import pytest
import torch

from mmcourse.training import History
from mmcourse.widgets import learning_curve_panel
from mmcourse.widgets.learning_curve import EPOCHS, FRAMES, draw_training, learn
from mmcourse.widgets.moons import PointNetwork, two_moons


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setenv("MMCOURSE_QUIET", "1")


def test_figures_follow_each_other_in_one_place(shown, monkeypatch):
    monkeypatch.delenv("MMCOURSE_QUIET")
    learning_curve_panel()
    assert shown.places == 1
    assert len(set(shown.images)) == FRAMES
    assert all(picture.startswith(b"\x89PNG") for picture in shown.images)


def test_a_quiet_notebook_stores_one_picture_of_the_whole_training(shown, monkeypatch):
    learning_curve_panel()
    assert (shown.places, len(shown.images)) == (1, 1)
    monkeypatch.delenv("MMCOURSE_QUIET")
    learning_curve_panel()
    assert shown.images[0] == shown.images[-1]


@pytest.mark.parametrize(
    ("words", "value"),
    [("training examples", 100), ("width of the network", 8), ("dropout", 0.5), ("weight decay", 2.0)],
)
def test_each_control_trains_anew(shown, words, value):
    learning_curve_panel()
    shown.controls[words].value = value
    assert shown.places == 1
    assert len(set(shown.images)) == 2


def train(**changes):
    usual = {"examples": 40, "hidden": 64, "dropout": 0.0, "weight_decay": 0.0}
    return learn(plt.close, **(usual | changes))


def test_few_examples_are_learnt_by_heart_and_more_of_them_cure_it(shown):
    few, many = train(), train(examples=400)
    assert len(few.val_loss) == EPOCHS
    assert few.train_loss[-1] < 0.1
    assert few.val_loss[-1] > 2 * min(few.val_loss)
    assert many.val_loss[-1] < 0.5 * few.val_loss[-1]
    assert train().val_loss == few.val_loss


def test_the_figure_shows_the_history_and_the_models_answer():
    train_set, model = two_moons(20, 0), PointNetwork(4)
    history = History(train_loss=[0.7, 0.5, 0.4], val_loss=[0.7, 0.4, 9.0], val_accuracy=[0, 0, 0])
    fig = draw_training(history, model, train_set, epochs=EPOCHS)
    curve, plane = fig.axes
    plt.close(fig)
    assert [line.get_ydata().tolist() for line in curve.lines[:2]] == [history.train_loss, history.val_loss]
    assert curve.get_title() == "validation is best after epoch 2: 0.40 nats"
    assert max(text.xy[1] for text in curve.texts) <= curve.get_ylim()[1] + 0.2  # the loss of 9 as well
    answer = torch.as_tensor(plane.images[0].get_array())
    low = torch.tensor([[-2.0, -1.6]])
    want = model.eval()({"point": low}).softmax(dim=-1)[0, 1]
    assert answer[0, 0].item() == pytest.approx(want.item(), abs=1e-6)
    assert sum(len(line.get_xdata()) for line in plane.lines) == 20


def test_the_moons_are_a_class_each_and_overlap_with_noise():
    clean = two_moons(200, 3, noise=0.0)
    assert clean["label"].tolist() == [0, 1] * 100
    upper = clean["point"][clean["label"] == 0]
    torch.testing.assert_close(upper.norm(dim=1), torch.ones(100))
    lower = clean["point"][clean["label"] == 1]
    torch.testing.assert_close((lower - torch.tensor([1.0, 0.5])).norm(dim=1), torch.ones(100))
    apart = two_moons(5000, 3)["point"] - two_moons(5000, 3, noise=0.0)["point"]
    assert apart.std().item() == pytest.approx(0.3, rel=0.05)
