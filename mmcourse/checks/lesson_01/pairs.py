"""Pair pictures with sounds of the same digit, and never across a split."""

import random
from collections import Counter

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_01.repeats import repeat, seed_fault

torch = lazy("torch")


def _fitting(image, clips):
    return [c["id"] for c in clips if (c["label"], c["split"]) == (image["label"], image["split"])]


def _pair(images, clips, seed):
    draw = random.Random(seed)
    choices = [(image["id"], _fitting(image, clips)) for image in images]
    return [(name, draw.choice(fitting)) for name, fitting in choices if fitting]


def _choice_from_nothing(images, clips, seed):
    draw = random.Random(seed)
    return [(image["id"], draw.choice(_fitting(image, clips))) for image in images]


def _plain(pairs):
    return sorted(map(tuple, pairs))


def _form_fault(pairs, images, clips):
    """Say what is wrong with the form of a list of (image id, clip id), if anything."""
    if not isinstance(pairs, (list, tuple)):
        return "A list of pairs (image id, clip id) is wanted"
    for item in pairs:
        if not isinstance(item, (list, tuple)) or len(item) != 2:
            return f"Each item should be a pair (image id, clip id), and one is {item!r}"
        if not all(isinstance(part, str) for part in item):
            if item[1] is None:
                return f"{item[0]} is paired with None: leave the image out when no clip fits"
            return "Pairs are made of ids, such as ('i0', 'c3'), not of positions, labels or whole dicts"
        if item[0] in clips and item[1] in images:
            return f"The pair {tuple(item)!r} has the clip first; put the image first"
        if item[0] not in images or item[1] not in clips:
            return f"The pair {tuple(item)!r} holds an id that is not there"
    return None


def _match_fault(pairs, images, clips):
    for image, clip in pairs:
        seen, said = images[image], clips[clip]
        if seen["label"] != said["label"]:
            return f"{image} shows a {seen['label']} and {clip} says {said['label']}: pair equal labels"
        if seen["split"] != said["split"]:
            return (
                f"{image} is in {seen['split']} and {clip} in {said['split']}: a leak. A clip may serve in "
                "its own split only, even where none fits there"
            )
    return None


def _count_fault(pairs, images, clips):
    used = Counter(image for image, _ in pairs)
    often = [image for image, count in used.items() if count > 1]
    if often:
        return f"{often[0]} has more than one pair: draw one clip for each image"
    for name, image in images.items():
        if name not in used and _fitting(image, clips.values()):
            return f"{name} has no pair although a clip fits: a clip may serve several images, in every split"
    return None


def _draw_fault(pairs, images):
    """Say so where twelve images or more of one digit all got the same clip."""
    chosen = {}
    for image, clip in pairs:
        chosen.setdefault((images[image]["label"], images[image]["split"]), []).append(clip)
    for (label, split), names in chosen.items():
        if len(names) >= 12 and len(set(names)) == 1:
            return (
                f"All {len(names)} images of a {label} in {split} got the same clip, {names[0]}: draw anew "
                "for each image, from one generator made before the loop"
            )
    return None


def _judge(runs, _wanted, args: Args):
    images, clips = ({item["id"]: item for item in items} for items in args.args[:2])
    for pairs in (runs.first, runs.again, *runs.others):
        fault = (
            _form_fault(pairs, images, clips)
            or _match_fault(pairs, images, clips)
            or _count_fault(pairs, images, clips)
            or _draw_fault(pairs, images)
        )
        if fault is not None:
            return fault
    return seed_fault(runs, _plain, "pairing", many=len(images) >= 20)


def _item(name, label, split):
    return {"id": name, "label": label, "split": split}


def _tiny(_generator):
    images = [_item("i0", 3, "train"), _item("i1", 5, "train"), _item("i2", 3, "test")]
    clips = [
        _item("c0", 5, "train"),
        _item("c1", 3, "test"),
        _item("c2", 3, "train"),
        _item("c3", 3, "train"),
    ]
    return images, clips, 0


def _random(generator, images, clips, labels, splits):
    def some(letter, count):
        drawn = torch.randint(labels, (count,), generator=generator).tolist()
        where = torch.randint(len(splits), (count,), generator=generator).tolist()
        return [_item(f"{letter}{k}", drawn[k], splits[where[k]]) for k in range(count)]

    return some("i", images), some("c", clips), 7


def _one_without_clip(generator):
    images, clips, seed = _tiny(generator)
    return [images[0], _item("i3", 5, "test"), *images[1:]], clips, seed


pair = Exercise(
    id="01.11",
    name="pair",
    title="Pair pictures with sounds",
    difficulty=2,
    minutes=20,
    stub="draw for each image a clip of the same label in the same split",
    parameters=("images", "clips", "seed"),
    reference=_pair,
    hints=(
        "Which two things must an image and a clip have in common before they may become a pair?",
        "A clip of training paired with a picture of the test: what has the model heard before its exam?",
        "Make one random.Random(seed) before the loop; for each image list the fitting clips; when the list "
        "is empty go on with the next image, else append (image['id'], draw.choice(fitting)).",
    ),
    cases=(
        Case("three images, four clips", _tiny),
        Case("an image that no clip fits in its split", _one_without_clip),
        Case("one digit, many images", lambda g: _random(g, 40, 9, 1, ("train",))),
        Case("three splits", lambda g: _random(g, 60, 45, 4, ("train", "val", "test"))),
        Case("a single image", lambda g: ([_item("i0", 0, "val")], [_item("c0", 0, "val")], 0)),
    ),
    mistakes=(
        Mistake(
            "choice from nothing",
            _choice_from_nothing,
            "An image may have no fitting clip in its split: leave it out before you draw.",
        ),
    ),
    judge=_judge,
    call=repeat,
    noticing="First split, then pair. With pairs drawn before the split, the same sound would stand on "
    "both sides beside different pictures, and nobody would see it in a list of pairs.",
    variants=(),
)
