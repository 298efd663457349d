"""From what `fit` was asked for to a Run: all is made, and what cannot work is said before the first step."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import nn

from mmcourse.training.devices import Compiled, choose_device
from mmcourse.training.distributed import World
from mmcourse.training.guards import need_batches
from mmcourse.training.precision import Precision
from mmcourse.training.run import Run
from mmcourse.training.steps import make_optimiser, make_schedule
from mmcourse.training.stopping import EarlyStopping

# A run that is taken up again may change only where and how fast it trains, not what.
FREE = ("device", "channels_last", "compile", "callbacks")


def start(model: nn.Module, train: Collection[dict], val: Collection[dict], options: dict) -> Run:
    """Make the Run for these options, the keywords of `fit`."""
    need_batches(train, val, options["epochs"])
    _need_numbers(options)
    world = World.current()
    optimiser = options["optimiser"]
    if not isinstance(optimiser, torch.optim.Optimizer) or options["device"] is not None:
        model.to(_device(model, options["device"]))
    optimiser = make_optimiser(
        optimiser, model.parameters(), options["learning_rate"], options["weight_decay"]
    )
    device = next(model.parameters()).device
    memory_format = torch.channels_last if options["channels_last"] else None
    if memory_format is not None:
        model.to(memory_format=memory_format)
    steps = options["epochs"] * -(-len(train) // options["accumulate"])
    metrics = dict(options["metrics"] or {})
    network = world.wrap(model)
    return Run(
        model=model,
        network=Compiled(network) if options["compile"] else network,
        train=train,
        val=val,
        loss_function=options["loss"],
        metrics=metrics,
        optimiser=optimiser,
        schedule=make_schedule(options["schedule"], optimiser, steps, options["warmup"]),
        precision=Precision(options["precision"], device),
        stopping=EarlyStopping(options["patience"], highest=_highest(options["monitor"], metrics)),
        device=device,
        world=world,
        memory_format=memory_format,
        config=_config(model, train, optimiser, options),
        **{
            name: options[name]
            for name in ("epochs", "seed", "max_norm", "accumulate", "monitor", "callbacks")
        },
    )


def _device(model: nn.Module, device: torch.device | str | None) -> torch.device:
    """Return where to train; a model without parameters is refused later, with a sentence."""
    first = next(model.parameters(), None)
    return choose_device(device) if device is not None or first is None else first.device


def _need_numbers(options: dict) -> None:
    if options["accumulate"] < 1:
        raise ValueError(f"accumulate must be at least 1 batch a step, got {options['accumulate']}.")
    if options["max_norm"] is not None and not options["max_norm"] > 0:
        raise ValueError(
            f"max_norm must be above 0, or None to follow any gradient; got {options['max_norm']}."
        )


def _highest(monitor: str, metrics: dict) -> bool:
    """Say whether the monitored value is the better the higher it is."""
    known = {"val_loss": False, "val_accuracy": True}
    known |= {name: metric.highest for name, metric in metrics.items()}
    if monitor not in known:
        raise ValueError(f"monitor is one of {', '.join(known)}; got {monitor!r}.")
    return known[monitor]


def _config(
    model: nn.Module, train: Collection[dict], optimiser: torch.optim.Optimizer, options: dict
) -> dict:
    """Describe a run in names and numbers, such that another one with the same description does the same."""
    config = {name: _name(value) for name, value in options.items() if name not in FREE}
    return {
        **config,
        "optimiser": type(optimiser).__name__,
        "model": type(model).__name__.removeprefix("FSDP"),  # which fully_shard puts before it
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "batches": len(train),
        "metrics": ", ".join(options["metrics"] or {}),
    }


def _name(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return getattr(value, "__name__", type(value).__name__)
