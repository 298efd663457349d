"""The range test: an exponential rise that ends where the loss runs away, and leaves everything as it was."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mmcourse.training import Batches
from mmcourse.training.learning_rates import Range, learning_rate_range
from tests.training.toys import Toy, make_table


def batches(seed=0):
    return Batches(make_table(), 16, seed=seed)


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Linear(6, 3)

    def forward(self, batch):
        return self.layer(batch["x"])


def test_rates_rise_by_one_factor_and_steps_are_taken_at_them():
    table, model = make_table(20), Linear()
    seen = learning_rate_range(
        model, [table], low=1e-3, high=0.1, steps=5, seed=0, optimiser=torch.optim.SGD, max_norm=None
    )
    assert seen.learning_rates == pytest.approx([1e-3, 10**-2.5, 1e-2, 10**-1.5, 1e-1])
    by_hand = copy.deepcopy(model.layer)
    for rate, loss in zip(seen.learning_rates, seen.losses, strict=True):
        want = cross_entropy(by_hand(table["x"]), table["label"])
        assert loss == pytest.approx(want.item(), rel=1e-5)
        gradients = torch.autograd.grad(want, list(by_hand.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(by_hand.parameters(), gradients, strict=True):
                parameter -= rate * gradient


def test_the_smoothed_loss_is_a_running_mean():
    seen = learning_rate_range(Toy(), batches(), high=1e-2, steps=12, seed=0)
    for step, got in enumerate(seen.smoothed, start=1):
        weights = [0.9 ** (step - 1 - before) for before in range(step)]
        want = sum(w * loss for w, loss in zip(weights, seen.losses, strict=False)) / sum(weights)
        assert got == pytest.approx(want)


def test_it_ends_where_the_loss_runs_away():
    seen = learning_rate_range(Toy(), batches(), high=1e4, steps=200, seed=0, optimiser=torch.optim.SGD)
    assert len(seen.losses) < 200
    assert seen.smoothed[-1] > 4 * min(seen.smoothed)
    assert max(seen.smoothed[:-1]) <= 4 * min(seen.smoothed)


def test_it_ends_where_the_loss_is_no_number():
    class Bursting(Linear):
        calls = 0

        def forward(self, batch):
            self.calls += 1
            return super().forward(batch) * (math.nan if self.calls == 7 else 1)

    seen = learning_rate_range(Bursting(), batches(), seed=0)
    assert len(seen.losses) == len(seen.learning_rates) == 7
    assert math.isnan(seen.losses[-1])
    assert len(seen.smoothed) == 6


def test_the_suggestion_trains_well_and_is_a_tenth_of_the_lowest_point():
    assert Range([1.0, 10.0, 100.0], [3, 1, 2], [3, 1, 2]).suggestion == 1
    assert Range([1.0, 10.0], [1, 2], [1, 2]).suggestion is None
    assert Range([1.0], [math.nan], []).suggestion is None
    suggestion = learning_rate_range(Toy(dropout=0.0), batches(), seed=0, steps=60).suggestion
    assert 1e-3 < suggestion < 0.1


def test_model_order_and_random_numbers_stay_as_they_were():
    model, given = Toy().eval(), batches()
    model.layers[0].train()
    state, twin = copy.deepcopy(model.state_dict()), batches()
    next(iter(given))  # one epoch was begun before
    next(iter(twin))
    torch.manual_seed(5)
    want = torch.rand(3)
    torch.manual_seed(5)
    learning_rate_range(model, given, steps=8, seed=1)
    assert torch.equal(torch.rand(3), want)
    torch.testing.assert_close(model.state_dict(), state, rtol=0, atol=0)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert (model.training, model.layers[0].training, model.layers[3].training) == (False, True, False)
    for ours, theirs in zip(given, twin, strict=True):
        assert torch.equal(ours["x"], theirs["x"])


def test_the_same_seed_gives_the_same_losses():
    first, again, other = (learning_rate_range(Toy(), batches(), steps=8, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.losses != other.losses


def test_gradients_are_clipped_unless_they_shall_not_be():
    options = {"low": 1.0, "high": 2.0, "steps": 2, "seed": 0, "optimiser": torch.optim.SGD}
    table = make_table(20)
    table["x"] *= 100
    clipped = learning_rate_range(Linear(), [table], **options).losses[1]
    free = learning_rate_range(Linear(), [table], **options, max_norm=None).losses[1]
    assert clipped != free


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"low": 0.0}, ValueError, "rates must grow from above 0: got low 0.0 and high 1.0"),
        ({"low": 2.0}, ValueError, "got low 2.0 and high 1.0"),
        ({"high": math.inf}, ValueError, "and high inf"),
        ({"steps": 1}, ValueError, "steps must be at least 2, got 1"),
        ({"batches": []}, ValueError, "there are no batches"),
        ({"optimiser": torch.optim.SGD(Toy().parameters(), 1)}, TypeError, "give a function such as torch"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(change, error, words):
    with pytest.raises(error, match=words):
        learning_rate_range(Toy(), **{"batches": batches(), "seed": 0, **change})
