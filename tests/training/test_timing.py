"""Timing: time that is spent in a part is found in that part, and the model is left as it was."""

import copy
import time

import pytest
import torch
from torch import nn

from mmcourse.training import Batches
from mmcourse.training.timing import Shares, where_time_goes
from tests.training.toys import Toy, make_table

PAUSE = 0.1  # far above what a step of the toy takes, on a busy machine too


class Slow:
    """Batches that take their time to come."""

    def __init__(self, count=4):
        self.batches = [make_table(5, seed) for seed in range(count)]

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        for batch in self.batches:
            time.sleep(PAUSE)
            yield batch


class Pausing(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, part):
        ctx.part = part
        time.sleep(PAUSE if part == "forward" else 0)
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        time.sleep(PAUSE if ctx.part == "backward" else 0)
        return gradient, None


class SlowModel(Toy):
    def __init__(self, part):
        super().__init__()
        self.part = part

    def forward(self, batch):
        return Pausing.apply(super().forward(batch), self.part)


class SlowStep(torch.optim.SGD):
    def step(self):
        time.sleep(PAUSE)
        super().step()


@pytest.mark.parametrize("part", ["loading", "forward", "backward", "step"])
def test_time_is_found_where_it_is_spent(part):
    batches = Slow() if part == "loading" else [make_table(5)]
    optimiser = SlowStep if part == "step" else None
    shares = where_time_goes(SlowModel(part), batches, steps=6, optimiser=optimiser)
    assert shares.parts[part] >= 6 * PAUSE
    assert max(shares.parts, key=shares.parts.get) == part
    assert shares.samples == 30
    assert shares.samples_a_second == pytest.approx(30 / shares.seconds)
    assert shares.bound_by == ("loading" if part == "loading" else "compute")


def test_a_table_says_it_all():
    text = str(Shares(loading=3.0, copying=0.0, forward=0.5, backward=0.4, step=0.1, samples=8000))
    assert text.splitlines() == [
        "loading      3.000 s   75%",
        "copying      0.000 s    0%",
        "forward      0.500 s   12%",
        "backward     0.400 s   10%",
        "step         0.100 s    2%",
        "2,000 samples a second, bound by loading",
    ]
    assert Shares(copying=2.0, forward=1.0).bound_by == "copying"


def test_operators_are_those_of_the_model(capfd):
    class Wide(Toy):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(nn.Linear(6, 512), nn.Linear(512, 512), nn.Linear(512, 3))

    shares = where_time_goes(Wide(), [make_table(64)], steps=3, operators=True)
    names = [name for name, _, _ in shares.operators]
    assert "aten::addmm" in names
    calls = {name: count for name, _, count in shares.operators}
    assert calls["aten::addmm"] == 9  # three layers, three steps
    seconds = [took for _, took, _ in shares.operators]
    assert seconds == sorted(seconds, reverse=True)
    assert "× aten::addmm" in str(shares)
    assert where_time_goes(Wide(), [make_table(64)], steps=1).operators == ()
    assert capfd.readouterr() == ("", "")  # the profiler's library has much to say where there is no GPU


def test_model_order_and_random_numbers_stay_as_they_were():
    model, batches = Toy(), Batches(make_table(20), 8, seed=3)
    state = copy.deepcopy(model.state_dict())
    want = [batch["x"] for batch in Batches(make_table(20), 8, seed=3)]
    torch.manual_seed(5)
    number = torch.rand(1)
    torch.manual_seed(5)
    where_time_goes(model.eval(), batches, steps=4)
    assert torch.equal(torch.rand(1), number)
    assert not model.training
    torch.testing.assert_close(model.state_dict(), state, rtol=0, atol=0)
    assert all(torch.equal(batch["x"], x) for batch, x in zip(batches, want, strict=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"batches": []}, "there are no batches"),
        ({"device": "cuda:99"}, "device 'cuda:99' is not there"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(change, words):
    with pytest.raises(ValueError, match=words):
        where_time_goes(Toy(), **{"batches": [make_table(5)], **change})
