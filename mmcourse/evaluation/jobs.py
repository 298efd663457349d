"""A method on some data with a seed: its settings are tried, one is chosen on validation and tested once."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax, nll_loss

from mmcourse.errors import CourseError
from mmcourse.evaluation.flops import flops, parameters
from mmcourse.evaluation.methods import Budget, Method, Tables, Task
from mmcourse.evaluation.prediction import predict
from mmcourse.metrics import accuracy, calibration_error
from mmcourse.training import Batches, Diverged, seeded

_COUNTED = 2  # examples on which operations are counted


def run_job(method: Method, tables: Tables, budget: Budget, seed: int) -> dict:
    """Try a method's settings, choose one on validation, and test that one.

    Returns  "val", "test": {"log_probs" [example, class], "labels"}; "trials": of each setting its accuracy
             and loss on validation, its seconds, and why it failed; "chosen", its number; "parameters" and
             "flops" an example, None where they cannot be counted; "trainings", "seconds" of the chosen one
    Raises   Diverged where every setting did; CourseError for what is no model; what the method raises
    """
    trials, best = [], None
    for number, setting in enumerate(method.settings):
        task = Task(tables.train, tables.val, tables.classes, seed, budget)
        began = perf_counter()
        trial = {"val_accuracy": math.nan, "val_loss": math.nan, "failed": ""}
        trials.append(trial)
        try:
            with seeded(seed):
                model = method.train(task, **setting)
        except Diverged as error:
            trial |= {"failed": str(error), "seconds": perf_counter() - began}
            continue
        trial["seconds"] = perf_counter() - began
        log_probs = _log_probs(model, tables.val, tables.classes, method.name)
        labels = tables.val["label"]
        trial["val_accuracy"], trial["val_loss"] = accuracy(log_probs, labels), _loss(log_probs, labels)
        merit = (-trial["val_loss"], 0.0)
        if budget.choose == "val_accuracy":
            merit = (trial["val_accuracy"], -trial["val_loss"])
        if best is None or merit > best[0]:
            best = (merit, number, model, log_probs, task.trainings)
    if best is None:
        raise Diverged(f"every setting diverged; the last: {trials[-1]['failed']}")
    _, chosen, model, log_probs, trainings = best
    tested = _log_probs(model, tables.test, tables.classes, method.name)
    return {
        "val": {"log_probs": log_probs, "labels": tables.val["label"]},
        "test": {"log_probs": tested, "labels": tables.test["label"]},
        "trials": trials,
        "chosen": chosen,
        "trainings": trainings,
        "seconds": trials[chosen]["seconds"],
        **_costs(model, tables.test),
    }


def figures_of(state: dict) -> dict:
    """Return what a result says in numbers: accuracies, and calibration error and log loss (nats) on test."""
    log_probs, labels = state["test"]["log_probs"], state["test"]["labels"]
    return {
        "test_accuracy": accuracy(log_probs, labels),
        "val_accuracy": accuracy(state["val"]["log_probs"], state["val"]["labels"]),
        "calibration_error": calibration_error(log_probs, labels),
        "log_loss": _loss(log_probs, labels),
        "parameters": state["parameters"],
        "flops": state["flops"],
        "trainings": state["trainings"],
        "seconds": state["seconds"],
        "seconds_all": math.fsum(trial["seconds"] for trial in state["trials"]),
    }


def _log_probs(model: nn.Module | Callable, table: dict[str, Tensor], classes: int, name: str) -> Tensor:
    if isinstance(model, nn.Module):
        logits = predict(model, Batches(table, 256))[0]
    elif callable(model):
        with torch.no_grad():
            logits = model(table)
    else:
        raise CourseError(
            f"{name!r} must return a model or a function of a table, got {type(model).__name__}. Does its "
            "function end with `return model`?"
        )
    wanted = [len(table["label"]), classes]
    if not isinstance(logits, Tensor) or list(logits.shape) != wanted:
        got = list(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
        raise CourseError(f"{name!r} must give logits of shape {wanted} for a table, got {got}.")
    log_probs = log_softmax(logits.detach().cpu().double(), dim=1)
    if log_probs.isnan().any():
        raise CourseError(f"{name!r} gives answers that are no numbers (NaN): nothing is compared with it.")
    return log_probs.float()


def _loss(log_probs: Tensor, labels: Tensor) -> float:
    return nll_loss(log_probs.double(), labels).item()


def _costs(model: nn.Module | Callable, table: dict[str, Tensor]) -> dict:
    """Return parameters and operations an example; None for those that cannot be counted."""
    if not isinstance(model, nn.Module):
        return {"parameters": getattr(model, "parameters_held", None), "flops": None}
    few = {name: values[:_COUNTED] for name, values in table.items()}
    try:
        counted = flops(model, few)
    except (RuntimeError, NotImplementedError):  # an operation without an unfused form
        counted = None
    return {"parameters": parameters(model), "flops": counted}
