"""What the checks of 06.1 to 06.5 call right is what torch, mmcourse.scratch and mmcourse.training do."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mmcourse import training
from mmcourse.checks import lesson_06
from mmcourse.checks.exercise import Args
from mmcourse.scratch import optim, schedules


def cases(exercise):
    """The arguments of every case, and their names."""
    for n, case in enumerate(exercise.cases):
        yield Args.of(case.make(torch.Generator().manual_seed(n))), case.name


def same(one, other):
    for name, value in one.state_dict().items():
        torch.testing.assert_close(value, other.state_dict()[name], msg=name)


class Labelled(nn.Module):
    """A model of pairs as the lesson's: it takes a dict."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, batch):
        return self.model(batch["x"])


def test_a_step_is_one_of_scratch():
    """Gradients by torch, the step by an optimiser that is written in bare tensors."""
    for args, name in cases(lesson_06.training_step):
        model, (x, y), recipe = args.args
        if set(recipe.options) != {"lr"} or not all(p.requires_grad for p in model.parameters()):
            continue
        bare = copy.deepcopy(model).train()
        torch.manual_seed(0)
        loss = lesson_06.training_step.reference(model, (x, y), recipe.make(model))
        torch.manual_seed(0)
        wanted = cross_entropy(bare(x), y)
        wanted.backward()
        optim.SGD(list(bare.parameters()), lr=recipe.options["lr"]).step()
        assert loss == pytest.approx(wanted.item()), name
        same(model, bare)


def test_measuring_is_what_the_course_does():
    for args, name in cases(lesson_06.validate):
        model, batches = args.args
        model.train(args.kwargs.get("training", True))
        table = [{"x": x, "label": y} for x, y in batches]
        assert lesson_06.validate.reference(model, batches) == pytest.approx(
            training.validate(Labelled(model), table)
        ), name


def test_pieces_make_the_step_of_the_big_batch():
    for args, name in cases(lesson_06.accumulated_step):
        model, batches, recipe = args.args
        if any(isinstance(layer, nn.Dropout) for layer in model.modules()):
            continue  # it draws other numbers
        whole = copy.deepcopy(model)
        big = tuple(torch.cat(part) for part in zip(*batches, strict=True))
        in_pieces = lesson_06.accumulated_step.reference(model, batches, recipe.make(model))
        at_once = lesson_06.training_step.reference(whole, big, recipe.make(whole))
        assert in_pieces == pytest.approx(at_once), name
        same(model, whole)


def test_a_clipped_step_is_torchs():
    for args, name in cases(lesson_06.clipped_step):
        model, (x, y), recipe, max_norm = args.args
        ours = copy.deepcopy(model)
        torch.manual_seed(0)
        norm = lesson_06.clipped_step.reference(ours, (x, y), recipe.make(ours), max_norm)
        optimiser = recipe.make(model)
        torch.manual_seed(0)
        cross_entropy(model.train()(x), y).backward()
        wanted = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimiser.step()
        assert norm == pytest.approx(wanted.item(), rel=1e-5), name
        same(ours, model)


def test_the_learning_rate_is_that_of_scratch():
    for args, _ in cases(lesson_06.learning_rate):
        steps, total_steps, peak, warmup = args.args
        for step in steps:
            rate = lesson_06.learning_rate.reference(step, total_steps, peak, warmup)
            wanted = schedules.cosine(min(step, total_steps), total_steps, peak, warmup=warmup)
            assert rate == pytest.approx(wanted)
