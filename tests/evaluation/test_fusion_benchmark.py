"""The table of all fusions: none is left out, all may try equally much, and shared models are charged for."""

import importlib
from pathlib import Path

import pytest
import torch

from mmcourse import compare
from mmcourse.modules.fusions import FUSIONS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        yield importlib.import_module("bench_fusion")


def tables(rows: int = 40, seed: int = 0) -> compare.Tables:
    generator = torch.Generator().manual_seed(seed)
    label = torch.arange(rows) % 2
    part = {
        "image": label.reshape(-1, 1, 1, 1) + 0.1 * torch.randn(rows, 1, 8, 8, generator=generator),
        "speech": label.reshape(-1, 1, 1) + 0.1 * torch.randn(rows, 40, 12, generator=generator),
        "lengths": torch.full((rows,), 12),
        "label": label,
    }
    return compare.Tables(part | {"speaker": torch.arange(rows) // 2 % 5}, part, part)


def test_every_fusion_is_compared_with_as_many_settings(bench):
    methods = bench.methods()
    assert {fusion.title for fusion in FUSIONS.values()} < {method.name for method in methods}
    assert {len(method.settings) for method in methods} == {2}
    assert {*bench.SINGLE, *bench.STACKED, *bench.OWN_LOSSES, "Average"} < {method.name for method in methods}


def test_a_chosen_setting_is_the_only_one(bench):
    chosen = bench.methods({"Average": {"learning_rate": 0.5}})
    assert {len(method.settings) for method in chosen} == {1}
    assert next(m for m in chosen if m.name == "Average").settings == [{"learning_rate": 0.5}]


def test_what_the_balanced_table_leaves_out_is_no_slip_of_a_name(bench):
    balanced = importlib.import_module("bench_fusion_balanced")
    names = {method.name for method in bench.methods()}
    assert set(balanced.LEFT_OUT) < names
    assert {*bench.SINGLE, *bench.OWN_LOSSES, "Average"} < names - set(balanced.LEFT_OUT)


def test_rules_share_models_and_each_is_charged_for_them(bench, tmp_path):
    names = (*bench.SINGLE, "Average", "Weighted average", *bench.STACKED, "SVM, features joined")
    methods = [method for method in bench.methods({}) if method.name in names]
    budget = compare.Budget(epochs=1, batch_size=16)
    results = compare.run(methods, seeds=[0, 1], conditions={"toy": tables()}, budget=budget, store=tmp_path)
    assert not results.failures
    trainings = {name: counts[0] for name, counts in results.scores("toy", "trainings").items()}
    assert trainings == {
        "Picture alone": 1,
        "Speech alone": 1,
        "Average": 2,
        "Weighted average": 2,
        "Stacking, logistic": 8,  # two, and two for each of three folds
        "Stacking, forest": 8,
        "SVM, features joined": 1,
    }
    spent = bench.seconds(results, "toy")
    assert spent["Average"] == [a + b for a, b in zip(*(spent[name] for name in bench.SINGLE), strict=True)]
    assert min(spent["Stacking, forest"]) > max(spent["Average"])
    table = bench.rows(results, "toy")
    assert [row["method"] for row in table if row["verdict"] == "best"] == [table[0]["method"]]
    assert all(list(row) == list(table[0]) for row in table)


def test_models_are_forgotten_with_their_data(bench):
    methods = importlib.import_module("fusion_methods")
    budget = compare.Budget(epochs=1, batch_size=16)
    found = []
    for seed in (0, 1):
        part = tables(seed=seed)
        task = compare.Task(part.train, part.val, 2, 0, budget)
        found.append(methods.one_sense(task, "image", 1e-3))
        assert methods.one_sense(task, "image", 1e-3) is found[-1]
    assert found[0] is not found[1]
