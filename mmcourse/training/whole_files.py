"""Files that are on the disk whole or not at all, whenever the power fails or the process is killed."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

import torch


class Unreadable(Exception):
    """A file is no checkpoint, or only a part of one; the message says which."""


def write_whole(path: Path, state: dict, replacing: Iterable[Path] = ()) -> None:
    """Write a checkpoint under a temporary name, wait until it is on the disk, then give it its name.

    The old file of that name, if any, is there until the new one is. Nothing is left where it fails.

    replacing  other files that go as soon as the new one is safe, before it gets its name
    Raises     OSError where the disk is full or the folder cannot be written to
    Source     Pillai et al. 2014, "All file systems are not created equal": rename only what was synced
    """
    content = io.BytesIO()
    torch.save(state, content)  # in memory: into a file, torch reports a full disk in words of its own
    temporary = path.with_name(f"{path.stem}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        for old in replacing:
            old.unlink(missing_ok=True)
        temporary.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_whole(path: Path, mark: str) -> dict:
    """Read what `write_whole` wrote, with weights_only=True: it cannot run code that someone hid in it.

    mark    what its "format" entry must be
    Raises  Unreadable for a file that is truncated, damaged, or something else
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror})") from error
    if not content:
        raise Unreadable("it is empty")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # torch.load does not look at the checksums
            damaged = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise Unreadable("it is truncated, or no checkpoint at all") from error
    if damaged is not None:
        raise Unreadable("some of its bytes are damaged")
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises whatever the content leads its reader to
        raise Unreadable("it holds something else than tensors and numbers") from error
    found = state.get("format") if isinstance(state, dict) else None
    if found != mark:
        raise Unreadable(f"its format is {found!r}, not {mark!r}" if found else f"it is no {mark}")
    return state


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of runs that were killed while they wrote."""
    for path in folder.glob("step-*.tmp"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Wait until a folder's list of names is on the disk too; Windows has no such call."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
