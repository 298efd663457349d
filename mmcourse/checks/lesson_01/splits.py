"""Split by speaker: nobody who is heard in training is heard again in the test."""

import random

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_01.repeats import repeat, seed_fault

torch = lazy("torch")


def _split(speakers, test_share, seed):
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    chosen = set(names[: min(max(round(test_share * len(names)), 1), len(names) - 1)])
    train = [i for i, name in enumerate(speakers) if name not in chosen]
    return train, [i for i, name in enumerate(speakers) if name in chosen]


def _plain(split):
    return [sorted(int(i) for i in part) for part in split]


def _is_sized(value):
    return hasattr(value, "__len__") and not (hasattr(value, "dim") and value.dim() == 0)


def _form_fault(split, count):
    """Say what is wrong with the form of (train, test) as positions of `count` clips, if anything."""
    if isinstance(split, dict) or not _is_sized(split) or len(split) != 2 or not all(map(_is_sized, split)):
        return "Two lists are wanted, (train, test)"
    for side, part in zip(("train", "test"), split, strict=True):
        items = part.tolist() if hasattr(part, "tolist") else list(part)
        if any(isinstance(item, (str, bool)) or not hasattr(item, "__index__") for item in items):
            return f"{side} should hold positions of clips, whole numbers, and holds {items[0]!r}"
        outside = [item for item in items if not 0 <= item < count]
        if outside:
            return f"{side} holds the position {outside[0]}; there are {count} clips, 0 to {count - 1}"
        if len(set(map(int, items))) < len(items):
            return f"A clip comes twice in {side}: draw without replacement"
    return None


def _leak_fault(train, test, speakers):
    both = sorted(set(train) & set(test))
    if both:
        return f"Clip {both[0]} is in both parts; what goes to test has to leave train"
    shared = sorted({str(speakers[i]) for i in train} & {str(speakers[i]) for i in test})
    if shared:
        return (
            f"Speaker {shared[0]} is heard in train and in test. The model could know the voice instead of "
            "the word: draw speakers, not clips"
        )
    left_out = sorted(set(range(len(speakers))) - set(train) - set(test))
    return f"Clip {left_out[0]} is left out of both parts: all clips are to be used" if left_out else None


def _share_fault(splits, speakers, share):
    """Say what is wrong with the number of test speakers over splits of several seeds, if anything."""
    for train, test in splits:
        if not train or not test:
            return f"{'test' if train else 'train'} is empty: at least one speaker belongs on each side"
    total, counts = len(set(speakers)), [len({speakers[i] for i in test}) for _, test in splits]
    wanted = min(max(share * total, 1), total - 1)
    if all(abs(got - wanted) < 1 for got in counts):
        return None
    asked = f"test_share = {share:g} asks for about {wanted:.3g} of {total} speakers"
    if len(set(counts)) > 1:
        return (
            f"{asked}, and test holds {min(counts)} to {max(counts)}, depending on the seed: does each "
            "speaker count once, or once for each clip?"
        )
    if abs((total - counts[0]) - wanted) < 1:
        return "The parts are the other way round: (train, test), and test holds the share test_share"
    return f"test holds {counts[0]} of {total} speakers, and {asked}"


def _judge(runs, _wanted, args: Args):
    speakers, share = args.args[0], args.args[1]
    if runs.changed_input:
        return seed_fault(runs, _plain, "split", many=False)
    splits = []
    for split in (runs.first, runs.again, *runs.others):
        fault = _form_fault(split, len(speakers)) or _leak_fault(*_plain(split), speakers)
        if fault is not None:
            return fault
        splits.append(_plain(split))
    return _share_fault(splits, speakers, share) or seed_fault(
        runs, _plain, "split", many=len(set(speakers)) >= 8
    )


def _speakers(generator, people, clips):
    """A list of `clips` speakers among `people`, each at least once, some far more often than others."""
    draws = torch.rand(clips - people, generator=generator) ** 2 * people
    numbers = list(range(people)) + [int(draw) for draw in draws]
    order = torch.randperm(clips, generator=generator)
    return [f"s{numbers[i]:02d}" for i in order]


split_by_speaker = Exercise(
    id="01.10",
    name="split_by_speaker",
    title="Split by speaker",
    difficulty=2,
    minutes=20,
    stub="return positions for train and for test, no speaker in both",
    parameters=("speakers", "test_share", "seed"),
    reference=_split,
    hints=(
        "If you shuffle clips, what will a test clip of a speaker heard in training measure: words or "
        "voices?",
        "So what is it that you shuffle, and in which order must it stand before, so that a seed means the "
        "same on every computer?",
        "names = sorted(set(speakers)); random.Random(seed).shuffle(names); the first round(test_share · "
        "number), at least 1 and at most all but one, are for test; then look at each clip's speaker.",
    ),
    cases=(
        Case("five clips of three speakers", lambda g: (["ann", "bob", "ann", "cy", "bob"], 0.34, 0)),
        Case("12 speakers, some heard far more often", lambda g: (_speakers(g, 12, 90), 0.25, 1)),
        Case("a third of nine speakers", lambda g: (_speakers(g, 9, 40), 1 / 3, 2)),
        Case("half of two speakers", lambda g: (_speakers(g, 2, 6), 0.5, 5)),
        Case("a small share of few speakers", lambda g: (_speakers(g, 4, 12), 0.1, 3)),
        Case("a large share of four speakers", lambda g: (_speakers(g, 4, 15), 0.7, 4)),
    ),
    judge=_judge,
    call=repeat,
    noticing="A nearest neighbour is right far more often when the test holds voices that it has heard; "
    "lesson 1 measures how much of that was the voice and not the word.",
    variants=(),
    time_limit=20.0,  # an answer may import scikit-learn on its first call
)
