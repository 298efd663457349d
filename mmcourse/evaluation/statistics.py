"""Whether one classifier beats another on the same examples: paired tests and intervals of two.

`right_a` and `right_b` say of each example whether a classifier named it right; both of the same examples, in
the same order. Several methods at once are in `ranking.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

METHODS = ("exact", "mid-p", "chi2")
_TOGETHER = 4_000_000  # numbers of resamples that are drawn at once


@dataclass(frozen=True)
class McNemar:
    """What a McNemar test found.

    p           probability of counts at least as uneven if both classifiers erred alike
    only_a      examples that a alone named right
    only_b      examples that b alone named right
    """

    p: float
    only_a: int
    only_b: int


@dataclass(frozen=True)
class Interval:
    """An estimate with the interval that holds it: `low` to `high` at `level`."""

    estimate: float
    low: float
    high: float
    level: float

    @property
    def holds_zero(self) -> bool:
        """Whether no difference at all is among the values that the data allow."""
        return self.low <= 0 <= self.high


def mcnemar(
    right_a: Bool[Tensor, " example"], right_b: Bool[Tensor, " example"], method: str = "exact"
) -> McNemar:
    """Test whether two classifiers err equally often on the same examples.

    method  "exact": binomial test of the examples on which one alone is right; "mid-p": the same, counting
            half of the probability of what was seen, less careful and rarely over its level; "chi2": the
            approximation with Edwards' continuity correction, for more than 25 such examples
    Raises  ValueError for another method, no examples, or unequal numbers of them
    Source  McNemar 1947; Edwards 1948; Fagerland, Lydersen & Laake 2013, "The McNemar test for binary
            matched-pairs data: mid-p and asymptotic are better than exact conditional"
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(map(repr, METHODS))}, got {method!r}.")
    right_a, right_b = _paired(right_a, right_b)
    right_a, right_b = right_a.bool(), right_b.bool()
    b, c = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    n = b + c
    if n == 0:
        return McNemar(1.0, 0, 0)
    if method == "chi2":
        p = math.erfc(math.sqrt(max(abs(b - c) - 1, 0) ** 2 / n / 2))  # upper tail of chi², one degree
        return McNemar(p, b, c)
    seen = math.exp(_log_binomial(n, min(b, c)))
    tail = math.fsum(math.exp(_log_binomial(n, k)) for k in range(min(b, c) + 1))
    p = min(1.0, 2 * tail) if method == "exact" else min(1.0, 2 * tail - seen)
    if method == "mid-p" and b == c:
        p = 1.0 - seen / 2  # both tails meet in the middle, which is counted once
    return McNemar(p, b, c)


def _log_binomial(n: int, k: int) -> float:
    """Logarithm of the probability of k heads in n throws of a coin."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)


def paired_bootstrap(
    a: Float[Tensor, " example"],
    b: Float[Tensor, " example"],
    *,
    resamples: int = 10_000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Estimate how far the mean score of a lies above that of b, with a percentile interval.

    a, b       a score an example, such as right (1) or wrong (0), or minus the loss in nats
    resamples  how often as many examples are drawn, with replacement, each with both of its scores
    level      share of the resamples that lie within the interval
    Raises     ValueError for no examples, unequal numbers, scores that are no numbers, or a level off 0..1
    Source     Efron & Tibshirani 1993, "An introduction to the bootstrap", ch. 13
    """
    a, b = _paired(a, b)
    difference = a.double() - b.double()
    if not difference.isfinite().all():
        raise ValueError(
            "the scores must be finite numbers; clamp a loss that is infinite, or compare ranks."
        )
    if not 0 < level < 1 or resamples < 1:
        raise ValueError(
            f"level lies between 0 and 1, resamples is 1 or more; got level={level}, resamples={resamples}."
        )
    generator, count = torch.Generator().manual_seed(seed), len(difference)
    means, left = [], resamples
    while left:
        rows = min(left, max(1, _TOGETHER // count))
        means.append(difference[torch.randint(count, (rows, count), generator=generator)].mean(dim=1))
        left -= rows
    ends = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    low, high = torch.cat(means).quantile(ends).tolist()
    return Interval(difference.mean().item(), low, high, level)


def paired_t(a: Float[Tensor, " seed"], b: Float[Tensor, " seed"], *, level: float = 0.95) -> tuple:
    """Estimate the mean difference of two methods over seeds, by Student's t: for few runs, about normal.

    a, b     the figure of each seed, the same seeds in the same order
    Returns  (Interval, p); with one seed the interval is infinite and p is 1
    Raises   ValueError for no seeds, unequal numbers, or a level off 0..1
    Source   Student 1908; equal to scipy.stats.ttest_rel
    """
    from scipy.stats import t  # half a second to import

    a, b = _paired(a, b)
    if not 0 < level < 1:
        raise ValueError(f"level lies between 0 and 1, got {level}.")
    difference = a.double() - b.double()
    mean, count = difference.mean().item(), len(difference)
    if count == 1:
        return Interval(mean, -math.inf, math.inf, level), 1.0
    error = difference.std().item() / math.sqrt(count)
    if error == 0:
        return Interval(mean, mean, mean, level), float(mean == 0)
    half = float(t.ppf((1 + level) / 2, count - 1)) * error
    return Interval(mean, mean - half, mean + half, level), float(2 * t.sf(abs(mean) / error, count - 1))


def wilcoxon(a: Float[Tensor, " pair"], b: Float[Tensor, " pair"]) -> float:
    """Return p of the signed-rank test that differences lie evenly about 0; 1 where all are 0.

    a, b    paired figures, such as accuracies over data sets or seeds. Below 6 pairs p cannot fall under
            0.05, whatever the figures are: 5 pairs reach 2 / 2**5 = 0.0625.
    Raises  ValueError for no pairs, or unequal numbers of them
    Source  Wilcoxon 1945, by scipy.stats.wilcoxon
    """
    from scipy.stats import wilcoxon as of_scipy

    a, b = _paired(a, b)
    difference = (a.double() - b.double()).numpy()
    return float(of_scipy(difference).pvalue) if difference.any() else 1.0


def holm(p_values: Mapping[object, float]) -> dict:
    """Adjust the p-values of several tests so that, all together, false alarms stay below the level.

    p_values  name -> p of one test
    Returns   name -> adjusted p, to be compared with the level itself
    Raises    ValueError for a p off 0..1
    Source    Holm 1979, "A simple sequentially rejective multiple test procedure"
    """
    for name, p in p_values.items():
        if not 0 <= p <= 1:
            raise ValueError(f"p-values lie in 0..1, got {p} for {name!r}.")
    adjusted, highest = {}, 0.0
    order = sorted(p_values, key=p_values.__getitem__)
    for number, name in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - number) * p_values[name]))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}


def _paired(a: object, b: object) -> tuple[Tensor, Tensor]:
    a, b = torch.as_tensor(a), torch.as_tensor(b)
    if a.ndim != 1 or a.shape != b.shape or len(a) == 0:
        raise ValueError(
            f"a paired comparison needs one figure of each for the same examples, got shapes {list(a.shape)} "
            f"and {list(b.shape)}."
        )
    return a, b
