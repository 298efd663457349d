"""Fetch a file into the cache: go on where it broke off, try again, check it, and never leave half of it.

pooch keeps files and checksums; the part it lacks is going on with a broken download, so it gets a
downloader that does. What has come so far lies beside the target as `NAME.part`.
"""

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests
from filelock import FileLock
from requests.exceptions import ChunkedEncodingError

from mmcourse.data import cache
from mmcourse.data.progress import bar
from mmcourse.errors import CourseError

pooch.get_logger().setLevel("WARNING")  # it tells of each download; the bar does too
_TRIES = 3  # of one address in a row that bring nothing; one that brings something starts the count anew
_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
_PIECE = 1 << 13  # bytes; a break loses at most one piece
_BUSY = {408, 425, 429, 500, 502, 503, 504}  # a server may answer another time


@dataclass(frozen=True)
class Remote:
    """A file that can be fetched.

    name      under which it is kept in the cache folder, such as "fsdd/v1.0.9.tar.gz"
    urls      addresses, tried in this order
    checksum  "sha256:..." or "md5:..."
    """

    name: str
    urls: Sequence[str]
    checksum: str


def fetch(remote: Remote, missing: str) -> Path:
    """Return the file, fetching it first if the cache has none.

    missing  one sentence for the learner whose computer is offline: what is missing, where it may be put
    Raises   CourseError if no address gives the file, or all give one with a wrong checksum
    """
    target = cache.folder() / remote.name
    if _is_whole(target, remote):
        return target
    cache.make_folder(target.parent)
    with cache.writing(cache.folder()), FileLock(f"{target}.lock"):  # of two at once, one fetches
        if not _is_whole(target, remote):
            _fetch_from_any(remote, target, missing)
    return target


def _is_whole(target: Path, remote: Remote) -> bool:
    return target.is_file() and pooch.hashes.hash_matches(str(target), remote.checksum)


def _fetch_from_any(remote: Remote, target: Path, missing: str) -> None:
    failures = []
    for url in remote.urls:
        try:
            return _fetch_once_more_if_wrong(url, remote, target)
        except _Failed as failure:
            failures.append(f"{url}: {failure}")
    raise CourseError(f"{missing} (Tried {'; '.join(failures)}.)")


def _fetch_once_more_if_wrong(url: str, remote: Remote, target: Path) -> None:
    part = target.with_name(target.name + ".part")
    # A process that is killed leaves pooch's temporary file, whose name says nothing of whose it was. In a
    # folder of this file's own, which its lock guards, whatever is there is a dead process's.
    own = target.with_name(target.name + ".tmp")
    for _ in range(2):
        shutil.rmtree(own, ignore_errors=True)
        try:
            came = pooch.retrieve(url, remote.checksum, target.name, own, downloader=Resuming(part))
            os.replace(came, target)
            return
        except ValueError:  # pooch's word for a wrong checksum; it has removed the file
            part.unlink(missing_ok=True)
        finally:
            shutil.rmtree(own, ignore_errors=True)
    raise _Failed("the file that came has a wrong checksum, twice")


class _Failed(Exception):
    """An address does not give the file; the message says why."""


class Resuming:
    """A downloader for pooch that goes on where the last try ended, by HTTP Range.

    part  where the bytes are gathered; kept when the download breaks off, for the next call
    """

    def __init__(self, part: Path):
        self.part = part

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        fruitless = 0  # tries in a row that brought nothing
        while True:
            before = self._size()
            try:
                self._go_on(url)
                os.replace(self.part, output_file)
                return
            except requests.HTTPError as error:
                reason, cause = f"the server answered {error.response.status_code}", error
                if error.response.status_code not in _BUSY:
                    raise _Failed(reason) from error
            except (requests.ConnectionError, requests.Timeout, ChunkedEncodingError) as error:
                reason, cause = "no connection, or it broke off", error
            fruitless = 0 if self._size() > before else fruitless + 1
            if fruitless == _TRIES:
                raise _Failed(f"{reason}, {_TRIES} times") from cause
            time.sleep(pause(fruitless))

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _go_on(self, url: str) -> None:
        have = self._size()
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
        with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as answer:
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                self.part.unlink()  # it has more than the server: another file, or an older one
                raise requests.ConnectionError("what was there did not fit")
            answer.raise_for_status()
            if answer.status_code != requests.codes.partial_content:
                have = 0  # the server sends all of it again
            total = have + int(answer.headers.get("Content-Length", 0))
            with (
                self.part.open("ab" if have else "wb") as file,
                bar(
                    total=total or None, initial=have, unit="B", unit_scale=True, desc=Path(url).name
                ) as shown,
            ):
                for piece in answer.iter_content(_PIECE):
                    file.write(piece)
                    shown.update(len(piece))


def pause(fruitless: int) -> float:
    """Return the seconds to wait before another try: longer after each that brought nothing."""
    return 0.5 * 2**fruitless
