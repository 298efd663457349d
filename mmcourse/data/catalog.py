"""The list of data sets, and the one call that loads any of them.

A data set is one file and one line: the file defines a function that returns a `Source`, the
line in `CATALOG` names it. Splitting and pairing are the same for all and happen here.
"""

import difflib
import inspect
from importlib import import_module

import torch
from torch import Tensor

from mmcourse.data.pairing import PAIRINGS, draw_pairs, split_by_class, split_by_speaker
from mmcourse.data.sets import PairedDataset, Splits
from mmcourse.data.stores import Recordings, Source
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
    *,
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
    options          go to the data set: `images=`, `speech=` for "folder"; see `help(data.folders.source)`
    Raises           CourseError, with the near matches of an unknown name, or what is wrong or missing
    """
    _check(seed, pairs_per_image, pairing, max_images)
    source = _call(name, "source", options)
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


def recordings(name: str, **options) -> Recordings:
    """Load all spoken clips of a data set, neither split nor paired, with label and speaker of each."""
    return _call(name, "recordings", options)


def near_matches(word: object, known: list[str]) -> str:
    """Say which known names a mistyped one may have meant, and which there are."""
    near = difflib.get_close_matches(str(word).lower(), known, n=2, cutoff=0.5)
    guess = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    return f"{guess}There are: {', '.join(known)}."


def _call(name: str, function: str, options: dict):
    """Call a data set's own function, and say which options it takes if these are not they."""
    if name not in CATALOG:
        raise CourseError(f"There is no data set {name!r}. {near_matches(name, names())}")
    function = getattr(import_module(CATALOG[name]), function)
    parameters = inspect.signature(function).parameters
    unknown = [option for option in options if option not in parameters]
    if unknown:
        takes = f"takes {', '.join(parameters)}" if parameters else "takes no options of its own"
        raise CourseError(f"{name!r} {takes}, not {unknown[0]!r}.")
    needed = [key for key, value in parameters.items() if value.default is value.empty and key not in options]
    if needed:
        raise CourseError(
            f"{name!r} needs {', '.join(needed)}: give them as data.load({name!r}, {needed[0]}=...)."
        )
    return function(**options)


def _generator(seed: int, purpose: int) -> torch.Generator:
    # One stream for each purpose: asking for more pairs must not change who is in which part.
    return torch.Generator().manual_seed((seed * 1000 + purpose) % 2**63)


def _split_pictures(source: Source, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    labels, classes = source.pictures.labels, source.recordings.classes
    if source.test is None:
        return split_by_class(labels, classes, generator, "pictures")
    free = torch.ones(len(labels), dtype=torch.bool)
    free[source.test] = False
    rest = torch.nonzero(free).flatten()
    train, val, more = (rest[part] for part in split_by_class(labels[rest], classes, generator, "pictures"))
    return torch.cat([train, more]).sort().values, val, source.test


def _check(seed: object, pairs_per_image: object, pairing: object, max_images: object) -> None:
    if not _is_whole(seed) or seed < 0:
        raise CourseError(f"seed must be a whole number from 0 on, such as seed=0, got {seed!r}.")
    if not _is_whole(pairs_per_image) or pairs_per_image < 1:
        raise CourseError(f"pairs_per_image must be a whole number from 1 on, got {pairs_per_image!r}.")
    if pairing not in PAIRINGS:
        raise CourseError(f"There is no pairing {pairing!r}. {near_matches(pairing, list(PAIRINGS))}")
    if max_images is not None and (not _is_whole(max_images) or max_images < 1):
        raise CourseError(
            f"max_images must be a whole number from 1 on, or None for all, got {max_images!r}."
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
