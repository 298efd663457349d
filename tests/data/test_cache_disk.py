"""Disks that refuse: read-only, forbidden, full, a file where the folder should be."""

import errno
import os

import pytest

from mmcourse.data import cache, digits
from mmcourse.errors import CourseError

ABOUT = {"format": 1}


NOT_WRITABLE = "cannot be written .*Set MMCOURSE_CACHE_DIR to a folder that can"


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_cache_that_may_not_be_written_gets_one_sentence(home, monkeypatch, write_two, code):
    # Root may write anywhere, so the system's refusal is made here.
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(cache.tempfile, "mkdtemp", refuse)
    with pytest.raises(CourseError, match=NOT_WRITABLE) as caught:
        cache.entry("thing", write_two, ABOUT)
    assert str(home) in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a file system that refuses even root")
def test_cache_on_a_file_system_that_refuses_gets_the_same_sentence(monkeypatch, write_two):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", "/proc/mmcourse")
    with pytest.raises(CourseError, match=NOT_WRITABLE):
        cache.entry("thing", write_two, ABOUT)


def test_cache_that_is_a_file_gets_the_same_sentence(tmp_path, monkeypatch, write_two):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(place))
        with pytest.raises(CourseError, match=NOT_WRITABLE):
            cache.entry("thing", write_two, ABOUT)


def test_ready_cache_on_a_disk_that_cannot_be_written_still_loads(home, monkeypatch, write_two):
    cache.entry("thing", write_two, ABOUT)

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(cache.Path, "mkdir", refuse)
    monkeypatch.setattr(cache, "FileLock", refuse)
    assert cache.entry("thing", write_two, ABOUT) == home / "thing"


def test_full_disk_gets_one_sentence_and_leaves_nothing(home, names):
    def fill(folder):
        (folder / "half.txt").write_text("ha")
        with open("/dev/full", "wb") as full:
            full.write(b"x" * 10_000)

    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full, a disk that is always full")
    with pytest.raises(
        CourseError, match=r"disk of .* is full. Free some space .* or set MMCOURSE_CACHE_DIR"
    ):
        cache.entry("thing", fill, ABOUT)
    assert names(home) == []


def test_digits_on_a_full_disk_get_the_same_sentence(home, monkeypatch, names):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(digits.np, "save", full)
    with pytest.raises(CourseError, match="is full"):
        digits.recordings(speakers=digits.voices()[:1], manners=((175, 50),))
    assert names(home) == []
