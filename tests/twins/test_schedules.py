"""Schedules beside torch.optim.lr_scheduler, at every step."""

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from mmcourse.scratch import schedules


def rates(make, steps, lr):
    """The learning rates that a scheduler of torch sets, one a step."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler, found = make(optimiser), []
    for step in range(steps):
        found.append(optimiser.param_groups[0]["lr"])
        if step < steps - 1:
            optimiser.step()
            scheduler.step()
    return found


@given(total=st.integers(1, 30), lr=st.floats(1e-4, 2), low=st.sampled_from([0.0, 1e-5, 0.5]))
def test_cosine_is_torchs(total, lr, low):
    want = rates(lambda opt: lr_scheduler.CosineAnnealingLR(opt, total, eta_min=low), total + 1, lr)
    got = [schedules.cosine(step, total, lr, low) for step in range(total + 1)]
    assert got == pytest.approx(want, rel=1e-9, abs=1e-12)


@given(total=st.integers(2, 30), warmup=st.integers(1, 29), lr=st.floats(1e-4, 2))
def test_warmup_is_torchs_linear_one_before_the_cosine(total, warmup, lr):
    assume(warmup < total)

    def make(optimiser):
        rise = lr_scheduler.LinearLR(optimiser, start_factor=1 / (warmup + 1), total_iters=warmup)
        fall = lr_scheduler.CosineAnnealingLR(optimiser, total - warmup)
        return lr_scheduler.SequentialLR(optimiser, [rise, fall], milestones=[warmup])

    got = [schedules.cosine(step, total, lr, warmup=warmup) for step in range(total + 1)]
    assert got == pytest.approx(rates(make, total + 1, lr), rel=1e-9, abs=1e-12)


@given(
    total=st.integers(2, 40),
    max_lr=st.floats(1e-4, 2),
    pct_start=st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.77, 1.0]),
    div_factor=st.sampled_from([1.0, 25.0]),
    final_div_factor=st.sampled_from([1.0, 1e4]),
)
def test_one_cycle_is_torchs(total, max_lr, pct_start, div_factor, final_div_factor):
    assume(pct_start * total != 1)  # torch divides by 0 there
    options = {"pct_start": pct_start, "div_factor": div_factor, "final_div_factor": final_div_factor}
    want = rates(
        lambda opt: lr_scheduler.OneCycleLR(opt, max_lr, total_steps=total, cycle_momentum=False, **options),
        total,
        lr=1.0,
    )
    got = [schedules.one_cycle(step, total, max_lr, **options) for step in range(total)]
    assert got == pytest.approx(want, rel=1e-9, abs=1e-12)


def test_a_rise_of_one_step_begins_at_the_top():
    assert schedules.one_cycle(0, 10, max_lr=0.5, pct_start=0.1) == 0.5


def test_warmup_never_stands_still():
    rising = [schedules.cosine(step, 10, lr=1.0, warmup=4) for step in range(5)]
    assert rising == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
