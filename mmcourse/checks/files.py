"""Files that hold somebody's work: written in one step, copied before they are replaced."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

BACKUPS = ".backup"


def write_text(text: str, path: Path) -> None:
    """Write a text file in one step, with the rights that the file had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(unfinished, mode)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def back_up(path: Path) -> Path:
    """Copy a notebook, whatever state it is in, beside its folder's others under a time stamp."""
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    copy = folder / f"{path.stem}_{stamp}.ipynb"
    for number in range(2, 1000):
        if not copy.exists():
            break
        copy = folder / f"{path.stem}_{stamp}_{number}.ipynb"
    shutil.copy2(path, copy)
    return copy
