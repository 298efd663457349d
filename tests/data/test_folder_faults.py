"""Your own two folders, wrongly laid out: each fault is named, with what to do."""

import pytest

from mmcourse import data
from mmcourse.errors import CourseError


def test_class_in_one_sense_only_is_named(two, make_picture, make_sound):
    make_picture(two["images"] / "dragon" / "1.png", 0)
    make_sound(two["speech"] / "bell" / "anna" / "1.wav", 0.3)
    with pytest.raises(
        CourseError, match=r"'dragon' has no sounds in .*sounds.*; .*'bell' has no pictures in "
    ) as e:
        data.load("folder", **two)
    assert str(e.value).endswith(". Add what is missing, or take the class out of both folders.")


@pytest.mark.parametrize(("mine", "theirs"), [("Cat", "cat"), ("kat", "cat"), ("cat ", "cat")])
def test_nearly_the_same_name_is_asked_about(two, mine, theirs):
    (two["images"] / theirs).rename(two["images"] / mine)
    with pytest.raises(CourseError) as caught:
        data.load("folder", **two)
    text = str(caught.value)
    assert f"the class {mine!r} has no sounds" in text
    assert f"(but there is {theirs!r}: the same class?)" in text
    assert ". Give a class the same name in both folders, capitals included; add what is missing" in text
    assert "große" not in text  # which has both


def test_swapped_folders_are_recognised(two):
    with pytest.raises(
        CourseError,
        match=r"images=.*sounds holds 12 sounds and no pictures\. Are the two folders swapped\?",
    ):
        data.load("folder", images=two["speech"], speech=two["images"])
    with pytest.raises(CourseError, match=r"speech=.*pictures holds 12 pictures and no sounds\."):
        data.load("folder", images=two["images"], speech=two["images"])


def test_one_class_alone_is_too_few(two, tmp_path):
    for sense in two.values():
        for name in ("große Maus", "狗"):
            (sense / name).rename(tmp_path / f"{sense.name} {name}")
    with pytest.raises(
        CourseError,
        match=r"only one class, 'cat', and nothing to tell it from\. Add a folder for another class to both",
    ):
        data.load("folder", **two)
    assert data.recordings("folder", speech=two["speech"]).classes == ["cat"]


def test_folders_without_any_file_that_fits(tmp_path):
    for name, held in (("pictures", ("a.txt", "b.txt")), ("sounds", ())):
        (tmp_path / name / "cat").mkdir(parents=True)
        for file in held:
            (tmp_path / name / "cat" / file).write_text("mine")
    with pytest.raises(
        CourseError, match=r"no pictures in the folders of .*pictures, only 2 other files\. Put"
    ):
        data.load("folder", images=tmp_path / "pictures", speech=tmp_path / "sounds")
    with pytest.raises(CourseError, match=r"no sounds in the folders of .*sounds\. Put them there, in one"):
        data.recordings("folder", speech=tmp_path / "sounds")


def test_empty_class_is_named(two):
    for folder in two.values():
        (folder / "nothing").mkdir()
    with pytest.raises(CourseError, match="the class 'nothing' has neither"):
        data.load("folder", **two)


def test_one_picture_in_a_class_is_too_few(two):
    for path in sorted((two["images"] / "cat").iterdir())[1:]:
        path.unlink()
    with pytest.raises(CourseError, match=r"class 'cat' has 1 picture; it needs at least 3.* Add some"):
        data.load("folder", **two)


def test_class_with_one_speaker_is_too_few(two):
    for name in ("ben", "chloé", "dai"):
        (two["speech"] / "cat" / name / "take 1.wav").unlink()
    with pytest.raises(
        CourseError, match=r"every part every class; 'cat' is said by the fewest. Add speakers"
    ):
        data.load("folder", **two)


def test_every_unreadable_file_is_named_at_once(two):
    (two["images"] / "cat" / "broken.png").write_bytes(b"")
    (two["images"] / "狗" / "word.png").write_text("woof")
    with pytest.raises(CourseError) as caught:
        data.load("folder", **two)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"2 pictures in {two['images']} cannot be used:"
    assert lines[1].startswith("cat/broken.png: the file is empty")
    assert lines[2].startswith("狗/word.png: not a picture")


def test_unreadable_sounds_are_named_too(two):
    (two["speech"] / "cat" / "anna" / "take 2.wav").write_text("meow")
    with pytest.raises(CourseError, match=r"1 sound in .*sounds cannot be used:\ncat/anna/take 2.wav: "):
        data.load("folder", **two)


def test_two_speakers_are_too_few_and_one_is_said_in_the_singular(two):
    for count, words in ((2, "There are 2 speakers (x0, x1)"), (1, "There is 1 speaker (x0)")):
        with pytest.raises(CourseError) as caught:
            data.load("folder", **two, speaker=lambda path, n=count: f"x{len(path.parent.name) % n}")
        assert str(caught.value).startswith(f"{words}; at least 3 are needed")


def test_hundreds_of_unreadable_files_do_not_fill_the_screen(two):
    for i in range(40):
        (two["images"] / "cat" / f"bad {i:02d}.png").write_bytes(b"")
    with pytest.raises(CourseError, match=r"40 pictures in .* cannot be used") as caught:
        data.load("folder", **two)
    assert str(caught.value).endswith("… and 30 more")
    assert len(str(caught.value).splitlines()) == 12


def test_folder_that_is_not_there(tmp_path):
    (tmp_path / "pictures").mkdir()
    with pytest.raises(
        CourseError, match=r"There is no folder .*picture\. Did you mean 'pictures'\? images needs"
    ):
        data.load("folder", images=tmp_path / "picture", speech=tmp_path)
    with pytest.raises(
        CourseError, match=r"There is no folder .*nowhere\. speech needs one that holds a folder"
    ):
        data.load("folder", images=tmp_path, speech=tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"images=.*file is a file\. Give the folder"):
        data.load("folder", images=tmp_path / "file", speech=tmp_path)


def test_folder_of_one_class_is_not_the_folder_of_classes(two):
    with pytest.raises(
        CourseError, match=r"cat holds pictures but no folders\. .*; if cat is a class itself, give"
    ):
        data.load("folder", images=two["images"] / "cat", speech=two["speech"])


def test_folder_without_folders(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(CourseError, match=r"holds no folders. It needs one for each class"):
        data.load("folder", images=tmp_path, speech=tmp_path)
