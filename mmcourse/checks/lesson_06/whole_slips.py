"""Whole trainings as people get them wrong: what the check of 06.14 compares an answer with."""

import copy
import math
from functools import partial

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def rate_of(step, total, peak, warmup, kind="right"):
    """The learning rate of a step, with a switch for each slip."""
    if kind == "constant":
        return peak
    if kind == "no warm-up":
        return peak * (1 + math.cos(math.pi * step / total)) / 2
    if kind == "from 0" and step < warmup:
        return peak * step / warmup
    if step < warmup:
        return peak * (step + 1) / (warmup if kind == "one step early" else warmup + 1)
    if kind == "no fall":
        return peak
    ends = {"over all steps": total, "0 too early": total - 1 - warmup}.get(kind, total - warmup)
    share = (step if kind == "whole cosine" else step - warmup) / max(ends, 1)
    if kind == "step over total":
        share = step / total
    if kind == "straight down":
        return peak * (1 - share)
    return peak * (1 + math.cos(math.pi * (1.0 if kind == "one epoch" and share > 1 else share))) / 2


def fit(model, train, val, epochs, peak, warmup, max_norm, patience, **slips):
    """The training of 06.14, with a switch for each slip."""
    slips = {"optimiser": "AdamW", "better": "lower", "restore": "all", **slips}
    optimiser = _optimiser(model, slips)
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    best, waited, kept = slips.get("start", math.inf), 0, copy.deepcopy(model.state_dict())
    patience = 1 if slips.get("one is enough") else patience
    for epoch in range(epochs):
        if slips.get("anew"):
            optimiser = _optimiser(model, slips)
        rates = _rates(epoch, epochs, len(train), peak, warmup, slips.get("rate", "right"))
        found = _one_epoch(model, train, optimiser, rates, max_norm, slips, epoch)
        found += _measure(model, train if slips.get("judged") == "train" else val, slips)
        for name, value in zip(history, found, strict=True):
            history[name].append(value)
        score = {"train_loss": found[0], "accuracy": -found[2]}.get(slips.get("watched"), found[1])
        if _is_better(score + slips.get("margin", 0.0), best, slips["better"]):
            best, waited = score, 0
            kept = (
                model.state_dict() if slips["restore"] == "references" else copy.deepcopy(model.state_dict())
            )
        else:
            waited += 1
            best = score if slips["better"] == "than before" else best
        if slips.get("total waits") and _worse(history["val_loss"]) >= patience:
            break
        if not slips.get("total waits") and waited >= patience + slips.get("more patience", 0):
            break
    stopped = waited >= patience
    _restore(model, kept, slips["restore"] if stopped or not slips.get("only if stopped") else "none")
    return history


def _optimiser(model, slips):
    return getattr(torch.optim, slips["optimiser"])(model.parameters(), lr=1.0)


def _rates(epoch, epochs, steps, peak, warmup, kind):
    """The learning rates of an epoch's steps."""
    total, start = epochs * steps, epoch * steps
    if kind == "by epoch":
        return [rate_of(epoch, epochs, peak, warmup)] * steps
    if kind == "anew each epoch":
        return [rate_of(step, total, peak, warmup) for step in range(steps)]
    if kind == "one epoch":
        return [rate_of(start + step, steps, peak, warmup, kind) for step in range(steps)]
    if kind == "total of epochs":
        return [rate_of(start + step, epochs, peak, warmup) for step in range(steps)]
    if kind == "warm-up of epochs":
        return [rate_of(start + step, total, peak, warmup * steps) for step in range(steps)]
    if kind == "after the step":
        return [rate_of(n - 1, total, peak, warmup) if n else 1e-3 for n in range(start, start + steps)]
    if kind == "one late":
        return [rate_of(max(start + step - 1, 0), total, peak, warmup) for step in range(steps)]
    if kind == "one early":
        return [rate_of(start + step + 1, total, peak, warmup) for step in range(steps)]
    return [rate_of(start + step, total, peak, warmup, kind) for step in range(steps)]


