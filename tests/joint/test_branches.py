"""Learning rates by branch: the groups, their rates over time, and what cannot be asked for."""

import pytest
import torch

from mmcourse.joint import per_branch
from mmcourse.training import Callback, fit
from tests.joint.toys import Hear, batches, make_model


class Rates(Callback):
    def __init__(self):
        self.seen = []

    def on_step(self, run):
        self.seen.append([group["lr"] for group in run.optimiser.param_groups])


def test_groups_hold_every_parameter_once():
    model = make_model()
    image, speech = model.encoders.values()
    optimiser = per_branch({image: 0.5, speech: 2.0}, weight_decay=0.1)(model.parameters(), lr=0.1)
    rest, first, second = (group["params"] for group in optimiser.param_groups)
    assert [group["lr"] for group in optimiser.param_groups] == [0.1, 0.05, 0.2]
    assert [id(p) for p in first] == [id(p) for p in image.parameters()]
    assert {id(p) for p in rest + first + second} == {id(p) for p in model.parameters()}
    assert len(rest + first + second) == len(list(model.parameters()))
    assert all(group["weight_decay"] == 0.1 for group in optimiser.param_groups)


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", "constant"])
def test_schedules_keep_the_ratio_and_the_history_the_main_rate(schedule):
    model, rates = make_model(), Rates()
    optimiser = per_branch({model.encoders.image: 0.25}, torch.optim.SGD, momentum=0.9)
    options = {"learning_rate": 0.04, "optimiser": optimiser, "schedule": schedule, "callbacks": [rates]}
    history = fit(model, batches(), batches(seed=1), epochs=2, seed=0, loss=joint, **options)
    for main, image in rates.seen:
        assert image == pytest.approx(main / 4)
    assert 0.03 < max(history.learning_rate) <= 0.04  # ten steps may pass by the peak


def joint(logits, labels):
    return torch.nn.functional.cross_entropy(logits[:, :3], labels)


def test_a_factor_0_freezes_a_branch_and_1_changes_nothing():
    plain, same, frozen = (make_model() for _ in range(3))
    before = frozen.encoders.image.linear.weight.clone()
    options = {"epochs": 2, "seed": 0, "loss": joint, "learning_rate": 0.05}
    fit(plain, batches(), batches(seed=1), **options)
    fit(same, batches(), batches(seed=1), optimiser=per_branch({same.encoders.image: 1.0}), **options)
    fit(frozen, batches(), batches(seed=1), optimiser=per_branch({frozen.encoders.image: 0.0}), **options)
    for name, value in plain.state_dict().items():
        torch.testing.assert_close(same.state_dict()[name], value, rtol=0, atol=0, msg=name)
    assert torch.equal(frozen.encoders.image.linear.weight, before)
    assert not torch.equal(plain.encoders.image.linear.weight, before)


def test_what_does_not_fit_is_named():
    model = make_model()
    with pytest.raises(ValueError, match="must be 0 or more, got -1 for See"):
        per_branch({model.encoders.image: -1})
    with pytest.raises(ValueError, match="a Hear has parameters that are not the model's"):
        per_branch({Hear(): 2.0})(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="each once"):
        per_branch({model.encoders: 2.0, model.encoders.image: 3.0})(model.parameters(), lr=0.1)
