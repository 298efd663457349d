"""Compare methods as a reader would trust it: equal data, budgets and seeds, with the spread.

    from mmcourse import compare
    methods = [compare.network("gated", build, settings=[{"learning_rate": 2e-3}, {"learning_rate": 8e-3}])]
    results = compare.run(methods, seeds=range(5), conditions=["middle"], budget=compare.Budget(trials=2))
    compare.plot(results)

`build(task, **setting)` returns a module; `help(compare.Method)` says how to compare what is no single
network. The same call again takes its results from the cache.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from mmcourse import plotting
from mmcourse.data.describe import Table
from mmcourse.errors import CourseError
from mmcourse.evaluation import (
    Budget,
    Data,
    Embedded,
    Encoders,
    Given,
    Method,
    Results,
    Store,
    Tables,
    Task,
    compare_methods,
    conditions_of,
    network,
    noisy,
    ranking,
    settings_grid,
)

__all__ = [
    "Budget",
    "Data",
    "Embedded",
    "Encoders",
    "Given",
    "Method",
    "Results",
    "Store",
    "Tables",
    "Task",
    "network",
    "noisy",
    "pairs",
    "plot",
    "plot_costs",
    "plot_ranks",
    "run",
    "settings_grid",
    "table",
]


def run(
    methods: Sequence[Method],
    *,
    seeds: Collection[int] = range(5),
    conditions: Mapping[str, object] | Sequence[str] = ("middle",),
    budget: Budget | None = None,
    processes: int = 1,
    threads: int = 1,
    store: Store | Path | str | None = None,
    fresh: bool = False,
) -> Results:
    """Run every method on every condition with every seed; what was run before comes from the store.

    Stopped by Ctrl-C or killed, it loses only what was in work: the same call goes on.

    seeds       of weights, order, dropout, and, where a condition has no split of its own, of the split
    conditions  names of noise on "digits" ("clean", "middle", "hard"), or name -> Data, Embedded, tables
    budget      epochs, settings tried and batch size, the same for every method
    processes   side by side; 1 stays in this one, where methods may be defined in the notebook
    threads     of torch in each process
    store       a Store or a folder; by default one in the course's cache
    fresh       run all anew
    Raises      CourseError for what cannot be compared; Interrupted on Ctrl-C
    """
    return compare_methods(
        methods,
        seeds=seeds,
        conditions=conditions_of(conditions),
        budget=budget,
        processes=processes,
        threads=threads,
        store=store,
        fresh=fresh,
    )


def table(results: Results, condition: str | None = None, *, seconds: bool = True) -> Table:
    """Return means and standard deviations over seeds; `seconds=False` leaves times out, which change."""
    return results.table(condition, seconds=seconds)


def pairs(results: Results, condition: str | None = None, *, level: float = 0.95) -> Table:
    """Return every two methods of a condition: the difference in accuracy, its interval, and the verdict."""
    rows = [
        (
            pair.first,
            pair.second,
            f"{100 * pair.interval.estimate:+.1f} points",
            f"{100 * pair.interval.low:+.1f} to {100 * pair.interval.high:+.1f}",
            f"{pair.p:.3f}",
            "within seed noise" if pair.within_noise else "told apart",
        )
        for pair in results.pairs(condition, level=level)
    ]
    header = ("method", "against", "difference", f"{level:.0%} interval", "p (Holm)", "verdict")
    return Table("Test accuracy, paired by seed", header, tuple(rows))


def plot(results: Results, condition: str | None = None, *, chance: float | None = None, ax=None):
    """Draw the accuracy of every seed, a line a method, the best on top, and what is within seed noise.

    condition  one; all, a panel each, where it is None and no Axes are given
    chance     accuracy of guessing, drawn as a dashed line
    Returns    the Axes, or a list of them
    """
    conditions = results.conditions if condition is None else [condition]
    if ax is not None and len(conditions) > 1:
        raise CourseError(f"one Axes holds one condition; say which of {', '.join(conditions)}.")
    drawn = []
    for name, place in zip(conditions, _panels(results, conditions, ax), strict=True):
        scores = results.scores(name)
        best, near = results.within_noise(name)
        levels = {method: results.levels[method] for method in scores}
        drawn.append(
            plotting.accuracy_dots(
                scores, levels=levels, near={best, *near}, chance=chance, ax=place, title=name
            )
        )
    return drawn[0] if len(drawn) == 1 else drawn


def plot_costs(results: Results, condition: str | None = None, *, figure: str = "parameters", ax=None):
    """Draw what each network costs against its accuracy; methods without that figure are left out.

    figure  "parameters", "flops" (an example), or "seconds_all" (of all trials)
    """
    costs = results.scores(condition, figure)
    known = {name: cost for name, cost in costs.items() if all(one is not None and one > 0 for one in cost)}
    if not known:
        raise CourseError(f"no method has the figure {figure!r}; only networks have parameters and flops.")
    scores = {name: results.scores(condition)[name] for name in known}
    return plotting.cost_against_accuracy(
        scores,
        {name: sum(cost) / len(cost) for name, cost in known.items()},
        xlabel=_COSTS.get(figure, figure),
        ax=ax,
    )


def plot_ranks(results: Results, *, level: float = 0.95, ax=None):
    """Draw average ranks over conditions, each with the mean over seeds, and Nemenyi's critical difference.

    Raises  CourseError for fewer than two conditions, or methods missing on some
    """
    scores = [results.scores(condition) for condition in results.conditions]
    methods = [method for method in results.methods if all(method in one for one in scores)]
    if len(scores) < 2 or len(methods) < 2:
        raise CourseError(
            f"ranks are averaged over at least 2 conditions of at least 2 methods, got {len(scores)} and "
            f"{len(methods)}. Seeds on the same data are no further conditions."
        )
    found = ranking(
        {method: [sum(one[method]) / len(one[method]) for one in scores] for method in methods}, level=level
    )
    return plotting.critical_difference(found.ranks, found.difference, found.groups(), ax=ax)


_COSTS = {
    "parameters": "parameters",
    "flops": "operations an example",
    "seconds_all": "seconds of training, all trials",
}


def _panels(results: Results, conditions: Sequence[str], ax) -> list:
    if ax is not None:
        return [ax]
    lines = max(len(results.scores(name)) for name in conditions)
    height = (0.9 + 0.24 * lines) * len(conditions)
    axes = plotting.figure(len(conditions), 1, height=height, squeeze=False, sharex=True)[1]
    return list(axes[:, 0])
