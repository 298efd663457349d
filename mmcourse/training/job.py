"""A training from its configuration to its results: data, model, `fit`, and what is left in the folder."""

from __future__ import annotations

import functools
import json
import os
import sys
from pathlib import Path
from time import perf_counter

import torch
from torch import nn
from tqdm.auto import tqdm

from mmcourse import metrics
from mmcourse.errors import CourseError
from mmcourse.modules.multimodal import OneSense, TwoSenses
from mmcourse.training.batches import Batches
from mmcourse.training.callbacks import Callback, ProgressBar
from mmcourse.training.checkpoints import Checkpoints
from mmcourse.training.config import NETWORKS, Config
from mmcourse.training.devices import choose_device
from mmcourse.training.distributed import World
from mmcourse.training.history import History
from mmcourse.training.logs import CsvLog
from mmcourse.training.loop import fit, validate
from mmcourse.training.prepared import Prepared, prepare
from mmcourse.training.run import Run
from mmcourse.training.seeds import seeded
from mmcourse.training.sharded import shard
from mmcourse.training.whole_files import write_whole

SCORED = 256  # examples of a batch of val and test
FORMAT = "mmcourse weights 1"


def train(config: Config, world: World, *, fresh: bool = False) -> None:
    """Train what a file describes, say how it goes, and leave the results in its folder.

    It goes on where the folder holds checkpoints of the same training. The test set is looked at once, at the
    end. All processes call it; the first one speaks and writes.

    world   the processes that share the work
    fresh   begin anew instead; checkpoints that are there are removed
    Raises  CourseError for a configuration that cannot be carried out or is not the one in the folder, and
            what `fit` raises
    """
    folder = Path(config.output["folder"]).expanduser()
    _open(folder, config, world, fresh)
    try:
        tables = prepare(config.data)
    except CourseError as error:
        raise CourseError(f"{config.file}: [data] {error}") from error
    model = build(config, len(tables.classes), tables)
    if config.training["parallel"] == "fsdp":
        shard(model.to(choose_device(_device(config.training, world))))
    history = fit(
        model,
        Batches(tables.train, config.training["batch_size"], seed=config.training["seed"]),
        Batches(tables.val, SCORED),
        callbacks=[_Lines(), *_bar(), CsvLog(folder / "log.csv")],
        checkpoints=_checkpoints(folder, config),
        **_keywords(config.training, len(tables.classes), world),
    )
    loss, accuracy = validate(model, Batches(tables.test, SCORED), world=world)
    weights = world.model_state(model)  # whole, from all processes
    if world.first:
        _write(folder, config, weights, tables, history, {"loss": loss, "accuracy": accuracy})
        print(history.stopped and f"stopped early: {history.stopped}\n", end="")
        print(f"test accuracy {accuracy:.1%}, loss {loss:.3f}, on {len(tables.test['label']):,} examples")
        print(f"{folder} holds weights.pt, history.json, log.csv and checkpoints", flush=True)


def build(config: Config, classes: int, tables: Prepared) -> nn.Module:
    """Make the model of a configuration, with weights from its seed.

    Raises  CourseError for options that do not go together
    """
    senses, hidden = config.data["senses"], config.model["hidden"]
    by_the_data = {"image": {}, "speech": {}}
    if "image" in tables.train:
        by_the_data["image"]["in_channels"] = tables.train["image"].shape[1]
    if "speech" in tables.train:
        by_the_data["speech"]["n_mels"] = tables.train["speech"].shape[1]
    encoders = {}
    with seeded(config.training["seed"]):
        for sense in NETWORKS if senses == "both" else (senses,):
            options = dict(config.model[sense])
            network = NETWORKS[sense][options.pop("network")]
            try:
                encoders[sense] = network(**options, **by_the_data[sense])
            except (ValueError, AssertionError) as error:
                raise CourseError(f"{config.file}: [model.{sense}] {error}") from error
        if senses == "both":
            return TwoSenses(encoders["image"], encoders["speech"], classes, hidden=hidden)
        return OneSense(senses, encoders[senses], classes, hidden=hidden)


class _Lines(Callback):
    """A line an epoch, from the process that speaks."""

    def on_start(self, run: Run) -> None:
        """Say where it goes on, if it does."""
        self._began = perf_counter()
        if run.world.first and not run.first:
            tqdm.write(f"goes on after {run.position}")

    def on_epoch(self, run: Run) -> None:
        """Say how the epoch went."""
        seconds, self._began = perf_counter() - self._began, perf_counter()
        if run.world.first:
            history = run.history
            tqdm.write(
                f"epoch {run.epoch} of {run.epochs}   train loss {history.train_loss[-1]:.3f}   "
                f"val loss {history.val_loss[-1]:.3f}   val accuracy {history.val_accuracy[-1]:.1%}   "
                f"{seconds:.1f} s"
            )
            sys.stdout.flush()


