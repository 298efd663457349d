"""Downloads from a server on this machine that breaks off, lies and fails on request."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from mmcourse.data import download
from mmcourse.data.download import Remote, fetch
from mmcourse.errors import CourseError

BODY = bytes(range(256)) * 2000  # 512 kB, so that half of it is several pieces
CHECKSUM = "sha256:" + hashlib.sha256(BODY).hexdigest()
MISSING = "The file is not here: put it in box/, or use data.load('digits'), which works offline."


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        plan = self.server.plan
        asked = self.headers.get("Range")
        plan.asked.append(asked)
        how = plan.answers.pop(0) if plan.answers else "whole"
        if isinstance(how, int):
            self.send_error(how)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and plan.ranges else 0
        if start >= len(BODY):
            self.send_error(416)
            return
        body = (BODY[::-1] if how == "wrong" else BODY)[start:]
        self.send_response(206 if asked and plan.ranges else 200)
        if plan.lengths:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if how == "half" else body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server whose `plan` says how it answers: "whole", "half", "wrong" or a status, in this order."""
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "pause", lambda fruitless: 0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.plan = SimpleNamespace(answers=[], asked=[], ranges=True, lengths=True)
    server.url = f"http://127.0.0.1:{server.server_port}/file.bin"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _remote(*urls, checksum=CHECKSUM):
    return Remote("box/file.bin", urls, checksum)


def _start(asked):
    return int(asked.removeprefix("bytes=").removesuffix("-"))


def _left(tmp_path):
    return sorted(p.name for p in (tmp_path / "box").iterdir() if not p.name.endswith(".lock"))


def test_file_is_fetched_once(server, tmp_path):
    for _ in range(2):
        assert fetch(_remote(server.url), MISSING).read_bytes() == BODY
    assert server.plan.asked == [None]
    assert _left(tmp_path) == ["file.bin"]


def test_broken_download_goes_on_where_it_broke(server, tmp_path):
    server.plan.answers = ["half", "half"]
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY
    assert server.plan.asked[0] is None
    for asked, sent in zip(server.plan.asked[1:], (len(BODY) / 2, len(BODY) * 3 / 4), strict=True):
        assert sent - 2 * download._PIECE < _start(asked) <= sent
    assert _left(tmp_path) == ["file.bin"]


def test_download_goes_on_in_the_next_call(server, tmp_path):
    server.plan.answers = ["half", 500, 500, 500]
    with pytest.raises(CourseError):
        fetch(_remote(server.url), MISSING)
    assert _left(tmp_path) == ["file.bin.part"]  # not in place, but not lost
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY
    assert _start(server.plan.asked[-1]) > len(BODY) // 2 - download._PIECE


def test_long_download_may_break_more_often_than_it_may_fail(server):
    server.plan.answers = ["half"] * 8
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY


def test_server_that_cannot_go_on_sends_all_of_it_again(server):
    server.plan.ranges = False
    server.plan.answers = ["half"]
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY
    assert len(server.plan.asked) == 2  # not a third time, after a wrong checksum


def test_silent_break_shows_in_the_checksum_and_is_tried_afresh(server):
    server.plan.lengths = False  # then nothing tells the reader that half is not all
    server.plan.answers = ["half"]
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY
    assert server.plan.asked == [None, None]


def test_part_that_does_not_fit_is_thrown_away(server, tmp_path):
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "file.bin.part").write_bytes(b"x" * (len(BODY) + 5))
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY


def test_part_of_another_file_shows_in_the_checksum(server, tmp_path):
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "file.bin.part").write_bytes(b"x" * 1000)
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY


def test_busy_server_is_asked_again(server):
    server.plan.answers = [503, 500]
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY


def test_wrong_checksum_gets_one_fresh_try(server, tmp_path):
    server.plan.answers = ["wrong"]
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY
    assert server.plan.asked == [None, None]
    assert _left(tmp_path) == ["file.bin"]


def test_wrong_checksum_twice_gets_a_sentence_and_leaves_nothing(server, tmp_path):
    server.plan.answers = ["wrong", "wrong"]
    with pytest.raises(CourseError, match="the file that came has a wrong checksum, twice"):
        fetch(_remote(server.url), MISSING)
    assert len(server.plan.asked) == 2
    assert _left(tmp_path) == []


def test_damaged_file_in_place_is_fetched_again(server, tmp_path):
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "file.bin").write_bytes(b"damaged")
    assert fetch(_remote(server.url), MISSING).read_bytes() == BODY


@pytest.mark.parametrize("status", [403, 404, 410])
def test_refusal_is_final_and_the_next_address_is_tried(server, status):
    server.plan.answers = [status]
    assert fetch(_remote(server.url, server.url + "?mirror"), MISSING).read_bytes() == BODY
    assert len(server.plan.asked) == 2


def test_server_error_without_end_gets_a_sentence(server, tmp_path):
    server.plan.answers = [500] * 9
    with pytest.raises(CourseError) as caught:
        fetch(_remote(server.url), MISSING)
    message = str(caught.value)
    assert message.startswith(MISSING)
    assert "the server answered 500, 3 times" in message
    assert "\n" not in message
    assert _left(tmp_path) == []


def test_no_network_gets_what_is_missing_and_what_works_offline(server):
    server.shutdown()
    server.server_close()
    with pytest.raises(
        CourseError, match=r"put it in box/.*digits.*works offline.*no connection, or it broke off"
    ):
        fetch(_remote(server.url), MISSING)


def test_what_a_killed_download_left_is_removed(server, tmp_path):
    left = tmp_path / "box" / "file.bin.tmp" / "tmpdead"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    other = tmp_path / "box" / "other.bin.tmp"  # another file's, perhaps being fetched now
    other.mkdir()
    fetch(_remote(server.url), MISSING)
    assert _left(tmp_path) == ["file.bin", "other.bin.tmp"]


def test_two_downloads_at_once_fetch_once(server):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(fetch(_remote(server.url), MISSING).read_bytes()))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [BODY, BODY]
    assert server.plan.asked == [None]
