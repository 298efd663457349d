"""The table of a comparison in words: means and spreads, what is within seed noise, what failed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmcourse.data.describe import Table
from mmcourse.data.wording import counted
from mmcourse.evaluation.methods import mean_and_spread

if TYPE_CHECKING:
    from mmcourse.evaluation.results import Results

_HEADER = (
    "method",
    "level",
    "condition",
    "seeds",
    "test accuracy",
    "validation",
    "calibration error",
    "log loss",
    "parameters",
    "MFLOPs",
    "trainings",
    "seconds",
)
_LEVEL, _CONDITION, _TRAININGS, _SECONDS = 1, 2, 10, 11


def summary(results: Results, conditions: Sequence[str], *, seconds: bool) -> Table:
    """Lay out means and standard deviations over seeds, a line a method and condition.

    Columns that say nothing (one condition, no level given, one training each) are left out.
    """
    rows = results.rows
    lines = []
    for condition in conditions:
        for method in results.methods:
            mine = [row for row in rows if row["method"] == method and row["condition"] == condition]
            if mine:
                lines.append(_line(mine))
    dull = {
        _LEVEL: not any(results.levels.values()),
        _CONDITION: len(conditions) == 1,
        _TRAININGS: all(line[_TRAININGS] == lines[0][_TRAININGS] for line in lines),
        _SECONDS: not seconds,
    }
    keep = [place for place in range(len(_HEADER)) if not dull.get(place)]
    return Table(
        _title(results, conditions),
        tuple(_HEADER[place] for place in keep),
        tuple(tuple(line[place] for place in keep) for line in lines),
        tuple(_notes(results, conditions)),
    )


def _line(rows: list[dict]) -> list[str]:
    figures = {name: [row[name] for row in rows] for name in rows[0]}
    return [
        rows[0]["method"],
        rows[0]["level"],
        rows[0]["condition"],
        str(len(rows)),
        _percent(figures["test_accuracy"]),
        _percent(figures["val_accuracy"]),
        _number(figures["calibration_error"]),
        _number(figures["log_loss"]),
        _count(figures["parameters"], "{:,.0f}", 1),
        _count(figures["flops"], "{:,.3g}", 1e6),
        _count(figures["trainings"], "{:.0f}", 1),
        _count(figures["seconds_all"], "{:.1f}", 1),
    ]


def _percent(figures: list[float]) -> str:
    mean, spread = mean_and_spread(figures)
    return f"{100 * mean:.1f} %" if math.isnan(spread) else f"{100 * mean:.1f} ± {100 * spread:.1f} %"


def _number(figures: list[float]) -> str:
    mean, spread = mean_and_spread(figures)
    return f"{mean:.3f}" if math.isnan(spread) else f"{mean:.3f} ± {spread:.3f}"


def _count(figures: list, form: str, unit: float) -> str:
    """A mean without spread; a dash where there is none, as of the parameters of a forest."""
    known = [figure for figure in figures if figure is not None]
    return form.format(sum(known) / len(known) / unit) if known else "–"


def _title(results: Results, conditions: Sequence[str]) -> str:
    budget = results.budget
    spent = f"{counted(budget.epochs, 'epoch')}, {counted(budget.trials, 'setting')} tried"
    where = f"{conditions[0]}: " if len(conditions) == 1 else ""
    return f"{where}mean ± standard deviation over seeds; {spent} by each method"


def _notes(results: Results, conditions: Sequence[str]) -> list[str]:
    notes = []
    for condition in conditions:
        if len(results.scores(condition)) > 1:
            notes.append(_verdict(results, condition, f"{condition}: " if len(conditions) > 1 else ""))
    for (method, condition, seed), why in results.failures.items():
        if condition in conditions:
            notes.append(f"Failed: {method}, {condition}, seed {seed}: {why}")
    return notes


def _verdict(results: Results, condition: str, where: str) -> str:
    best, near = results.within_noise(condition)
    if max(map(len, results.scores(condition).values())) == 1:
        return f"{where}one seed shows no spread, so it orders nothing: give at least 5."
    if not near:
        return f"{where}{best} is best, by more than seed noise."
    others = len(results.scores(condition)) - 1
    names = "all others" if len(near) == others > 1 else ", ".join(near)
    return f"{where}{best} has the highest mean; within seed noise of it: {names}."
