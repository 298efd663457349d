"""A run with any of the cures that was interrupted equals one that was not, to the bit."""

import functools
import tempfile

import pytest
import torch

from mmcourse.joint import GradientModulation, JointLoss, ModalityDropout, per_branch
from mmcourse.training import Interrupted, fit
from tests.joint.toys import CLASSES, batches, make_model
from tests.training.toys import Stop, differences, last_state

EPOCHS = 2


def plain(model):
    return {}


def modulated(model):
    return {"callbacks": [GradientModulation(dict(model.encoders.items()), epochs=1)]}


def by_branch(model):
    return {"optimiser": per_branch({model.encoders.image: 0.3, model.encoders.speech: 2.0})}


def momentum(model):
    optimiser = per_branch({model.encoders.image: 0.3}, torch.optim.SGD, momentum=0.9)
    return {"optimiser": optimiser, **modulated(model), "accumulate": 2}


CASES = {
    "auxiliary losses": (plain, False),
    "modality dropout": (plain, True),
    "modulation": (modulated, False),
    "learning rates": (by_branch, False),
    "all": (momentum, True),
}


def run(name, folder, stop=None):
    """Train, or go on; return the history, or None where it was interrupted, and the model."""
    make_options, dropping = CASES[name]
    model, train = make_model(), batches(20, shuffle=1)
    if dropping:
        train = ModalityDropout(train, 0.4, seed=2)
    options = {"loss": JointLoss(CLASSES, (1, 0.5, 0.5)), "learning_rate": 0.02, **make_options(model)}
    options["callbacks"] = [*options.get("callbacks", ()), *([Stop(stop)] if stop else [])]
    torch.manual_seed(99 if stop else 7)  # what the caller's random numbers are must not matter
    try:
        history = fit(model, train, batches(9, seed=1), epochs=EPOCHS, seed=5, checkpoints=folder, **options)
    except Interrupted:
        history = None
    return history, model


@functools.cache
def whole(name):
    with tempfile.TemporaryDirectory() as folder:
        history, model = run(name, folder)
        return history, model.state_dict(), last_state(folder)


@pytest.mark.parametrize("name", CASES)
def test_after_every_step(tmp_path, name):
    want, weights, state = whole(name)
    for step in range(1, len(want.learning_rate) + 1):
        assert run(name, tmp_path, step)[0] is None
    history, model = run(name, tmp_path)
    assert differences(state, last_state(tmp_path)) == []
    assert differences(weights, model.state_dict()) == []
    assert differences({**vars(want), "seconds": 0}, {**vars(history), "seconds": 0}) == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("stop", [1, 3, 4])
def test_after_one_step(tmp_path, name, stop):
    weights = whole(name)[1]
    assert run(name, tmp_path, stop)[0] is None
    assert differences(weights, run(name, tmp_path)[1].state_dict()) == []


def test_each_cure_matters_in_these_runs():
    ends = [whole(name)[1]["encoders.image.linear.weight"] for name in CASES]
    for place, one in enumerate(ends):
        assert not any(torch.equal(one, other) for other in ends[place + 1 :])
