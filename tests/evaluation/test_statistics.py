"""Statistics: equal to scipy's where it has them, and to what the tables in print say."""

import itertools
import math

import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.evaluation import (
    critical_difference,
    friedman,
    holm,
    mcnemar,
    paired_bootstrap,
    paired_t,
    ranking,
    wilcoxon,
)


def answers(only_a, only_b, both=7, neither=3):
    """Right and wrong answers of two classifiers with these counts."""
    a = [True] * only_a + [False] * only_b + [True] * both + [False] * neither
    b = [False] * only_a + [True] * only_b + [True] * both + [False] * neither
    return torch.tensor(a), torch.tensor(b)


@pytest.mark.parametrize("counts", [(0, 1), (1, 0), (3, 9), (9, 3), (5, 5), (0, 12), (40, 61), (700, 790)])
def test_mcnemar_is_a_binomial_test_of_the_examples_on_which_they_differ(counts):
    found = mcnemar(*answers(*counts))
    assert (found.only_a, found.only_b) == counts
    assert found.p == pytest.approx(scipy.stats.binomtest(counts[0], sum(counts), 0.5).pvalue, rel=1e-9)


@pytest.mark.parametrize("counts", [(0, 1), (3, 9), (5, 5), (6, 5), (40, 61)])
def test_mid_p_counts_what_was_seen_half(counts):
    n, low = sum(counts), min(counts)
    seen = scipy.stats.binom.pmf(low, n, 0.5)
    one_tail = scipy.stats.binom.cdf(low, n, 0.5) - 0.5 * seen
    wanted = 1 - 0.5 * seen if counts[0] == counts[1] else 2 * one_tail
    assert mcnemar(*answers(*counts), method="mid-p").p == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("counts", [(40, 61), (10, 30), (5, 5), (1, 0)])
def test_chi2_has_the_continuity_correction(counts):
    statistic = max(abs(counts[0] - counts[1]) - 1, 0) ** 2 / sum(counts)
    wanted = scipy.stats.chi2.sf(statistic, 1)
    assert mcnemar(*answers(*counts), method="chi2").p == pytest.approx(wanted, rel=1e-9)


def test_the_case_in_print():
    # Fagerland, Lydersen & Laake 2013, table 1: 1 and 7 discordant pairs of 21
    pair = answers(1, 7, both=12, neither=1)
    assert round(mcnemar(*pair).p, 4) == 0.0703
    assert round(mcnemar(*pair, method="mid-p").p, 4) == 0.0391


def test_two_that_never_differ_are_not_told_apart():
    same = torch.tensor([True, False, True])
    assert mcnemar(same, same).p == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mcnemar(*answers(1, 1), method="exakt"), "'exact', 'mid-p', 'chi2', got 'exakt'"),
        (lambda: mcnemar(torch.ones(3), torch.ones(4)), r"shapes \[3\] and \[4\]"),
        (lambda: paired_bootstrap(torch.ones(0), torch.ones(0)), r"shapes \[0\] and \[0\]"),
        (lambda: paired_bootstrap(torch.ones(2), torch.tensor([1, math.nan])), "finite"),
        (lambda: paired_bootstrap(torch.ones(2), torch.ones(2), level=95), "level=95"),
        (lambda: paired_t([1.0], [1.0], level=95), "got 95"),
        (lambda: wilcoxon([1.0], [1.0, 2.0]), r"\[1\] and \[2\]"),
        (lambda: holm({"a": 1.2}), "got 1.2 for 'a'"),
        (lambda: friedman(torch.ones(4, 2)), r"3 methods.*got \[4, 2\]"),
        (lambda: critical_difference(1, 5), "methods=1"),
        (lambda: ranking({"a": [1, 2], "b": [1]}), "'b': 1"),
        (lambda: ranking({"a": [1, 2], "b": [1, math.nan]}), "finite"),
    ],
)
def test_what_cannot_be_tested_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_bootstrap_interval_is_scipys():
    generator = torch.Generator().manual_seed(1)
    a, b = torch.rand(150, generator=generator).double(), torch.rand(150, generator=generator).double()
    ours = paired_bootstrap(a, b, resamples=40_000)
    theirs = scipy.stats.bootstrap(
        ((a - b).numpy(),), lambda x, axis: x.mean(axis), n_resamples=40_000, method="percentile", rng=2
    ).confidence_interval
    width = ours.high - ours.low
    assert ours.estimate == pytest.approx((a - b).mean().item())
    assert abs(ours.low - theirs.low) < 0.02 * width
    assert abs(ours.high - theirs.high) < 0.02 * width


def test_the_bootstrap_of_three_examples_is_that_of_all_27_draws():
    difference = torch.tensor([0.0, 0.3, 1.2], dtype=torch.float64)
    draws = [difference[list(rows)].mean() for rows in itertools.product(range(3), repeat=3)]
    wanted = torch.stack(draws).quantile(torch.tensor([0.1, 0.9], dtype=torch.float64))
    found = paired_bootstrap(difference, torch.zeros(3), level=0.8, resamples=200_000)
    assert [found.low, found.high] == pytest.approx(wanted.tolist(), abs=1e-9)


