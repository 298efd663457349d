"""Answers to 01.11 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import random

import torch


def fitting(image, clips):
    return [clip for clip in clips if clip["label"] == image["label"] and clip["split"] == image["split"]]


def wrong_ignores_the_split(images, clips, seed):
    """hint: leak"""
    rng = random.Random(seed)
    pairs = []
    for image in images:
        candidates = [clip for clip in clips if clip["label"] == image["label"]]
        pairs.append((image["id"], rng.choice(candidates)["id"]))
    return pairs


def wrong_ignores_the_label(images, clips, seed):
    """hint: says"""
    rng = random.Random(seed)
    pairs = []
    for image in images:
        candidates = [clip for clip in clips if clip["split"] == image["split"]]
        pairs.append((image["id"], rng.choice(candidates)["id"]))
    return pairs


def wrong_in_the_order_they_come(images, clips, seed):
    """hint: says"""
    return [(image["id"], clip["id"]) for image, clip in zip(images, clips, strict=False)]


def wrong_always_the_first(images, clips, seed):
    """hint: same clip"""
    pairs = []
    for image in images:
        for clip in clips:
            if clip["label"] == image["label"] and clip["split"] == image["split"]:
                pairs.append((image["id"], clip["id"]))
                break
    return pairs


def wrong_seeds_inside_the_loop(images, clips, seed):
    """hint: same clip"""
    pairs = []
    for image in images:
        candidates = fitting(image, clips)
        if candidates:
            rng = random.Random(seed)
            pairs.append((image["id"], rng.choice(candidates)["id"]))
    return pairs


def wrong_every_combination(images, clips, seed):
    """hint: more than one pair"""
    pairs = []
    for image in images:
        for clip in fitting(image, clips):
            pairs.append((image["id"], clip["id"]))
    random.Random(seed).shuffle(pairs)
    return pairs


def wrong_positions(images, clips, seed):
    """hint: ids"""
    rng = random.Random(seed)
    pairs = []
    for i, image in enumerate(images):
        candidates = [
            j
            for j, clip in enumerate(clips)
            if clip["label"] == image["label"] and clip["split"] == image["split"]
        ]
        if candidates:
            pairs.append((i, rng.choice(candidates)))
    return pairs


def wrong_clip_first(images, clips, seed):
    """hint: image first"""
    rng = random.Random(seed)
    return [(rng.choice(fitting(i, clips))["id"], i["id"]) for i in images if fitting(i, clips)]


def wrong_never_seeded(images, clips, seed):
    """hint: same seed"""
    return [(i["id"], random.choice(fitting(i, clips))["id"]) for i in images if fitting(i, clips)]


def wrong_seed_fixed(images, clips, seed):
    """hint: every seed"""
    rng = random.Random(42)
    return [(i["id"], rng.choice(fitting(i, clips))["id"]) for i in images if fitting(i, clips)]


def wrong_uses_every_clip_once(images, clips, seed):
    """hint: may serve several images"""
    rng = random.Random(seed)
    left = list(clips)
    pairs = []
    for image in images:
        candidates = fitting(image, left)
        if candidates:
            clip = rng.choice(candidates)
            left.remove(clip)
            pairs.append((image["id"], clip["id"]))
    return pairs


def wrong_falls_back_to_another_split(images, clips, seed):
    """hint: leak"""
    rng = random.Random(seed)
    pairs = []
    for image in images:
        candidates = fitting(image, clips)
        if not candidates:
            candidates = [clip for clip in clips if clip["label"] == image["label"]]
        pairs.append((image["id"], rng.choice(candidates)["id"]))
    return pairs


def wrong_none_for_the_missing(images, clips, seed):
    """hint: leave the image out"""
    rng = random.Random(seed)
    pairs = []
    for image in images:
        candidates = fitting(image, clips)
        pairs.append((image["id"], rng.choice(candidates)["id"] if candidates else None))
    return pairs


def wrong_stops_at_the_first_missing(images, clips, seed):
    """hint: no pair"""
    rng = random.Random(seed)
    pairs = []
    for image in images:
        candidates = fitting(image, clips)
        if not candidates:
            break
        pairs.append((image["id"], rng.choice(candidates)["id"]))
    return pairs


def wrong_train_only(images, clips, seed):
    """hint: no pair"""
    rng = random.Random(seed)
    train = [image for image in images if image["split"] == "train"]
    return [(i["id"], rng.choice(fitting(i, clips))["id"]) for i in train if fitting(i, clips)]


def wrong_whole_dicts(images, clips, seed):
    """hint: ids"""
    rng = random.Random(seed)
    return [(i, rng.choice(fitting(i, clips))) for i in images if fitting(i, clips)]


def right_loops_and_lists(images, clips, seed):
    rng = random.Random(seed)
    pairs = []
    for image in images:
        candidates = []
        for clip in clips:
            if clip["label"] != image["label"]:
                continue
            if clip["split"] != image["split"]:
                continue
            candidates.append(clip["id"])
        if len(candidates) > 0:
            pairs.append([image["id"], candidates[rng.randrange(len(candidates))]])
    return pairs


def right_in_another_order(*, images, clips, seed=0):
    generator = torch.Generator().manual_seed(seed)
    groups = {}
    for clip in clips:
        groups.setdefault((clip["split"], clip["label"]), []).append(clip["id"])
    pairs = []
    for split in ("test", "val", "train"):
        for image in images:
            group = groups.get((image["split"], image["label"]), [])
            if image["split"] == split and group:
                k = torch.randint(len(group), (), generator=generator)
                pairs.append((image["id"], group[k]))
    return tuple(pairs)


def right_takes_turns(images, clips, seed, repeats=1):
    order = list(clips)
    random.Random(seed).shuffle(order)
    used = {}
    pairs = []
    for image in images:
        key = (image["label"], image["split"])
        group = [clip["id"] for clip in order if (clip["label"], clip["split"]) == key]
        if group:
            used[key] = used.get(key, -1) + 1
            pairs.append((image["id"], group[used[key] % len(group)]))
    return pairs


def crash_choice_from_nothing(images, clips, seed):
    """line: rng.choice(fitting(image, clips))"""
    rng = random.Random(seed)
    return [(image["id"], rng.choice(fitting(image, clips))["id"]) for image in images]


def crash_attribute(images, clips, seed):
    """line: image.label"""
    return [(image.id, clip.id) for image in images for clip in clips if image.label == clip.label]


def wrong_seed_forgotten(images, clips, seed):
    """hint: random.Random(seed) and from nothing else"""
    pairs = []
    for image in images:
        fits = [c["id"] for c in clips if c["label"] == image["label"] and c["split"] == image["split"]]
        if fits:
            pairs.append((image["id"], random.choice(fits)))
    return pairs
