"""The learning rate of each step: as torch's schedules, for any number of steps."""

import pytest
import torch

from mmcourse.training import Batches, fit
from mmcourse.training.steps import make_schedule
from tests.training.toys import Toy, make_table


def rates(schedule, steps, warmup, lr=0.5, make=torch.optim.AdamW):
    optimiser = make([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler = make_schedule(schedule, optimiser, steps, warmup)
    seen = []
    for _ in range(steps):
        seen.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return seen


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 10, 11, 20, 97])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", "constant"])
def test_every_length_has_its_rates(schedule, steps, warmup):
    seen = rates(schedule, steps, warmup)
    assert len(seen) == steps
    assert all(0 <= rate <= 0.5 for rate in seen)
    top = seen.index(max(seen))
    assert seen[: top + 1] == sorted(seen[: top + 1])
    assert seen[top:] == sorted(seen[top:], reverse=True)


def test_a_rise_of_exactly_one_step_begins_low():
    assert rates("one_cycle", 10, 0.1)[0] == pytest.approx(0.5 / 25)
    assert rates("one_cycle", 10, 0.1)[1:] == pytest.approx(rates("one_cycle", 10, 0.1001)[1:], rel=1e-3)


def test_a_function_is_a_factor_of_the_highest_rate():
    assert rates(lambda step, total: 1 - step / total, 4, 0.0) == pytest.approx([0.5, 0.375, 0.25, 0.125])


def test_sgd_without_momentum_can_follow_one_cycle():
    assert max(rates("one_cycle", 30, 0.3, make=torch.optim.SGD)) == pytest.approx(0.5)


def test_the_history_has_the_rate_of_every_step():
    train = Batches(make_table(90), 16, seed=0)
    history = fit(Toy(), train, train, epochs=2, seed=0, learning_rate=0.01, schedule="cosine", accumulate=2)
    assert len(history.learning_rate) == 6
    assert history.learning_rate == pytest.approx(rates("cosine", 6, 0.1, lr=0.01))


@pytest.mark.parametrize("steps", [2, 10, 97])
def test_cosine_and_constant_are_torchs(steps):
    lr, rise = torch.optim.lr_scheduler, round(0.3 * steps)

    def torchs(make):
        optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        scheduler, seen = make(optimiser), []
        for _ in range(steps):
            seen.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            scheduler.step()
        return seen

    assert rates("cosine", steps, 0.0) == pytest.approx(torchs(lambda o: lr.CosineAnnealingLR(o, steps)))
    assert rates("constant", steps, 0.0) == [0.5] * steps
    rising = torchs(lambda o: lr.LinearLR(o, 1 / (rise + 1), total_iters=rise))
    assert rates("constant", steps, 0.3) == pytest.approx(rising)
    falls = rates("cosine", steps, 0.3)[rise:]
    want = torchs(lambda o: lr.CosineAnnealingLR(o, steps - rise))[: steps - rise]
    assert falls == pytest.approx(want)


def test_one_cycle_is_torchs():
    optimiser = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    schedule = make_schedule("one_cycle", optimiser, 20, 0.25)
    other = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    theirs = torch.optim.lr_scheduler.OneCycleLR(other, 0.5, total_steps=20, pct_start=0.25)
    for _ in range(19):
        for one in (optimiser, other):
            one.step()
        schedule.step()
        theirs.step()
        mine, want = optimiser.param_groups[0], other.param_groups[0]
        assert (mine["lr"], mine["betas"]) == (want["lr"], want["betas"])
