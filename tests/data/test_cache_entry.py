"""An entry of the cache: built once, whole or not there, built again when damaged or of another version."""

import json

import pytest

from mmcourse.data import cache

ABOUT = {"format": 1}


def test_entry_is_built_once_with_a_manifest(home, write_two, names):
    builds = []
    for _ in range(2):
        path = cache.entry("thing", lambda folder: builds.append(write_two(folder)), ABOUT)
    assert len(builds) == 1
    manifest = json.loads((path / "manifest.json").read_text())
    assert manifest["about"] == ABOUT
    assert sorted(manifest["sha256"]) == ["a.txt", "deep/b.txt"]
    assert names(home) == ["thing"]


def _change(path):
    (path / "a.txt").write_text("fir5t")


def _remove(path):
    (path / "deep" / "b.txt").unlink()


def _break_manifest(path):
    (path / "manifest.json").write_text('{"about": ')


def _empty_manifest(path):
    (path / "manifest.json").write_text("[]")


@pytest.mark.parametrize("damage", [_change, _remove, _break_manifest, _empty_manifest])
def test_damaged_entry_is_built_again(home, damage, write_two):
    path = cache.entry("thing", write_two, ABOUT)
    damage(path)
    assert not cache.is_whole(path, ABOUT)
    assert (cache.entry("thing", write_two, ABOUT) / "a.txt").read_text() == "first"
    assert (path / "deep" / "b.txt").read_text() == "second"


def test_other_versions_are_built_again(home, write_two):
    cache.entry("thing", write_two, ABOUT)
    path = cache.entry("thing", lambda folder: (folder / "c.txt").write_text("new"), {"format": 2})
    assert sorted(file.name for file in path.iterdir()) == ["c.txt", "manifest.json"]


def test_failed_build_leaves_nothing(home, names):
    def fail(folder):
        (folder / "half.txt").write_text("ha")
        raise ValueError("broke")

    with pytest.raises(ValueError, match="broke"):
        cache.entry("thing", fail, ABOUT)
    assert names(home) == []


def test_entry_is_there_only_when_it_is_whole(home, write_two):
    def look(folder):
        write_two(folder)
        assert not (home / "thing").exists()

    cache.entry("thing", look, ABOUT)
    assert (home / "thing").is_dir()


def test_entry_appears_by_one_rename_of_what_is_whole(home, monkeypatch, write_two, names):
    seen = []

    def look(source, target):
        seen.append((cache.is_whole(source, ABOUT), target.exists()))

    monkeypatch.setattr(cache.os, "replace", look)
    cache.entry("thing", write_two, ABOUT)
    assert seen == [(True, False)]
    assert names(home) == []  # and nothing else puts it there


def test_cache_folder_is_the_variable_or_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", "~/somewhere")
    assert "~" not in str(cache.folder())
    monkeypatch.delenv("MMCOURSE_CACHE_DIR")
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda *_: str(tmp_path))
    assert cache.folder() == tmp_path
