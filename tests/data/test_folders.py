"""Your own two folders: what is wrong is named with what to do, and what is stray is listed and left out."""

import unicodedata

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from mmcourse import data
from mmcourse.errors import CourseError

SPEAKERS = ("anna", "ben", "chloé", "dai")


def _picture(path, level):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((6, 5), level, dtype=np.uint8)).save(path)


def _sound(path, frequency):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.5 * np.sin(np.arange(800) * frequency), 8000)


@pytest.fixture
def two(tmp_path):
    """Three classes, four pictures and four speakers each; names have spaces and letters beyond ASCII."""
    for label, name in enumerate(("cat", "große Maus", "狗")):
        for i in range(4):
            _picture(tmp_path / "pictures" / name / f"nr {i} é.png", 60 * label + i)
            _sound(tmp_path / "sounds" / name / SPEAKERS[i] / "take 1.wav", 0.1 + 0.2 * label + 0.01 * i)
    return {"images": tmp_path / "pictures", "speech": tmp_path / "sounds"}


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


def test_class_in_one_sense_only_is_named(two):
    _picture(two["images"] / "dragon" / "1.png", 0)
    _sound(two["speech"] / "bell" / "anna" / "1.wav", 0.3)
    with pytest.raises(
        CourseError, match=r"'dragon' has no sounds in .*sounds.*; .*'bell' has no pictures in "
    ) as e:
        data.load("folder", **two)
    assert "Add them, or take the class out of both folders" in str(e.value)


def test_empty_class_is_named(two):
    for folder in two.values():
        (folder / "nothing").mkdir()
    with pytest.raises(CourseError, match="the class 'nothing' is empty in both"):
        data.load("folder", **two)


def test_one_picture_in_a_class_is_too_few(two):
    for path in sorted((two["images"] / "cat").iterdir())[1:]:
        path.unlink()
    with pytest.raises(CourseError, match=r"class 'cat' has 1 pictures; it needs at least 3.* Add some"):
        data.load("folder", **two)


def test_class_with_one_speaker_is_too_few(two):
    for name in SPEAKERS[1:]:
        (two["speech"] / "cat" / name / "take 1.wav").unlink()
    with pytest.raises(
        CourseError, match=r"every part every class; 'cat' is said by the fewest. Add speakers"
    ):
        data.load("folder", **two)


def test_stray_files_are_listed_and_left_out(two):
    (two["images"] / "readme.txt").write_text("mine")
    (two["images"] / "cat" / "notes.docx").write_text("mine")
    (two["speech"] / "cat" / "anna" / "Thumbs.db").write_text("")
    (two["images"] / ".DS_Store").write_text("")  # an operating system's own: not worth a word
    sets = data.load("folder", **two)
    (note,) = sets.notes
    assert note.startswith("Left out, because they are no pictures or sounds: ")
    for name in ("pictures/readme.txt", "cat/notes.docx", "anna/Thumbs.db"):
        assert name in note
    assert "DS_Store" not in note
    assert note in str(sets.describe())
    assert sum(len(part) for part in sets) == 12


def test_the_same_name_in_two_spellings_of_unicode_is_one_class(two):
    # As when the pictures come from a Mac, which writes ß as is but é in two characters.
    for folder, form in ((two["images"], "NFD"), (two["speech"], "NFC")):
        (folder / "cat").rename(folder / unicodedata.normalize(form, "bébé"))
    assert unicodedata.normalize("NFC", "bébé") in data.load("folder", **two).classes


def test_every_unreadable_file_is_named_at_once(two):
    (two["images"] / "cat" / "broken.png").write_bytes(b"")
    (two["images"] / "狗" / "word.png").write_text("woof")
    with pytest.raises(CourseError) as caught:
        data.load("folder", **two)
    lines = str(caught.value).splitlines()
    assert lines[0] == "2 of the pictures cannot be used:"
    assert lines[1].startswith("cat/broken.png: the file is empty")
    assert lines[2].startswith("狗/word.png: not a picture")


def test_unreadable_sounds_are_named_too(two):
    (two["speech"] / "cat" / "anna" / "take 2.wav").write_text("meow")
    with pytest.raises(CourseError, match=r"1 of the sounds cannot be used:\nanna/take 2.wav: "):
        data.load("folder", **two)


def test_hundreds_of_unreadable_files_do_not_fill_the_screen(two):
    for i in range(40):
        (two["images"] / "cat" / f"bad {i:02d}.png").write_bytes(b"")
    with pytest.raises(CourseError, match="40 of the pictures cannot be used") as caught:
        data.load("folder", **two)
    assert str(caught.value).endswith("… and 30 more")
    assert len(str(caught.value).splitlines()) == 12


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(CourseError, match=r"There is no folder .*nowhere"):
        data.load("folder", images=tmp_path / "nowhere", speech=tmp_path)


def test_folder_without_folders(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(CourseError, match=r"holds no folders. It needs one for each class"):
        data.load("folder", images=tmp_path, speech=tmp_path)


def test_pictures_of_a_part_do_not_depend_on_the_order_of_the_disk(two):
    first, again = (data.load("folder", **two, seed=1).train.as_tensors() for _ in range(2))
    assert first["image_id"] == again["image_id"]
    assert torch.equal(first["image"], again["image"])


def test_options_that_folder_does_not_know_are_refused(two):
    with pytest.raises(CourseError, match=r"'folder' takes .*images.*, not 'pictures'"):
        data.load("folder", pictures=1)
    with pytest.raises(CourseError, match="'folder' needs images, speech"):
        data.load("folder")


def test_changing_an_item_does_not_change_the_data_set(two):
    # These sounds are kept in float32, so that an item could be a view of the store.
    part = data.load("folder", **two).train
    before = part[0]
    part[0]["speech"].zero_()
    part[0]["image"].fill_(0.7)
    for key in ("speech", "image"):
        assert torch.equal(part[0][key], before[key])
