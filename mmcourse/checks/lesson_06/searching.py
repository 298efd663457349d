"""Search for a learning rate by raising it until the loss breaks."""

import copy
import math
from itertools import cycle

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _small as small
from mmcourse.checks.lesson_06._using import has_graph
from mmcourse.checks.lesson_06.range_mistakes import MISTAKES

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _use(answer, model, batches, low, high, steps):
    """Call an answer; how it leaves the model counts as well as what it returns."""
    returned = answer(model, batches, low, high, steps)
    if returned is None:
        return None
    left = any(p.grad is not None and bool((p.grad != 0).any()) for p in model.parameters())
    mode = "training" if model.training else "evaluation"
    return {
        "returned": _lists(returned),
        "weights after": small.state(model),
        "mode after": mode,
        "gradients left": left,
        "graphs kept": has_graph(returned),
    }


def _lists(value):
    """Tensors of one axis as lists of numbers, be they rates or losses."""
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return tuple(
            one.tolist() if isinstance(one, torch.Tensor) and one.dim() == 1 else one for one in value
        )
    return value


def _range(model, batches, low, high, steps):
    model, rates, losses = copy.deepcopy(model).train(), [], []
    optimiser = torch.optim.SGD(model.parameters(), lr=low)
    for step, (x, y) in zip(range(steps), cycle(batches), strict=False):
        rates.append(low * (high / low) ** (step / (steps - 1)))
        loss = F.cross_entropy(model(x), y)
        losses.append(loss.item())
        if not losses[-1] <= 4 * min(losses) or math.isinf(losses[-1]):
            break
        optimiser.param_groups[0]["lr"] = rates[-1]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return rates, losses


def _tiny(_generator):
    """One weight a class, all 0, one batch; three steps that can be taken by hand."""
    batch = (torch.tensor([[1.0], [-1.0], [2.0]]), torch.tensor([0, 1, 1]))
    return small.linear([[0.0], [0.0]], [0.0, 0.0]), [batch], 0.01, 1.0, 3


def _made(g, model, counts, low, high, steps, *, evaluating=False, shift=0.5):
    features = next(layer.weight for layer in model if hasattr(layer, "weight")).shape[-1]
    batches = small.batches(g, counts, features, 3, shift=shift)
    return model.train(not evaluating), batches, low, high, steps


def _breaks(_generator):
    """The loss falls, creeps up, and breaks. Always the same numbers: here every rule for the end differs."""
    g = torch.Generator().manual_seed(25)
    model, batches, *_ = _made(g, small.network(g, 3, 3, size=0.3), (8, 8, 6), 0, 0, 0)
    return model, [(x, x.argmax(dim=-1)) for x, _ in batches], 0.5, 300.0, 25


def _lost(g):
    """A batch with a broken number in it: the loss is NaN."""
    model, batches, *rates = _made(g, small.network(g, 4, 5, 3), (4, 4, 3), 0.01, 0.5, 7)
    batches[1][0][2, 1] = float("nan")
    return model, batches, *rates


def _endless(_generator):
    """Logits so far apart that the very first loss is infinite: four times the smallest is no limit then."""
    batch = (torch.tensor([[1.0]]), torch.tensor([1]))
    return small.linear([[3e38], [-3e38]], [0.0, 0.0]), [batch], 0.01, 1.0, 4


learning_rate_range = Exercise(
    id="06.13",
    name="learning_rate_range",
    title="Which learning rate?",
    difficulty=3,
    minutes=25,
    stub="raise the learning rate from step to step, note the loss of each, and leave the model as it was",
    parameters=("model", "batches", "low", "high", "steps"),
    reference=_range,
    call=_use,
    hints=(
        "From 0.001 to 1 in four steps: 0.001, 0.01, 0.1, 1. What is the same from one to the next, the "
        "difference or the factor?",
        "The search ruins the model. What all has to be as before, and is there a way to ruin something "
        "else?",
        "model = copy.deepcopy(model).train(); at step i the rate is low · (high / low) ** (i / (steps − "
        "1)); loss, append rate and loss, break off if the loss is not finite or above 4 · min(losses); "
        "else clear the gradients, backward, and set param_groups[0]['lr'] before the step of a plain SGD.",
    ),
    cases=(
        Case("one feature, two classes, three steps", _tiny),
        Case(
            "more steps than batches", lambda g: _made(g, small.network(g, 4, 5, 3), (5, 4, 2), 1e-3, 0.3, 8)
        ),
        Case(
            "fewer steps than batches", lambda g: _made(g, small.network(g, 4, 3), (3, 3, 3, 2), 0.05, 0.2, 2)
        ),
        Case("a loss that breaks", _breaks),
        Case("a loss that is not a number", _lost),
        Case("a first loss that is infinite", _endless),
        Case("batch norm", lambda g: _made(g, small.network(g, 3, 4, 3, norm=True), (6, 5), 1e-2, 0.5, 5)),
        Case(
            "batch norm, in evaluation mode when it comes",
            lambda g: _made(g, small.network(g, 3, 4, 3, norm=True), (6, 5), 1e-2, 0.5, 5, evaluating=True),
        ),
        Case(
            "a frozen layer, batches of one",
            lambda g: _made(g, small.frozen(small.network(g, 3, 4, 3), 0), (1, 1, 1), 1e-3, 0.1, 5),
        ),
    ),
    mistakes=MISTAKES,
    variants=(),
    tolerance=1e-3,
    time_limit=30.0,  # the first optimiser of a kernel loads half of torch
    noticing="The loss is lowest shortly before it breaks, and there the rate is too high already: a good "
    "one stands where the loss falls most steeply, about a tenth of it.",
)
