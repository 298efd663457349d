"""The benchmarks' harness: what it times, what it keeps, and that it names no machine."""

import importlib
import operator
import platform
import time
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def harness():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(
            BENCHMARKS
        )  # as `python benchmarks/bench_x.py` has it; a fresh process inherits it
        yield importlib.import_module("harness")


def test_both_sides_take_turns(harness):
    calls = []
    harness.ratio(lambda: calls.append("ours"), lambda: calls.append("theirs"), repeats=4)
    turns = [tuple(calls[i : i + 2]) for i in range(0, len(calls), 2)]
    assert turns == [("theirs", "ours"), ("ours", "theirs")] * 3  # two turns to warm up, four that count


def test_the_ratio_is_the_ratio_of_medians(harness, monkeypatch):
    seconds = iter([9, 9, 9, 9, 2, 1, 4, 2, 3, 30])  # theirs ours, ours theirs, ...
    monkeypatch.setattr(harness, "timed", lambda function: next(seconds))
    result = harness.ratio(lambda: 1, lambda: 2, repeats=3)
    assert (result.ours, result.theirs, result.ratio, result.best) == (4, 2, 2, 0.5)
    assert result.row()["ours / theirs"] == "2.00"


def test_seconds_are_seconds(harness):
    assert 0.02 <= harness.timed(lambda: time.sleep(0.02)) < 2
    with pytest.raises(ValueError, match="repeats must be at least 3"):
        harness.ratio(int, int, repeats=2)


def test_peak_memory_sees_what_one_call_takes(harness):
    small, large = (harness.peak_memory(operator.mul, b"x", n) for n in (1, 200_000_000))
    assert large.peak_bytes - small.peak_bytes > 150_000_000
    assert 5_000_000 < small.peak_bytes < 600_000_000, "bytes taken for kibibytes, or the parent's memory"


def test_several_tables_keep_their_titles(harness, tmp_path, monkeypatch):
    monkeypatch.setattr(harness, "RESULTS", tmp_path)
    text = harness.store("two", {"a": [{"x": 1}], "b": [{"y": 2}]}).read_text(encoding="utf-8")
    assert "# two\n\n## a\n\n| x |\n| --- |\n| 1 |\n\n## b\n\n| y |" in text


def test_a_table_is_printed_and_kept_with_the_machine_but_not_its_name(
    harness, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(harness, "RESULTS", tmp_path / "results")
    path = harness.store("speed", [{"what": "a", "ratio": 1.5}, {"what": "b", "ratio": 2}], "A note.")
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "results" / "speed.md"
    assert "| what | ratio |\n| --- | --- |\n| a | 1.5 |\n| b | 2 |" in text
    assert "A note." in text
    assert "cores" in text
    assert "torch 2" in text
    assert text in capsys.readouterr().out
    assert platform.node() not in text
    assert str(tmp_path) not in text


@pytest.mark.parametrize("rows", [[], [{"a": 1}, {"b": 1}]])
def test_rows_that_are_no_table(harness, rows):
    with pytest.raises(ValueError, match=r"at least one row|columns \['a'\]"):
        harness.table(rows)
