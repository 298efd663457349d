"""The one shape of every data set: items, parts, transforms, tables."""

import pytest
import torch

from mmcourse import data
from mmcourse.errors import CourseError


def test_item_has_the_promised_keys_shapes_types_and_ranges(sets):
    for part in sets:
        sample = part[0]
        assert list(sample) == ["image", "speech", "label", "speaker", "image_id", "speech_id"]
        image, speech = sample["image"], sample["speech"]
        assert image.shape == (1, 8, 8)
        assert image.dtype == speech.dtype == torch.float32
        assert image.min() >= 0
        assert 0.5 < image.max() <= 1
        assert speech.ndim == 1
        assert 0.05 < speech.abs().max() <= 1
        assert type(sample["label"]) is int
        assert all(type(sample[key]) is str for key in ("speaker", "image_id", "speech_id"))


def test_picture_and_word_are_of_the_label(sets):
    from sklearn.datasets import load_digits

    truth = load_digits()
    for i in range(len(sets.test)):
        sample = sets.test[i]
        number = int(sample["image_id"].removeprefix("digit-"))
        assert truth.target[number] == sample["label"]
        torch.testing.assert_close(sample["image"][0] * 16, torch.tensor(truth.images[number]).float())
        assert sample["speech_id"].startswith(f"{sample['label']}_{sample['speaker']}_")


def test_index_counts_from_both_ends_and_stops(sets):
    part = sets.val
    assert part[-1]["image_id"] == part[len(part) - 1]["image_id"]
    assert len(part[2:5]) == 3
    assert part[2:5][0]["image_id"] == part[2]["image_id"]
    for beyond in (len(part), -len(part) - 1):
        with pytest.raises(IndexError, match=f"pair {beyond} of {len(part)}"):
            part[beyond]
    assert sum(1 for _ in part) == len(part)  # the old protocol of iteration ends by IndexError


def test_what_is_no_position_gets_a_sentence(sets, small):
    with pytest.raises(
        CourseError,
        match=r"""the number of a pair or a slice, got 'image'\. .*: sets\.train\[0\]\["image"\]; all""",
    ):
        sets.train["image"]
    with pytest.raises(CourseError, match=r"the number of a pair or a slice, got 1\.0\."):
        sets.train[1.0]
    with pytest.raises(
        CourseError, match=r"""number of a recording .* got 'speech'\. .*recordings\[0\]\["speech"\]"""
    ):
        data.recordings("digits", **small)["speech"]
    for index in (0, "train"):
        with pytest.raises(CourseError, match=rf"Choose a part first, .*; got sets\[{index!r}\]"):
            sets[index]


def test_transform_without_return_gets_a_sentence(sets):
    forgetful = sets.train.with_transform(lambda sample, generator: None)
    with pytest.raises(
        CourseError, match=r"returned NoneType for pair 3\. Does it end with `return sample`\?"
    ):
        forgetful[3]


def test_limits_and_seeds_that_are_no_whole_numbers_are_refused(sets):
    with pytest.raises(CourseError, match="limit must be a whole number from 1 on, or None for all, got 0"):
        sets.train.as_tensors(limit=0)
    with pytest.raises(CourseError, match=r"seed must be a whole number from 0 on, or None .* got 'a'"):
        sets.train.with_transform(None, seed="a")


def test_changing_an_item_does_not_change_the_data_set(sets):
    before = sets.train[0]
    sets.train[0]["speech"].zero_()
    sets.train[0]["image"].zero_()
    for key in ("image", "speech"):
        assert torch.equal(sets.train[0][key], before[key])


def test_splits_iterate_in_order_and_share_their_facts(sets):
    assert list(sets) == [sets.train, sets.val, sets.test]
    assert sets.classes == list("0123456789") == sets.test.classes
    assert sets.sample_rate == 8000 == sets.test.sample_rate
    assert sets.datasheet.name == "digits" == sets.test.datasheet.name


def test_as_tensors_is_the_collated_whole(sets):
    whole = data.collate([sets.val[i] for i in range(len(sets.val))])
    _same_batches(sets.val.as_tensors(), whole)


def test_as_tensors_goes_through_the_transform(sets):
    dark = sets.val.with_transform(lambda sample, g: {**sample, "image": sample["image"] * 0})
    assert dark.as_tensors(limit=7)["image"].shape == (7, 1, 8, 8)
    assert dark.as_tensors()["image"].abs().max() == 0


