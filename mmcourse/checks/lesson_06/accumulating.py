"""One step for several small batches."""

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.accumulating_mistakes import MISTAKES
from mmcourse.checks.lesson_06.ways import accumulating as ways

torch = lazy("torch")


def _accumulated(answer, model, batches, optimiser, **options):
    """Loss of each step, the weights afterwards, and how much of the data was in memory at once."""
    losses, seen = toys.taken(answer, model, batches, optimiser, **options)
    if losses[0] is None:
        return None
    largest = max(len(labels) for _, labels in batches)
    return {
        "The model ran in eval mode": not all(seen.training),
        "The loss": losses if len(losses) > 1 else losses[0],
        "The number of optimiser steps": seen.steps,
        "The state_dict": toys.weights(model),
        "The model got more examples at a time than there are in a small batch": max(seen.rows) > largest,
        "Graphs of several batches were in memory at once": seen.most_open > 1,
        "The graph of a batch was still there after its backward": seen.kept,
        "The loss still holds its graph": any(getattr(loss, "requires_grad", False) for loss in losses),
    }


def _tiny(g):
    small = torch.tensor([[1.0]]), torch.tensor([0])
    larger = torch.tensor([[-1.0], [4.0]]), torch.tensor([1, 1])
    return toys.linear([[0.0], [0.0]]), [small, larger], toys.sgd(3.0)


accumulated_step = Exercise(
    id="06.3",
    name="accumulated_step",
    title="A batch in pieces",
    difficulty=2,
    minutes=15,
    stub="take one step along the mean loss of all examples, with one small batch in memory at a time",
    parameters=("model", "batches", "optimiser"),
    reference=ways.accumulate,
    call=_accumulated,
    judge=toys.judge,
    hints=(
        "backward adds to the gradients that are there. Here that is a help: when is zero_grad called?",
        "The mean over all examples is a sum of the batches' means, each times a factor. Which factor?",
        "Count all examples; zero_grad once; for each batch (cross_entropy(model(x), y) * len(y) / "
        "count).backward(), adding up its .item(); then one step.",
    ),
    cases=(
        Case("a batch of one and a batch of two, all weights 0", _tiny),
        Case("batches of 4, 4 and 2", lambda g: (toys.network(g), toys.batches(g, 4, 4, 2), toys.sgd(0.5))),
        Case("equal batches", lambda g: (toys.network(g), toys.batches(g, 3, 3), toys.sgd(0.5))),
        Case("one batch", lambda g: (toys.network(g), toys.batches(g, 5), toys.sgd(0.5))),
        Case(
            "three steps with momentum",
            lambda g: Args(
                (toys.network(g), toys.batches(g, 1, 6, 2), toys.sgd(0.3, momentum=0.9)), {"steps": 3}
            ),
        ),
        Case(
            "gradients of something else lie there",
            lambda g: Args((toys.network(g), toys.batches(g, 2, 3), toys.sgd(0.2)), {"old_gradients": True}),
        ),
        Case(
            "a model with dropout, in eval mode before",
            lambda g: Args((toys.dropping(g), toys.batches(g, 5, 3), toys.sgd(0.2)), {"training": False}),
        ),
        Case(
            "a frozen layer and an unused parameter",
            lambda g: (toys.partly_frozen(g), toys.batches(g, 3, 1), toys.sgd(0.5)),
        ),
    ),
    mistakes=MISTAKES,
    time_limit=30.0,
    noticing="For every k batches one step: memory as for a small batch, gradients as of the big one. Only "
    "batch normalisation notices, since it still sees small batches.",
)
