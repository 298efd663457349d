"""A run that was interrupted and goes on equals one that was not: to the bit, whatever it is made of."""

import functools
import tempfile

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from mmcourse import data, metrics
from mmcourse.training import Batches, Callback, Checkpoints, Interrupted, fit
from tests.training.toys import Stop, Toy, differences, last_state, make_table

EPOCHS = 3


class Normed(nn.Module):
    """Batch norm and dropout: running means, and random numbers in each step."""

    def __init__(self, features=6):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 3)
        )

    def forward(self, batch):
        return self.layers(batch["x"])


class Listener(Normed):
    """The same on the mean and spread of clips, as the course's loader gives them."""

    def __init__(self):
        super().__init__(features=2)

    def forward(self, batch):
        sums = torch.stack([batch["speech"].sum(1), batch["speech"].square().sum(1)], dim=1)
        return self.layers(sums / batch["lengths"][:, None])


class Clips(Dataset):
    """Clips of uneven lengths with noise drawn anew for each look at them, from torch's random numbers."""

    lengths = torch.arange(5, 25)

    def __len__(self):
        return len(self.lengths)

    def __getitem__(self, row):
        speech = torch.full((int(self.lengths[row]),), float(row % 3)) + torch.rand(1)
        names = {key: str(row) for key in ("speaker", "image_id", "speech_id")}
        return {"image": torch.zeros(1, 2, 2), "speech": speech, "label": row % 3, **names}


class Noisy(Dataset):
    """Rows of a table with noise from torch's random numbers."""

    table = make_table(22)

    def __len__(self):
        return len(self.table["label"])

    def __getitem__(self, row):
        return {"x": self.table["x"][row] + torch.rand(6), "label": self.table["label"][row]}


def shuffled():
    return Batches(make_table(22), 4, seed=1)


def loud():
    table = make_table(22)
    return Batches({**table, "x": 500 * table["x"]}, 4, seed=1)  # gradients too large for float16


def augmented():
    return DataLoader(Noisy(), 4, shuffle=True)  # its order is drawn from torch's own random numbers too


def clips(**options):
    return lambda: data.loader(Clips(), 4, seed=3, **options)


# what gives the batches, and what `fit` is told
CASES = {
    "plain": (shuffled, {}),
    "accumulate": (shuffled, {"accumulate": 4}),
    "cosine": (shuffled, {"schedule": "cosine", "warmup": 0.3}),
    "constant": (shuffled, {"schedule": "constant"}),
    "function": (shuffled, {"schedule": lambda step, steps: 1 - step / steps}),
    "bfloat16": (shuffled, {"precision": "bfloat16"}),
    "float16": (loud, {"precision": "float16", "accumulate": 2}),
    "stops early": (
        shuffled,
        {"patience": 1, "learning_rate": 1e-6, "monitor": "F1", "metrics": {"F1": metrics.F1(3)}},
    ),
    "best weights": (shuffled, {"patience": 2, "learning_rate": 0.5}),
    "momentum": (shuffled, {"optimiser": functools.partial(torch.optim.SGD, momentum=0.9)}),
    "random data": (augmented, {}),
    "random data, accumulate": (augmented, {"accumulate": 4}),
    "loader": (clips(), {}),
    "loader, bucketed": (clips(bucketed=True), {"accumulate": 2}),
}


def run(name, folder, stop=None, callback=None):
    """Train, or go on; return the history, or None where it was interrupted, and the model."""
    make, options = CASES[name]
    train = make()
    torch.manual_seed(0)
    model = Listener() if isinstance(getattr(train, "dataset", None), Clips) else Normed()
    val = make() if isinstance(model, Listener) else Batches(make_table(20, seed=1), 8)
    options = {"learning_rate": 0.02, **options, "checkpoints": folder}
    callbacks = [callback or Stop(stop)] if callback or stop else []
    torch.manual_seed(99 if callbacks else 7)  # what the caller's random numbers are must not matter
    try:
        history = fit(model, train, val, epochs=EPOCHS, seed=5, callbacks=callbacks, **options)
    except Interrupted:
        history = None
    return history, model


