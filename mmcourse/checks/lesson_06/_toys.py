"""Small models, batches and optimisers that exercises of lesson 6 are tried on, and what is seen of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mmcourse.checks import Mistake, lazy

_TOLD = 2  # faults of values
torch = lazy("torch")
compare = lazy("mmcourse.checks.compare")

A_DICT = Mistake(
    "a dict as in the lesson",
    lambda *args: args[:0]["label"],
    "In these exercises a batch is a pair, not a dict as in the lesson: x, y = batch.",
)


@dataclass(frozen=True)
class Optimiser:
    """A recipe: a torch optimiser copied together with its model would lose the gradients on the way."""

    kind: str = "SGD"
    options: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={value}' for name, value in self.options.items())})"

    def make(self, model):
        """The optimiser of all the model's parameters."""
        return getattr(torch.optim, self.kind)(model.parameters(), **self.options)


def sgd(lr, **options):
    return Optimiser("SGD", {"lr": lr, **options})


def adamw(lr, weight_decay):
    return Optimiser("AdamW", {"lr": lr, "weight_decay": weight_decay})


def filled(model, generator, scale=0.8):
    """`model` with parameters between -scale and scale, drawn from `generator`."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((2 * torch.rand(parameter.shape, generator=generator) - 1) * scale)
    return model


def linear(weights, bias=False):
    """A linear layer with these weights [class, feature] and, if any, biases of 0."""
    weights = torch.tensor(weights)
    layer = torch.nn.Linear(*reversed(weights.shape), bias=bias)
    with torch.no_grad():
        layer.weight.copy_(weights)
        if bias:
            layer.bias.zero_()
    return layer


def network(generator, features=4, hidden=5, classes=3, *, between=()):
    """Two linear layers with tanh, and with what is given `between` them."""
    nn = torch.nn
    layers = (nn.Linear(features, hidden), *between, nn.Tanh(), nn.Linear(hidden, classes))
    return filled(nn.Sequential(*layers), generator)


def normed(generator, hidden=5):
    """A network that acts differently in training: it has batch normalisation."""
    return network(generator, hidden=hidden, between=(torch.nn.BatchNorm1d(hidden),))


def dropping(generator):
    """A network that acts differently in training: it has dropout."""
    return network(generator, between=(torch.nn.Dropout(0.5),))


def partly_frozen(generator):
    """A network whose first layer does not learn, and which holds a parameter that it does not use."""
    model = network(generator)
    model[0].requires_grad_(False)
    model.register_parameter("unused", torch.nn.Parameter(torch.rand(2, generator=generator)))
    return model


def batch(generator, rows, features=4, classes=3):
    """A pair (x, y) of random inputs and labels."""
    return (
        torch.randn(rows, features, generator=generator),
        torch.randint(classes, (rows,), generator=generator),
    )


def batches(generator, *sizes):
    return [batch(generator, rows) for rows in sizes]


def readied(model, x, *, training=True, old_gradients=False):
    """`model` where x is, in the mode that is asked for, with gradients of 1 left over if so asked."""
    model.to(x.device, x.dtype)
    model.train(training)
    if old_gradients:
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter) if parameter.requires_grad else None
    return model


def weights(model):
    """A copy of the model's state_dict."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


@dataclass
class Seen:
    """What happened while an answer ran: an entry each time the model was called."""

    rows: list[int] = field(default_factory=list)
    training: list[bool] = field(default_factory=list)
    graph: list[bool] = field(default_factory=list)
    open: int = 0  # graphs that no backward has gone through yet
    most_open: int = 0
    kept: bool = False  # a graph that backward has gone through was not freed by it
    backward: int = 0
    steps: int = 0


@contextmanager
def watched(model, optimiser=None) -> Iterator[Seen]:
    """Note the calls of the model, the ways back through its logits and the optimiser's steps."""
    seen, used = Seen(), []

    def went_back(node):
        def note(gradient):
            seen.backward += 1
            seen.open -= 1
            used.append(node)

        return note

    def calling(*_):
        seen.kept |= any(map(_still_whole, used))
        used.clear()

    def called(module, args, logits):
        seen.rows.append(len(logits))
        seen.training.append(module.training)
        seen.graph.append(logits.requires_grad)
        if logits.requires_grad:
            seen.open += 1
            seen.most_open = max(seen.most_open, seen.open)
            logits.register_hook(went_back(logits.grad_fn))

    def stepped(*_):
        seen.steps += 1

    handles = [model.register_forward_pre_hook(calling), model.register_forward_hook(called)]
    if optimiser is not None:
        handles.append(optimiser.register_step_post_hook(stepped))
    try:
        yield seen
        calling()
    finally:
        for handle in handles:
            handle.remove()


def _still_whole(node):
    """Whether what a node of a graph needs for the way back is still there: torch refuses it once freed."""
    try:
        for name in dir(node):
            if name.startswith("_saved_"):
                getattr(node, name)
    except RuntimeError:
        return False
    return True


def taken(answer, model, data, optimiser, *more, steps=1, training=True, old_gradients=False):
    """What the answer returns in each of `steps` calls, and what was seen meanwhile; data begins with x."""
    first = data[0] if isinstance(data[0], torch.Tensor) else data[0][0]
    readied(model, first, training=training, old_gradients=old_gradients)
    torch_optimiser = optimiser.make(model)
    with watched(model, torch_optimiser) as seen:
        results = [answer(model, data, torch_optimiser, *more) for _ in range(steps)]
    return results, seen


def judge(got, wanted, args) -> str | None:
    """What is not as wanted among the things noted; a note that should be False is a sentence itself.

    The first such sentence, or the values up to it: so a known mistake is recognised beside another one
    further on.
    """
    faults = []
    for name, value in wanted.items():
        if value is False:
            if got[name] and not faults:
                return name
            continue
        fault = compare.compare(got[name], value, compare.Rules(), name)
        if fault is not None:
            faults.append(fault)
    if len(faults) == 1:
        return f"{faults[0].says}. {faults[0].likely}".strip()
    return ". ".join(fault.says for fault in faults[:_TOLD]) or None
