"""What the checks of 06.6 to 06.9 call right is what mmcourse, torch and scikit-learn do."""

import copy

import pytest
import torch
from sklearn.metrics import f1_score
from torch import nn

from mmcourse import metrics
from mmcourse.checks import lesson_06
from mmcourse.checks.exercise import Args
from mmcourse.checks.lesson_06 import _runs
from mmcourse.training import stopping


def inputs(exercise):
    """The arguments of every case."""
    return [Args.of(case.make(torch.Generator().manual_seed(n))) for n, case in enumerate(exercise.cases)]


def test_macro_f1_is_that_of_the_library_and_of_scikit_learn():
    for made in inputs(lesson_06.macro_f1):
        batches, classes = made.args
        ours = lesson_06.macro_f1.reference(batches, classes)
        metric = metrics.F1(classes)
        for predictions, labels in batches:
            if len(labels):  # the library refuses an empty batch
                metric.update(nn.functional.one_hot(predictions, classes).float(), labels)
        predictions, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
        theirs = f1_score(labels, predictions, labels=range(classes), average="macro", zero_division=0)
        assert ours == pytest.approx(theirs)
        assert ours == pytest.approx(metric.value())


def test_stopping_is_that_of_the_library():
    for made in inputs(lesson_06.EarlyStopping):
        losses, patience = made.args
        if made.kwargs:  # the library has no min_delta
            continue
        model = nn.Linear(1, 1)
        ours, theirs = lesson_06.EarlyStopping.reference(patience), stopping.EarlyStopping(patience)
        for epoch, loss in enumerate(losses):
            nn.init.constant_(model.weight, epoch)
            stop = ours.update(model, loss)
            theirs.update(loss, model.state_dict())
            assert stop == theirs.done
            if stop:
                break
        other = copy.deepcopy(model)
        ours.restore(model)
        theirs.restore(other)
        assert torch.equal(model.weight, other.weight)


def test_average_is_that_of_torch():
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    ours = lesson_06.EMA.reference(model, 0.9)
    theirs = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)
    )
    theirs.n_averaged += 1  # else it would begin at the first update
    for _ in range(5):
        nn.init.normal_(model.weight)
        ours.update(model)
        theirs.update_parameters(model)
    ours.copy_to(model)
    torch.testing.assert_close(model.state_dict(), dict(theirs.module.state_dict()))


@pytest.mark.parametrize("part", ["weights", "buffers", "optimiser", "learning rate", "generator", "mode"])
def test_a_run_differs_in_each_part_alone(part):
    one, other = (_runs.started("batch norm", "AdamW", seed=0) for _ in range(2))
    for run in (one, other):
        run.train(2)
    assert one.unlike(other) == []
    change = {
        "weights": lambda: nn.init.zeros_(other.model[0].weight),
        "buffers": lambda: other.model[1].running_mean.zero_(),
        "optimiser": lambda: other.optimiser.state[other.model[0].weight]["exp_avg"].zero_(),
        "learning rate": lambda: other.optimiser.param_groups[0].update(lr=1.0),
        "generator": lambda: torch.rand(1, generator=other.generator),
        "mode": other.model.eval,
    }
    change[part]()
    assert one.unlike(other) == [part]


def test_checks_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert lesson_06.Checkpoint(lesson_06.Checkpoint.reference).passed
    assert list(tmp_path.iterdir()) == []
    assert type(_runs.started("two layers", "SGD").model[0]) is nn.Linear
