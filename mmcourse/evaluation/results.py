"""What a comparison found: a row a method, condition and seed, and which are within seed noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import torch
from torch import Tensor

from mmcourse.data.describe import Table
from mmcourse.data.wording import near_matches
from mmcourse.errors import CourseError
from mmcourse.evaluation.jobs import figures_of
from mmcourse.evaluation.methods import Budget, mean_and_spread
from mmcourse.evaluation.statistics import Interval, McNemar, holm, mcnemar, paired_bootstrap, paired_t
from mmcourse.evaluation.summary import summary

FIGURES = (
    "test_accuracy",
    "val_accuracy",
    "calibration_error",
    "log_loss",
    "parameters",
    "flops",
    "trainings",
    "seconds",
    "seconds_all",
)


@dataclass(frozen=True)
class Pair:
    """Two methods on one condition, compared seed by seed.

    interval      of the mean difference in test accuracy, first less second, over seeds
    p             of no difference, adjusted for all pairs of the condition (Holm)
    within_noise  whether the difference is no larger than seeds make it
    """

    first: str
    second: str
    condition: str
    interval: Interval
    p: float
    within_noise: bool


class Results:
    """Results of a comparison. Printed, and shown in a notebook, as a table of means and spreads.

    methods, conditions  their names, in order; levels: method -> where the senses meet
    failures             (method, condition, seed) -> why there is no result
    """

    def __init__(
        self,
        methods: Mapping[str, str],
        conditions: list[str],
        settings: Mapping[str, list],
        states: Mapping[tuple[str, str, int], dict],
        failures: Mapping[tuple[str, str, int], str],
        budget: Budget,
    ):
        self.levels, self.methods, self.conditions = dict(methods), list(methods), list(conditions)
        self.budget, self.failures = budget, dict(failures)
        self._settings, self._states = dict(settings), dict(states)
        self._figures = {key: figures_of(state) for key, state in self._states.items()}

    @property
    def rows(self) -> list[dict]:
        """One dict a method, condition and seed, for your own tables: pandas.DataFrame(results.rows)."""
        return [
            {
                "method": method,
                "level": self.levels[method],
                "condition": condition,
                "seed": seed,
                **self._figures[method, condition, seed],
                "setting": self._settings[method][state["chosen"]],
            }
            for (method, condition, seed), state in self._states.items()
        ]

    def scores(self, condition: str | None = None, figure: str = "test_accuracy") -> dict[str, list[float]]:
        """Return one figure of a condition, method -> one number a seed; methods without any are left out.

        condition  its name; may be left out where there is one
        figure     a number of `rows`, such as "log_loss"
        Raises     CourseError for a condition or figure that there is none of
        """
        condition = self._condition(condition)
        if figure not in FIGURES:
            raise CourseError(f"there is no figure {figure!r}. {near_matches(figure, list(FIGURES))}")
        found: dict[str, list[float]] = {}
        for (method, where, _), figures in self._figures.items():
            if where == condition:
                found.setdefault(method, []).append(figures[figure])
        return found

    def log_probs(
        self, method: str, condition: str | None = None, seed: int = 0, part: str = "test"
    ) -> tuple:
        """Return (log-probabilities [example, class], labels [example]) of a method, for tests of your own.

        Raises  CourseError where there is no such result
        """
        state = self._state(method, self._condition(condition), seed)
        return state[part]["log_probs"], state[part]["labels"]

    def right(self, method: str, condition: str | None = None, seed: int = 0) -> Tensor:
        """Return of each test example whether a method named it right: bool [example]."""
        log_probs, labels = self.log_probs(method, condition, seed)
        return log_probs.argmax(dim=1) == labels

    def mcnemar(self, first: str, second: str, condition: str | None = None, seed: int = 0) -> McNemar:
        """Test whether two methods of one seed err equally often, on the examples of its test set."""
        return mcnemar(self.right(first, condition, seed), self.right(second, condition, seed), "mid-p")

    def bootstrap(self, first: str, second: str, condition: str | None = None, **options) -> Interval:
        """Estimate the difference in accuracy over test examples, those of all seeds both methods have.

        It says how far other test examples would move it, not other seeds: `pairs` does. Where seeds share a
        test set, an example is drawn with its answers of all seeds.
        """
        condition = self._condition(condition)
        seeds = self._common_seeds(first, second, condition)
        a, b = ([self.right(name, condition, seed).double() for seed in seeds] for name in (first, second))
        labels = [self.log_probs(first, condition, seed)[1] for seed in seeds]
        if all(one.shape == labels[0].shape and torch.equal(one, labels[0]) for one in labels):
            return paired_bootstrap(torch.stack(a).mean(dim=0), torch.stack(b).mean(dim=0), **options)
        return paired_bootstrap(torch.cat(a), torch.cat(b), **options)

    def pairs(self, condition: str | None = None, *, level: float = 0.95) -> list[Pair]:
        """Compare every two methods over the seeds that both have, by Student's t on paired differences.

        Two are within seed noise where Holm's adjusted p is at least 1 - level. Differences over seeds are
        few: with five, only clear ones are told apart. Where every seed has its own split, the spread holds
        that of the split too.
        """
        condition = self._condition(condition)
        there = self.scores(condition)
        found, p_values = {}, {}
        for first, second in combinations(there, 2):
            seeds = self._common_seeds(first, second, condition, needed=False)
            if seeds:
                a, b = (self._accuracies(name, condition, seeds) for name in (first, second))
                found[first, second], p_values[first, second] = paired_t(a, b, level=level)
        adjusted = holm(p_values)
        return [
            Pair(*names, condition, found[names], adjusted[names], adjusted[names] >= 1 - level)
            for names in found
        ]

    def within_noise(self, condition: str | None = None, *, level: float = 0.95) -> tuple[str, list[str]]:
        """Return the method with the best mean test accuracy, and those that seeds do not tell from it."""
        condition = self._condition(condition)
        scores = self.scores(condition)
        if not scores:
            raise CourseError(
                f"there is no result on {condition!r}: every method failed; see results.failures."
            )
        best = max(scores, key=lambda name: mean_and_spread(scores[name])[0])
        near = {
            name
            for pair in self.pairs(condition, level=level)
            if pair.within_noise and best in (pair.first, pair.second)
            for name in (pair.first, pair.second)
        }
        return best, [name for name in self.methods if name in near - {best}]

    def table(self, condition: str | None = None, *, seconds: bool = True) -> Table:
        """Return means and standard deviations over seeds, a line a method and condition.

        condition  one alone, or all where it is None
        seconds    whether times stand in it; they differ from run to run
        """
        conditions = self.conditions if condition is None else [self._condition(condition)]
        return summary(self, conditions, seconds=seconds)

    def __str__(self) -> str:
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def __len__(self) -> int:
        return len(self._states)

    def __add__(self, other: Results) -> Results:
        """Join with a comparison of other methods or conditions, at the same budget."""
        if not isinstance(other, Results):
            return NotImplemented
        both = self._states.keys() & other._states.keys()
        if both or self.budget != other.budget:
            why = f"both hold {', '.join(map(str, sorted(both)[0]))}" if both else "their budgets differ"
            raise CourseError(f"these comparisons cannot be joined: {why}. Run their methods in one call.")
        return Results(
            self.levels | other.levels,
            list(dict.fromkeys([*self.conditions, *other.conditions])),
            self._settings | other._settings,
            self._states | other._states,
            self.failures | other.failures,
            self.budget,
        )

    def _condition(self, name: str | None) -> str:
        if name is None and len(self.conditions) == 1:
            return self.conditions[0]
        if name not in self.conditions:
            asked = "say which condition" if name is None else f"there is no condition {name!r}"
            raise CourseError(f"{asked}. {near_matches(name or '', self.conditions)}")
        return name

    def _state(self, method: str, condition: str, seed: int) -> dict:
        if method not in self.methods:
            raise CourseError(f"there is no method {method!r}. {near_matches(method, self.methods)}")
        if (method, condition, seed) not in self._states:
            why = self.failures.get((method, condition, seed), "it was not asked for")
            raise CourseError(f"there is no result of {method}, {condition}, seed {seed}: {why}.")
        return self._states[method, condition, seed]

    def _common_seeds(self, first: str, second: str, condition: str, needed: bool = True) -> list[int]:
        seeds = [
            {seed for method, where, seed in self._states if (method, where) == (name, condition)}
            for name in (first, second)
        ]
        if needed and not seeds[0] & seeds[1]:
            missing = first if not seeds[0] else second
            raise CourseError(
                f"there is no result of {missing!r} to compare. {near_matches(missing, self.methods)}"
            )
        return sorted(seeds[0] & seeds[1])

    def _accuracies(self, method: str, condition: str, seeds: list[int]) -> list[float]:
        return [self._figures[method, condition, seed]["test_accuracy"] for seed in seeds]
