"""Answers to 02.12 folds_by_speaker: wrong ones with words of their hint, right ones, crashing ones."""

import random
from itertools import pairwise

import numpy as np
import torch
from sklearn.model_selection import GroupKFold, KFold


def shuffled(speakers, seed):
    names = sorted(set(speakers))
    random.Random(seed).shuffle(names)
    return names


def pair(speakers, chosen):
    """Positions of the others, and of the chosen."""
    train = [i for i, name in enumerate(speakers) if name not in chosen]
    test = [i for i, name in enumerate(speakers) if name in chosen]
    return train, test


def dealt(speakers, k, names):
    return [pair(speakers, names[fold::k]) for fold in range(k)]


def right_slices_of_uneven_length(speakers, k, seed):
    names = shuffled(speakers, seed)
    ends = [len(names) * fold // k for fold in range(k + 1)]
    return [pair(speakers, names[a:b]) for a, b in pairwise(ends)]


def right_tensors_and_keywords(*, speakers, k, seed):
    names = sorted(set(speakers))
    order = torch.randperm(len(names), generator=torch.Generator().manual_seed(seed))
    fold_of = {names[n]: place % k for place, n in enumerate(order.tolist())}
    fold = torch.tensor([fold_of[name] for name in speakers])
    return [[(fold != f).nonzero()[:, 0], (fold == f).nonzero()[:, 0]] for f in range(k)]


def right_numpy(speakers, k, seed):
    names, which = np.unique([str(name) for name in speakers], return_inverse=True)
    parts = np.array_split(np.random.default_rng(seed).permutation(len(names)), k)
    return [(np.where(~np.isin(which, part))[0], np.where(np.isin(which, part))[0]) for part in parts]


def right_kfold_of_names(speakers, k, seed):
    names = sorted(set(speakers))
    splitter = KFold(k, shuffle=True, random_state=seed)
    return tuple(pair(speakers, [names[i] for i in test]) for _, test in splitter.split(names))


def wrong_deals_out_clips(speakers, k, seed):
    """hint: deal out speakers, not clips"""
    order = list(range(len(speakers)))
    random.Random(seed).shuffle(order)
    return [(sorted(set(order) - set(order[f::k])), order[f::k]) for f in range(k)]


def wrong_kfold_of_clips(speakers, k, seed):
    """hint: deal out speakers, not clips"""
    return list(KFold(k, shuffle=True, random_state=seed).split(speakers))


def wrong_cuts_between_clips(speakers, k, seed):
    """hint: deal out speakers, not clips"""
    names = shuffled(speakers, seed)
    order = sorted(range(len(speakers)), key=lambda i: names.index(speakers[i]))
    size = -(-len(order) // k) + 1
    parts = [order[f * size : (f + 1) * size] for f in range(k)]
    return [([i for i in order if i not in part], part) for part in parts]


def wrong_last_speakers_left_over(speakers, k, seed):
    """hint: tested in no fold"""
    names = shuffled(speakers, seed)
    size = len(names) // k
    return [pair(speakers, names[f * size : (f + 1) * size]) for f in range(k)]


def wrong_last_fold_takes_the_rest(speakers, k, seed):
    """hint: differ by 1 at most"""
    names = shuffled(speakers, seed)
    size = len(names) // k
    ends = [f * size for f in range(k)] + [len(names)]
    return [pair(speakers, names[ends[f] : ends[f + 1]]) for f in range(k)]


def wrong_rounded_up(speakers, k, seed):
    """hint: nobody is tested"""
    names = shuffled(speakers, seed)
    size = -(-len(names) // k)
    folds = [pair(speakers, names[f * size : (f + 1) * size]) for f in range(k)]
    return folds


def wrong_group_k_fold_balances_clips(speakers, k, seed):
    """hint: differ by 1 at most"""
    names = [str(name) for name in speakers]
    order = np.random.default_rng(seed).permutation(len(names))
    folds = GroupKFold(k).split(order, groups=[names[i] for i in order])
    return [(order[train], order[test]) for train, test in folds]


def wrong_drawn_anew_in_each_fold(speakers, k, seed):
    """hint: shuffle once"""
    draw, folds = random.Random(seed), []
    for _ in range(k):
        names = sorted(set(speakers))
        draw.shuffle(names)
        folds.append(pair(speakers, names[::k]))
    return folds


def wrong_same_fold_every_time(speakers, k, seed):
    """hint: shuffle once"""
    return [pair(speakers, shuffled(speakers, seed)[0::k]) for _ in range(k)]


def wrong_fold_by_random_number(speakers, k, seed):
    """hint: deal the speakers out like cards"""
    draw = random.Random(seed)
    fold_of = {name: draw.randrange(k) for name in sorted(set(speakers))}
    return [pair(speakers, [n for n, f in fold_of.items() if f == fold]) for fold in range(k)]


def wrong_one_fold_short(speakers, k, seed):
    """hint: are wanted"""
    return dealt(speakers, k, shuffled(speakers, seed))[1:]


def wrong_k_times_twice(speakers, k, seed):
    """hint: are wanted"""
    return 2 * dealt(speakers, k, shuffled(speakers, seed))


def wrong_train_and_test_exchanged(speakers, k, seed):
    """hint: exchanged"""
    return [(test, train) for train, test in dealt(speakers, k, shuffled(speakers, seed))]


def wrong_tests_on_all_folds_but_one(speakers, k, seed):
    """hint: exchanged"""
    names = shuffled(speakers, seed)
    return [pair(speakers, [n for n in names if n not in names[f::k]]) for f in range(k)]


def wrong_train_is_everything(speakers, k, seed):
    """hint: has to leave train"""
    everything = list(range(len(speakers)))
    return [(everything, test) for _, test in dealt(speakers, k, shuffled(speakers, seed))]


def wrong_train_is_the_next_fold(speakers, k, seed):
    """hint: all that is not tested trains"""
    tests = [test for _, test in dealt(speakers, k, shuffled(speakers, seed))]
    return [(tests[(f + 1) % k], tests[f]) for f in range(k)]


def wrong_one_clip_of_each_speaker(speakers, k, seed):
    """hint: tested in no fold"""
    folds = dealt(speakers, k, shuffled(speakers, seed))
    return [(train, sorted({speakers.index(speakers[i]) for i in test})) for train, test in folds]


def wrong_tests_only(speakers, k, seed):
    """hint: a pair (train, test)"""
    return [test for _, test in dealt(speakers, k, shuffled(speakers, seed))]


def wrong_names(speakers, k, seed):
    """hint: positions of clips"""
    names = shuffled(speakers, seed)
    return [([n for n in names if n not in names[f::k]], names[f::k]) for f in range(k)]


def wrong_masks(speakers, k, seed):
    """hint: positions of clips"""
    names = shuffled(speakers, seed)
    masks = [[name in names[f::k] for name in speakers] for f in range(k)]
    return [([not one for one in mask], mask) for mask in masks]


def wrong_generator(speakers, k, seed):
    """hint: list(…)"""
    names = shuffled(speakers, seed)
    return (pair(speakers, names[f::k]) for f in range(k))


def wrong_dict_of_folds(speakers, k, seed):
    """hint: a list of"""
    return dict(enumerate(dealt(speakers, k, shuffled(speakers, seed))))


def wrong_seed_not_used(speakers, k, seed):
    """hint: every seed gives the same"""
    return dealt(speakers, k, sorted(set(speakers)))


def wrong_group_k_fold_knows_no_seed(speakers, k, seed):
    """hint: differ by 1 at most"""
    names = [str(name) for name in speakers]
    return list(GroupKFold(k).split(names, groups=names))


def wrong_never_seeded(speakers, k, seed):
    """hint: same seed"""
    names = sorted(set(speakers))
    random.shuffle(names)
    return dealt(speakers, k, names)


def wrong_order_of_a_set(speakers, k, seed):
    """hint: sorted"""
    names = list(set(speakers))
    random.Random(seed).shuffle(names)
    return dealt(speakers, k, names)


def wrong_shuffles_its_input(speakers, k, seed):
    """hint: changed its input"""
    random.Random(seed).shuffle(speakers)
    return dealt(speakers, k, shuffled(speakers, seed))


def wrong_speaker_once_for_each_clip(speakers, k, seed):
    """hint: shuffle once"""
    names = sorted(speakers)
    random.Random(seed).shuffle(names)
    return dealt(speakers, k, names)


def wrong_no_return(speakers, k, seed):
    """hint: return"""
    dealt(speakers, k, shuffled(speakers, seed))


def crash_size_is_a_float(speakers, k, seed):
    """line: names[int(f) * size : (f + 1) * size]"""
    names = shuffled(speakers, seed)
    size = len(names) / k
    return [pair(speakers, names[int(f) * size : (f + 1) * size]) for f in range(k)]


def crash_shuffle_returns_nothing(speakers, k, seed):
    """line: names[f::k]"""
    names = random.Random(seed).shuffle(sorted(set(speakers)))
    return [pair(speakers, names[f::k]) for f in range(k)]


def wrong_turned_by_the_seed(speakers, k, seed):
    """hint: do not turn the list"""
    names = sorted(set(speakers))
    start = seed % len(names)
    return dealt(speakers, k, names[start:] + names[:start])


def wrong_turned_and_cut(speakers, k, seed):
    """hint: shuffle the names"""
    names = sorted(set(speakers))
    names = [names[(i + seed) % len(names)] for i in range(len(names))]
    ends = [len(names) * fold // k for fold in range(k + 1)]
    return [pair(speakers, names[a:b]) for a, b in pairwise(ends)]
