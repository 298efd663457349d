"""Every way to join two senses, end to end, on both data sets: `python benchmarks/bench_fusion.py`.

Each method's setting is chosen first, of two, on the validation part of a run of its own; then all are
trained on 5 other seeds. It takes most of an hour of one core. What was done is kept in the course's cache:
the same call goes on where it was stopped. results/fusion.md and fusion.csv are written after each seed.
"""

import csv
import sys
from collections.abc import Collection, Mapping

import fusion_data
import torch
from fusion_methods import CLASSICAL, FOLDS, RATES, methods
from harness import RESULTS, store

from mmcourse import compare
from mmcourse.evaluation import holm, paired_t
from mmcourse.evaluation.methods import mean_and_spread

SEEDS = 5
TUNING = 100  # the seed on which settings are chosen
EPOCHS, BATCH = 3, 64
SINGLE = ("Picture alone", "Speech alone")
STACKED = ("Stacking, logistic", "Stacking, forest")
OWN_LOSSES = ("Concatenation + own losses", "Concatenation + own losses, dropout of senses")
LEVEL = 0.05


def rows(results: compare.Results, condition: str) -> list[dict[str, str]]:
    """Lay out a condition, the best method first, each with what tells it from the best."""
    scores = results.scores(condition)
    order = sorted(scores, key=lambda name: -_mean(scores[name]))
    best, told = order[0], against(results, condition, order[0])
    figure = {
        name: results.scores(condition, name)
        for name in ("val_accuracy", "calibration_error", "log_loss", "parameters", "flops", "trainings")
    }
    spent = seconds(results, condition)
    return [
        {
            "method": name,
            "joins": results.levels[name],
            "test accuracy": percent(scores[name]),
            "validation": percent(figure["val_accuracy"][name]),
            "calibration error": number(figure["calibration_error"][name]),
            "log loss (nats)": number(figure["log_loss"][name]),
            **_size(name, figure["parameters"][name], figure["flops"][name]),
            "trainings": count(figure["trainings"][name], "{:.0f}"),
            "seconds": f"{_mean(spent[name]):.1f}",
            **(told[name] if name != best else {"behind the best": "–", "p (Holm)": "–", "verdict": "best"}),
        }
        for name in order
    ]


def against(results: compare.Results, condition: str, best: str) -> dict[str, dict[str, str]]:
    """Compare each method with the best: over seeds, by Student's t on paired differences."""
    scores = results.scores(condition)
    others = [name for name in scores if name != best]
    if min(map(len, scores.values())) < 2:
        return {
            name: {"behind the best": "–", "p (Holm)": "–", "verdict": "one seed orders nothing"}
            for name in others
        }
    tests = {name: paired_t(torch.tensor(scores[best]), torch.tensor(scores[name])) for name in others}
    p = holm({name: test[1] for name, test in tests.items()})
    gaps = {
        name: f"{100 * gap.estimate:.1f} ({100 * gap.low:.1f} to {100 * gap.high:.1f})"
        for name, (gap, _) in tests.items()
    }
    told = {}
    for name in others:
        told[name] = {
            "behind the best": gaps[name],
            "p (Holm)": f"{p[name]:.3f}" if p[name] >= 0.001 else "< 0.001",
            "verdict": "within seed noise" if p[name] >= LEVEL else "behind",
        }
    return told


def seconds(results: compare.Results, condition: str) -> dict[str, list[float]]:
    """Seconds of all trials of each seed; those that share trained models are charged with them in full."""
    spent = results.scores(condition, "seconds_all")
    bases = [sum(pair) for pair in zip(*(spent[name] for name in SINGLE), strict=True)]
    folds = [max(pair) for pair in zip(*(spent[name] for name in STACKED if name in spent), strict=True)]
    for name, level in results.levels.items():
        if level == "late" and name in spent:
            own = folds if name in STACKED else [0.0] * len(bases)
            spent[name] = [base + more for base, more in zip(bases, own, strict=True)]
    return spent


def bar(results: compare.Results, condition: str) -> str:
    """Say how the fusions stand to one sense, and the joint model to late averaging."""
    mean = {name: _mean(values) for name, values in results.scores(condition).items()}
    single = max(SINGLE, key=mean.get)
    fused = max((name for name in mean if name not in SINGLE), key=mean.get)
    lead = 100 * (mean[fused] - mean[single])
    joint = [100 * (mean[name] - mean["Average"]) for name in OWN_LOSSES]
    return (
        f"- {condition}: the best fusion, {fused}, is {lead:+.1f} points from the better sense, {single}; "
        f"wanted at least +5: {'met' if lead >= 5 else 'missed'}. Concatenation with own losses is "
        f"{joint[0]:+.1f} points from the average of two models trained apart, with senses dropped too "
        f"{joint[1]:+.1f}; wanted at least -1: {'met' if max(joint) >= -1 else 'missed'}."
    )


