"""Splits first, then pairs: no picture and no speaker of one part is ever seen in another.

Source of the mistake this avoids: pairs drawn before the split put one picture, or one voice,
on both sides, and the test then measures memory.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from mmcourse.data.wording import counted
from mmcourse.errors import CourseError

PARTS = ("train", "val", "test")
SHARES = (0.7, 0.15, 0.15)
PAIRINGS = ("label", "shuffled")
_TRIES = 200  # of drawing speakers until every part has every class


def sizes(count: int, shares: Sequence[float] = SHARES) -> tuple[int, int, int]:
    """Cut a count into train, val and test; val and test get at least one each."""
    val, test = (max(1, round(count * share)) for share in shares[1:])
    return count - val - test, val, test


def split_by_class(labels: Tensor, classes: Sequence[str], generator: torch.Generator, what: str):
    """Split items so that every part has its share of every class.

    labels   int64 `[item]`
    what     the items' name in the error, such as "picture"
    Returns  three int64 tensors of positions, train, val and test, each in rising order
    Raises   CourseError for a class with fewer than three items
    """
    parts = [[], [], []]
    for label, name in enumerate(classes):
        items = torch.nonzero(labels == label).flatten()
        if len(items) < 3:
            raise CourseError(
                f"The class {name!r} has {counted(len(items), what)}; it needs at least 3, one each for "
                "train, val and test. Add some, or take the class out of both folders."
            )
        items = items[torch.randperm(len(items), generator=generator)]
        for part, chosen in zip(parts, items.split(sizes(len(items))), strict=True):
            part.append(chosen)
    return tuple(torch.cat(part).sort().values for part in parts)


def split_by_speaker(labels: Tensor, speakers: list[str], classes: Sequence[str], generator: torch.Generator):
    """Split recordings so that each speaker is in one part only, and every part has every class.

    Where each speaker says one class only (as when nothing is known about speakers and every file
    counts as its own), the classes are split evenly as well.
    Returns  three int64 tensors of positions, train, val and test, each in rising order
    Raises   CourseError when there are too few speakers for three parts with every class
    """
    said: dict[str, set[int]] = {}
    for speaker, label in zip(speakers, labels.tolist(), strict=True):
        said.setdefault(speaker, set()).add(label)
    names = sorted(said)
    if all(len(classes_said) == 1 for classes_said in said.values()):
        only = torch.tensor([next(iter(said[name])) for name in names])
        chosen = split_by_class(only, classes, generator, "speaker")
        return _recordings_of([[names[i] for i in part] for part in chosen], speakers)
    if len(names) < 3:
        there = "There is" if len(names) == 1 else "There are"
        raise CourseError(
            f"{there} {counted(len(names), 'speaker')} ({', '.join(names)}); at least 3 are needed, because "
            "a speaker may be in only one of train, val and test."
        )
    for _ in range(_TRIES):
        order = [names[i] for i in torch.randperm(len(names), generator=generator)]
        train, val, _test = sizes(len(order))
        groups = [order[:train], order[train : train + val], order[train + val :]]
        if all(len(set().union(*(said[name] for name in group))) == len(classes) for group in groups):
            return _recordings_of(groups, speakers)
    rare = min(
        range(len(classes)), key=lambda label: sum(label in labels_said for labels_said in said.values())
    )
    raise CourseError(
        f"No split of the {len(names)} speakers gives every part every class; {classes[rare]!r} is said by "
        "the fewest. Add speakers who say it, or take the class out of both folders."
    )


def _recordings_of(groups: list[list[str]], speakers: list[str]):
    part_of = {name: part for part, group in enumerate(groups) for name in group}
    parts = torch.tensor([part_of[speaker] for speaker in speakers])
    return tuple(torch.nonzero(parts == part).flatten() for part in range(3))


def draw_pairs(
    image_labels: Tensor,
    speech_labels: Tensor,
    pairs_per_image: int,
    pairing: str,
    generator: torch.Generator,
) -> Tensor:
    """Give every picture of one part its recordings.

    image_labels, speech_labels  int64 `[picture]`, `[recording]`; every class of one is in the other
    pairing  "label": a recording of the picture's own class. "shuffled": the same recordings dealt out
             again at random, a control in which the two senses know nothing of each other
    Returns  int64 `[pair, 2]`: position of the picture, position of the recording; each picture once,
             then each once more, until it has `pairs_per_image`
    Each recording of a class is used once before any is used again.
    """
    images = torch.arange(len(image_labels)).repeat(pairs_per_image)
    speech = torch.empty_like(images)
    for label in image_labels.unique():
        wanted = torch.nonzero(image_labels[images] == label).flatten()
        pool = torch.nonzero(speech_labels == label).flatten()
        rounds = -(-len(wanted) // len(pool))
        drawn = [pool[torch.randperm(len(pool), generator=generator)] for _ in range(rounds)]
        speech[wanted] = torch.cat(drawn)[: len(wanted)]
    if pairing == "shuffled":
        speech = speech[torch.randperm(len(speech), generator=generator)]
    return torch.stack([images, speech], dim=1)
