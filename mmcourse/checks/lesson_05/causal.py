"""Looking at what has already been, and not ahead."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _causal_mask(query, key):
    return torch.ones(query, key, dtype=torch.bool).tril()


def _shifted(diagonal):
    return lambda query, key: torch.ones(query, key, dtype=torch.bool).tril(diagonal)


def _added(query, key):
    return torch.where(_causal_mask(query, key), 0.0, -torch.inf)


causal_mask = Exercise(
    id="05.4",
    name="causal_mask",
    title="Looking back only",
    difficulty=1,
    minutes=8,
    stub="return a boolean mask that lets query i look at the keys 0 to i",
    parameters=("query", "key"),
    reference=_causal_mask,
    hints=(
        "A row is a query, a column a key. Where in the table do a query's own time, and its past, lie?",
        "The lower triangle with its diagonal: which comparison of a row's index with a column's gives it?",
        "torch.arange(key) <= torch.arange(query)[:, None], or tril() of a boolean tensor of ones.",
    ),
    cases=(
        Case("three queries, three keys", lambda g: (3, 3)),
        Case("more keys than queries", lambda g: (2, 5)),
        Case("more queries than keys", lambda g: (5, 2)),
        Case("one query, one key", lambda g: (1, 1)),
        Case("one query", lambda g: (1, 4)),
        Case("many", lambda g: (40, 40)),
    ),
    mistakes=(
        Mistake(
            "its own time left out",
            _shifted(-1),
            "The diagonal is missing: a query may look at its own time too, and query 0 has nothing else.",
        ),
        Mistake(
            "one step ahead",
            _shifted(1),
            "Each query sees one step ahead: key i + 1 is not yet there at time i.",
        ),
        Mistake(
            "future",
            lambda query, key: torch.ones(query, key, dtype=torch.bool).triu(),
            "This is the upper triangle: each query looks at itself and what comes later.",
        ),
        Mistake(
            "inverted",
            lambda query, key: ~_causal_mask(query, key),
            "Your mask is the other way round: True means that a query may look.",
        ),
        Mistake(
            "diagonal only",
            lambda query, key: torch.eye(query, key).bool(),
            "Each query looks at its own time only; its past is open to it too.",
        ),
        Mistake(
            "all",
            lambda query, key: torch.ones(query, key, dtype=torch.bool),
            "Every query looks at everything, the future too: keep the lower triangle, with tril().",
        ),
        Mistake(
            "key first",
            lambda query, key: _causal_mask(key, query),
            "Rows and columns are exchanged: a row for each query, a column for each key.",
        ),
        Mistake(
            "queries only",
            lambda query, key: _causal_mask(query, query),
            "Your mask has a column for each query; there may be more keys or fewer.",
        ),
        Mistake(
            "keys only",
            lambda query, key: _causal_mask(key, key),
            "Your mask has a row for each key; there may be more queries or fewer.",
        ),
        Mistake(
            "compared without an axis",
            lambda query, key: torch.arange(min(query, key)) <= torch.arange(min(query, key)),
            "Queries and keys are compared one by one: each kind needs its own axis, "
            "torch.arange(query)[:, None].",
        ),
        Mistake(
            "aligned at the end",
            lambda query, key: _shifted(key - query)(query, key),
            "You lined up the last query with the last key; here query i and key i are at the same time.",
        ),
        Mistake("added", _added, "0 and −∞ are what a mask adds to scores; here True and False are wanted."),
        Mistake(
            "numbers",
            lambda query, key: torch.ones(query, key).tril(),
            "These are numbers; a mask is boolean, as a comparison gives it: True where a query may look.",
        ),
        Mistake(
            "whole numbers",
            lambda query, key: _causal_mask(query, key).long(),
            "These are numbers; a mask is boolean, as a comparison gives it: True where a query may look.",
        ),
    ),
    noticing="With this mask a model can learn from every prefix of a clip at once, and none of them sees "
    "its own future. The flag is_causal of torch's attention means just this mask.",
)
