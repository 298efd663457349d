"""Padding, masks, buckets, and loaders that repeat."""

import random
import signal
from itertools import chain

import numpy as np
import pytest
import torch
from torch.utils.data import Dataset, Subset

from mmcourse import data
from mmcourse.errors import CourseError


def _sample(length, label=0):
    return {
        "image": torch.full((1, 2, 3), float(label)),
        "speech": torch.ones(length),
        "label": label,
        "speaker": f"s{label}",
        "image_id": f"i{label}",
        "speech_id": f"r{label}",
    }


def test_collate_pads_with_zeros_and_says_where():
    batch = data.collate([_sample(3, 4), _sample(5, 1)])
    assert batch["image"].shape == (2, 1, 2, 3)
    assert batch["speech"].tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]
    assert batch["lengths"].tolist() == [3, 5]
    assert batch["mask"].dtype == torch.bool
    assert batch["mask"].tolist() == [[True] * 3 + [False] * 2, [True] * 5]
    assert batch["label"].tolist() == [4, 1]
    assert batch["label"].dtype == batch["lengths"].dtype == torch.int64
    assert batch["speaker"] == ["s4", "s1"]
    assert batch["speech_id"] == ["r4", "r1"]


def test_collate_keeps_the_batch_axis_of_one():
    batch = data.collate([_sample(1)])
    assert batch["speech"].shape == batch["mask"].shape == (1, 1)


def test_buckets_hold_every_clip_once_with_little_padding(generator):
    lengths = torch.randint(1000, 9000, (500,), generator=generator)
    batches = list(data.BucketSampler(lengths, 32, seed=0))
    assert sorted(i for batch in batches for i in batch) == list(range(500))
    assert len(batches) == len(data.BucketSampler(lengths, 32)) == 16
    assert max(map(len, batches)) == 32

    def padded(groups):
        return sum(len(group) * int(lengths[group].max()) for group in groups)

    assert padded(batches) < 1.1 * int(lengths.sum())
    assert padded(torch.arange(500).split(32)) > 1.6 * int(lengths.sum())  # what they spare


def test_buckets_repeat_by_seed_and_differ_by_epoch():
    lengths = torch.arange(100)
    sampler = data.BucketSampler(lengths, 8, seed=5)
    first, second = list(sampler), list(sampler)
    assert first != second
    assert [first, second] == [list(s) for s in [data.BucketSampler(lengths, 8, seed=5)] for _ in range(2)]


@pytest.mark.parametrize("bucketed", [False, True])
def test_loader_gives_the_same_batches_for_the_same_seed(sets, bucketed):
    def order(seed):
        loader = data.loader(sets.val, batch_size=50, seed=seed, bucketed=bucketed)
        return [batch["image_id"] for batch in loader]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert sorted(chain.from_iterable(order(1))) == sorted(sets.val.as_tensors()["image_id"])


def test_loader_without_shuffling_keeps_the_order(sets):
    batches = data.loader(sets.val, batch_size=50, shuffle=False)
    assert (
        list(chain.from_iterable(batch["image_id"] for batch in batches)) == sets.val.as_tensors()["image_id"]
    )


class _Draws(Dataset):
    """Items that draw from the three global generators, as a careless transform does."""

    def __len__(self):
        return 8

    def __getitem__(self, index):
        draws = [random.random(), np.random.rand(), float(torch.rand(()))]  # noqa: NPY002
        return {**_sample(3), "speech": torch.tensor(draws)}


def test_workers_draw_each_their_own_and_the_same_again():
    def draws(seed):
        loader = data.loader(_Draws(), batch_size=1, shuffle=False, seed=seed, workers=2)
        return torch.cat([batch["speech"] for batch in loader])

    first = draws(0)
    assert all(len(column.unique()) == 8 for column in first.T)  # no worker repeats another
    assert torch.equal(first, draws(0))
    assert not torch.equal(first, draws(1))


def test_workers_do_not_change_the_batches(sets):
    def noisy(sample, generator):
        return {**sample, "image": sample["image"] + torch.rand(1, generator=generator)}

    part = sets.val.with_transform(noisy)
    alone, shared = (list(data.loader(part, batch_size=64, workers=n)) for n in (0, 2))
    assert all(torch.equal(a["image"], b["image"]) for a, b in zip(alone, shared, strict=True))


def test_buckets_of_a_subset_use_the_subset_lengths(sets):
    some = Subset(sets.train, [5, 3, 99, 7])
    (batch,) = data.loader(some, batch_size=4, bucketed=True)
    assert batch["lengths"].tolist() == sorted(sets.train.lengths[[5, 3, 99, 7]].tolist())


def test_what_is_no_list_of_samples_gets_a_sentence(sets):
    whole = sets.train[0]
    wrong = {
        "A batch needs at least one sample, got none.": [],
        "collate takes a list of samples, got one sample. Write data.collate([sample]).": whole,
        "Sample 1 must be a dict, as sets.train[1] gives it, got int.": [whole, 1],
        "Sample 0 has no 'speech'; a transform must leave all of image, speech, label,": [
            {key: whole[key] for key in whole if key != "speech"}
        ],
    }
    for words, samples in wrong.items():
        with pytest.raises(CourseError) as caught:
            data.collate(samples)
        assert str(caught.value).startswith(words)


def test_wrong_use_gets_a_sentence(sets):
    with pytest.raises(CourseError, match="batch_size must be a whole number from 1 on, got 0"):
        data.loader(sets.train, batch_size=0)
    with pytest.raises(CourseError, match="batch_size must be a whole number from 1 on, got '64'"):
        data.loader(sets.train, batch_size="64")
    with pytest.raises(CourseError, match="batch_size must be a whole number from 1 on, got 0"):
        data.BucketSampler([3, 4], 0)
    with pytest.raises(CourseError, match=r"seed must be a whole number from 0 on, got 0\.5"):
        data.loader(sets.train, seed=0.5)
    with pytest.raises(CourseError, match="workers must be a whole number from 0 on, got -1"):
        data.loader(sets.train, workers=-1)
    with pytest.raises(CourseError, match=r"one part of a data set, such as sets\.train, got Splits"):
        data.loader(sets)
    with pytest.raises(CourseError, match="collate takes a list of samples, got NoneType"):
        data.collate(None)
    with pytest.raises(CourseError, match="empty, so there is nothing to load"):
        data.loader(Subset(sets.train, []))
    with pytest.raises(CourseError, match="bucketed=True needs a data set with `lengths`, got _Draws"):
        data.loader(_Draws(), bucketed=True)


class _Handlers(Dataset):
    """Samples whose speaker is the process's handler of Ctrl-C."""

    def __len__(self):
        return 2

    def __getitem__(self, row):
        names = {key: getattr(signal.getsignal(signal.SIGINT), "name", "") for key in ("speaker", "image_id")}
        return {"image": torch.zeros(1, 2, 2), "speech": torch.zeros(3), "label": 0, "speech_id": "", **names}


def test_workers_leave_ctrl_c_to_the_main_process():
    """It reaches all processes of a terminal; training finishes its step, and needs the workers for it."""
    loader = data.loader(_Handlers(), batch_size=2, workers=1)
    assert [batch["speaker"] for batch in loader] == [[signal.SIG_IGN.name] * 2]
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
