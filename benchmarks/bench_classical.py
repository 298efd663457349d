"""Time and accuracy of classical methods beside scikit-learn's: `python benchmarks/bench_classical.py`.

kNN's memory is measured in a process of its own; no table of all distances may exist.
"""

import statistics
from collections.abc import Callable

import torch
from harness import peak_memory, ratio, store, timed
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from mmcourse import classical, data
from mmcourse.evaluation import accuracy, predict
from mmcourse.scratch.neighbours import k_nearest

SEEDS = range(5)
SENSES = {"picture": ["image"], "speech": ["speech"], "both": ["image", "speech"]}
Make = Callable[[int], BaseEstimator]  # from a seed
PAIRS: list[tuple[str, Make, Make]] = [
    (
        "kNN, 5 neighbours",
        lambda seed: classical.Neighbours(5),
        lambda seed: KNeighborsClassifier(5, algorithm="brute"),
    ),
    (
        "logistic regression",
        lambda seed: classical.Logistic(),
        lambda seed: LogisticRegression(max_iter=1000),
    ),
    (
        "linear SVM, C 0.1",
        lambda seed: classical.LinearSVM(C=0.1, seed=seed),
        lambda seed: LinearSVC(C=0.1, loss="hinge", max_iter=20_000, random_state=seed),
    ),
    ("kernel SVM, C 10", lambda seed: classical.KernelSVM(C=10.0), lambda seed: SVC(C=10.0)),
    (
        "decision tree",
        lambda seed: classical.Tree(seed=seed),
        lambda seed: DecisionTreeClassifier(random_state=seed),
    ),
    (
        "forest of 50",
        lambda seed: classical.Forest(50, seed=seed),
        lambda seed: RandomForestClassifier(50, random_state=seed),
    ),
]


def tables(seed: int) -> tuple[dict, dict]:
    """Features of digits' training and test pairs, another split for each seed."""
    sets = data.load("digits", seed=seed)
    by = {"image": classical.hog_of(cell=2), "speech": classical.mfcc_of(sets.train.sample_rate)}
    return tuple(
        classical.represent(data.loader(part, 256, shuffle=False), by) for part in (sets.train, sets.test)
    )


def rightness(estimator: BaseEstimator, train: dict, test: dict, senses: list[str]) -> float:
    return accuracy(*predict(classical.fit_classical(estimator, [train], senses=senses), [test]))


def row(name: str, ours: Callable, theirs: Callable, splits: list[tuple[dict, dict]]) -> dict[str, str]:
    """Time of one fit and one round of answers on both senses, and accuracy over the splits."""
    train, test = splits[0]
    model = classical.fit_classical(theirs(0), [train])
    x, y, asked = model.rows(train).numpy(), train["label"].numpy(), model.rows(test).numpy()

    def fit_and_ask(estimator: BaseEstimator) -> Callable[[], object]:
        return lambda: clone(estimator).fit(x, y).predict(asked)

    result = ratio(fit_and_ask(ours(0)), fit_and_ask(theirs(0)), repeats=3 if "forest" in name else 7)
    cells = {"what": name, **result.row()}
    for sense, chosen in SENSES.items():
        pairs = [
            [100 * rightness(make(seed), *split, chosen) for make in (ours, theirs)]
            for seed, split in zip(SEEDS, splits, strict=True)
        ]
        mine, other = zip(*pairs, strict=True)
        mean, spread = statistics.fmean(mine), statistics.stdev(mine)
        cells[f"{sense} (%)"] = f"{mean:.1f} ± {spread:.1f}; theirs {statistics.fmean(other):.1f}"
    return cells


def search_row(rows: int, asked: int, features: int) -> dict[str, str]:
    """kNN alone, without labels: what the bound of 2 × is about."""
    generator = torch.Generator().manual_seed(0)
    reference, x = (
        torch.randn(rows, features, generator=generator),
        torch.randn(asked, features, generator=generator),
    )
    known = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(reference.numpy())
    result = ratio(lambda: k_nearest(x, reference, 5), lambda: known.kneighbors(x.numpy()), repeats=15)
    what = f"5 nearest of {rows:,} for {asked:,}, {features} features"
    return {"what": what, **result.row(), **dict.fromkeys([f"{sense} (%)" for sense in SENSES], "–")}


def search(rows: int, features: int) -> None:
    """Ask as many rows as there are; all distances at once would take 8 · rows² bytes."""
    generator = torch.Generator().manual_seed(0)
    k_nearest(*torch.randn(2, rows, features, generator=generator), 5)


def main() -> None:
    torch.set_num_threads(1)
    splits = [tables(seed) for seed in SEEDS]
    rows = [search_row(*sizes) for sizes in ((1259, 269, 340), (10_000, 1_000, 340), (10_000, 1_000, 64))]
    rows += [row(*pair, splits) for pair in PAIRS]
    peak = peak_memory(search, 20_000, 16)
    small = peak_memory(search, 1_000, 16)
    every = 8 * 20_000**2 / 2**20
    grown = (peak.peak_bytes - small.peak_bytes) / 2**20
    features = timed(lambda: tables(0))
    store(
        "classical",
        rows,
        "digits, HOG (288 numbers) and pooled MFCC (52), scaled; a fit on 1,259 pairs and answers for 269 in "
        "float32, one thread. Accuracy: mean ± deviation over 5 splits. Theirs: scikit-learn. kNN is to take "
        f"at most 2 × its brute force. kNN among 20,000 rows, where all distances are {every:,.0f} MiB, "
        f"took {grown:.0f} MiB more than among 1,000, and {peak.seconds:.1f} s. Features of all pairs: "
        f"{features:.1f} s.",
    )


if __name__ == "__main__":
    main()
