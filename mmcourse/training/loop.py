"""The training loop, to be read in one sitting: batches in, a trained model and its history out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mmcourse.metrics import Accuracy, MeanLoss, Metric
from mmcourse.training.checkpoints import Checkpoints
from mmcourse.training.devices import evaluating, move
from mmcourse.training.distributed import ALONE, World
from mmcourse.training.guards import examples_of, explained, need_answers, need_labels, warn_of_one_class
from mmcourse.training.history import History
from mmcourse.training.interrupt import listening
from mmcourse.training.run import Run
from mmcourse.training.seeds import seeded
from mmcourse.training.start import start


def fit(
    model: nn.Module,
    train: Collection[dict],
    val: Collection[dict],
    *,
    epochs: int,
    seed: int,
    learning_rate: float = 2e-3,
    weight_decay: float = 1e-2,
    max_norm: float | None = 1.0,
    device: torch.device | str | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    metrics: Mapping[str, object] | None = None,
    optimiser: Callable | torch.optim.Optimizer | None = None,
    schedule: str | Callable[[int, int], float] = "one_cycle",
    warmup: float = 0.1,
    accumulate: int = 1,
    patience: int | None = None,
    monitor: str = "val_loss",
    precision: str = "float32",
    channels_last: bool = False,
    compile: bool = False,
    callbacks: Sequence[object] = (),
    checkpoints: Checkpoints | Path | str | None = None,
    resume: bool = True,
) -> History:
    """Train a classifier in place and say how it went.

    model          takes a batch and returns logits [batch, class]
    train, val     give batches with a "label" of shape [batch], anew each time they are iterated
    seed           of everything random, such as dropout; the batches bring the seed of their order
    learning_rate  at its highest; it rises over the warm-up, then falls to 0
    weight_decay   of AdamW, the optimiser where none is given
    max_norm       longest gradient that a step follows, longer ones are shortened to it; None follows any
    device         where to train; by default where the model is; "auto" for the best that this machine has
    loss           (logits, labels) -> mean over the examples
    metrics        name -> metric of mmcourse.metrics, measured on val after each epoch
    optimiser      (parameters, lr=learning_rate) -> optimiser, such as torch.optim.SGD; or one that is made
    schedule       "one_cycle", "cosine", "constant", or (step, total_steps) -> factor of the learning rate
    warmup         share of the steps on which the learning rate rises
    accumulate     batches that make one step, equal to a step on one batch of all their examples
    patience       epochs without a better `monitor` before it stops; then the best weights come back
    monitor        "val_loss" (lower is better), "val_accuracy" or the name of a metric
    precision      "float32", "bfloat16" or "float16"
    channels_last  keep pictures with the channel as their last axis in memory, which some devices prefer
    compile        let torch.compile make code of the model; where it cannot, a warning, and on without it
    callbacks      told of each start, step, epoch and end: see mmcourse.training.callbacks
    checkpoints    folder, or Checkpoints, to save to
    resume         go on from the last checkpoint there, if there is one
    Returns        the History; the model stays as the last epoch left it, in the mode it came in
    Raises         ValueError and TypeError for what cannot be trained with, Diverged for a loss that is no
                   number, OutOfMemory; Interrupted after Ctrl-C, when the run was saved
    """
    began, modes = perf_counter(), [(module, module.training) for module in model.modules()]
    options = {name: value for name, value in locals().items() if name in OPTIONS}
    run = start(model, train, val, options)
    saved = Checkpoints.of(checkpoints)
    with seeded(seed + run.world.rank), listening() as interrupted:
        saved.begin(run, resume)
        run.began = began - run.history.seconds
        try:
            run.call("on_start")
            while run.epoch < epochs and not run.stopping.done:
                train_one_epoch(run, saved, interrupted)
                score(run)
                run.end_epoch()
                run.call("on_epoch")
                saved.after_epoch(run, interrupted())
        finally:
            run.look_at_the_clock()
            run.call("on_end")
            for module, was_training in modes:
                module.training = was_training
    run.finish()
    return run.history


OPTIONS = (frozenset(fit.__kwdefaults__) | {"epochs", "seed"}) - {"checkpoints", "resume"}


def train_one_epoch(run: Run, saved: Checkpoints, interrupted: Callable[[], bool]) -> None:
    """Take one step for each batch, or for `accumulate` batches, and note the mean loss of the examples."""
    run.model.train()
    for batches in run.groups():
        take_step(run, batches)
        run.batch, run.step = run.batch + len(batches), run.step + 1
        run.call("on_step")
        saved.after_step(run, interrupted())
    run.world.same_buffers(run.model)
    run.history.train_loss.append(run.mean_loss())


def take_step(run: Run, batches: list[dict]) -> None:
    """Move the weights once, along the mean gradient of all examples in these batches, in all processes."""
    everyone = sum(examples_of(batch, run.where) for batch in batches)
    if run.batch == 0:
        run.world.need_same(batches[0], run.where)
    run.optimiser.zero_grad(set_to_none=True)
    for number, whole in enumerate(batches):
        batch, count = run.world.share(whole)
        batch = move(batch, run.device, memory_format=run.memory_format)
        # the loss is a mean over this process's examples, and gradients will be averaged over processes
        weight = count * run.world.size / everyone
        last = number == len(batches) - 1
        with explained(len(whole["label"]), run.where, run.accumulate), run.world.waiting(run.network, last):
            with run.precision.autocast():
                loss = loss_of(run, batch)
            run.precision.backward(loss if weight == 1 else loss * weight)
        run.note(loss.detach(), count, batch)
    run.history.learning_rate.append(run.learning_rate)
    if run.precision.step(run.optimiser, run.model, run.max_norm):
        run.schedule.step()


def loss_of(run: Run, batch: dict) -> Tensor:
    """Return the mean loss of a batch."""
    logits, labels = run.network(batch), batch["label"]
    need_labels(logits, labels, run.where)
    if not run.warned and run.batch == 0:
        run.warned = warn_of_one_class(labels, logits.shape[1], run.where)
    return run.loss_function(wide(logits), labels)


def wide(logits: Tensor) -> Tensor:
    """Return logits of 16 bits as float32, in which a loss is exact enough; wider ones as they are."""
    return logits.to(torch.promote_types(logits.dtype, torch.float32))


def score(run: Run) -> None:
    """Measure the validation examples, and let early stopping see the result."""
    metrics = {name: metric.fresh() for name, metric in run.metrics.items()}
    loss, accuracy = validate(
        run.model,
        run.val,
        loss=run.loss_function,
        metrics=metrics.values(),
        world=run.world,
        autocast=run.precision.autocast,
        memory_format=run.memory_format,
    )
    run.history.val_loss.append(loss)
    run.history.val_accuracy.append(accuracy)
    values = {"val_loss": loss, "val_accuracy": accuracy}
    for name, metric in metrics.items():
        values[name] = metric.value()
        run.history.metrics.setdefault(name, []).append(values[name])
    if run.stopping.patience is not None:
        run.stopping.update(values[run.monitor], run.world.model_state(run.model))


def validate(
    model: nn.Module,
    batches: Iterable[dict],
    *,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    metrics: Iterable[Metric] = (),
    world: World = ALONE,
    autocast: Callable[[], AbstractContextManager] = nullcontext,
    memory_format: torch.memory_format | None = None,
) -> tuple[float, float]:
    """Return the mean loss and the accuracy (share correct) over the examples, of all processes together.

    loss           (logits, labels) -> mean over the examples
    metrics        of mmcourse.metrics, that take in every batch
    world          processes that share the batches
    autocast       makes the context in which the model is called
    memory_format  of the pictures
    Raises         ValueError for no batches, and labels that do not fit the logits; Diverged for NaN in them
    """
    counted = [MeanLoss(loss), Accuracy(), *metrics]
    device = next(model.parameters()).device
    number = -1
    with evaluating(model):
        for number, whole in enumerate(batches):
            where = f"validation batch {number + 1}"
            examples_of(whole, where)
            if number == 0:
                world.need_same(whole, where)
            batch, count = world.share(whole)
            batch = move(batch, device, memory_format=memory_format)
            with autocast():
                logits = wide(model(batch))
            need_labels(logits, batch["label"], where)
            need_answers(logits, where)
            if count:
                for metric in counted:
                    metric.update(logits, batch["label"])
    if number < 0:
        raise ValueError("there are no batches to validate with: is the data set empty?")
    for metric in counted:
        metric.load(world.sum(metric.state()))
    return counted[0].value(), counted[1].value()