def _one_epoch(model, train, optimiser, rates, max_norm, slips, epoch):
    if slips.get("mode") != "train once" or epoch == 0:
        model.train(slips.get("mode") != "always eval")
    losses, counts = [], []
    for (x, y), rate in zip(train, rates, strict=True):
        optimiser.param_groups[0]["lr"] = rate
        if slips.get("zero", True):
            optimiser.zero_grad()
        loss = F.cross_entropy(model(x), y, reduction=slips.get("reduction", "mean"))
        loss.backward()
        _clip(model, max_norm, slips.get("clip", "norm"))
        optimiser.step()
        losses, counts = [*losses, loss if slips.get("graphs") else loss.item()], [*counts, len(y)]
    kind = slips.get("train_loss")
    if kind == "batches":
        return [sum(losses) / len(losses)]
    if kind in ("last", "sum"):
        return [losses[-1] if kind == "last" else sum(losses)]
    if kind == "afterwards":
        return _measure(model, train, {})[:1]
    total = sum(loss * count for loss, count in zip(losses, counts, strict=True))
    return [total if kind == "total" else total / sum(counts)]


def _clip(model, max_norm, kind):
    parameters = [p for p in model.parameters() if p.grad is not None]
    if kind in ("norm", "to one"):
        torch.nn.utils.clip_grad_norm_(parameters, 1.0 if kind == "to one" else max_norm)
    elif kind == "each":
        for p in parameters:
            torch.nn.utils.clip_grad_norm_([p], max_norm)
    elif kind == "value":
        torch.nn.utils.clip_grad_value_(parameters, max_norm)
    elif kind == "always":
        total = torch.cat([p.grad.flatten() for p in parameters]).norm()
        for p in parameters:
            p.grad.mul_(max_norm / total)


def _measure(model, batches, slips):
    """Mean loss and accuracy over the examples."""
    if slips.get("mode") not in ("always train",):
        model.eval()
    with torch.no_grad():
        outputs = [(model(x), y) for x, y in batches]
    losses = [F.cross_entropy(logits, y).item() for logits, y in outputs]
    hits = [(logits.argmax(dim=-1) == y).double().mean().item() for logits, y in outputs]
    kind, counts = slips.get("figures"), [len(y) for _, y in outputs]
    loss = _mean(losses, [1] * len(losses) if kind in ("batches", "loss batches") else counts)
    accuracy = _mean(hits, [1] * len(hits) if kind == "batches" else counts)
    if kind == "swapped":
        return [accuracy, loss]
    return [loss, 100 * accuracy if kind == "percent" else accuracy]


def _mean(values, counts):
    return sum(value * count for value, count in zip(values, counts, strict=True)) / sum(counts)


def _is_better(score, best, kind):
    return {"not higher": score <= best, "higher": score > best or best == math.inf}.get(kind, score < best)


def _worse(losses):
    """How many epochs in all were not better than the best before them."""
    return sum(loss >= min(losses[:place]) for place, loss in enumerate(losses) if place)


def _restore(model, kept, kind):
    if kind == "all":
        model.load_state_dict(kept)
    elif kind == "parameters":
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(kept[name])


def nothing_measured(*args):
    history = fit(*args)
    return history["val_loss"], history["val_accuracy"]


def the_model(model, *args):
    fit(model, *args)
    return model


def losses_of_steps(model, train, *args):
    """A training loss for every step; the losses themselves do not matter, their number does."""
    history = fit(model, train, *args)
    return {**history, "train_loss": history["train_loss"] * len(train)}


def validated_before(model, train, val, *args):
    """The figures on val of every epoch taken before it."""
    start = _measure(model, val, {})
    history = fit(model, train, val, *args)
    for name, value in zip(("val_loss", "val_accuracy"), start, strict=True):
        history[name] = [value, *history[name]][:-1]
    return history


def up_to_the_best(*args):
    """The history cut off behind the best epoch."""
    history = fit(*args)
    best = history["val_loss"].index(min(history["val_loss"]))
    return {name: values[: best + 1] for name, values in history.items()}


def last_not_noted(*args):
    """The history without the epoch that ended the training."""
    history = fit(*args)
    stopped = len(history["val_loss"]) < args[3]
    return {name: values[:-1] if stopped else values for name, values in history.items()}


def slip(**slips):
    """`fit` with these."""
    return partial(fit, **slips)