def _bar() -> list[Callback]:
    return [ProgressBar()] if sys.stderr.isatty() else []


def _checkpoints(folder: Path, config: Config) -> Checkpoints:
    asked = {name: config.output[name] for name in ("every", "minutes", "keep")}
    return Checkpoints(folder / "checkpoints", **asked)


def _keywords(training: dict, classes: int, world: World) -> dict:
    """Return the keywords of `fit` for the [training] of a file."""
    made = {name: value for name, value in training.items() if name not in ("batch_size", "parallel")}
    made["device"] = _device(training, world)
    made["metrics"] = {name: _metric(name, classes) for name in training["metrics"]}
    made["optimiser"] = None
    if training["optimiser"] == "sgd":
        made["optimiser"] = functools.partial(
            torch.optim.SGD, momentum=0.9, weight_decay=training["weight_decay"]
        )
    return made


def _device(training: dict, world: World) -> str:
    """Return where to train: without CUDA, several processes can share nothing but the CPU."""
    return "cpu" if world.size > 1 and not torch.cuda.is_available() else training["device"]


def _metric(name: str, classes: int) -> metrics.Metric:
    if name.startswith("top_"):
        return metrics.TopK(min(int(name.removeprefix("top_")), classes))
    if name.startswith("f1_"):
        return metrics.F1(classes, average=name.removeprefix("f1_"))
    return metrics.CalibrationError()


def _open(folder: Path, config: Config, world: World, fresh: bool) -> None:
    """Make the folder, and see to it that checkpoints in it are of this training."""
    ours = {"data": config.data, "model": config.model, "batch_size": config.training["batch_size"]}
    if world.first:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            there = _checkpoints(folder, config).paths()
            for path in there if fresh else []:
                path.unlink()
            if there and not fresh:
                _need_same(ours, folder, config.file)
            _write_text(folder / "config.json", json.dumps(ours, indent=1, ensure_ascii=False))
        except OSError as error:
            raise CourseError(
                f"{config.file}: [output] folder {str(folder)!r} cannot be written to ({error.strerror}). "
                "Give another one."
            ) from error
    world.gather(None)  # nobody looks for checkpoints before the first one has tidied up


def _need_same(ours: dict, folder: Path, file: str) -> None:
    """Raise CourseError where a folder's checkpoints are of other data or another model."""
    try:
        saved = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return  # what `fit` compares is left
    changed = [
        f"{name} was {saved_value!r} and is now {value!r}"
        for name, (saved_value, value) in _differences(saved, json.loads(json.dumps(ours))).items()
    ]
    if changed:
        raise CourseError(
            f"{file}: {folder} holds another training: {', '.join(changed)}. To begin anew, give --fresh or "
            "another [output] folder; to go on, give the old values."
        )


def _differences(one: dict, other: dict, before: str = "") -> dict[str, tuple]:
    found = {}
    for key in {**one, **other}:
        a, b = one.get(key), other.get(key)
        if isinstance(a, dict) and isinstance(b, dict):
            found |= _differences(a, b, f"{before}{key}.")
        elif a != b:
            found[f"{before}{key}"] = (a, b)
    return found


def _write(
    folder: Path, config: Config, weights: dict, tables: Prepared, history: History, test: dict
) -> None:
    """Leave the weights and the history, each whole or not at all."""
    values = {name: [float(value) for value in values] for name, values in history.metrics.items()}
    told = history.state_dict() | {"metrics": values, "test": test}
    standardizer = tables.standardizer
    state = {
        "format": FORMAT,
        "model": {name: tensor.detach().cpu() for name, tensor in weights.items()},
        "standardizer": None if standardizer is None else standardizer.state_dict(),
        "classes": tables.classes,
        "config": {"data": config.data, "model": config.model, "training": config.training},
    }
    try:
        _write_text(folder / "history.json", json.dumps(told, indent=1))
        write_whole(folder / "weights.pt", state)
    except OSError as error:
        raise CourseError(
            f"the results could not be written to {folder} ({error.strerror}). Make room; the same command "
            "then goes on from the last checkpoint."
        ) from error


def _write_text(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text + "\n", encoding="utf-8")
    os.replace(part, path)