def test_pairs_stay_together():
    hard = torch.randn(200, generator=torch.Generator().manual_seed(0))
    found = paired_bootstrap(hard + 0.1, hard, resamples=500)  # unpaired, the interval would be 0.4 wide
    assert found.low == pytest.approx(0.1, abs=1e-6)
    assert not found.holds_zero


def test_the_bootstrap_repeats_and_large_sets_are_drawn_in_parts(monkeypatch):
    a, b = torch.rand(50, generator=torch.Generator().manual_seed(0)), torch.zeros(50)
    assert paired_bootstrap(a, b, seed=3, resamples=100) == paired_bootstrap(a, b, seed=3, resamples=100)
    assert paired_bootstrap(a, b, seed=3, resamples=100) != paired_bootstrap(a, b, seed=4, resamples=100)
    whole = paired_bootstrap(a, b, resamples=101)
    monkeypatch.setattr("mmcourse.evaluation.statistics._TOGETHER", 500)  # ten resamples at once
    parts = paired_bootstrap(a, b, resamples=101)
    assert [parts.low, parts.high] == pytest.approx([whole.low, whole.high])


def test_the_bootstrap_covers_what_it_should():
    generator = torch.Generator().manual_seed(5)
    held = 0
    for _ in range(400):
        sample = (torch.rand(100, generator=generator) < 0.3).double()
        found = paired_bootstrap(sample, torch.zeros(100), resamples=400)
        held += found.low <= 0.3 <= found.high
    assert 0.91 < held / 400 < 0.98


def test_student_as_scipy():
    a, b = torch.tensor([0.91, 0.93, 0.90, 0.95, 0.92]), torch.tensor([0.90, 0.91, 0.91, 0.92, 0.90])
    interval, p = paired_t(a, b)
    theirs = scipy.stats.ttest_rel(a.double().numpy(), b.double().numpy())
    assert p == pytest.approx(theirs.pvalue)
    wanted = theirs.confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx((wanted.low, wanted.high))


def test_one_seed_proves_nothing_and_equal_figures_are_equal():
    interval, p = paired_t([0.9], [0.1])
    assert (interval.low, interval.high, p) == (-math.inf, math.inf, 1.0)
    assert paired_t([0.5, 0.6], [0.5, 0.6])[1] == 1
    assert paired_t([0.5, 0.5], [0.25, 0.25])[1] == 0


def test_wilcoxon_is_scipys_and_takes_no_difference_at_all():
    a = torch.tensor([0.91, 0.93, 0.90, 0.95, 0.92, 0.89], dtype=torch.float64)
    assert wilcoxon(a + torch.arange(1, 7) / 100, a) == pytest.approx(2 / 2**6)
    assert wilcoxon(a, a) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_rejects_what_stepping_down_rejects(values):
    p_values = dict(enumerate(values))
    adjusted = holm(p_values)
    assert list(adjusted) == list(p_values)
    for level in (0.01, 0.05, 0.3):
        rejected = set()
        for number, name in enumerate(sorted(p_values, key=p_values.__getitem__)):
            if p_values[name] * (len(values) - number) > level:
                break
            rejected.add(name)
        assert {name for name, p in adjusted.items() if p <= level} == rejected


def test_holm_by_hand():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02}
    )


@pytest.mark.parametrize("ties", [False, True])
def test_friedman_is_scipys(ties):
    scores = torch.rand(8, 4, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    scores[:, 2] += 0.4
    if ties:
        scores = (scores * 4).round()
    theirs = scipy.stats.friedmanchisquare(*scores.T.numpy())
    assert friedman(scores) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_methods_that_are_always_equal_are_alike():
    assert friedman(torch.ones(4, 3)) == (0, 1)


@pytest.mark.parametrize(
    ("methods", "quantile"), [(2, 1.960), (3, 2.343), (4, 2.569), (5, 2.728), (10, 3.164)]
)
def test_nemenyi_has_the_quantiles_in_print(methods, quantile):
    # Demšar 2006, table 5a
    wanted = quantile * math.sqrt(methods * (methods + 1) / 6 / 14)
    assert critical_difference(methods, 14) == pytest.approx(wanted, rel=3e-4)


def test_a_ranking_groups_what_is_not_told_apart():
    generator = torch.Generator().manual_seed(0)
    noise = torch.rand(30, generator=generator)
    found = ranking({"worst": noise - 3, "good": noise, "twin": noise.flip(0), "tie": noise - 1})
    assert sorted(found.ranks, key=found.ranks.get)[2:] == ["tie", "worst"]
    assert found.ranks["worst"] == 4
    assert sum(found.ranks.values()) == pytest.approx(10)
    assert [set(group) for group in found.groups()] == [{"good", "twin"}]
    assert found.p < 1e-6


def test_groups_overlap_where_neighbours_do_and_ends_do_not():
    from mmcourse.evaluation import Ranking

    found = Ranking({"c": 3.0, "a": 1.0, "b": 2.0, "d": 3.4}, 0.01, 1.5, 9, 0.95)
    assert found.groups() == [["a", "b"], ["b", "c", "d"]]
    assert Ranking({"a": 1.0, "b": 1.1, "c": 1.2}, 0.9, 2, 9, 0.95).groups() == [["a", "b", "c"]]
