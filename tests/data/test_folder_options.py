"""Wrong options of `folder` get a sentence with the value got and the value wanted, before a file is read."""

import pytest

from mmcourse import data
from mmcourse.data import folders
from mmcourse.errors import CourseError

SIZE = r"image_size must be \(height, width\), two whole numbers from 1 to 4096 pixels, such as image_size="
RATE = "sample_rate must be a whole number of Hz from 1000 to 384000, such as 16000, got "
WRONG = {
    "one number for the size": ({"image_size": 16}, SIZE + r"\(28, 28\), got 16\."),
    "a word for the size": ({"image_size": "16"}, SIZE + r"\(28, 28\), got '16'\."),
    "no height": ({"image_size": (0, 8)}, SIZE + r"\(28, 28\), got \(0, 8\)\."),
    "three edges": ({"image_size": (8, 8, 3)}, SIZE + r"\(28, 28\), got \(8, 8, 3\)\."),
    "half a pixel": ({"image_size": (8, 8.5)}, SIZE + r"\(28, 28\), got \(8, 8\.5\)\."),
    "far too large": ({"image_size": (8, 99999)}, SIZE + r"\(28, 28\), got \(8, 99999\)\."),
    "without order": ({"image_size": {8, 9}}, SIZE),
    "no size": ({"image_size": None}, SIZE + r"\(28, 28\), got None\."),
    "a word for the rate": ({"sample_rate": "16k"}, RATE + r"'16k'\."),
    "no rate": ({"sample_rate": 0}, RATE + r"0\."),
    "a fraction": ({"sample_rate": 8000.5}, RATE + r"8000\.5\."),
    "no number": ({"sample_rate": float("nan")}, RATE + r"nan\."),
    "beyond any": ({"sample_rate": float("inf")}, RATE + r"inf\."),
    "a truth value": ({"sample_rate": True}, RATE + r"True\."),
    "a name for speaker": (
        {"speaker": "ann"},
        r"speaker must be a function .* such as speaker=.*, got 'ann'\.",
    ),
    "no folder": (
        {"speech": None},
        r"speech must be the path of a folder .* such as speech='my/speech', got None",
    ),
    "an empty path": ({"images": " "}, r"images must be the path of a folder .*, got ' '\."),
    "a number": ({"images": 3}, r"images must be the path of a folder .*, got 3\."),
    "seed": ({"seed": "1"}, "seed must be a whole number from 0 on, such as seed=0, got '1'"),
}


@pytest.fixture
def _no_reading(monkeypatch):
    def refuse(*_):
        raise AssertionError("a file was read")

    monkeypatch.setattr(folders.picture_files, "read", refuse)
    monkeypatch.setattr(folders.sound_files, "read", refuse)


@pytest.mark.usefixtures("_no_reading")
@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong_options_get_a_sentence_before_any_file_is_read(two, options, words):
    with pytest.raises(CourseError, match=words):
        data.load("folder", **{**two, **options})
    options.pop("image_size", None)
    if "speech" in options or "sample_rate" in options or "speaker" in options:
        with pytest.raises(CourseError, match=words):
            data.recordings("folder", **{"speech": two["speech"], **options})


def _second_part(path):
    return path.stem.split("_")[1]


SPEAKERS = {
    "raises": (
        _second_part,
        r"speaker= failed on cat/anna/take 1\.wav: IndexError: list index out of range\. It",
    ),
    "gives nothing": (
        lambda path: None,
        r"speaker= gave None for cat/anna/take 1\.wav: it must return a name",
    ),
    "gives a number": (
        lambda path: 7,
        r"speaker= gave 7 for cat/anna/take 1\.wav: it must return a name \(a str",
    ),
    "gives no letter": (lambda path: "", r"speaker= gave '' for cat/anna/take 1\.wav"),
}


@pytest.mark.usefixtures("_no_reading")
@pytest.mark.parametrize(("speaker", "words"), SPEAKERS.values(), ids=SPEAKERS)
def test_speaker_that_fails_names_the_file(two, speaker, words):
    with pytest.raises(CourseError, match=words):
        data.load("folder", **two, speaker=speaker)


def test_options_that_folder_does_not_know_and_lacks(two):
    with pytest.raises(CourseError) as caught:
        data.load("folder", **two, image_sise=(8, 8))
    assert str(caught.value) == (
        "data.load('folder') has no option 'image_sise'. Did you mean 'image_size' or 'images'? It takes "
        "seed, pairs_per_image, pairing, max_images, and of its own images, speech, image_size, sample_rate, "
        "speaker."
    )
    call = r"call data\.load\('folder', images='…', speech='…'\)\."
    with pytest.raises(CourseError, match=f"'folder' needs images and speech: {call}"):
        data.load("folder")
    with pytest.raises(CourseError, match=r"call data\.recordings\('folder', speech='…'\)\."):
        data.recordings("folder")
