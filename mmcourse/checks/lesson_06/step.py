"""One step of training."""

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.step_mistakes import MISTAKES
from mmcourse.checks.lesson_06.ways import step as ways

torch = lazy("torch")


def _steps(answer, model, batch, optimiser, **options):
    """Loss of each step, how often there was a backward and a step, and the weights afterwards."""
    losses, seen = toys.taken(answer, model, batch, optimiser, **options)
    if losses[0] is None:
        return None
    return {
        "The model ran in eval mode": not all(seen.training),
        "The loss": losses if len(losses) > 1 else losses[0],
        "The number of backward passes": seen.backward,
        "The number of optimiser steps": seen.steps,
        "The state_dict": toys.weights(model),
        "The loss still holds its graph": any(getattr(loss, "requires_grad", False) for loss in losses),
    }


def _tiny(g):
    x, labels = torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1])
    return toys.linear([[0.0], [0.0]]), (x, labels), toys.sgd(1.0)


training_step = Exercise(
    id="06.1",
    name="training_step",
    title="One step",
    difficulty=1,
    minutes=10,
    stub="take one step of training on the batch, and return its loss before the step",
    parameters=("model", "batch", "optimiser"),
    reference=ways.step,
    call=_steps,
    judge=toys.judge,
    hints=(
        "Five things happen in a step. Which of them computes gradients, and which one uses them?",
        "backward adds to whatever gradients are there. When must they be emptied?",
        "model.train(); logits = model(x); loss = cross_entropy(logits, y); optimiser.zero_grad(); "
        "loss.backward(); optimiser.step(); and the number that comes back is loss.item().",
    ),
    cases=(
        Case("two examples, all weights 0", _tiny),
        Case("a small network", lambda g: (toys.network(g), toys.batch(g, 6), toys.sgd(0.5))),
        Case(
            "three steps with momentum",
            lambda g: Args((toys.network(g), toys.batch(g, 5), toys.sgd(0.3, momentum=0.9)), {"steps": 3}),
        ),
        Case(
            "two steps of AdamW",
            lambda g: Args((toys.network(g), toys.batch(g, 4), toys.adamw(0.1, 0.3)), {"steps": 2}),
        ),
        Case(
            "gradients of something else lie there",
            lambda g: Args((toys.network(g), toys.batch(g, 3), toys.sgd(0.2)), {"old_gradients": True}),
        ),
        Case(
            "a model with batch normalisation, in eval mode before",
            lambda g: Args((toys.normed(g), toys.batch(g, 8), toys.sgd(0.2)), {"training": False}),
        ),
        Case(
            "a model with dropout, in eval mode before",
            lambda g: Args((toys.dropping(g), toys.batch(g, 6), toys.sgd(0.2)), {"training": False}),
        ),
        Case(
            "a frozen layer and an unused parameter, a batch of one",
            lambda g: Args((toys.partly_frozen(g), toys.batch(g, 1), toys.sgd(0.5)), {"steps": 2}),
        ),
    ),
    mistakes=MISTAKES,
    time_limit=30.0,  # torch.optim loads half of torch in its first step
    noticing="The loss comes from before the step, so the curve of a training loss is always one step behind "
    "its weights.",
)
