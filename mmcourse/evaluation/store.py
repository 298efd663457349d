"""A folder of results, one file each: whole or not at all, and computed again where one is broken."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import psutil
from filelock import FileLock

from mmcourse.data import cache
from mmcourse.errors import CourseError
from mmcourse.training.whole_files import Unreadable, read_whole, write_whole

FORMAT = "mmcourse comparison 1"


class Store:
    """Results by their fingerprint, in a folder that several processes may use at once.

    folder  where they lie; by default "comparisons" in the course's cache folder
    """

    def __init__(self, folder: Path | str | None = None):
        self.folder = cache.folder() / "comparisons" if folder is None else Path(folder).expanduser()

    def open(self) -> None:
        """Make the folder, and remove what processes left that were killed while they wrote.

        Raises  CourseError where it cannot be made or written to
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self.folder, os.W_OK):
                raise OSError(errno.EACCES, "permission denied")
            for path in self.folder.glob("*.*.tmp"):
                writer = path.name.split(".")[-2]
                if not writer.isdigit() or not psutil.pid_exists(int(writer)):
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise CourseError(
                f"Results cannot be kept in {self.folder} ({error.strerror}). Give store= another folder, or "
                f"set {cache.VARIABLE}."
            ) from error

    def read(self, key: str) -> dict | None:
        """Return what is kept under a key; None where nothing is, or with a warning where it is broken."""
        path = self._path(key)
        if not path.exists():
            return None
        try:
            return read_whole(path, FORMAT)
        except Unreadable as error:
            warnings.warn(
                f"{path} was passed over: {error}. What it held is computed again.",
                stacklevel=2,
            )
            return None

    def write(self, key: str, state: dict) -> bool:
        """Keep a dict of tensors, numbers, words and collections of them.

        Returns  whether it could be; with a warning where it could not, as on a full disk
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._path(key), state | {"format": FORMAT})
        except OSError as error:
            warnings.warn(
                f"a result could not be kept in {self.folder} ({error.strerror}): it is used now, and "
                "computed again next time.",
                stacklevel=2,
            )
            return False
        return True

    def kept(self, key: str, make: Callable[[], dict]) -> dict:
        """Return what is kept under a key; make it where nothing is, in one process while others wait."""
        state = self.read(key)
        if state is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / f"{key}.lock"):
                state = self.read(key)
                if state is None:
                    state = make()
                    self.write(key, state)
        return state

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.pt"

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r})"
