"""The list of data sets, and the one call that loads any of them.

A data set is one file and one line: the file defines a function that returns a `Source`, the
line in `CATALOG` names it. Splitting and pairing are the same for all and happen here.
"""

import inspect
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import torch
from torch import Tensor

from mmcourse.data.options import whole
from mmcourse.data.pairing import PAIRINGS, draw_pairs, split_by_class, split_by_speaker
from mmcourse.data.sets import PairedDataset, Splits
from mmcourse.data.stores import Recordings, Source
from mmcourse.data.wording import guess, near_matches
from mmcourse.errors import CourseError

# name → module with `source(**options) -> Source` and `recordings(**options) -> Recordings`
CATALOG = {
    "digits": "mmcourse.data.digits",
    "mnist-fsdd": "mmcourse.data.mnist_fsdd",
    "folder": "mmcourse.data.folders",
}


def names() -> list[str]:
    """Name the data sets that `load` knows."""
    return list(CATALOG)


def load(
    name: str,
    *unnamed: object,
    seed: int = 0,
    pairs_per_image: int = 1,
    pairing: str = "label",
    max_images: int | None = None,
    **options,
) -> Splits:
    """Load a data set by name and return its train, val and test parts.

    seed             decides the split and the pairs; the same seed gives the same parts
    pairs_per_image  how many recordings each picture meets
    pairing          "label": picture and recording are of one class; "shuffled": a control in which
                     they know nothing of each other
    max_images       at most so many pictures in each part, drawn at random
    options          go to the data set. Your own files: `load("folder", images="pictures",
                     speech="sounds")`; for the layout, the image size, the sample rate and speakers see
                     `help(data.folders.source)`; for voices of "digits" `help(data.digits.source)`
    unnamed          nothing: every option is given by its name
    Raises           CourseError, with the near matches of an unknown name, or what is wrong or missing
    """
    seed = whole(seed, "seed", 0, note=", such as seed=0")
    pairs_per_image = whole(pairs_per_image, "pairs_per_image", 1)
    if max_images is not None:
        max_images = whole(max_images, "max_images", 1, note=", or None for all")
    if pairing not in PAIRINGS:
        raise CourseError(f"There is no pairing {pairing!r}. {near_matches(pairing, list(PAIRINGS))}")
    source = _call(name, "source", unnamed, options)
    pictures, recordings = source.pictures, source.recordings
    by_picture = _split_pictures(source, _generator(seed, 0))
    by_speaker = split_by_speaker(
        recordings.labels, recordings.speakers, recordings.classes, _generator(seed, 1)
    )
    parts = []
    for number, (images, clips) in enumerate(zip(by_picture, by_speaker, strict=True)):
        if max_images is not None:
            chosen = torch.randperm(len(images), generator=_generator(seed, 10 + number))[:max_images]
            images = images[chosen.sort().values]
        part = recordings.subset(clips)
        pairs = draw_pairs(
            pictures.labels[images], part.labels, pairs_per_image, pairing, _generator(seed, 20 + number)
        )
        pairs[:, 0] = images[pairs[:, 0]]
        parts.append(PairedDataset(pictures, part, pairs, source.datasheet, seed))
    return Splits(*parts, notes=source.notes)


def recordings(name: str, *unnamed: object, **options) -> Recordings:
    """Load all spoken clips of a data set, neither split nor paired, with label and speaker of each.

    options  as those of `load` that go to the data set, without what concerns pictures
    Raises   CourseError, as `load` does
    """
    return _call(name, "recordings", unnamed, options)


def module(name: str) -> ModuleType:
    """Return the module of a data set, or raise CourseError with the near matches of an unknown name."""
    if not isinstance(name, str) or name not in CATALOG:
        raise CourseError(f"There is no data set {name!r}. {near_matches(name, names())}")
    return import_module(CATALOG[name])


def _call(name: str, function: str, unnamed: tuple, options: dict):
    """Call a data set's own function, and say which options there are if these are not they."""
    call = getattr(module(name), function)
    asked, common = ("load", _named(load)) if function == "source" else ("recordings", [])
    parameters = inspect.signature(call).parameters
    for option in options:
        if option not in parameters:
            own = ", ".join(parameters) or "no options of its own"
            takes = f"{', '.join(common)}, and {'of its own ' if parameters else ''}{own}" if common else own
            raise CourseError(
                f"data.{asked}({name!r}) has no option {option!r}. "
                f"{guess(option, [*common, *parameters])}It takes {takes}."
            )
    needed = [key for key, value in parameters.items() if value.default is value.empty]
    example = ", ".join([repr(name), *(f"{key}='…'" for key in needed)])
    if unnamed:
        raise CourseError(
            f"After the data set's name every option is given by its own name, got {unnamed[0]!r} without "
            f"one. Write data.{asked}({example})."
        )
    if any(key not in options for key in needed):
        raise CourseError(f"{name!r} needs {' and '.join(needed)}: call data.{asked}({example}).")
    return call(**options)


def _named(function: Callable) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]


def _generator(seed: int, purpose: int) -> torch.Generator:
    # One stream for each purpose: asking for more pairs must not change who is in which part.
    return torch.Generator().manual_seed((seed * 1000 + purpose) % 2**63)


def _split_pictures(source: Source, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    labels, classes = source.pictures.labels, source.recordings.classes
    if source.test is None:
        return split_by_class(labels, classes, generator, "picture")
    free = torch.ones(len(labels), dtype=torch.bool)
    free[source.test] = False
    rest = torch.nonzero(free).flatten()
    train, val, more = (rest[part] for part in split_by_class(labels[rest], classes, generator, "picture"))
    return torch.cat([train, more]).sort().values, val, source.test