@functools.cache
def whole(name):
    """The uninterrupted run: history, weights, and its last checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        history, model = run(name, folder)
        return history, model.state_dict(), last_state(folder)


def need_the_same(name, folder, history, model):
    want, weights, state = whole(name)
    assert differences(state, last_state(folder)) == []
    assert differences(weights, model.state_dict()) == []
    assert differences({**vars(want), "seconds": 0}, {**vars(history), "seconds": 0}) == []


@pytest.mark.parametrize("stop", range(1, 6 * EPOCHS + 1))
def test_after_any_step(tmp_path, stop):
    assert run("plain", tmp_path, stop)[0] is None
    need_the_same("plain", tmp_path, *run("plain", tmp_path))


@pytest.mark.parametrize("name", CASES)
def test_after_every_step(tmp_path, name):
    steps = len(whole(name)[0].learning_rate)
    for step in range(1, steps + 1):
        assert run(name, tmp_path, step)[0] is None
    need_the_same(name, tmp_path, *run(name, tmp_path))


class Break(Callback):
    """Break off in a step of the second epoch."""

    def on_step(self, run):
        if run.epoch == 1:
            raise RuntimeError("broken")


@pytest.mark.parametrize("name", CASES)
def test_after_an_epoch(tmp_path, name):
    with pytest.raises(RuntimeError, match="broken"):
        run(name, tmp_path, callback=Break())
    assert last_state(tmp_path)["run"]["position"]["epoch"] == 1
    need_the_same(name, tmp_path, *run(name, tmp_path))


@pytest.mark.parametrize("stop", [2, 5, 8])
def test_with_loader_workers(tmp_path, stop):
    CASES["workers"] = clips(workers=2), {}
    assert run("workers", tmp_path, stop)[0] is None
    need_the_same("workers", tmp_path, *run("workers", tmp_path))
    assert differences(whole("workers")[1], whole("loader")[1]) != []  # workers draw noise of their own


def test_the_tests_would_see_other_random_numbers(tmp_path):
    """The noise and the dropout of these runs matter: with another seed they end elsewhere."""
    for name in ("plain", "random data"):
        _, model = run(name, tmp_path / name)
        make, options = CASES[name]
        torch.manual_seed(0)
        other = Normed()
        val = Batches(make_table(20, seed=1), 8)
        fit(other, make(), val, epochs=EPOCHS, seed=6, learning_rate=0.02, **options)
        assert differences(model.state_dict(), other.state_dict())


def test_early_stopping_is_among_what_is_tested():
    history, weights, state = whole("stops early")
    assert history.stopped
    assert len(history.val_loss) < EPOCHS
    assert differences(state["run"]["model"], weights), "the best weights are those of the last epoch"


def test_skipped_steps_of_float16_are_among_what_is_tested():
    state = whole("float16")[2]["run"]
    assert state["scaler"]["scale"] < 2**16
    assert state["schedule"]["last_epoch"] < state["position"]["step"]


def test_a_finished_run_gives_its_history_at_once(tmp_path):
    first, model = run("plain", tmp_path)

    def refuse(batch):
        raise AssertionError("a step was taken")

    make, _ = CASES["plain"]
    again = Normed()
    again.register_forward_pre_hook(lambda module, batch: refuse(batch))
    val = Batches(make_table(20, seed=1), 8)
    history = fit(again, make(), val, epochs=EPOCHS, seed=5, learning_rate=0.02, checkpoints=str(tmp_path))
    assert history.val_loss == first.val_loss
    assert differences(model.state_dict(), again.state_dict()) == []
    assert history.seconds > first.seconds / 2


def test_saving_changes_nothing(tmp_path):
    plain = Toy()
    saved = Toy()
    train, val = (lambda: Batches(make_table(), 16, seed=0)), Batches(make_table(40, seed=1), 16)
    fit(plain, train(), val, epochs=2, seed=0)
    fit(saved, train(), val, epochs=2, seed=0, checkpoints=Checkpoints(tmp_path, every=1, minutes=1e-9))
    assert differences(plain.state_dict(), saved.state_dict()) == []
