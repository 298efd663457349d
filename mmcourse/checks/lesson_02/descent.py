"""One step of a linear support vector machine against its sub-gradient."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_02 import descent_slips as slips
from mmcourse.checks.lesson_02.descent_mistakes import MISTAKES

torch = lazy("torch")


def _small(_generator):
    """Leads 1, 1.5, −1 and 0.5: on the margin, beyond it, on the wrong side, and too near."""
    x = torch.tensor([[1.0, 0.0], [4.0, 1.0], [3.0, 1.0], [0.0, 1.0]])
    return torch.tensor([0.5, -1.0]), torch.tensor(0.5), x, torch.tensor([1.0, 1.0, -1.0, -1.0]), 0.5, 0.25


def _made(generator, rows, features, learning_rate, weight_decay, size=0.7):
    """Two classes that overlap, and a line that has learned something."""
    y = 2.0 * torch.randint(2, (rows,), generator=generator) - 1
    x = torch.randn(rows, features, generator=generator) + y[:, None]
    weight = size * (0.5 * torch.randn(features, generator=generator) + 1 / features)
    return weight, 0.5 * torch.randn((), generator=generator), x, y, learning_rate, weight_decay


def _on_the_margin(generator):
    """Whole numbers: about every third row leads by exactly 1."""
    y = 2.0 * torch.randint(2, (24,), generator=generator) - 1
    x = torch.randint(-1, 3, (24, 2), generator=generator) * y[:, None]
    return torch.tensor([1.0, 0.5]), torch.tensor(0.0), x, y, 0.25, 0.5


def _content(generator):
    _, bias, x, y, *rest = _made(generator, 6, 3, 0.5, 0.25)
    return torch.ones(3), bias, 3 * y[:, None] + 0.2 * (x - y[:, None]), y, *rest


def _from_zero(generator):
    *_, x, y, learning_rate, weight_decay = _made(generator, 7, 3, 0.5, 0.25)
    return torch.zeros(3), torch.tensor(0.0), x, y, learning_rate, weight_decay


def _wrong_side(generator):
    weight, bias, x, y, *rest = _made(generator, 1, 3, 0.3, 0.4)
    return weight, bias, -3 * y[:, None] * weight / weight.norm() + 0 * x, y, *rest


def _use(answer, weight, bias, x, y, learning_rate, weight_decay):
    """A step, and where its result hangs on a graph the next one too, as in a loop."""
    rest = x, y, learning_rate, weight_decay
    made = answer(weight, bias, *rest)
    if isinstance(made, (tuple, list)) and any(getattr(part, "requires_grad", False) for part in made):
        answer(*made, *rest)
    return made


svm_step = Exercise(
    id="02.5",
    name="svm_step",
    title="One step towards a wider margin",
    difficulty=2,
    minutes=15,
    stub="return the weight and the bias after one step against the sub-gradient",
    parameters=("weight", "bias", "x", "y", "learning_rate", "weight_decay"),
    reference=slips.step,
    call=_use,
    hints=(
        "Which of the four rows of the example miss their margin, and in which direction would each of them "
        "like to move the weight?",
        "What is the slope of max(0, 1 − y (w · x + b)) by w where it is above 0, and what is it by b? What "
        "are they beyond the margin?",
        "What is the slope of λ/2 · ‖w‖² by w? Does b occur in it?",
        "missed = (y * (x @ weight + bias) < 1).to(x.dtype); the slopes are −(missed * y) @ x / len(x) + "
        "weight_decay * weight and −(missed * y).mean(); take learning_rate times each away from weight and "
        "bias, in new tensors.",
    ),
    cases=(
        Case("four rows", _small),
        Case("random rows", lambda g: _made(g, 9, 3, 0.3, 0.2)),
        Case("many rows lead by exactly 1", _on_the_margin),
        Case("no decay", lambda g: _made(g, 8, 4, 0.2, 0.0)),
        Case("strong decay", lambda g: _made(g, 8, 2, 0.1, 3.0)),
        Case("every row is beyond the margin", _content),
        Case("from 0", _from_zero),
        Case("one row, on the wrong side", _wrong_side),
        Case("one feature", lambda g: _made(g, 10, 1, 0.4, 0.1)),
        Case("as many rows as features", lambda g: _made(g, 5, 5, 0.7, 0.3)),
        Case("many rows", lambda g: _made(g, 60, 6, 0.05, 0.5)),
    ),
    mistakes=MISTAKES,
    noticing="Of all the rows, only those inside the margin or beyond the line move it: the support vectors. "
    "Once every row leads by 1, decay alone acts, and the weight shrinks until some row is too near again.",
)
