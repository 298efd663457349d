"""Gradient norms of branches: those of the step, whole after a stop, and harmless to logs and training."""

import csv

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mmcourse.evaluation import BranchGradients
from mmcourse.training import Batches, CsvLog, Interrupted, JsonLog, fit
from tests.training.toys import Stop, make_table


class Two(nn.Module):
    """Two branches, of which one sees numbers a hundred times smaller; a third learns nothing."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.image, self.speech = nn.Linear(6, 3), nn.Linear(6, 3)
        self.inner = nn.ModuleDict({"idle": nn.Linear(2, 2)})
        self.frozen = nn.Linear(2, 2).requires_grad_(False)

    def forward(self, batch):
        return self.image(batch["x"]) + self.speech(batch["x"] / 100)


def train(callbacks, epochs=2, **options):
    table = make_table(30)
    options = {"max_norm": None} | options
    return fit(
        Two(),
        Batches(table, 8, seed=0),
        Batches(table, 8),
        epochs=epochs,
        seed=0,
        callbacks=callbacks,
        **options,
    )


def test_a_norm_is_that_of_the_gradient_of_the_step():
    noted = BranchGradients()
    train([noted])
    model = Two()
    batch = next(iter(Batches(make_table(30), 8, seed=0)))
    cross_entropy(model(batch), batch["label"]).backward()
    for name in ("image", "speech"):
        flat = torch.cat([p.grad.flatten() for p in getattr(model, name).parameters()])
        assert noted.norms[name][0] == pytest.approx(flat.norm().item(), rel=1e-6)
        assert len(noted.norms[name]) == 8
    assert max(noted.ratio["image"]) == 1
    assert min(noted.ratio["image"]) == 1
    assert max(noted.ratio["speech"]) < 0.9


def test_shortened_gradients_keep_the_ratio():
    long, short = BranchGradients(), BranchGradients()
    train([long])
    train([short], max_norm=1e-3)
    assert short.norms["image"][0] < 1e-3 < long.norms["image"][0]
    assert short.ratio["speech"][0] == pytest.approx(long.ratio["speech"][0], rel=1e-4)


def test_branches_may_be_named_and_one_that_no_loss_reaches_has_none():
    noted = BranchGradients({"seen": "image", "idle": "inner.idle"})
    train([noted])
    assert set(noted.norms) == {"seen", "idle"}
    assert set(noted.norms["idle"]) == {0.0}


@pytest.mark.parametrize("stop", [2, 4, 6])
def test_a_run_that_was_stopped_has_them_all(tmp_path, stop):
    whole, first, second = (BranchGradients() for _ in range(3))
    history = train([whole])
    with pytest.raises(Interrupted):
        train([first, Stop(stop)], checkpoints=tmp_path)
    assert len(first.norms["image"]) == stop
    resumed = train([second], checkpoints=tmp_path)
    assert second.norms == whole.norms
    assert resumed.metrics == history.metrics
    assert [len(epoch) for epoch in history.metrics["gradient norm: image"]] == [4, 4]


def test_looking_on_changes_nothing_and_logs_stay_numbers(tmp_path):
    plain = train([])
    seen = train([BranchGradients(), CsvLog(tmp_path / "log.csv"), JsonLog(tmp_path / "log.json")])
    assert seen.train_loss == plain.train_loss
    with (tmp_path / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert not any("gradient" in name for name in rows[0])


@pytest.mark.parametrize(
    ("branches", "words"),
    [
        ("image", "one or more names.*'image'"),
        ((), "one or more names"),
        (("touch",), "no branch 'touch'; it has image, speech, inner, frozen"),
        (("frozen",), "'frozen' has no parameter that learns"),
    ],
)
def test_what_is_no_branch_gets_a_sentence(branches, words):
    with pytest.raises(ValueError, match=words):
        train([BranchGradients(branches)])
