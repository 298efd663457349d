"""Your own two folders become a data set; what is stray in them is listed and left out."""

import unicodedata

import numpy as np
import torch

from mmcourse import data

SPEAKERS = ("anna", "ben", "chloé", "dai")


def test_two_folders_become_a_paired_data_set(two):
    sets = data.load("folder", **two, image_size=(6, 5))
    assert sets.classes == ["cat", "große Maus", "狗"]
    assert [len(part) for part in sets] == [6, 3, 3]
    for part in sets:
        for i in range(len(part)):
            sample = part[i]
            assert sample["image"].shape == (1, 6, 5)
            assert round(float(sample["image"].max() * 255)) // 60 == sample["label"]
            assert sample["image_id"].startswith(sets.classes[sample["label"]] + "/nr ")
            assert sample["speech_id"] == f"{sets.classes[sample['label']]}/{sample['speaker']}/take 1.wav"
            assert sample["speaker"] in SPEAKERS
    assert sets.notes == ()


def test_pictures_get_one_size_and_sounds_one_rate(two):
    sets = data.load("folder", **two, image_size=(12, 10), sample_rate=4000)
    assert sets.train[0]["image"].shape == (1, 12, 10)
    assert len(sets.train[0]["speech"]) == 400
    assert sets.sample_rate == 4000


def test_whole_numbers_in_other_types_are_as_good(two):
    sets = data.load("folder", **two, image_size=[np.int64(12), 10.0], sample_rate=4000.0)
    assert sets.train[0]["image"].shape == (1, 12, 10)
    assert "speech at 4000 Hz" in str(sets.describe())


def test_recordings_alone(two):
    every = data.recordings("folder", speech=two["speech"])
    assert len(every) == 12
    assert set(every.speakers) == set(SPEAKERS)


def test_speaker_can_come_from_the_file_name(two):
    for path in sorted(two["speech"].rglob("*.wav")):
        path.rename(path.parent.parent / f"{path.parent.name}_1.wav")
    sets = data.load("folder", **two, speaker=lambda path: path.stem.split("_")[0])
    assert {s for part in sets for s in part.speakers} == set(SPEAKERS)


def test_files_without_speakers_count_each_and_the_reader_is_told(two):
    for path in sorted(two["speech"].rglob("*.wav")):
        path.rename(path.parent.parent / f"{path.parent.name}.wav")
    sets = data.load("folder", **two)
    assert "No speakers are known, so each file counts as its own" in str(sets.describe())
    assert all(set(part.labels.tolist()) == {0, 1, 2} for part in sets)


def test_stray_files_are_listed_and_left_out(two):
    (two["images"] / "readme.txt").write_text("mine")
    (two["images"] / "cat" / "notes.docx").write_text("mine")
    (two["speech"] / "cat" / "anna" / "Thumbs.db").write_text("")
    (two["speech"] / "cat" / "notes.docx").write_text("mine")
    (two["images"] / ".DS_Store").write_text("")  # an operating system's own: not worth a word
    sets = data.load("folder", **two)
    assert sets.notes == (
        "Left out of images=, because they are no pictures: cat/notes.docx, readme.txt.",
        "Left out of speech=, because they are no sounds: cat/anna/Thumbs.db, cat/notes.docx.",
    )
    assert all(note in str(sets.describe()) for note in sets.notes)
    assert sum(len(part) for part in sets) == 12


def test_one_folder_for_both_senses_leaves_neither_out(two):
    for path in sorted(two["speech"].rglob("*.wav")):
        target = two["images"] / path.relative_to(two["speech"])
        target.parent.mkdir()
        path.rename(target)
    (two["images"] / "cat" / "notes.txt").write_text("mine")
    sets = data.load("folder", images=two["images"], speech=two["images"])
    assert [note.partition(": ")[2] for note in sets.notes] == ["cat/notes.txt."] * 2
    assert sum(len(part) for part in sets) == 12


def test_the_same_name_in_two_spellings_of_unicode_is_one_class(two):
    # As when the pictures come from a Mac, which writes ß as is but é in two characters.
    for folder, form in ((two["images"], "NFD"), (two["speech"], "NFC")):
        (folder / "cat").rename(folder / unicodedata.normalize(form, "bébé"))
    assert unicodedata.normalize("NFC", "bébé") in data.load("folder", **two).classes


def test_pictures_of_a_part_do_not_depend_on_the_order_of_the_disk(two):
    first, again = (data.load("folder", **two, seed=1).train.as_tensors() for _ in range(2))
    assert first["image_id"] == again["image_id"]
    assert torch.equal(first["image"], again["image"])


def test_changing_an_item_does_not_change_the_data_set(two):
    # These sounds are kept in float32, so that an item could be a view of the store.
    part = data.load("folder", **two).train
    before = part[0]
    part[0]["speech"].zero_()
    part[0]["image"].fill_(0.7)
    for key in ("speech", "image"):
        assert torch.equal(part[0][key], before[key])
