"""Several methods over several data sets or seeds: average ranks, Friedman's test, Nemenyi's difference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Ranking:
    """How methods rank over blocks (data sets, conditions or seeds).

    ranks       name -> average rank, 1 for the best
    p           of Friedman's test that all methods are alike
    difference  two average ranks that differ by less are not told apart (Nemenyi)
    blocks      over how many blocks
    level       of confidence
    """

    ranks: dict[str, float]
    p: float
    difference: float
    blocks: int
    level: float

    def groups(self) -> list[list[str]]:
        """Return the largest groups of neighbours that are not told apart, best first."""
        names = sorted(self.ranks, key=self.ranks.__getitem__)
        found: list[list[str]] = []
        for start, first in enumerate(names):
            group = [name for name in names[start:] if self.ranks[name] - self.ranks[first] < self.difference]
            if len(group) > 1 and not (found and group[-1] in found[-1]):
                found.append(group)
        return found


def rank(scores: Float[Tensor, "block method"]) -> Float[Tensor, "block method"]:
    """Rank the methods of each block, 1 for the highest score; equal scores share the mean of their ranks."""
    scores = scores.double()
    above = (scores[:, None, :] > scores[:, :, None]).sum(dim=2)  # block, method: how many are better
    alike = (scores[:, None, :] == scores[:, :, None]).sum(dim=2)
    return above + (alike + 1) / 2


def friedman(scores: Float[Tensor, "block method"]) -> tuple[float, float]:
    """Test whether methods rank alike over blocks.

    Returns  (chi², p); p is 1 where every block has all methods equal
    Raises   ValueError for fewer than three methods or two blocks
    Source   Friedman 1937; with the correction for ties equal to scipy.stats.friedmanchisquare
    """
    from scipy.stats import chi2

    _need_table(scores, methods=3)
    blocks, methods = scores.shape
    ranks = rank(scores)
    mean = (methods + 1) / 2
    between = blocks * (ranks.mean(dim=0) - mean).square().sum().item()
    within = (ranks - mean).square().sum().item() / (blocks * (methods - 1))
    if within == 0:
        return 0.0, 1.0
    statistic = between / within
    return statistic, float(chi2.sf(statistic, methods - 1))


def critical_difference(methods: int, blocks: int, *, level: float = 0.95) -> float:
    """Return by how much two average ranks must differ to be told apart.

    Raises  ValueError for fewer than two methods, no blocks, or a level off 0..1
    Source  Nemenyi 1963; Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", 3.2.2
    """
    from scipy.stats import studentized_range

    if methods < 2 or blocks < 1 or not 0 < level < 1:
        raise ValueError(
            f"it takes 2 methods, 1 block and a level between 0 and 1; got methods={methods}, "
            f"blocks={blocks}, level={level}."
        )
    quantile = float(studentized_range.ppf(level, methods, math.inf)) / math.sqrt(2)
    return quantile * math.sqrt(methods * (methods + 1) / (6 * blocks))


def ranking(scores: Mapping[str, Sequence[float]], *, level: float = 0.95) -> Ranking:
    """Rank methods over blocks, and say which are told apart.

    scores  name -> a figure a block, higher is better, the same blocks for all. Blocks should be independent:
            data sets or conditions. Seeds on one data set share it, and say nothing about others.
    Raises  ValueError for fewer than two methods or blocks, or unequal numbers of figures
    """
    lengths = {name: len(figures) for name, figures in scores.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"every method needs a figure for each block, got {lengths}.")
    table = torch.stack([torch.as_tensor(figures, dtype=torch.float64) for figures in scores.values()], dim=1)
    _need_table(table, methods=2)
    ranks = dict(zip(scores, rank(table).mean(dim=0).tolist(), strict=True))
    blocks, methods = table.shape
    p = friedman(table)[1] if methods > 2 else math.nan
    return Ranking(ranks, p, critical_difference(methods, blocks, level=level), blocks, level)


def _need_table(scores: Tensor, methods: int) -> None:
    if scores.ndim != 2 or scores.shape[0] < 2 or scores.shape[1] < methods:
        raise ValueError(
            f"ranks are compared over at least 2 blocks and {methods} methods: scores [block, method], got "
            f"{list(scores.shape)}."
        )
    if not torch.isfinite(scores).all():
        raise ValueError("every score must be a finite number; leave out methods that failed on a block.")
