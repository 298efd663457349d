"""Cross-validation over people: every speaker is tested once, by a model that has not heard them."""

import random

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_01.repeats import repeat, seed_fault

torch = lazy("torch")


def _folds(speakers, k, seed):
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    fold_of = {name: place % k for place, name in enumerate(names)}
    return [
        (
            [i for i, name in enumerate(speakers) if fold_of[name] != fold],
            [i for i, name in enumerate(speakers) if fold_of[name] == fold],
        )
        for fold in range(k)
    ]


def _plain(folds):
    return [[sorted(int(i) for i in part) for part in pair] for pair in folds]


def _is_sized(value):
    return hasattr(value, "__len__") and not isinstance(value, (str, dict, set))


def _form_fault(folds, k, count):
    """Say what is wrong with the form of k pairs (train, test) of positions, if anything."""
    if not _is_sized(folds):
        return f"A list of {k} pairs (train, test) is wanted; with `yield`, collect them: list(…)"
    flat = next((pair for pair in folds if not _is_sized(pair) or len(pair) != 2), None)
    if flat is not None or any(not _is_sized(part) for pair in folds for part in pair):
        return "Each of the folds is a pair (train, test) of lists of positions"
    if len(folds) != k:
        return f"There are {len(folds)} pairs (train, test), and k = {k} are wanted"
    for fold, pair in enumerate(folds):
        for side, part in zip(("train", "test"), pair, strict=True):
            items = part.tolist() if hasattr(part, "tolist") else list(part)
            if any(isinstance(item, (str, bool)) or not hasattr(item, "__index__") for item in items):
                return (
                    f"{side} of fold {fold} should hold positions of clips, whole numbers, not {items[0]!r}"
                )
            outside = [item for item in items if not 0 <= item < count]
            if outside:
                return f"{side} of fold {fold} holds the position {outside[0]}; clips are 0 to {count - 1}"
            if len(set(items)) < len(items):
                return f"A clip comes twice in {side} of fold {fold}"
    return None


def _leak_fault(folds, speakers):
    """Somebody on both sides of a fold, or a clip on neither."""
    for fold, (train, test) in enumerate(folds):
        both = sorted(set(train) & set(test))
        if both:
            return f"Clip {both[0]} is in train and in test of fold {fold}: what is tested has to leave train"
        shared = sorted({str(speakers[i]) for i in train} & {str(speakers[i]) for i in test})
        if shared:
            return (
                f"Speaker {shared[0]} is heard in train and in test of fold {fold}, so the model could "
                f"know the "
                "voice: deal out speakers, not clips"
            )
    return None


def _cover_fault(folds, speakers):
    """Every clip is tested once; all others train."""
    tested = [i for _, test in folds for i in test]
    twice = sorted({i for i in tested if tested.count(i) > 1})
    if twice:
        where = [fold for fold, (_, test) in enumerate(folds) if twice[0] in test]
        return (
            f"Clip {twice[0]} is tested in the folds {where[0]} and {where[1]}: shuffle once, before the "
            "loop over folds, and deal out each name once (set(speakers)), so that each speaker is tested in "
            "one fold"
        )
    missing = sorted(set(range(len(speakers))) - set(tested))
    if missing:
        return (
            f"Clip {missing[0]} is tested in no fold; with every k-th name, names[fold::k], none is left over"
        )
    for fold, (train, test) in enumerate(folds):
        unused = sorted(set(range(len(speakers))) - set(train) - set(test))
        if unused:
            return f"Clip {unused[0]} is on neither side of fold {fold}: all that is not tested trains"
    return None


def _size_fault(folds, speakers):
    counts = [len({speakers[i] for i in test}) for _, test in folds]
    if min(counts) == 0:
        return (
            f"Nobody is tested in fold {counts.index(0)}: deal the speakers out like cards, one to each fold"
        )
    if max(counts) - min(counts) > 1:
        sizes = ", ".join(map(str, counts))
        return (
            f"The folds test {sizes} speakers; their numbers may differ by 1 at most. Deal the speakers "
            f"out like "
            "cards, names[fold::k]"
        )
    return None


