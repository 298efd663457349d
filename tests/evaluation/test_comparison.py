"""The harness: equal terms for all, results kept and taken up again, and one that fails loses no other."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.errors import CourseError
from mmcourse.evaluation import Budget, Method, Store, compare_methods, network
from mmcourse.training import Interrupted
from tests.evaluation.rivals import (
    BUDGET,
    GUESS,
    TOY,
    chatters,
    dies,
    fails_on_odd_seeds,
    guess,
    pressed,
    run,
    slow,
    tables,
    toy,
)
from tests.training.toys import Toy, differences

ROOT = Path(__file__).parents[2]


def without_seconds(results):
    return [{key: value for key, value in row.items() if "seconds" not in key} for row in results.rows]


def files(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.pt")}


def test_every_method_is_tested_with_every_seed_on_every_condition(tmp_path):
    conditions = {"a": tables, "b": tables(7)}
    results = run(tmp_path, conditions=conditions)
    assert [(row["condition"], row["seed"], row["method"]) for row in results.rows] == [
        (condition, seed, method) for condition in "ab" for seed in range(3) for method in ("guess", "toy")
    ]
    labels = results.log_probs("guess", "a", 2)[1]
    assert torch.equal(labels, tables(2)["test"]["label"])  # a function of the seed gets it
    assert torch.equal(results.log_probs("toy", "b", 2)[1], tables(7)["test"]["label"])


def test_a_result_is_that_of_fit_by_hand(tmp_path):
    from mmcourse.evaluation import accuracy, predict
    from mmcourse.training import Batches, fit

    results = run(tmp_path, methods=[TOY], seeds=[4])
    parts = tables(4)
    model = Toy(seed=4)
    fit(
        model,
        Batches(parts["train"], 16, seed=4),
        Batches(parts["val"], 64),
        epochs=2,
        seed=4,
        learning_rate=0.02,
    )
    logits, labels = predict(model, [parts["test"]])
    (row,) = results.rows
    assert row["test_accuracy"] == accuracy(logits, labels)
    assert row["log_loss"] == pytest.approx(cross_entropy(logits, labels).item(), rel=1e-5)
    assert (row["parameters"], row["flops"], row["trainings"]) == (163, 288, 1)
    torch.testing.assert_close(results.log_probs("toy", seed=4)[0], logits.log_softmax(1))


def test_the_best_setting_on_validation_is_tested_and_test_plays_no_part(tmp_path):
    settings = [{"learning_rate": rate} for rate in (1e-9, 3e-2, 1e-9)]
    method = network("tuned", toy, settings=settings)
    budget = Budget(epochs=6, batch_size=16, trials=3)

    def upside_down(seed):  # what is best on validation is worst on test
        parts = tables(seed, rows=200)
        return parts | {"test": parts["test"] | {"x": -parts["test"]["x"]}}

    results = run(tmp_path, methods=[method], budget=budget, conditions={"x": upside_down})
    assert [row["setting"] for row in results.rows] == [settings[1]] * 3
    assert max(row["test_accuracy"] for row in results.rows) < 0.2
    assert all(row["seconds_all"] > row["seconds"] for row in results.rows)


def unseeded(task):
    return task.fit(torch.nn.Sequential(Column(), torch.nn.Linear(6, 3)))


class Column(torch.nn.Module):
    def forward(self, batch):
        return batch["x"]


def test_weights_are_drawn_by_the_seed_and_by_nothing_else(tmp_path):
    method = Method("unseeded", unseeded)
    torch.manual_seed(1)
    first = run(tmp_path / "a", methods=[method], conditions={"x": tables(0)}, seeds=[0, 1])
    torch.manual_seed(2)
    second = run(tmp_path / "b", methods=[method], conditions={"x": tables(0)}, seeds=[1, 0])
    answers = [
        [results.log_probs("unseeded", seed=seed)[0] for seed in (0, 1)] for results in (first, second)
    ]
    assert torch.equal(answers[0][0], answers[1][0])
    assert torch.equal(answers[0][1], answers[1][1])
    assert not torch.equal(answers[0][0], answers[0][1])


def test_a_method_sees_no_test_example(tmp_path):
    seen = []

    def curious(task):
        seen.extend(vars(task))
        return guess(task)

    run(tmp_path, methods=[Method("curious", curious)], seeds=[0])
    assert sorted(seen) == ["budget", "classes", "seed", "train", "val"]


def test_the_same_again_comes_from_the_store_at_once(tmp_path):
    first = run(tmp_path)
    kept = files(tmp_path)
    assert len(kept) == 6
    began = time.perf_counter()
    second = run(tmp_path)
    assert time.perf_counter() - began < 3
    assert second.rows == first.rows
    assert files(tmp_path) == kept
    renamed = run(tmp_path, methods=[Method("other name", guess)], conditions={"other": tables})
    assert files(tmp_path) == kept  # names are for readers
    assert renamed.rows[0]["test_accuracy"] == first.rows[0]["test_accuracy"]
    run(tmp_path, fresh=True)
    assert all(files(tmp_path)[name] > changed for name, changed in kept.items())


@pytest.mark.parametrize(
    "change",
    [
        {"methods": [network("toy", toy, learning_rate=0.01)]},
        {"methods": [network("toy", toy, settings=[{"dropout": 0.1}], learning_rate=0.02)]},
        {"seeds": [1]},
        {"budget": Budget(epochs=3, batch_size=16)},
        {"budget": Budget(epochs=2, batch_size=17)},
        {"conditions": {"table": tables(0)}},
        {"threads": 2},
    ],
)
def test_what_changes_the_result_makes_another_one(tmp_path, change):
    run(tmp_path, methods=[TOY], seeds=[0])
    run(tmp_path, **({"methods": [TOY], "seeds": [0]} | change))
    assert len(files(tmp_path)) == 2


def test_one_example_changed_in_the_data_makes_another_result(tmp_path):
    parts = tables(0)
    run(tmp_path, methods=[GUESS], seeds=[0], conditions={"table": parts})
    other = parts | {"val": parts["val"] | {"x": parts["val"]["x"] + torch.eye(30, 6) * 1e-6}}
    run(tmp_path, methods=[GUESS], seeds=[0], conditions={"table": other})
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("damage", [lambda old: old[:100], lambda old: b"", lambda old: b"x" * 99])
def test_a_broken_file_is_computed_again_and_said(tmp_path, damage):
    first = run(tmp_path, methods=[TOY], seeds=[0, 1])
    path = sorted(tmp_path.glob("*.pt"))[0]
    path.write_bytes(damage(path.read_bytes()))
    with pytest.warns(UserWarning, match=r"passed over: it is .*What it held is computed again"):
        second = run(tmp_path, methods=[TOY], seeds=[0, 1])
    assert without_seconds(second) == without_seconds(first)
    assert run(tmp_path, methods=[TOY], seeds=[0, 1]).rows == second.rows


def test_a_method_that_raises_loses_no_other(tmp_path):
    results = run(tmp_path, methods=[Method("odd", fails_on_odd_seeds), GUESS], seeds=range(4))
    assert len(results) == 6
    assert results.failures == {
        ("odd", "table", 1): "ValueError: the seed is odd",
        ("odd", "table", 3): "ValueError: the seed is odd",
    }
    assert "Failed: odd, table, seed 3: ValueError: the seed is odd" in str(results)
    with pytest.raises(CourseError, match="no result of odd, table, seed 1: ValueError: the seed is odd"):
        results.right("odd", seed=1)


def test_where_all_fail_there_is_an_error(tmp_path):
    with pytest.raises(CourseError, match=r"none of 1 results could be had\. odd, table, seed 1: ValueError"):
        run(tmp_path, methods=[Method("odd", fails_on_odd_seeds)], seeds=[1])


def test_ctrl_c_loses_what_was_in_work_and_the_same_call_goes_on(tmp_path):
    method = Method("pressed", pressed)
    with pytest.raises(Interrupted) as error:
        run(tmp_path, methods=[method, GUESS])
    assert str(error.value) == (
        f"Stopped with 2 of 6 results. They are kept in {tmp_path}: the same call goes on."
    )
    assert len(files(tmp_path)) == 2
    kept = files(tmp_path)
    run(tmp_path, methods=[GUESS])
    assert kept.items() <= files(tmp_path).items()


def test_processes_give_the_same_to_the_bit(tmp_path):
    methods = [GUESS, TOY, Method("odd", fails_on_odd_seeds)]
    with pytest.warns(UserWarning, match="a thing to know"):
        side = run(tmp_path / "two", methods=[*methods, Method("chatters", chatters)], processes=2)
    alone = run(tmp_path / "one", methods=methods)
    assert without_seconds(alone) == [row for row in without_seconds(side) if row["method"] != "chatters"]
    assert alone.failures == side.failures
    for key, state in alone._states.items():
        assert differences(state["test"], side._states[key]["test"]) == []
    assert files(tmp_path / "one").keys() <= files(tmp_path / "two").keys()  # and each finds the other's


def test_a_process_that_dies_loses_its_job_only(tmp_path):
    results = run(tmp_path, methods=[Method("dies", dies), GUESS], seeds=range(2), processes=2)
    assert [row["method"] for row in results.rows] == ["guess"] * 2
    assert set(results.failures) == {("dies", "table", 0), ("dies", "table", 1)}
    assert all("was ended by SIGKILL; was there memory enough?" in why for why in results.failures.values())


COMMAND = """
import sys
from pathlib import Path
from mmcourse.evaluation import Method
from tests.evaluation.rivals import GUESS, run, slow
run(Path(sys.argv[1]), methods=[GUESS, Method("slow", slow)], processes=int(sys.argv[2]), seeds=range(2))
"""


def started(folder, processes):
    child = subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(folder), str(processes)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "MMCOURSE_QUIET": "1"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not files(folder) and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.1)
    return child


@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_that_is_killed_keeps_what_is_done(tmp_path, processes):
    child = started(tmp_path, processes)
    child.kill()
    child.wait()
    kept = files(tmp_path)
    assert kept
    os.environ["SLOW"] = "0"
    try:
        results = run(tmp_path, methods=[GUESS, Method("slow", slow)], seeds=range(2))
    finally:
        del os.environ["SLOW"]
    assert len(results) == 4
    assert kept.items() <= files(tmp_path).items()


def test_ctrl_c_ends_the_processes_at_once_with_one_sentence(tmp_path):
    import psutil

    child = started(tmp_path, 2)
    workers = psutil.Process(child.pid).children(recursive=True)
    os.killpg(child.pid, signal.SIGINT)
    words = child.communicate(timeout=60)[1]
    assert f"They are kept in {tmp_path}: the same call goes on." in words.splitlines()[-1]
    assert words.count("Traceback") <= 1
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert len(gone) == 2
    assert alive == []


class Embedded:
    """Data that are kept once they are made, and count how often they were."""

    keep = True

    def __init__(self, folder):
        self.folder = folder

    def fingerprint(self):
        return "embedded"

    def __call__(self, seed):
        (self.folder / f"made-{time.monotonic_ns()}").touch()
        return tables(seed)


def test_data_that_ask_for_it_are_made_once_a_seed(tmp_path):
    embedded = Embedded(tmp_path)
    first = run(tmp_path / "store", methods=[GUESS], conditions={"embedded": embedded})
    second = run(tmp_path / "store", methods=[TOY], conditions={"embedded": embedded})
    assert len(list(tmp_path.glob("made-*"))) == 3
    assert torch.equal(first.log_probs("guess", seed=1)[1], second.log_probs("toy", seed=1)[1])
    assert without_seconds(run(tmp_path / "store", methods=[TOY])) == [
        row | {"condition": "table"} for row in without_seconds(second)
    ]


def bad_logits(task):
    return lambda table: torch.zeros(len(table["label"]), task.classes + 1)


def nan_logits(task):
    return lambda table: torch.full((len(table["label"]), task.classes), torch.nan)


@pytest.mark.parametrize(
    ("train", "words"),
    [
        (lambda task: None, "'bad' must return a model or a function of a table, got NoneType"),
        (bad_logits, r"'bad' must give logits of shape \[30, 3\] for a table, got \[30, 4\]"),
        (nan_logits, "'bad' gives answers that are no numbers"),
        (lambda task: task.fit(Toy(), epochs=9), "epochs of a training in a comparison must be the same"),
    ],
)
def test_a_bad_method_is_told_what_is_wrong(tmp_path, train, words):
    results = run(tmp_path, methods=[Method("bad", train), GUESS], seeds=[0])
    (why,) = results.failures.values()
    assert re.search(words, why)


def test_a_setting_that_diverges_is_not_chosen(tmp_path):
    settings = [{"learning_rate": 1e30, "max_norm": None, "schedule": "constant"}, {"learning_rate": 0.01}]
    method = network("wild", toy, settings=settings)
    results = run(tmp_path, methods=[method], budget=Budget(epochs=2, trials=2, batch_size=16))
    assert [row["setting"] for row in results.rows] == [settings[1]] * 3
    assert "loss" in results._states["wild", "table", 0]["trials"][0]["failed"]


def test_the_callers_threads_and_random_numbers_stay(tmp_path):
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        run(tmp_path, methods=[TOY], seeds=[0])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"methods": []}, "at least one"),
        ({"methods": [guess]}, r"network\(name, build\) makes one"),
        ({"methods": [GUESS, Method("guess", toy)]}, "two methods are called 'guess'"),
        ({"methods": [network("toy", toy, settings=[{}, {}])]}, "1 trials for each method, and 'toy' has 2"),
        ({"seeds": []}, r"range\(5\); got \[\]"),
        ({"seeds": 5}, r"range\(5\); got 5"),
        ({"seeds": [0, 0]}, "counts once"),
        ({"seeds": [0.5]}, "whole numbers from 0 on"),
        ({"conditions": {}}, "conditions are names"),
        ({"conditions": ["clean"]}, "got list"),
        ({"conditions": {"x": {"train": {}}}}, "the condition 'x' needs train, val and test"),
        ({"conditions": {"x": tables() | {"val": None}}}, "val is NoneType"),
        ({"budget": 12}, r"Budget\(epochs=12"),
        ({"processes": 0}, "processes is a whole number from 1 on, got 0"),
        (
            {"processes": 2, "methods": [Method("here", lambda task: None)]},
            "'here' cannot be handed.*processes=1",
        ),
        ({"store": "/dev/null/x"}, "Results cannot be kept in /dev/null/x"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence(tmp_path, options, words):
    with pytest.raises(CourseError, match=words):
        compare_methods(
            **(
                {
                    "methods": [GUESS],
                    "seeds": [0],
                    "conditions": {"table": tables},
                    "budget": BUDGET,
                    "store": tmp_path,
                }
                | options
            )
        )


def test_what_the_notebook_itself_defines_stays_in_its_process(tmp_path, monkeypatch):
    def here(task):
        return guess(task)

    here.__module__, here.__qualname__ = "__main__", "here"  # pickle finds it, and another process would not
    monkeypatch.setattr(sys.modules["__main__"], "here", here, raising=False)
    with pytest.raises(CourseError, match=r"'here' cannot be handed .*defined in this notebook or script"):
        run(tmp_path, methods=[Method("here", here)], processes=2)
    assert len(run(tmp_path, methods=[Method("here", here)])) == 3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Budget(epochs=0), "epochs of a budget"),
        (lambda: Budget(trials=True), "got True"),
        (lambda: Budget(choose="test_accuracy"), "val_accuracy, val_loss; got 'test_accuracy'"),
        (lambda: Method("", guess), "needs a name"),
        (lambda: Method("x", None), "got NoneType"),
        (lambda: Method("x", guess, [1]), "a list of dicts"),
        (lambda: Method("x", guess, level="middle"), "'intermediate', 'late'; got 'middle'"),
    ],
)
def test_what_is_no_method_or_budget_gets_a_sentence(make, words):
    with pytest.raises(CourseError, match=words):
        make()


def test_a_full_disk_costs_the_keeping_only(tmp_path, monkeypatch):
    def full(path, state):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mmcourse.evaluation.store.write_whole", full)
    with pytest.warns(UserWarning, match="could not be kept in .*No space left on device"):
        results = run(tmp_path, methods=[GUESS], seeds=[0])
    assert len(results) == 1


def test_what_a_killed_writer_left_is_tidied(tmp_path):
    dead, alive = tmp_path / "a.4194304.tmp", tmp_path / f"b.{os.getpid()}.tmp"
    dead.touch()
    alive.touch()
    Store(tmp_path).open()
    assert not dead.exists()
    assert alive.exists()
