"""The file that says what to train on what, in TOML: read as a whole checked before anything is loaded."""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import dataclass
from pathlib import Path

from mmcourse.data import catalog
from mmcourse.data.wording import guess
from mmcourse.errors import CourseError
from mmcourse.modules import image_models, speech_models
from mmcourse.training.config_keys import (
    DATA,
    OUTPUT,
    TRAINING,
    Check,
    one_of,
    real_number,
    truth,
    whole_number,
)

NETWORKS = {
    "image": {"ImageCNN": image_models.ImageCNN, "ImageResNet": image_models.ImageResNet},
    "speech": {
        "SpeechCNN": speech_models.SpeechCNN,
        "SpeechRNN": speech_models.SpeechRNN,
        "SpeechTransformer": speech_models.SpeechTransformer,
    },
}
MODEL = ("hidden", "image", "speech")
BY_THE_DATA = ("in_channels", "n_mels")  # options of networks that nobody needs to write down


@dataclass(frozen=True)
class Config:
    """A training as a file describes it; every key has a value, those that the file leaves out too.

    file      where it was read
    data      what `prepared.prepare` takes, and in "options" what belongs to the data set alone
    model     hidden, and for "image" and "speech" a dict with the network's name and its options
    training  keywords of `fit`, batch_size
    output    folder, every, minutes, keep
    """

    file: str
    data: dict
    model: dict
    training: dict
    output: dict


def read(path: str | Path) -> Config:
    """Read and check a file.

    Raises  CourseError in a sentence with the file, the key, what came and what fits
    """
    tables = _parsed(Path(path))
    try:
        _known(tables, ("data", "model", "training", "output"), "the file", "table")
        for name, table in tables.items():
            _need_table(table, f"[{name}]")
        return Config(
            file=str(path),
            data=_data(tables.get("data", {})),
            model=_model(tables.get("model", {})),
            training=_training(tables.get("training", {})),
            output=_output(tables.get("output", {})),
        )
    except CourseError as error:
        raise CourseError(f"{path}: {error}".strip()) from None


def _parsed(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        names = [other.name for other in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise CourseError(
            f"There is no file {path}. {guess(path.name, names)}"
            "`python -m mmcourse.training --example` prints one to begin with."
        ) from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Give a TOML file.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is no text in UTF-8. Give a TOML file.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is no TOML: {error}. A line is `key = value`, text in quotes.") from None


def _known(found: dict, keys: tuple, where: str, what: str = "key") -> None:
    for key in found:
        if key not in keys:
            raise CourseError(f"{where} has no {what} {key!r}. {guess(key, keys)}It takes {', '.join(keys)}.")


def _need_table(value: object, name: str) -> None:
    if not isinstance(value, dict):
        raise CourseError(f"{name} must be a table, a line {name} with its keys beneath, got {value!r}.")


def _checked(found: dict, table: dict, where: str) -> dict:
    """Return a value for every key of a table, the file's where it has one."""
    _known(found, tuple(table), where)
    return {
        key: check(found[key], f"{where} {key}") if key in found else standard
        for key, (standard, check) in table.items()
    }


def _data(found: dict) -> dict:
    name = DATA["name"][1](found.get("name", "digits"), "[data] name")
    parameters = inspect.signature(catalog.module(name).source).parameters
    own = [key for key, value in parameters.items() if "Callable" not in str(value.annotation)]
    _known(found, (*DATA, *own), "[data]")
    needed = [key for key in own if parameters[key].default is inspect.Parameter.empty]
    for key in needed:
        if key not in found:
            raise CourseError(f'[data] needs {key} for the data set {name!r}, such as {key} = "my/{key}".')
    common = _checked({key: value for key, value in found.items() if key in DATA}, DATA, "[data]")
    return common | {"options": {key: found[key] for key in own if key in found}}


def _model(found: dict) -> dict:
    _known(found, MODEL, "[model]")
    networks = {sense: _network(found.get(sense, {}), sense) for sense in NETWORKS}
    return {"hidden": whole_number(1)(found.get("hidden", 64), "[model] hidden")} | networks


def _network(found: object, sense: str) -> dict:
    where, networks = f"[model.{sense}]", NETWORKS[sense]
    _need_table(found, where)
    name = one_of(*networks)(found.get("network", next(iter(networks))), f"{where} network")
    defaults = {
        key: value.default
        for key, value in inspect.signature(networks[name]).parameters.items()
        if key not in BY_THE_DATA
    }
    _known(found, ("network", *defaults), f"{where} {name}")
    options = {
        key: _like(defaults[key])(value, f"{where} {key}") for key, value in found.items() if key != "network"
    }
    return {"network": name} | options


def _like(default: object) -> Check:
    """Return what an option of a network must be, by its default."""
    if isinstance(default, bool):
        return truth
    if isinstance(default, str):
        return one_of(*speech_models.CELLS)
    return whole_number(1) if isinstance(default, int) else real_number("must be a share from 0 to 1", 0, 1)


def _training(found: dict) -> dict:
    values = _checked(found, TRAINING, "[training]")
    if values["monitor"] not in ("val_loss", "val_accuracy", *values["metrics"]):
        raise CourseError(
            f"[training] monitor {values['monitor']!r} is not measured: write it into metrics as well, "
            f'metrics = ["{values["monitor"]}"].'
        )
    return values


def _output(found: dict) -> dict:
    if "folder" not in found:
        _known(found, tuple(OUTPUT), "[output]")
        raise CourseError('[output] needs a folder for what comes out, such as folder = "runs/first".')
    return _checked(found, OUTPUT, "[output]")