def _order_fault(divisions, speakers):
    """Say so where the alphabet still shows in who is tested together: it was turned or cut, not shuffled."""
    names = sorted({str(name) for name in speakers})
    if len(names) < 12:
        return None  # chance alone leaves too few ways
    place, steps = {name: i for i, name in enumerate(names)}, set()
    for _, test in (fold for division in divisions for fold in division):
        together = {place[str(speakers[i])] for i in test}
        steps |= {min(b - a, len(names) - b + a) for a in together for b in together if a < b}
    if len(steps) > len(names) // 2 - 2:
        return None
    return (
        f"Whatever the seed, only names {' or '.join(map(str, sorted(steps)))} places apart in the alphabet "
        "are tested together: shuffle the names, random.Random(seed).shuffle(names), do not turn the list"
    )


def _judge(runs, _wanted, args):
    speakers, k = args.args[0], args.args[1]
    if runs.changed_input:
        return seed_fault(runs, _plain, "division", many=False)
    for folds in (runs.first, runs.again, *runs.others):
        fault = _form_fault(folds, k, len(speakers))
        if fault is None:
            plain = _plain(folds)
            swapped = [pair[::-1] for pair in plain]
            fault = _leak_fault(plain, speakers)
            if fault is None and len(folds) > 2 and _cover_fault(swapped, speakers) is None:
                fault = "Train and test are exchanged: each pair is (train, test), and test holds one fold"
            fault = fault or _cover_fault(plain, speakers) or _size_fault(plain, speakers)
        if fault is not None:
            return fault
    fault = seed_fault(runs, _plain, "division", many=len(set(speakers)) >= 8)
    return fault or _order_fault([_plain(folds) for folds in (runs.first, *runs.others)], speakers)


def _speakers(generator, people, clips):
    """`clips` speakers among `people`, each at least once, some far more often than others."""
    draws = torch.rand(clips - people, generator=generator) ** 2 * people
    numbers = list(range(people)) + [int(draw) for draw in draws]
    return [f"s{numbers[i]:02d}" for i in torch.randperm(clips, generator=generator)]


folds_by_speaker = Exercise(
    id="02.12",
    name="folds_by_speaker",
    title="Everybody is tested once",
    difficulty=2,
    minutes=20,
    stub="return k pairs (train, test), every speaker tested in one of them",
    parameters=("speakers", "k", "seed"),
    reference=_folds,
    hints=(
        "With 12 speakers and 5 folds, how many speakers does each fold test? What happens to the last two "
        "if you take 12 // 5 for each?",
        "How often may you shuffle if every speaker is to be tested once, and what must the names be before "
        "that, so that a seed means the same on every computer?",
        "names = sorted(set(speakers)); random.Random(seed).shuffle(names). Fold f tests the speakers "
        "names[f::k]; test = the positions of their clips, train = all the others. Return the list of k "
        "pairs.",
    ),
    cases=(
        Case("six clips of four speakers", lambda g: (["ann", "bob", "ann", "cy", "bob", "dee"], 2, 0)),
        Case("12 speakers, some heard far more often", lambda g: (_speakers(g, 12, 90), 5, 1)),
        Case("two folds", lambda g: (_speakers(g, 9, 40), 2, 2)),
        Case("a fold for each speaker", lambda g: (_speakers(g, 8, 30), 8, 3)),
        Case("one speaker left over", lambda g: (_speakers(g, 10, 50), 3, 4)),
        Case("almost as many folds as speakers", lambda g: (_speakers(g, 9, 20), 8, 5)),
    ),
    judge=_judge,
    call=repeat,
    noticing="Each clip is tested once, so the k results together use all data. Their spread says how much "
    "depends on who is tested, but the folds share their training clips: they are no independent repeats.",
    variants=(),
    time_limit=20.0,  # an answer may import scikit-learn on its first call
)