NOTE = """\
Whole classifiers, trained from pairs with noise of σ = 0.4 on pictures and babble at -3 dB; each seed draws
its own split, and nobody in the test part is heard in training. Mean ± standard deviation over seeds:
{seeds}. Each training has {epochs} epochs with batches of {batch}. digits: {digits} recordings a picture,
5,036 training pairs of 52 voices; mnist-fsdd: {human:,} training pairs of 4 people, tested on one other.

Equal tuning: each method tried 2 settings (learning rates {rates}; for features joined: pixels or HOG) on
digits with a seed of its own; the better on validation is used for all seeds and both data sets.

Rules that join decisions ask the same two models, trained apart, and each is charged with both; stacking adds
those of {folds} folds, dealt by speaker. Weights, reliabilities and temperatures are learned on validation.
MFLOPs: matrix products and convolutions of one forward pass. Seconds: one seed, on a machine with other work.

Behind the best: points, with the 95 % interval over paired seeds (Student's t). p: of that test, adjusted by
Holm for all comparisons with the best; from 0.05 on a method is within seed noise. Five seeds tell only large
differences apart. What was best on these seeds need not be on others, nor after longer training.

## Bars

{bars}

Not measured here: other noise, missing senses, more epochs, settings tuned for mnist-fsdd itself.
Human speech at a noise where both senses err, with settings tuned there: fusion_balanced.md."""


def note(found: Mapping[str, compare.Results]) -> str:
    """Say how it was measured, and whether the bars are met."""
    seeds = {name: len(next(iter(results.scores(name).values()))) for name, results in found.items()}
    return NOTE.format(
        seeds="; ".join(f"{name} {count}" for name, count in seeds.items()),
        rates=" and ".join(f"{rate:g}" for rate in RATES),
        epochs=EPOCHS,
        batch=BATCH,
        digits=fusion_data.PAIRS["digits"],
        human=fusion_data.EXAMPLES,
        folds=FOLDS,
        bars="\n".join(bar(results, name) for name, results in found.items()),
    )


def keep(found: Mapping[str, compare.Results], words: str, name: str = "fusion") -> None:
    """Write the tables and a note and, for tables of your own, a row a method, data set and seed."""
    store(name, {title: rows(results, title) for title, results in found.items()}, words)
    with (RESULTS / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        lines = [
            {name: f"{value:.6g}" if isinstance(value, float) else value for name, value in line.items()}
            for results in found.values()
            for line in results.rows
        ]
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def tuned(condition: object, epochs: int, without: Collection[str] = ()) -> list[compare.Method]:
    """Return the methods with the better of their settings on the validation part of a run of its own.

    without  names of methods that are left out
    """
    budget = compare.Budget(epochs=epochs, batch_size=BATCH, trials=len(RATES))
    tried = run(
        [one for one in methods() if one.name not in without], {"tuning": condition}, [TUNING], budget
    )
    chosen = methods({row["method"]: row["setting"] for row in tried.rows})
    return [one for one in chosen if one.name not in without]


def run(
    chosen: list[compare.Method], conditions: Mapping, seeds: Collection[int], budget: compare.Budget
) -> compare.Results:
    """Run methods, and say what failed."""
    results = compare.run(chosen, seeds=seeds, conditions=conditions, budget=budget)
    for (method, condition, seed), why in results.failures.items():
        print(f"failed: {method}, {condition}, seed {seed}: {why}")
    return results


def percent(values: list[float]) -> str:
    mean, spread = mean_and_spread(values)
    return f"{100 * mean:.1f} ± {100 * spread:.1f} %" if len(values) > 1 else f"{100 * mean:.1f} %"


def number(values: list[float]) -> str:
    mean, spread = mean_and_spread(values)
    return f"{mean:.3f} ± {spread:.3f}" if len(values) > 1 else f"{mean:.3f}"


def count(values: list[float | None], form: str) -> str:
    known = [value for value in values if value is not None]
    return form.format(_mean(known)) if known else "–"


def _size(name: str, parameters: list[float], flops: list[float | None]) -> dict[str, str]:
    """Say how large a network is; of trees and support vectors the counts would leave out the most."""
    if name.endswith(CLASSICAL):
        return {"parameters": "–", "MFLOPs": "–"}
    return {
        "parameters": count(parameters, "{:,.0f}"),
        "MFLOPs": count([x and x / 1e6 for x in flops], "{:.3g}"),
    }


def _mean(values: list[float]) -> float:
    return mean_and_spread(values)[0]


def main() -> None:
    torch.set_num_threads(1)  # as lessons do
    smoke = "--smoke" in sys.argv[1:]
    conditions, epochs = fusion_data.conditions(smoke=smoke), 1 if smoke else EPOCHS
    chosen = tuned(next(iter(conditions.values())), epochs)
    budget = compare.Budget(epochs=epochs, batch_size=BATCH)
    found = {}
    for name, condition in conditions.items():
        for seeds in range(1, 1 + (2 if smoke else SEEDS)):  # what was done before comes from the cache
            found[name] = run(chosen, {name: condition}, range(seeds), budget)
            if not smoke:
                keep(found, note(found))
    if smoke:
        print(*rows(found[name], name), note(found), sep="\n")


if __name__ == "__main__":
    main()
