"""An entry of the cache is whole or not there: killed builds, two at once, disks that refuse."""

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from mmcourse.data import cache, digits
from mmcourse.errors import CourseError

ABOUT = {"format": 1}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _write_two(folder):
    (folder / "a.txt").write_text("first")
    (folder / "deep").mkdir()
    (folder / "deep" / "b.txt").write_text("second")


def _names(home):
    return sorted(path.name for path in home.iterdir() if not path.name.endswith(".lock"))


def test_entry_is_built_once_with_a_manifest(home):
    builds = []
    for _ in range(2):
        path = cache.entry("thing", lambda folder: builds.append(_write_two(folder)), ABOUT)
    assert len(builds) == 1
    manifest = json.loads((path / "manifest.json").read_text())
    assert manifest["about"] == ABOUT
    assert sorted(manifest["sha256"]) == ["a.txt", "deep/b.txt"]
    assert _names(home) == ["thing"]


def _change(path):
    (path / "a.txt").write_text("fir5t")


def _remove(path):
    (path / "deep" / "b.txt").unlink()


def _break_manifest(path):
    (path / "manifest.json").write_text('{"about": ')


def _empty_manifest(path):
    (path / "manifest.json").write_text("[]")


@pytest.mark.parametrize("damage", [_change, _remove, _break_manifest, _empty_manifest])
def test_damaged_entry_is_built_again(home, damage):
    path = cache.entry("thing", _write_two, ABOUT)
    damage(path)
    assert not cache.is_whole(path, ABOUT)
    assert (cache.entry("thing", _write_two, ABOUT) / "a.txt").read_text() == "first"
    assert (path / "deep" / "b.txt").read_text() == "second"


def test_other_versions_are_built_again(home):
    cache.entry("thing", _write_two, ABOUT)
    path = cache.entry("thing", lambda folder: (folder / "c.txt").write_text("new"), {"format": 2})
    assert sorted(file.name for file in path.iterdir()) == ["c.txt", "manifest.json"]


def test_failed_build_leaves_nothing(home):
    def fail(folder):
        (folder / "half.txt").write_text("ha")
        raise ValueError("broke")

    with pytest.raises(ValueError, match="broke"):
        cache.entry("thing", fail, ABOUT)
    assert _names(home) == []


def test_entry_is_there_only_when_it_is_whole(home):
    def look(folder):
        _write_two(folder)
        assert not (home / "thing").exists()

    cache.entry("thing", look, ABOUT)
    assert (home / "thing").is_dir()


def test_entry_appears_by_one_rename_of_what_is_whole(home, monkeypatch):
    seen = []

    def look(source, target):
        seen.append((cache.is_whole(source, ABOUT), target.exists()))

    monkeypatch.setattr(cache.os, "replace", look)
    cache.entry("thing", _write_two, ABOUT)
    assert seen == [(True, False)]
    assert _names(home) == []  # and nothing else puts it there


def test_left_over_of_a_dead_build_is_removed(home):
    (home / "thing.tmp-dead").mkdir(parents=True)
    (home / "thing.tmp-dead" / "half").write_text("ha")
    (home / "thing-else.tmp-alive").mkdir()  # another entry's, perhaps being built now
    cache.entry("thing", _write_two, ABOUT)
    assert _names(home) == ["thing", "thing-else.tmp-alive"]


