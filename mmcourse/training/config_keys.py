"""The keys of a configuration: what each must be, and what it is where the file leaves it out."""

from __future__ import annotations

import math
from collections.abc import Callable

from mmcourse.data import catalog
from mmcourse.data.options import number, whole
from mmcourse.data.wording import guess
from mmcourse.errors import CourseError
from mmcourse.training.steps import SCHEDULES

SENSES = ("image", "speech", "both")
METRICS = ("top_2", "top_3", "top_5", "f1_macro", "f1_weighted", "calibration_error")

Check = Callable[[object, str], object]  # (value, name for the message) -> value, or CourseError


def whole_number(lowest: int, note: str = "") -> Check:
    """Ask for a whole number from `lowest` on."""
    return lambda value, name: whole(value, name, lowest, note=note)


def real_number(wanted: str, low: float, high: float = math.inf) -> Check:
    """Ask for a number from low to high, both included; `wanted` says so in words."""

    def check(value: object, name: str) -> float:
        number(value, name, wanted, low, high)
        return float(value)

    return check


def one_of(*known: str) -> Check:
    """Ask for one of some names."""

    def check(value: object, name: str) -> str:
        if value not in known:
            near = guess(value, known) if isinstance(value, str) else ""
            raise CourseError(f"{name} must be one of {', '.join(map(repr, known))}, got {value!r}. {near}")
        return value

    return check


def truth(value: object, name: str) -> bool:
    """Ask for true or false."""
    if not isinstance(value, bool):
        raise CourseError(f"{name} must be true or false, got {value!r}.")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CourseError(f'{name} must be a path in quotes, such as "runs/first", got {value!r}.')
    return value


def _norm(value: object, name: str) -> float | None:
    if value == "none":
        return None
    return real_number('must be above 0, or "none"', math.ulp(0.0), 1e300)(value, name)


def _metrics(value: object, name: str) -> list[str]:
    if not isinstance(value, list):
        raise CourseError(f'{name} must be a list of names, such as ["top_3", "f1_macro"], got {value!r}.')
    return [one_of(*METRICS)(entry, name) for entry in value]


# table -> key -> (value where the file has none, what it must be)
DATA = {
    "name": ("digits", one_of(*catalog.CATALOG)),
    "senses": ("both", one_of(*SENSES)),
    "seed": (0, whole_number(0)),
    "pairs_per_image": (1, whole_number(1)),
    "examples": (None, whole_number(1)),
    "image_noise": (0.0, real_number("must be 0 or more", 0, 1e300)),
    "snr_db": (None, real_number("must be a number of decibels, such as 2.0", -1e300, 1e300)),
}
TRAINING = {
    "epochs": (5, whole_number(1)),
    "seed": (0, whole_number(0)),
    "batch_size": (64, whole_number(1, " (of all processes together)")),
    "learning_rate": (2e-3, real_number("must be 0 or more", 0, 1e300)),
    "weight_decay": (1e-2, real_number("must be 0 or more", 0, 1e300)),
    "max_norm": (1.0, _norm),
    "optimiser": ("adamw", one_of("adamw", "sgd")),
    "schedule": ("one_cycle", one_of(*SCHEDULES)),
    "warmup": (0.1, real_number("must be a share from 0 to below 1", 0, math.nextafter(1, 0))),
    "accumulate": (1, whole_number(1)),
    "patience": (None, whole_number(1)),
    "metrics": ([], _metrics),
    "monitor": ("val_loss", one_of("val_loss", "val_accuracy", *METRICS)),
    "precision": ("float32", one_of("float32", "bfloat16", "float16")),
    "device": ("auto", one_of("auto", "cpu", "cuda", "mps")),
    "channels_last": (False, truth),
    "compile": (False, truth),
    "parallel": ("ddp", one_of("ddp", "fsdp")),
}
OUTPUT = {
    "folder": (None, _text),
    "every": (None, whole_number(1, " of steps")),
    "minutes": (None, real_number("must be above 0", math.ulp(0.0), 1e300)),
    "keep": (2, whole_number(1)),
}
