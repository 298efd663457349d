"""Several processes and one cache: killed builds, two at once, waiting, what the dead leave."""

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


def test_left_over_of_a_dead_build_is_removed(home, write_two, names):
    (home / "thing.tmp-dead").mkdir(parents=True)
    (home / "thing.tmp-dead" / "half").write_text("ha")
    (home / "other.tmp-dead").mkdir()
    (home / "third.tmp-alive").mkdir()
    with cache.FileLock(f"{home / 'third'}.lock"):  # as while it is being built
        cache.entry("thing", write_two, ABOUT)
    assert names(home) == ["thing", "third.tmp-alive"]


def test_cleaning_keeps_what_is_used_or_being_built_and_names_what_is_gone(home, names, write_two):
    for name in ("digits-new", "digits-old", "digits-busy", "fsdd"):
        cache.entry(name, write_two, ABOUT)
    (home / "digits-new.tmp-dead").mkdir()
    with cache.FileLock(f"{home / 'digits-busy'}.lock"):
        gone = cache.remove_entries("digits-*", keep={"digits-new"})
    assert gone == ["digits-new.tmp-dead", "digits-old"]
    assert names(home) == ["digits-busy", "digits-new", "fsdd"]


def test_cleaning_a_cache_that_is_not_there_makes_none(home):
    assert cache.remove_entries("*", keep=set()) == []
    assert not home.exists()


def test_cleaning_keeps_the_speech_that_load_reads(home, names, monkeypatch):
    monkeypatch.setattr(digits, "voices", lambda: ["en+f2", "en+m3"])
    monkeypatch.setattr(digits, "_save_speech", lambda *_: None)  # which entry it is, not what is in it
    monkeypatch.setattr(digits, "_recordings", lambda path: path)
    kept = digits.recordings(workers=1)
    other = digits.recordings(["en+f2"], workers=1)
    assert digits.clean() == [other.name]
    assert names(home) == [kept.name]


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
def test_killed_build_is_completed_by_the_next(home, round_, names):
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
    assert names(home) == ["thing"]


def test_of_two_builds_at_once_one_builds_and_the_other_waits(home):
    both = [_run(SLOW_BUILD, home) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in both]
    assert sorted(out.count("building") for out, _ in outputs) == [0, 1], outputs
    assert all(out.endswith("done 20\n") for out, _ in outputs)


DIGITS = """
    from mmcourse.data import digits
    digits.recordings(speakers=digits.voices()[:4], manners=((175, 50),), workers=2)
"""


def test_digits_killed_half_way_load_on_the_next_call(home, names):
    process = _run(DIGITS, home)
    deadline = time.monotonic() + 60
    while not list(home.glob("digits-*.tmp-*")) and time.monotonic() < deadline:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert not list(home.glob("digits-*/manifest.json")), "killed too late to prove anything"
    spoken = digits.recordings(speakers=digits.voices()[:4], manners=((175, 50),))
    assert len(spoken) == 40
    assert len(names(home)) == 1


def test_waiting_says_so_and_does_not_wait_for_ever(home, monkeypatch, capsys, write_two):
    monkeypatch.setattr(cache, "_WAIT", 0.05)
    home.mkdir()
    with (
        cache.FileLock(f"{home / 'thing'}.lock"),
        pytest.raises(
            CourseError, match=r"Another process has been building .*thing .*set MMCOURSE_CACHE_DIR"
        ),
    ):
        cache.entry("thing", write_two, ABOUT)
    assert "Another process is building thing; waiting for it." in capsys.readouterr().err