def test_as_tensors_refuses_what_would_fill_the_memory(sets, monkeypatch):
    monkeypatch.setattr("mmcourse.data.sets._LARGEST", 1000)
    with pytest.raises(CourseError, match=r"at once would need .* GB; use `data.loader`"):
        sets.train.as_tensors()
    assert len(sets.train.as_tensors(limit=2)["label"]) == 2


def test_transform_draws_by_seed_and_pair_only(sets):
    def noisy(sample, generator):
        return {**sample, "draw": torch.rand(4, generator=generator)}

    first = sets.train.with_transform(noisy)
    backwards = [first[i]["draw"] for i in (3, 2, 1, 0)]
    assert torch.equal(torch.stack(backwards[::-1]), torch.stack([first[i]["draw"] for i in range(4)]))
    other = sets.train.with_transform(noisy, seed=1)
    draws = torch.stack([part[i]["draw"] for part in (first, other) for i in range(50)])
    assert len(draws.unique(dim=0)) == 100  # no pair repeats another's, under either seed
    assert "draw" not in sets.train[0]  # the first set is as it was


def test_no_pair_of_another_part_is_changed_alike(sets):
    """A network that has learned the noise of train[0] by heart must not meet it again in test[0]."""

    def noisy(sample, generator):
        return {**sample, "draw": torch.rand(4, generator=generator)}

    draws = [part[i]["draw"] for part in sets.with_transform(noisy) for i in range(50)]
    assert len(torch.stack(draws).unique(dim=0)) == 150


def test_transform_that_is_no_function_is_refused(sets):
    with pytest.raises(CourseError, match=r"must be a function of \(sample, generator\), got int"):
        sets.train.with_transform(3)


def test_pictures_labels_speakers_and_lengths_agree_with_the_items(sets):
    part = sets.test
    for i in (0, 5, len(part) - 1):
        sample = part[i]
        assert torch.equal(part.images[i], sample["image"])
        assert part.labels[i] == sample["label"]
        assert part.speakers[i] == sample["speaker"]
        assert part.lengths[i] == len(sample["speech"])


def test_recordings_come_with_label_and_speaker(small, sets):
    every = data.recordings("digits", **small)
    assert len(every) == 60
    assert sorted(set(every.speakers)) == sorted(small["speakers"])
    assert every[3]["speech_id"] == every.ids[3]
    assert every[-1]["label"] == 9
    assert every.labels.tolist() == [int(name[0]) for name in every.ids]
    padded = every.padded()
    assert padded.shape == (60, int(every.lengths.max()))
    assert torch.equal(padded[5, : every.lengths[5]], every.waveforms[5])
    assert padded[5, every.lengths[5] :].abs().sum() == 0
    parts = [set(part.recordings().ids) for part in sets]
    assert sorted(set().union(*parts)) == sorted(every.ids)
    with pytest.raises(IndexError, match="recording 60 of 60"):
        every[60]
    assert every[10:20].subset([0, 2]).ids == [every.ids[10], every.ids[12]]


def test_table_counts_and_is_shown_as_text_and_html(sets):
    text = str(sets.describe())
    for name, part in zip(("train", "val", "test"), sets, strict=True):
        (line,) = (line for line in text.splitlines() if line.startswith(name))
        assert f"{len(part):,}" in line.split()
        assert str(len(set(part.speakers))) in line.split()
    assert "speech at 8000 Hz" in text
    assert sets.describe()._repr_html_().count("<tr>") == 4
    assert "all" in str(sets.train.describe())


def test_one_is_said_in_the_singular(small):
    spoken = data.recordings("digits", **small)
    assert repr(spoken[:1]).startswith("Recordings(1 clip, 0 s, 1 speaker, ")
    assert repr(spoken[:2]).startswith("Recordings(2 clips, ")


def test_html_of_a_table_escapes_what_it_shows():
    table = data.Table("a < b", ("x",), (("<script>",),), ("note & note",))
    html = table._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "note &amp; note" in html


def test_datasheet_says_where_the_data_are_from_and_what_is_allowed(sets):
    text = str(sets.datasheet)
    for word in ("scikit-learn", "eSpeak NG", "CC BY 4.0", "caution"):
        assert word in text
    assert "<table>" in sets.datasheet._repr_html_()


def _same_batches(got, wanted):
    assert list(got) == list(wanted)
    for key, value in wanted.items():
        assert torch.equal(got[key], value) if isinstance(value, torch.Tensor) else got[key] == value, key