def _run(script, home, **options):
    environment = {
        **os.environ,
        "MMCOURSE_CACHE_DIR": str(home),
        "MMCOURSE_QUIET": "1",
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


# Says when its build begins, so that the kill can be aimed into it; sleeps, so that it is long enough.
# Loads cache.py alone, without the rest of the package, whose import of torch takes seconds.
SLOW_BUILD = f"""
    import runpy, time
    from types import SimpleNamespace
    cache = SimpleNamespace(**runpy.run_path({cache.__file__!r}))
    def build(folder):
        print("building", flush=True)
        for number in range(20):
            (folder / f"{{number}}.txt").write_text("x" * 100_000)
            time.sleep(0.005)
    path = cache.entry("thing", build, {ABOUT})
    print("done", len(list(path.glob("*.txt"))), flush=True)
"""


@pytest.mark.parametrize("round_", range(10))
def test_killed_build_is_completed_by_the_next(home, round_):
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system has no SIGKILL")
    process = _run(SLOW_BUILD, home)
    assert process.stdout.readline() == "building\n"
    time.sleep(0.018 * round_)  # at once, in the middle, near and after the rename
    process.kill()
    process.communicate()
    entry = home / "thing"
    assert cache.is_whole(entry, ABOUT) or not entry.exists()
    output, errors = _run(SLOW_BUILD, home).communicate(timeout=60)
    assert output.endswith("done 20\n"), errors
    assert _names(home) == ["thing"]


def test_of_two_builds_at_once_one_builds_and_the_other_waits(home):
    both = [_run(SLOW_BUILD, home) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in both]
    assert sorted(out.count("building") for out, _ in outputs) == [0, 1], outputs
    assert all(out.endswith("done 20\n") for out, _ in outputs)


DIGITS = """
    from mmcourse.data import digits
    digits.recordings(speakers=digits.voices()[:4], manners=((175, 50),), workers=2)
"""


def test_digits_killed_half_way_load_on_the_next_call(home):
    process = _run(DIGITS, home)
    deadline = time.monotonic() + 60
    while not list(home.glob("digits-*.tmp-*")) and time.monotonic() < deadline:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert not list(home.glob("digits-*/manifest.json")), "killed too late to prove anything"
    spoken = digits.recordings(speakers=digits.voices()[:4], manners=((175, 50),))
    assert len(spoken) == 40
    assert len(_names(home)) == 1


def test_waiting_says_so_and_does_not_wait_for_ever(home, monkeypatch, capsys):
    monkeypatch.setattr(cache, "_WAIT", 0.05)
    home.mkdir()
    with (
        cache.FileLock(f"{home / 'thing'}.lock"),
        pytest.raises(
            CourseError, match=r"Another process has been building .*thing .*set MMCOURSE_CACHE_DIR"
        ),
    ):
        cache.entry("thing", _write_two, ABOUT)
    assert "Another process is building thing; waiting for it." in capsys.readouterr().err


NOT_WRITABLE = "cannot be written .*Set MMCOURSE_CACHE_DIR to a folder that can"


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_cache_that_may_not_be_written_gets_one_sentence(home, monkeypatch, code):
    # Root may write anywhere, so the system's refusal is made here.
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(cache.tempfile, "mkdtemp", refuse)
    with pytest.raises(CourseError, match=NOT_WRITABLE) as caught:
        cache.entry("thing", _write_two, ABOUT)
    assert str(home) in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a file system that refuses even root")
def test_cache_on_a_file_system_that_refuses_gets_the_same_sentence(monkeypatch):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", "/proc/mmcourse")
    with pytest.raises(CourseError, match=NOT_WRITABLE):
        cache.entry("thing", _write_two, ABOUT)


def test_cache_that_is_a_file_gets_the_same_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(place))
        with pytest.raises(CourseError, match=NOT_WRITABLE):
            cache.entry("thing", _write_two, ABOUT)


def test_ready_cache_on_a_disk_that_cannot_be_written_still_loads(home, monkeypatch):
    cache.entry("thing", _write_two, ABOUT)

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(cache.Path, "mkdir", refuse)
    monkeypatch.setattr(cache, "FileLock", refuse)
    assert cache.entry("thing", _write_two, ABOUT) == home / "thing"


def test_full_disk_gets_one_sentence_and_leaves_nothing(home):
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
    assert _names(home) == []


def test_digits_on_a_full_disk_get_the_same_sentence(home, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(digits.np, "save", full)
    with pytest.raises(CourseError, match="is full"):
        digits.recordings(speakers=digits.voices()[:1], manners=((175, 50),))
    assert _names(home) == []


def test_cache_folder_is_the_variable_or_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", "~/somewhere")
    assert "~" not in str(cache.folder())
    monkeypatch.delenv("MMCOURSE_CACHE_DIR")
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda *_: str(tmp_path))
    assert cache.folder() == tmp_path
