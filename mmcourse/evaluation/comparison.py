"""Methods × seeds × data, each with the same splits and budget: run, kept, taken up again, and told apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from mmcourse.data.progress import bar
from mmcourse.errors import CourseError
from mmcourse.evaluation.bench import Bench, Job, Setup, key_of, on_threads, print_of
from mmcourse.evaluation.methods import Budget, Method, Tables
from mmcourse.evaluation.results import Results
from mmcourse.evaluation.store import Store
from mmcourse.evaluation.workers import packed, side_by_side
from mmcourse.training import Interrupted


def compare_methods(
    methods: Sequence[Method],
    *,
    seeds: Collection[int],
    conditions: Mapping[str, object],
    budget: Budget | None = None,
    processes: int = 1,
    threads: int = 1,
    store: Store | Path | str | None = None,
    fresh: bool = False,
) -> Results:
    """Run every method on every condition with every seed, or take from the store what was run before.

    Stopped by Ctrl-C, or killed, it loses only what was in work: the same call goes on. A method that raises
    loses that one result, and the table says why.

    seeds       of weights, order and dropout; a condition that is a function of the seed also splits by it
    conditions  name -> tables (anything with train, val and test, dicts of tensors with "label"), or a
                function of the seed that makes them
    budget      the same for every method: each needs as many settings as it has trials
    processes   side by side; 1 stays in this one, where methods may be defined in the notebook
    threads     of torch in each process
    store       a Store or a folder; by default one in the course's cache
    fresh       run all anew
    Returns     the Results
    Raises      CourseError for what cannot be compared, or where nothing could be run; Interrupted on Ctrl-C
    """
    budget = Budget() if budget is None else budget
    methods, seeds = _checked(methods, seeds, conditions, budget)
    for name, value in {"processes": processes, "threads": threads}.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise CourseError(f"{name} is a whole number from 1 on, got {value!r}.")
    store = store if isinstance(store, Store) else Store(store)
    setup = Setup({method.name: method for method in methods}, dict(conditions), budget, store, threads)
    content = packed(setup) if processes > 1 else b""
    store.open()
    jobs = _jobs(setup, seeds)
    states = {} if fresh else {job: state for job in jobs if (state := store.read(job.key)) is not None}
    todo = [job for job in jobs if job not in states]
    work = side_by_side(todo, content, processes, threads) if content else _one_by_one(todo, setup)
    failures = _collect(work, states, len(jobs), store)
    if not states:
        raise CourseError(f"none of {len(jobs)} results could be had. {todo[0]}: {failures[todo[0]]}")
    return _results(setup, jobs, states, failures)


def _collect(work: Iterator, states: dict[Job, dict], total: int, store: Store) -> dict[Job, str]:
    """Take in results as they come, and return why some did not."""
    failures: dict[Job, str] = {}
    with bar(total=total, initial=len(states), unit="result", leave=False) as progress:
        try:
            for job, outcome in work:
                (failures if isinstance(outcome, str) else states)[job] = outcome
                progress.set_description_str(str(job), refresh=False)
                progress.update()
        except KeyboardInterrupt:
            work.close()  # now, not when it is forgotten: its processes end with it
            raise Interrupted(
                f"Stopped with {len(states)} of {total} results. They are kept in {store.folder}: the same "
                "call goes on."
            ) from None
    return failures


def _jobs(setup: Setup, seeds: list[int]) -> list[Job]:
    """List all jobs, those on the same data side by side."""
    of_method = {name: print_of(method, name) for name, method in setup.methods.items()}
    jobs = []
    for name, condition in setup.conditions.items():
        of_condition = print_of(condition, name)
        jobs += [
            Job(method, name, seed, key_of(words, of_condition, setup.budget, seed, setup.threads))
            for seed in seeds
            for method, words in of_method.items()
        ]
    return jobs


def _one_by_one(jobs: Sequence[Job], setup: Setup) -> Iterator[tuple[Job, dict | str]]:
    """Do jobs in this process, and give each with its result, or why it has none."""
    bench = Bench(setup)
    with on_threads(setup.threads):
        for job in jobs:
            yield job, bench.do(job)


def _results(setup: Setup, jobs: list[Job], states: dict[Job, dict], failures: dict[Job, str]) -> Results:
    def named(found: Mapping[Job, object]) -> dict:
        return {(job.method, job.condition, job.seed): found[job] for job in jobs if job in found}

    return Results(
        {method.name: method.level for method in setup.methods.values()},
        list(setup.conditions),
        {method.name: list(method.settings) for method in setup.methods.values()},
        named(states),
        named(failures),
        setup.budget,
    )


def _checked(
    methods: Sequence[Method], seeds: Collection[int], conditions: Mapping, budget: Budget
) -> tuple[list[Method], list[int]]:
    """Return methods and seeds as lists. Raises CourseError for what cannot be compared."""
    methods = _methods(methods)
    if not isinstance(budget, Budget):
        raise CourseError(f"budget is a Budget, such as Budget(epochs=12, trials=2); got {budget!r}.")
    for method in methods:
        if len(method.settings) != budget.trials:
            raise CourseError(
                f"the budget is {budget.trials} trials for each method, and {method.name!r} has "
                f"{len(method.settings)} settings: a method that may try more has an advantage. Give each as "
                "many settings as there are trials."
            )
    if isinstance(seeds, str | bytes) or not isinstance(seeds, Collection) or len(seeds) == 0:
        raise CourseError(f"seeds are at least one whole number, such as range(5); got {seeds!r}.")
    seeds = list(seeds)
    if not all(isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0 for seed in seeds):
        raise CourseError(f"seeds are whole numbers from 0 on, got {seeds!r}.")
    if len(set(seeds)) != len(seeds):
        raise CourseError(f"each seed counts once, got {seeds!r}.")
    if not isinstance(conditions, Mapping) or not conditions:
        raise CourseError(
            "conditions are names and their data, such as {'clean': tables}; got "
            f"{type(conditions).__name__}."
        )
    for name, condition in conditions.items():
        if not callable(condition):
            Tables.of(condition, f"the condition {name!r}")
    return methods, seeds


def _methods(methods: object) -> list[Method]:
    if isinstance(methods, Mapping):
        methods = [one if isinstance(one, Method) else Method(name, one) for name, one in methods.items()]
    if isinstance(methods, Method):
        methods = [methods]
    if not isinstance(methods, Sequence) or len(methods) == 0:
        raise CourseError(f"methods are a list of Method, at least one; got {methods!r}.")
    strange = [one for one in methods if not isinstance(one, Method)]
    if strange:
        raise CourseError(
            f"methods are a list of Method, got {strange[0]!r}: network(name, build) makes one."
        )
    names = [method.name for method in methods]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise CourseError(
            f"two methods are called {twice[0]!r}: tables and figures could not tell them apart."
        )
    return list(methods)
