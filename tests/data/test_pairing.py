"""Splits come before pairs: nothing of one part is seen in another."""

import pytest
import torch

from mmcourse import data
from mmcourse.data import pairing
from mmcourse.errors import CourseError

CLASSES = ["a", "b", "c"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", pairing.PAIRINGS)
def test_no_picture_recording_or_speaker_is_in_two_parts(small, seed, kind):
    sets = data.load("digits", seed=seed, pairs_per_image=2, pairing=kind, **small)
    for key in ("image_id", "speech_id", "speaker"):
        seen = [set(part.as_tensors()[key]) for part in sets]
        assert not (seen[0] & seen[1] | seen[0] & seen[2] | seen[1] & seen[2]), key
    assert not set(sets.train.recordings().speakers) & set(sets.test.recordings().speakers)


def test_pictures_are_split_by_class(generator):
    labels = torch.arange(3).repeat_interleave(torch.tensor([100, 40, 20]))
    parts = pairing.split_by_class(labels, CLASSES, generator, "picture")
    assert [labels[part].bincount().tolist() for part in parts] == [[70, 28, 14], [15, 6, 3], [15, 6, 3]]
    assert torch.cat(parts).sort().values.tolist() == list(range(160))


def test_pictures_are_drawn_by_the_seed():
    labels = torch.zeros(60, dtype=torch.int64)
    first, again, other = (
        pairing.split_by_class(labels, ["a"], torch.Generator().manual_seed(seed), "picture")[2].tolist()
        for seed in (0, 0, 1)
    )
    assert first == again != other
    assert first != list(
        range(51, 60)
    )  # files come in an order, by writer or by date: the last are no sample


def test_class_with_two_pictures_cannot_be_split(generator):
    labels = torch.tensor([0, 0, 0, 1, 1, 1, 2, 2])
    with pytest.raises(CourseError, match=r"class 'c' has 2 pictures; it needs at least 3"):
        pairing.split_by_class(labels, CLASSES, generator, "picture")


def test_two_speakers_cannot_be_split(generator):
    labels = torch.arange(3).repeat(2)
    with pytest.raises(CourseError, match=r"There are 2 speakers \(ann, ben\); at least 3"):
        pairing.split_by_speaker(labels, ["ann"] * 3 + ["ben"] * 3, CLASSES, generator)


def test_class_said_by_two_of_many_speakers_is_named(generator):
    speakers, labels = zip(
        *((f"s{i}", c) for i in range(8) for c in range(3) if c != 1 or i < 2), strict=True
    )
    with pytest.raises(CourseError, match="every part every class; 'b' is said by the fewest"):
        pairing.split_by_speaker(torch.tensor(labels), list(speakers), CLASSES, generator)


@pytest.mark.parametrize("seed", range(20))
def test_every_part_has_every_class_even_where_few_speakers_say_all(seed):
    # Only s0, s1 and s2 say class b: most draws put two of them in one part.
    speakers, labels = zip(
        *((f"s{i}", c) for i in range(6) for c in range(3) if c != 1 or i < 3), strict=True
    )
    labels = torch.tensor(labels)
    parts = pairing.split_by_speaker(labels, list(speakers), CLASSES, torch.Generator().manual_seed(seed))
    assert all(len(labels[part].unique()) == 3 for part in parts)


def test_files_without_speakers_are_split_by_class(generator):
    labels = torch.arange(3).repeat_interleave(20)
    parts = pairing.split_by_speaker(labels, [f"file{i}" for i in range(60)], CLASSES, generator)
    assert [labels[part].bincount().tolist() for part in parts] == [[14] * 3, [3] * 3, [3] * 3]


def test_pairs_are_of_one_class_and_use_recordings_evenly(generator):
    images, speech = torch.arange(3).repeat(10), torch.arange(3).repeat_interleave(4)
    pairs = pairing.draw_pairs(images, speech, 3, "label", generator)
    assert pairs.shape == (90, 2)
    assert torch.equal(images[pairs[:, 0]], speech[pairs[:, 1]])
    assert pairs[:, 0].bincount().tolist() == [3] * 30
    used = pairs[:, 1].bincount(minlength=12)
    assert used.max() - used.min() <= 1


def test_shuffled_pairs_are_a_control_by_chance_alone(generator):
    images = torch.arange(3).repeat(300)
    pairs = pairing.draw_pairs(images, images, 1, "shuffled", generator)
    agree = (images[pairs[:, 0]] == images[pairs[:, 1]]).float().mean()
    assert abs(agree - 1 / 3) < 0.06
    assert pairs[:, 1].bincount().tolist() == [1] * 900  # the same recordings, dealt out again
