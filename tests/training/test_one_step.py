"""One step of the optimiser: small batches together equal a large one, and none is too long."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mmcourse.training import Batches, fit
from mmcourse.training.steps import adamw
from tests.training.toys import Toy, make_table


def table64(rows=30):
    table = make_table(rows)
    return {"x": table["x"].double(), "label": table["label"]}


TOLERANCE = 1e-12


class Keeps(torch.optim.SGD):
    """Remember each step's gradients as they come to the optimiser."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, lr=lr)
        self.seen = []

    def step(self, *arguments):
        gradients = [p.grad.clone() for group in self.param_groups for p in group["params"]]
        self.seen.append(gradients)
        return super().step(*arguments)


def gradients_of(batches, **options):
    """The gradients of each step of one epoch."""
    kept = []

    def optimiser(parameters, lr):
        kept.append(Keeps(parameters, lr))
        return kept[0]

    options = {"learning_rate": 0.1, "max_norm": None, "optimiser": optimiser, **options}
    model = Toy(dropout=0.0).double()
    history = fit(model, batches, [batches[0]], epochs=1, seed=0, **options)
    return kept[0].seen, history, model


@pytest.mark.parametrize("sizes", [(30,), (10, 10, 10), (1, 13, 16), (17, 1, 1, 11), (29, 1)])
def test_small_uneven_batches_make_the_step_of_the_large_one(sizes):
    table = table64()
    parts = [
        dict(zip(table, rows, strict=True))
        for rows in zip(*(v.split(sizes) for v in table.values()), strict=True)
    ]
    got, history, _ = gradients_of(parts, accumulate=len(sizes))
    model = Toy(dropout=0.0).double()
    want = torch.autograd.grad(cross_entropy(model(table), table["label"]), list(model.parameters()))
    whole, of_whole, _ = gradients_of([table])
    assert len(got) == len(whole) == 1
    for mine, of_all, by_hand in zip(got[0], whole[0], want, strict=True):
        torch.testing.assert_close(mine, of_all, rtol=0, atol=TOLERANCE)
        torch.testing.assert_close(of_all, by_hand, rtol=0, atol=TOLERANCE)
    assert history.train_loss == pytest.approx(of_whole.train_loss, abs=1e-6)


def test_the_last_step_of_an_epoch_may_have_fewer_batches():
    batches = list(Batches(table64(50), 10))
    got, history, _ = gradients_of(batches, accumulate=3, learning_rate=0.0)  # weights that stay
    assert len(got) == len(history.learning_rate) == 2
    whole, _, _ = gradients_of([{name: values[30:] for name, values in table64(50).items()}])
    for mine, of_all in zip(got[1], whole[0], strict=True):
        torch.testing.assert_close(mine, of_all, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("max_norm", [0.01, 1e6, None])
def test_long_gradients_are_shortened_and_short_ones_left(max_norm):
    batches = list(Batches(table64(), 10))
    clipped, _, _ = gradients_of(batches[:1], max_norm=max_norm)
    free, _, _ = gradients_of(batches[:1])
    norm = torch.cat([gradient.flatten() for gradient in free[0]]).norm()
    scale = 1.0 if max_norm is None else min(1.0, max_norm / float(norm))
    for mine, all_of_it in zip(clipped[0], free[0], strict=True):
        torch.testing.assert_close(mine, all_of_it * scale, rtol=1e-4, atol=0)


def test_the_gradient_of_small_batches_is_shortened_once_all_are_there():
    parts = list(Batches(table64(), 7))
    got, _, _ = gradients_of(parts, accumulate=5, max_norm=0.01)
    whole, _, _ = gradients_of([table64()], max_norm=0.01)
    for mine, of_all in zip(got[0], whole[0], strict=True):
        torch.testing.assert_close(mine, of_all, rtol=0, atol=TOLERANCE)


def test_fit_takes_the_steps_of_a_loop_written_by_hand():
    """AdamW, one cycle, clipping: the same numbers, to the bit."""
    table, mine, other = make_table(64), Toy(dropout=0.0), Toy(dropout=0.0)
    history = fit(mine, Batches(table, 16, seed=3), [table], epochs=3, seed=0)
    batches = Batches(table, 16, seed=3)
    optimiser = torch.optim.AdamW(other.parameters(), lr=2e-3, weight_decay=1e-2, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=12, pct_start=0.1)
    rates = []
    for _ in range(3):
        for batch in batches:
            optimiser.zero_grad()
            cross_entropy(other(batch), batch["label"]).backward()
            nn.utils.clip_grad_norm_(other.parameters(), 1.0)
            rates.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            schedule.step()
    assert history.learning_rate == rates
    assert all(map(torch.equal, mine.parameters(), other.parameters()))


def test_in_one_call_adamw_takes_the_steps_of_its_many_calls():
    table, mine, other = table64(), Toy(dropout=0.0).double(), Toy(dropout=0.0).double()
    groups = [{"params": list(other.parameters())[:1], "lr": 0.03}, {"params": list(other.parameters())[1:]}]
    own = [{"params": list(mine.parameters())[:1], "lr": 0.03}, {"params": list(mine.parameters())[1:]}]
    fused, plain = adamw(own, lr=0.1, weight_decay=0.2), torch.optim.AdamW(groups, lr=0.1, weight_decay=0.2)
    assert all(group["fused"] for group in fused.param_groups)
    for model, optimiser in ((mine, fused), (other, plain)):
        for _ in range(10):
            optimiser.zero_grad()
            cross_entropy(model(table), table["label"]).backward()
            optimiser.step()
    for a, b in zip(mine.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


def test_where_there_is_no_cpu_adamw_makes_torchs_choice():
    optimiser = adamw(nn.Linear(2, 2, device="meta").parameters(), lr=0.1)
    assert [group["fused"] for group in optimiser.param_groups] == [None]


def test_channels_last_gives_the_same_numbers():
    class Picture(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
            self.seen = set()

        def forward(self, batch):
            self.seen.add(batch["image"].is_contiguous(memory_format=torch.channels_last))
            return self.layers(batch["image"])

    torch.manual_seed(0)
    table = {"image": torch.randn(24, 3, 8, 8), "label": torch.randint(3, (24,))}
    models = []
    for channels_last in (False, True):
        torch.manual_seed(1)
        models.append(Picture())
        fit(models[-1], Batches(table, 8), Batches(table, 8), epochs=3, seed=0, channels_last=channels_last)
        assert models[-1].seen == {channels_last}
    for one, other in zip(*(model.parameters() for model in models), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
