"""Answers to 01.10 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import random

import torch
from sklearn.model_selection import GroupShuffleSplit


def positions(speakers, chosen):
    train = [i for i, name in enumerate(speakers) if name not in chosen]
    test = [i for i, name in enumerate(speakers) if name in chosen]
    return train, test


def how_many(test_share, n):
    return min(max(round(test_share * n), 1), n - 1)


def wrong_splits_the_clips(speakers, test_share, seed):
    """hint: in train and in test"""
    order = list(range(len(speakers)))
    random.Random(seed).shuffle(order)
    n_test = int(test_share * len(order))
    return order[n_test:], order[:n_test]


def wrong_cuts_at_a_clip(speakers, test_share, seed):
    """hint: in train and in test"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    order = sorted(range(len(speakers)), key=lambda i: names.index(speakers[i]))
    cut = int(len(order) * (1 - test_share)) + 1
    return order[:cut], order[cut:]


def wrong_sides_swapped(speakers, test_share, seed):
    """hint: other way round"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    chosen = names[: how_many(test_share, len(names))]
    train, test = positions(speakers, chosen)
    return test, train


def wrong_returns_names(speakers, test_share, seed):
    """hint: positions"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    n = how_many(test_share, len(names))
    return names[n:], names[:n]


def wrong_ignores_the_seed(speakers, test_share, seed):
    """hint: every seed"""
    names = sorted(set(speakers))
    return positions(speakers, names[: how_many(test_share, len(names))])


def wrong_never_seeded(speakers, test_share, seed):
    """hint: same seed"""
    names = sorted(set(speakers))
    random.shuffle(names)
    return positions(speakers, names[: how_many(test_share, len(names))])


def wrong_order_of_a_set(speakers, test_share, seed):
    """hint: sorted"""
    names = list(set(speakers))
    random.Random(seed).shuffle(names)
    return positions(speakers, names[: how_many(test_share, len(names))])


def wrong_always_one_speaker(speakers, test_share, seed):
    """hint: of 12 speakers"""
    chosen = random.Random(seed).choice(sorted(set(speakers)))
    return positions(speakers, [chosen])


def wrong_share_of_the_speakers_rounded_to_none(speakers, test_share, seed):
    """hint: at least one"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    return positions(speakers, names[: int(test_share * len(names))])


def wrong_one_clip_a_test_speaker(speakers, test_share, seed):
    """hint: left out"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    chosen = names[: how_many(test_share, len(names))]
    train = [i for i, name in enumerate(speakers) if name not in chosen]
    test = [speakers.index(name) for name in chosen]
    return train, test


def wrong_train_holds_everything(speakers, test_share, seed):
    """hint: both"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    _, test = positions(speakers, names[: how_many(test_share, len(names))])
    return list(range(len(speakers))), test


def wrong_draws_with_replacement(speakers, test_share, seed):
    """hint: twice"""
    names = sorted(set(speakers))
    n = how_many(test_share, len(names))
    chosen = random.Random(seed).choices(names, k=3 * n)
    train = [i for i, name in enumerate(speakers) if name not in chosen]
    test = [i for name in chosen for i, other in enumerate(speakers) if other == name]
    return train, test


def wrong_shuffles_its_input(speakers, test_share, seed):
    """hint: changed"""
    random.Random(seed).shuffle(speakers)
    names = sorted(set(speakers))
    return positions(speakers, names[: how_many(test_share, len(names))])


def wrong_masks(speakers, test_share, seed):
    """hint: positions"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    chosen = names[: how_many(test_share, len(names))]
    return [name not in chosen for name in speakers], [name in chosen for name in speakers]


def wrong_only_the_test_part(speakers, test_share, seed):
    """hint: two lists"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    return positions(speakers, names[: how_many(test_share, len(names))])[1]


def wrong_returns_a_dict(speakers, test_share, seed):
    """hint: two lists"""
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    train, test = positions(speakers, names[: how_many(test_share, len(names))])
    return {"train": train, "test": test}


def right_loops(speakers, test_share, seed):
    names = []
    for name in speakers:
        if name not in names:
            names.append(name)
    names.sort()
    random.Random(seed).shuffle(names)
    n_test = int(test_share * len(names))
    if n_test == 0:
        n_test = 1
    train, test = [], []
    for i, name in enumerate(speakers):
        if names.index(name) < n_test:
            test.append(i)
        else:
            train.append(i)
    return train, test


def right_tensors_and_keywords(*, speakers, test_share=0.25, seed=0):
    names = sorted(set(speakers))
    order = torch.randperm(len(names), generator=torch.Generator().manual_seed(seed))
    chosen = {names[int(k)] for k in order[: how_many(test_share, len(names))]}
    is_test = torch.tensor([name in chosen for name in speakers])
    return torch.nonzero(~is_test).squeeze(1), torch.nonzero(is_test).squeeze(1)


def right_arrays_in_a_list(speakers, test_share, seed, shuffle=True):
    import numpy as np

    names, which = np.unique(np.array([str(name) for name in speakers]), return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    is_test = np.isin(which, order[: how_many(test_share, len(names))])
    return [np.where(~is_test)[0], np.where(is_test)[0]]


def right_scikit_learn(speakers, test_share, seed):
    names = [str(name) for name in speakers]
    splitter = GroupShuffleSplit(n_splits=1, test_size=test_share, random_state=seed)
    return next(splitter.split(names, groups=names))


def crash_float_slice(speakers, test_share, seed):
    """line: names[: test_share * len(names)]"""
    names = sorted(set(speakers))
    chosen = names[: test_share * len(names)]
    return positions(speakers, chosen)


def crash_samples_a_set(speakers, test_share, seed):
    """line: random.sample(set(speakers), 1)"""
    chosen = random.sample(set(speakers), 1)
    return positions(speakers, chosen)


def wrong_speakers_not_unique(speakers, test_share, seed):
    """hint: once for each clip"""
    names = sorted(speakers)
    random.Random(seed).shuffle(names)
    chosen = set(names[: min(max(round(test_share * len(names)), 1), len(names) - 1)])
    train = [i for i, name in enumerate(speakers) if name not in chosen]
    return train, [i for i, name in enumerate(speakers) if name in chosen]
