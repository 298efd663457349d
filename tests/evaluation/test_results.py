"""Results: tidy rows, tables that say what seeds allow to be said, and paired tests of kept answers."""

import math
import re

import pytest
import torch

from mmcourse.errors import CourseError
from mmcourse.evaluation import Budget, Results, mcnemar, paired_bootstrap

LABELS = torch.arange(200) % 4


def state(right, seed=0, labels=LABELS, **more):
    """A result whose answers are right on the first so many examples of a shuffle."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    called = (labels + 1) % 4
    called[order[:right]] = labels[order[:right]]
    log_probs = torch.full((len(labels), 4), math.log(0.1)).scatter(1, called[:, None], math.log(0.7))
    part = {"log_probs": log_probs, "labels": labels}
    trial = {"val_accuracy": 0.5, "val_loss": 1.0, "seconds": 2.0, "failed": ""}
    return {
        "val": part,
        "test": part,
        "trials": [trial, trial],
        "chosen": 1,
        "trainings": 1,
        "seconds": 2.0,
        "parameters": 1200,
        "flops": 2.5e6,
    } | more


def results(counts, failures=(), conditions=("noisy",), levels=None):
    """counts: method -> right answers of each seed, the same on every condition."""
    states = {
        (method, condition, seed): state(right, seed)
        for condition in conditions
        for method, rights in counts.items()
        for seed, right in enumerate(rights)
    }
    return Results(
        {method: (levels or {}).get(method, "") for method in counts},
        list(conditions),
        {method: [{}, {"hidden": 8}] for method in counts},
        states,
        dict(failures),
        Budget(epochs=3, trials=2),
    )


CLEAR = {
    "late": [180, 182, 181, 183, 180],
    "early": [150, 152, 151, 154, 150],
    "twin": [181, 180, 183, 181, 182],
}


def test_rows_are_tidy():
    row = results({"late": [150, 160]}).rows[1]
    assert row == {
        "method": "late",
        "level": "",
        "condition": "noisy",
        "seed": 1,
        "test_accuracy": 0.8,
        "val_accuracy": 0.8,
        "calibration_error": pytest.approx(0.1),
        "log_loss": pytest.approx(-0.8 * math.log(0.7) - 0.2 * math.log(0.1)),
        "parameters": 1200,
        "flops": 2.5e6,
        "trainings": 1,
        "seconds": 2.0,
        "seconds_all": 4.0,
        "setting": {"hidden": 8},
    }


def test_the_table_says_mean_spread_and_what_is_within_noise():
    text = str(results(CLEAR))
    assert "noisy: mean ± standard deviation over seeds; 3 epochs, 2 settings tried by each method" in text
    assert re.search(r"^late +5 +90\.6 ± 0\.7 %", text, re.MULTILINE)
    assert text.splitlines()[-1] == "twin has the highest mean; within seed noise of it: late."
    assert "condition" not in text.splitlines()[2]
    assert "4.0" in text
    assert "seconds" not in str(results(CLEAR).table(seconds=False))


def test_the_same_table_is_shown_in_a_notebook():
    shown = results(CLEAR)._repr_html_()
    assert shown.startswith("<table>")
    assert "90.6 ± 0.7 %" in shown


def test_levels_and_conditions_have_columns_where_there_are_several():
    found = results(CLEAR, conditions=("a", "b"), levels={"late": "late"}).table()
    assert found.header[:3] == ("method", "level", "condition")
    assert len(found.rows) == 6
    assert [note.partition(":")[0] for note in found.notes] == ["a", "b"]
    assert len(results(CLEAR, conditions=("a", "b")).table("b").rows) == 3


def test_one_seed_orders_nothing():
    assert "one seed shows no spread" in str(results({"a": [190], "b": [10]}))


def test_pairs_are_told_apart_by_seeds_and_adjusted():
    found = {(pair.first, pair.second): pair for pair in results(CLEAR).pairs()}
    assert len(found) == 3
    assert not found["late", "early"].within_noise
    assert found["late", "early"].interval.estimate == pytest.approx(29.8 / 200)
    assert found["late", "twin"].within_noise
    assert found["late", "twin"].p >= found["late", "early"].p
    from scipy.stats import ttest_rel

    raw = ttest_rel(CLEAR["late"], CLEAR["early"]).pvalue
    assert found["late", "early"].p <= 3 * raw * (1 + 1e-9)
    assert found["late", "early"].p >= raw
    best, near = results(CLEAR).within_noise()
    assert (best, near) == ("twin", ["late"])


def test_a_seed_that_failed_is_left_out_of_its_pairs_only():
    found = results(CLEAR)
    del found._states["early", "noisy", 2]
    del found._figures["early", "noisy", 2]
    assert {len(scores) for scores in found.scores().values()} == {4, 5}
    pairs = {(pair.first, pair.second): pair for pair in found.pairs()}
    assert pairs["late", "early"].interval.estimate == pytest.approx((30 + 30 + 29 + 30) / 4 / 200)


def test_paired_tests_use_the_kept_answers():
    found = results(CLEAR)
    a, b = found.right("late", seed=1), found.right("early", seed=1)
    assert a.double().mean() == 182 / 200
    assert found.mcnemar("late", "early", seed=1) == mcnemar(a, b, "mid-p")
    means = [
        torch.stack([found.right(name, seed=seed).double() for seed in range(5)]).mean(dim=0)
        for name in ("late", "early")
    ]
    assert found.bootstrap("late", "early", resamples=50) == paired_bootstrap(*means, resamples=50)


def test_seeds_with_test_sets_of_their_own_are_all_drawn_from():
    found = results({"a": [150, 150], "b": [140, 140]})
    for name in "ab":
        found._states[name, "noisy", 1] = state(150, 3, labels=(LABELS + 1) % 4)
    pooled = [torch.cat([found.right(name, seed=seed).double() for seed in range(2)]) for name in "ab"]
    assert found.bootstrap("a", "b", resamples=50) == paired_bootstrap(*pooled, resamples=50)


def test_a_condition_on_which_all_failed_gets_a_sentence():
    found = results({"a": [150]}) + results({}, {("b", "dark", 0): "no light"}, conditions=("dark",))
    assert "Failed: b, dark, seed 0: no light" in str(found)
    with pytest.raises(CourseError, match="no result on 'dark': every method failed"):
        found.within_noise("dark")


def test_comparisons_join():
    both = results({"a": [150, 151]}) + results({"b": [150, 151]}, conditions=("other",))
    assert both.methods == ["a", "b"]
    assert both.conditions == ["noisy", "other"]
    assert len(both) == 4
    assert both.scores("other") == {"b": [0.75, 0.755]}
    with pytest.raises(CourseError, match="both hold a, noisy, 0"):
        results({"a": [1]}) + results({"a": [1]})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: r.scores("nosy"), "no condition 'nosy'. Did you mean 'noisy'?"),
        (lambda r: r.table("nosy"), "no condition 'nosy'"),
        (lambda r: r.scores(figure="accuracy"), "no figure 'accuracy'. Did you mean 'val_accuracy'"),
        (lambda r: r.right("lat"), "no method 'lat'. Did you mean 'late'?"),
        (lambda r: r.right("late", seed=9), "no result of late, noisy, seed 9: it was not asked for"),
        (lambda r: r.bootstrap("late", "lste"), "no result of 'lste' to compare. Did you mean 'late'"),
        (lambda r: results(CLEAR, conditions=("a", "b")).scores(), "say which condition. There are: a, b"),
    ],
)
def test_what_is_not_there_gets_a_sentence(call, words):
    with pytest.raises(CourseError, match=re.escape(words)):
        call(results(CLEAR))
