"""Checks of how a model learns: where its loss starts, which parameters move, whether it learns a batch."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mmcourse.training.sanity_output import Check, Subject, drops

LEARNT = 16  # examples to be learnt by heart
STEPS, RATES = 500, (1e-2, 1e-3)


def registered(subject: Subject) -> Check:
    """Whether model.parameters() gives every parameter, or one is hidden in a plain list or dict."""
    name = "parameters known"
    known = {id(parameter) for parameter in subject.model.parameters()}
    hidden = [place for place, tensor in _held(subject.model) if id(tensor) not in known]
    if not hidden:
        return Check(name, True, f"{sum(1 for _ in subject.model.parameters())} tensors.")
    return Check(
        name,
        False,
        f"{_some(hidden)} of a plain list, dict or attribute: not trained, moved or saved. "
        "Use nn.ModuleList, nn.ModuleDict, nn.ParameterList or nn.Parameter.",
    )


def _held(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """What learns in the attributes that nn.Module keeps no list of."""
    for place, module in model.named_modules():
        for name, value in vars(module).items():
            if name not in ("_parameters", "_modules", "_buffers"):
                yield from _learning(value, f"{place}.{name}" if place else name)


def _learning(value: object, place: str) -> Iterator[tuple[str, Tensor]]:
    if isinstance(value, Tensor) and value.requires_grad:
        yield place, value
    elif isinstance(value, nn.Module):
        for name, parameter in value.named_parameters():
            yield f"{place}.{name}", parameter
    elif isinstance(value, dict | list | tuple):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _learning(item, f"{place}[{key!r}]")


def loss_at_start(subject: Subject) -> Check:
    """Whether a model that knows nothing is as unsure as a guess: a loss of about log(classes)."""
    name, logits = "loss at start", subject.logits().float()
    loss, guess = cross_entropy(logits, subject.labels).item(), math.log(logits.shape[1])
    figures = f"{loss:.2f} nats, a guess has log {logits.shape[1]} = {guess:.2f}"
    if loss > 1.5 * guess + 0.1:
        return Check(name, False, f"{figures}: too sure. Are the last weights or the inputs too large?")
    if loss < 0.6 * guess:
        return Check(name, False, f"{figures}: is it trained already, or is the label among the inputs?")
    return Check(name, True, f"{figures}.")


def no_softmax(subject: Subject) -> Check:
    """Whether the outputs are logits: cross-entropy would put probabilities through softmax again."""
    name, outputs = "logits, not probabilities", subject.logits().float()
    sums = outputs.sum(dim=1)
    if (outputs >= 0).all() and torch.allclose(sums, torch.ones_like(sums), atol=1e-3):
        return Check(name, False, "each row adds up to 1: leave the softmax out, cross-entropy has its own.")
    return Check(name, True, "rows do not add up to 1.")


def parameters_move(subject: Subject, frozen: tuple[str, ...]) -> list[Check]:
    """Whether every parameter learns: allowed to, reached by the gradient, and moved by three steps."""
    model, gradients = subject.copy().train(), {}
    learning = {name: value for name, value in model.named_parameters() if value.requires_grad}
    stuck = [name for name, _ in model.named_parameters() if name not in learning]
    stuck = [name for name in stuck if not name.startswith(frozen)]
    checks = [Check("nothing frozen", True, "every parameter may learn.")]
    if stuck:
        words = f"{_some(stuck)} have requires_grad=False and stay as they are."
        checks = [Check("nothing frozen", False, words + " If that is meant, name them in frozen=.")]
    before = {name: value.detach().clone() for name, value in learning.items()}
    for _ in _steps(model, subject, range(len(subject.labels)), 1e-3, 3):
        for name, value in learning.items():
            gradients[name] = gradients.get(name, False) or value.grad is not None
    unreached = [name for name in learning if not gradients.get(name)]
    unmoved = [name for name in learning if gradients.get(name) and torch.equal(learning[name], before[name])]
    strange = [name for name in learning if not learning[name].isfinite().all()]
    words = [f"{_some(unreached)} get no gradient: unused, or cut off by detach."] if unreached else []
    words += [f"{_some(unmoved)} get a gradient of 0: a dead unit before or behind?"] if unmoved else []
    words += [f"{_some(strange)} become NaN or ∞ within three steps."] if strange else []
    every = f"{len(learning)} tensors get a gradient and move."
    return [*checks, Check("every parameter moves", not words, " ".join(words) or every)]


def overfits(subject: Subject) -> Check:
    """Whether a copy learns a few examples by heart, dropout off: if not, it will not learn many."""
    name, rows = "learns a batch by heart", range(min(LEARNT, len(subject.labels)))
    guess, best = math.log(subject.logits().shape[1]), math.inf
    for rate in RATES:
        model = subject.copy().train()
        for module in model.modules():
            if drops(module):
                module.training = False
        for step, loss in enumerate(_steps(model, subject, rows, rate, STEPS)):
            best = min(best, loss)
            if loss <= 0.1 * guess:
                return Check(name, True, f"{len(rows)} examples in {step} steps, to {loss:.2f} nats.")
    return Check(
        name,
        False,
        f"{len(rows)} examples still cost {best:.2f} nats after {STEPS} Adam steps: a gradient is cut off, "
        "the outputs do not belong to the labels, or equal examples have different labels.",
    )


def _steps(model: nn.Module, subject: Subject, rows, rate: float, steps: int) -> Iterator[float]:
    """Take steps of Adam on some examples; gives the loss before each step, the gradients being there."""
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    torch.manual_seed(subject.seed)
    optimiser = torch.optim.Adam(learning, lr=rate) if learning else None
    for _ in range(steps):
        batch = subject.rows(rows)
        with torch.enable_grad():
            loss = cross_entropy(model(batch).float(), batch["label"])
        if optimiser is None or not loss.requires_grad:
            return
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        yield loss.item()


def _some(names: list[str]) -> str:
    """The first few of several names."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
