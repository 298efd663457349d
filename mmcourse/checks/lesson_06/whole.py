"""A whole training: step, schedule, validation, early stopping."""

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _small as small
from mmcourse.checks.lesson_06._using import has_graph
from mmcourse.checks.lesson_06.whole_mistakes import MISTAKES

torch, F = lazy("torch"), lazy("torch.nn.functional")
_WANTED = ("train_loss", "val_loss", "val_accuracy")


@dataclass
class _Module:
    """Stands for a model that came back instead of a history: one is like another."""


def _use(answer, model, *args):
    """Call an answer; the weights that its training leads to count as well as what it returns."""
    returned = answer(model, *args)
    if returned is None:
        return None
    if isinstance(returned, torch.nn.Module):
        returned = _Module()
    if isinstance(returned, Mapping) and set(_WANTED) <= set(returned):
        returned = {name: returned[name] for name in _WANTED}  # more may be noted than is asked for
    return {"returned": returned, "weights after": small.state(model), "graphs kept": has_graph(returned)}


def _fit(model, train, val, epochs, peak, warmup, max_norm, patience):
    optimiser, total = torch.optim.AdamW(model.parameters(), lr=peak), epochs * len(train)
    history, best = {name: [] for name in _WANTED}, 0
    for epoch in range(epochs):
        model.train()
        loss_sum = 0.0
        for place, (x, y) in enumerate(train):
            optimiser.param_groups[0]["lr"] = _rate(epoch * len(train) + place, total, peak, warmup)
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimiser.step()
            loss_sum += loss.item() * len(y)
        history["train_loss"].append(loss_sum / sum(len(y) for _, y in train))
        loss, accuracy = _validate(model.eval(), val)
        history["val_loss"].append(loss)
        history["val_accuracy"].append(accuracy)
        if epoch == 0 or loss < history["val_loss"][best]:
            best, kept = epoch, copy.deepcopy(model.state_dict())
        if epoch - best >= patience:
            break
    model.load_state_dict(kept)
    return history


def _rate(step, total, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return peak * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2


def _validate(model, batches):
    with torch.no_grad():
        logits = torch.cat([model(x) for x, _ in batches])
    labels = torch.cat([y for _, y in batches])
    right = (logits.argmax(dim=-1) == labels).double().mean().item()
    return F.cross_entropy(logits, labels).item(), right


def _tiny(_generator):
    """One feature, two classes, all weights 0, one batch: the first step moves each weight by the rate."""
    train = [(torch.tensor([[1.0], [-1.0], [0.5]]), torch.tensor([0, 1, 1]))]
    val = [(torch.tensor([[2.0], [-2.0]]), torch.tensor([0, 1]))]
    return small.linear([[0.0], [0.0]], [0.0, 0.0]), train, val, 2, 0.1, 1, 1.0, 2


def _made(g, model, train, val, *options, shift=0.5):
    features = next(layer.weight for layer in model if hasattr(layer, "weight")).shape[-1]
    train, val = (small.batches(g, counts, features, 3, shift=shift) for counts in (train, val))
    return model, train, val, *options


def _fixed(seed):
    """Always the same numbers: here every other rule for the end ends at another epoch."""
    g = torch.Generator().manual_seed(seed)
    return _made(g, small.network(g, 3, 8, 3, norm=True), (5, 4), (6, 3), 9, 0.3, 2, 5.0, 2)


def _hair():
    """Always the same numbers: the last epoch is better than the one before by 0.00007."""
    g = torch.Generator().manual_seed(100)
    return _made(g, small.network(g, 3, 4, 3), (6, 5), (5, 2), 5, 0.05, 1, 1.0, 4)


fit = Exercise(
    id="06.14",
    name="fit",
    title="Build it whole: a training",
    difficulty=3,
    minutes=35,
    stub="train with warm-up, cosine, clipping and early stopping, and return the history",
    parameters=("model", "train", "val", "epochs", "peak", "warmup", "max_norm", "patience"),
    reference=_fit,
    call=_use,
    hints=(
        "Which of your functions of 06.2, 06.4, 06.5 and 06.6 does what here? What is left to write between "
        "them?",
        "Two loops, one in the other. What is made once before both (optimiser, count of steps, history, "
        "best loss), what happens once a batch, what once an epoch, and what in the very end?",
        "Once a batch: set param_groups[0]['lr'], then the clipped step, then add loss · len(y). Once an "
        "epoch: validate, append all three, keep copy.deepcopy(model.state_dict()) if the loss is below the "
        "best, else count; break at `patience`. In the end load what was kept.",
    ),
    cases=(
        Case("one feature, two classes, two epochs", _tiny),
        Case(
            "two layers, smaller last batches",
            lambda g: _made(g, small.network(g, 4, 6, 3), (6, 6, 2), (5, 5, 1), 3, 0.1, 3, 0.7, 3),
        ),
        Case(
            "batch norm",
            lambda g: _made(g, small.network(g, 3, 6, 3, norm=True), (5, 5, 3), (7, 4), 3, 0.1, 2, 0.5, 3),
        ),
        Case("worse, better again, then stopped", lambda g: _fixed(30)),
        Case("another one like that", lambda g: _fixed(270)),
        Case("better by a hair", lambda g: _hair()),
        Case(
            "a learning rate of 0: no epoch is better than the first",
            lambda g: _made(g, small.network(g, 3, 3), (4, 4), (5, 2), 6, 0.0, 1, 1.0, 3),
        ),
        Case(
            "no warm-up, a frozen layer, batches of one",
            lambda g: _made(
                g, small.frozen(small.network(g, 3, 4, 3), 0), (1, 1, 1), (1, 1), 2, 0.05, 0, 0.3, 2
            ),
        ),
        Case(
            "warm-up to the end", lambda g: _made(g, small.network(g, 3, 3), (3, 3), (4,), 2, 0.2, 3, 1.0, 2)
        ),
    ),
    mistakes=MISTAKES,
    variants=(),
    tolerance=2e-4,
    time_limit=30.0,  # the first optimiser of a kernel loads half of torch
    noticing="This is what mmcourse.training.fit does, which adds devices, precision, checkpoints and "
    "callbacks. The loss that stops the training has also chosen its weights: a fair figure needs a test set "
    "that neither has seen.",
)
