"""A step along a gradient that is not too long."""

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.clipping_mistakes import MISTAKES
from mmcourse.checks.lesson_06.ways import clipping as ways

torch = lazy("torch")


def _clipped(answer, model, batch, optimiser, max_norm, **options):
    """Norm of each step, and the weights afterwards."""
    norms, seen = toys.taken(answer, model, batch, optimiser, max_norm, **options)
    if norms[0] is None:
        return None
    return {
        "The model ran in eval mode": not all(seen.training),
        "The norm": norms if len(norms) > 1 else norms[0],
        "The number of optimiser steps": seen.steps,
        "The state_dict": toys.weights(model),
    }


def _tiny(g):
    """Gradients (-3.5, 3.5) and (-0.5, 0.5), together of length 5."""
    return (
        toys.linear([[0.0], [0.0]], bias=True),
        (torch.tensor([[7.0]]), torch.tensor([0])),
        toys.sgd(1.0),
        1.0,
    )


def _nothing(g):
    """Inputs of 0 into a layer without bias: no gradient but zeros."""
    model = toys.linear([[0.3, -0.2], [0.1, 0.5]])
    return model, (torch.zeros(3, 2), torch.tensor([0, 1, 1])), toys.sgd(0.5), 1.0


clipped_step = Exercise(
    id="06.4",
    name="clipped_step",
    title="A step that is never too long",
    difficulty=1,
    minutes=10,
    stub="take one step along the gradient, clipped to max_norm, and return its norm before clipping",
    parameters=("model", "batch", "optimiser", "max_norm"),
    reference=ways.step,
    call=_clipped,
    judge=toys.judge,
    hints=(
        "Between which two lines of a step are the gradients there, and not yet used?",
        "All gradients of the model form one long arrow. nn.utils.clip_grad_norm_ shortens it; what does it "
        "return?",
        "As in 06.1, and between loss.backward() and optimiser.step(): norm = nn.utils.clip_grad_norm_("
        "model.parameters(), max_norm). Return that norm.",
    ),
    cases=(
        Case("gradients of length 5 together, all weights 0", _tiny),
        Case("far too long", lambda g: (toys.network(g), toys.batch(g, 6), toys.sgd(0.5), 0.05)),
        Case("short enough", lambda g: (toys.network(g), toys.batch(g, 6), toys.sgd(0.5), 100.0)),
        Case(
            "three steps with momentum",
            lambda g: Args(
                (toys.network(g), toys.batch(g, 5), toys.sgd(2.0, momentum=0.9), 0.3), {"steps": 3}
            ),
        ),
        Case(
            "gradients of something else lie there",
            lambda g: Args((toys.network(g), toys.batch(g, 3), toys.sgd(0.2), 0.2), {"old_gradients": True}),
        ),
        Case(
            "a model with dropout, in eval mode before",
            lambda g: Args((toys.dropping(g), toys.batch(g, 6), toys.sgd(0.2), 0.1), {"training": False}),
        ),
        Case(
            "a frozen layer and an unused parameter, a batch of one",
            lambda g: (toys.partly_frozen(g), toys.batch(g, 1), toys.sgd(0.5), 0.1),
        ),
        Case("no gradient but zeros", _nothing),
    ),
    mistakes=MISTAKES,
    time_limit=30.0,
    noticing="Adam divides by the size of the gradients, so a single clip changes little there; it still "
    "keeps one wild batch out of its memory.",
)
