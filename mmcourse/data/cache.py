"""Folders that are built once, whole or not at all, and checked each time they are used.

An entry is built in a temporary folder beside its place, forced to the disk, and renamed: whoever
finds the entry finds all of it. A lock lets one process build while others wait. A process that is
killed leaves at most a temporary folder, which the next build of any entry removes.
"""

import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from mmcourse.errors import CourseError

VARIABLE = "MMCOURSE_CACHE_DIR"
MANIFEST = "manifest.json"
_TEMPORARY = ".tmp-"  # between the entry's name and a random end
_WAIT = 900  # seconds to wait for another process's build; the slowest build is far below a minute
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def folder() -> Path:
    """Return where built and downloaded data are kept: MMCOURSE_CACHE_DIR, or the user's cache folder."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("mmcourse", False))


def data_folder() -> Path | None:
    """Return the folder of data that is already here, MMCOURSE_DATA_DIR, if it is set; it is only read."""
    chosen = os.environ.get("MMCOURSE_DATA_DIR")
    return Path(chosen).expanduser() if chosen else None


def entry(name: str, build: Callable[[Path], None], about: dict) -> Path:
    """Return the folder of a cache entry, building it first if it is not there whole.

    name   the entry's folder name
    build  writes the entry's files into the folder that it is given
    about  goes into the manifest, and must match it: versions and settings the files depend on
    Raises CourseError if the cache cannot be written, or the disk is full
    """
    path = folder() / name
    if is_whole(path, about):  # before any lock, so that a ready cache may lie on a read-only disk
        return path
    make_folder(folder())
    with writing(folder()), _lock(path):
        if not is_whole(path, about):  # another process may have built it while this one waited
            _build(path, build, about)
    return path


def remove_entries(pattern: str, keep: set[str]) -> list[str]:
    """Remove dead builds, and the entries whose names fit the pattern, but for those in `keep`.

    Returns  the names of what is gone, in order; what another process is building, or a system does not
             let go, stays
    """
    if not folder().is_dir():
        return []
    with writing(folder()):
        gone = _remove_dead_builds(folder())
        for manifest in sorted(folder().glob(f"{pattern}/{MANIFEST}")):
            path = manifest.parent
            if path.name not in keep and _TEMPORARY not in path.name and _remove_unless_locked(path, path):
                gone.append(path.name)
    return sorted(gone)


def _remove_dead_builds(where: Path) -> list[str]:
    """Remove every temporary folder whose entry's lock is free: who built it is no more."""
    gone = []
    for path in sorted(where.glob(f"*{_TEMPORARY}*")):
        if path.is_dir() and _remove_unless_locked(path, where / path.name.partition(_TEMPORARY)[0]):
            gone.append(path.name)
    return gone


def _remove_unless_locked(path: Path, entry_path: Path) -> bool:
    try:
        with FileLock(f"{entry_path}.lock", timeout=0):
            shutil.rmtree(path, ignore_errors=True)
    except Timeout:
        return False
    return not path.exists()


def is_whole(path: Path, about: dict) -> bool:
    """Say whether an entry is there with the manifest it should have, and every file has its checksum."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return manifest["about"] == about and all(
            _sha256(path / name) == digest for name, digest in manifest["sha256"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextmanager
def writing(where: Path) -> Iterator[None]:
    """Turn a disk that is full or may not be written into one sentence that says what to set."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise CourseError(
                f"The disk of {where} is full. Free some space there (100 MB will do for `digits`), or set "
                f"{VARIABLE} to a folder on another disk."
            ) from error
        if error.errno in _FORBIDDEN:
            raise _cannot_write(where, error) from error
        raise


def make_folder(path: Path) -> None:
    """Make a folder of the cache, or say in one sentence why not and what to set."""
    with writing(path):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except (FileNotFoundError, FileExistsError, NotADirectoryError) as error:
            # What is named is a file, or lies below one, or on a disk that is not there.
            raise _cannot_write(path, error) from error


def _cannot_write(where: Path, error: OSError) -> CourseError:
    return CourseError(
        f"The cache folder {where} cannot be written ({error.strerror}). Set {VARIABLE} to a folder that can."
    )


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    lock = FileLock(f"{path}.lock")
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print(f"Another process is building {path.name}; waiting for it.", file=sys.stderr)
            lock.acquire(timeout=_WAIT)
    except Timeout as error:
        raise CourseError(
            f"Another process has been building {path} for {_WAIT // 60} minutes. End it and try again, "
            f"or set {VARIABLE} to another folder."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _build(path: Path, build: Callable[[Path], None], about: dict) -> None:
    """Build an entry; the caller holds its lock, so every temporary folder of it is a dead build's."""
    for left_over in path.parent.glob(f"{path.name}{_TEMPORARY}*"):
        shutil.rmtree(left_over)
    _remove_dead_builds(path.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f"{path.name}{_TEMPORARY}", dir=path.parent))
    try:
        build(temporary)
        files = sorted(file for file in temporary.rglob("*") if file.is_file())
        digests = {file.relative_to(temporary).as_posix(): _sha256(file) for file in files}
        manifest = json.dumps({"about": about, "sha256": digests}, indent=1, ensure_ascii=False)
        (temporary / MANIFEST).write_text(manifest, encoding="utf-8")
        for file in [*files, temporary / MANIFEST, temporary]:
            _force_to_disk(file)
        temporary.chmod(0o755)  # mkdtemp's 0700 would shut out others who share the cache
        if path.exists():  # an older version, or damaged
            shutil.rmtree(path)
        os.replace(temporary, path)
        _force_to_disk(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _force_to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder, and writes its entries by itself
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
