"""How well each key fits each query."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _products(query, key):
    return query @ key.transpose(-2, -1)


def _scores(query, key):
    return _products(query, key) / query.shape[-1] ** 0.5


def _divided_by(size):
    """Scores divided by the root of size(query, key)."""
    return lambda query, key: _products(query, key) / size(query, key) ** 0.5


def _reshaped(query, key):
    batch, keys, features = key.shape
    return query @ key.reshape(batch, features, keys) / features**0.5


def _paired(query, key):
    return (query * key).sum(-1) / query.shape[-1] ** 0.5


def _over_the_batch(query, key):
    return torch.einsum("bqd,bkd->qk", query, key) / query.shape[-1] ** 0.5


def _every_clip(query, key):
    return torch.einsum("bqd,ckd->bcqk", query, key) / query.shape[-1] ** 0.5


def _cosine(query, key):
    return _products(query / query.norm(dim=-1, keepdim=True), key / key.norm(dim=-1, keepdim=True))


def _first_clip(query, key):
    return _scores(query[0], key[0])


def _inputs(generator, batch, queries, keys, features):
    return (
        torch.randn(batch, queries, features, generator=generator),
        torch.randn(batch, keys, features, generator=generator),
    )


_TURN = (
    "`@` runs over the last axis of the left and the last but one of the right: exchange the key's last two "
    "axes, key.transpose(-2, -1)."
)
_COUNT = (
    "You divided by the root of a count of queries, keys or clips; d is the number of features that a "
    "product adds up, query.shape[-1]."
)
_WEIGHTS = "These are weights, after a softmax; the scores before it are wanted."

scores = Exercise(
    id="05.1",
    name="scores",
    title="How well does a key fit a query?",
    difficulty=1,
    minutes=10,
    stub="return the scaled product of every query with every key",
    parameters=("query", "key"),
    reference=_scores,
    hints=(
        "How many numbers come out for a clip of 2 queries and 3 keys, and which axis of query and key has "
        "been added up in them?",
        "A sum of d products of random numbers has the variance d. What has to divide it, so that its spread "
        "is 1 again?",
        "query @ key.transpose(-2, -1) is [batch, query, key]; divide it by math.sqrt(query.shape[-1]).",
    ),
    cases=(
        Case(
            "two queries, three keys, four features",
            lambda g: (
                torch.tensor([[[2.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]]]),
                torch.tensor([[[1.0, 0.0, 0.0, 0.0], [0.0, 3.0, 0.0, 0.0], [2.0, 2.0, 2.0, 2.0]]]),
            ),
        ),
        Case("random clips", lambda g: _inputs(g, 3, 4, 5, 2)),
        Case("as many queries as keys", lambda g: _inputs(g, 2, 5, 5, 3)),
        Case("all sizes the same", lambda g: _inputs(g, 3, 3, 3, 3)),
        Case("one query, one feature", lambda g: _inputs(g, 4, 1, 3, 1)),
        Case("many features", lambda g: _inputs(g, 1, 2, 3, 300)),
    ),
    mistakes=(
        Mistake(
            "not scaled",
            _products,
            "These are the plain products, larger the more features there are: divide them by √d.",
        ),
        Mistake(
            "divided by d",
            lambda query, key: _products(query, key) / query.shape[-1],
            "You divided by d, or twice by its root; √d, once, is wanted: the spread of a sum of d products "
            "grows like √d.",
        ),
        Mistake(
            "times the root",
            lambda query, key: _products(query, key) * query.shape[-1] ** 0.5,
            "You multiplied by √d, which makes large scores larger: divide by it.",
        ),
        Mistake("root of the keys", _divided_by(lambda query, key: key.shape[1]), _COUNT),
        Mistake("root of the queries", _divided_by(lambda query, key: query.shape[1]), _COUNT),
        Mistake("root of the batch", _divided_by(lambda query, key: len(query)), _COUNT),
        Mistake(
            "key first",
            lambda query, key: _scores(key, query),
            "Rows and columns are exchanged: a row for each query, a column for each key.",
        ),
        Mistake(
            "reshaped",
            _reshaped,
            "reshape and view keep the numbers in a row and mix features with keys; transpose(-2, -1) "
            "exchanges the axes.",
        ),
        Mistake("key not turned", lambda query, key: query @ key, _TURN),
        Mistake(
            "all axes turned",
            lambda query, key: query @ key.permute(2, 1, 0),
            "key.T turns all three axes, the batch too; exchange the last two only: key.transpose(-2, -1).",
        ),
        Mistake(
            "wrong axes turned",
            lambda query, key: query @ key.transpose(0, 1),
            "You exchanged batch and key; the last two axes have to be exchanged: key.transpose(-2, -1).",
        ),
        Mistake(
            "one key for each query",
            _paired,
            "You gave each query one key, the one at its own place; every query has a score with every key.",
        ),
        Mistake(
            "number by number",
            lambda query, key: query * key,
            "`*` multiplies number by number; every query has a score with every key: query @ "
            "key.transpose(-2, -1).",
        ),
        Mistake(
            "over the batch",
            _over_the_batch,
            "The clips have been added up: each clip has its own scores, so the batch axis stays.",
        ),
        Mistake(
            "every clip with every clip",
            _every_clip,
            "Queries of one clip meet keys of another: both share the same batch axis.",
        ),
        Mistake(
            "cosine",
            _cosine,
            "You divided queries and keys by their own lengths; the scores are products, divided by √d only.",
        ),
        Mistake("softmax", lambda query, key: _scores(query, key).softmax(-1), _WEIGHTS),
        Mistake("softmax, not scaled", lambda query, key: _products(query, key).softmax(-1), _WEIGHTS),
        Mistake("softmax over queries", lambda query, key: _scores(query, key).softmax(-2), _WEIGHTS),
        Mistake(
            "distances",
            lambda query, key: torch.cdist(query, key),
            "This is how far a key is from a query; a score is their product, large where they fit.",
        ),
        Mistake(
            "squeezed",
            lambda query, key: _scores(query, key).squeeze(),
            "squeeze() drops every axis of size 1, and so the batch axis of a single clip.",
        ),
        Mistake("first clip", _first_clip, "Only the first clip is there: is `return` inside your loop?"),
        Mistake(
            "detached",
            lambda query, key: _scores(query.detach(), key.detach()),
            "No gradient flows back to query and key: stay with tensor operations, without .item(), "
            ".tolist() or .data.",
        ),
    ),
    noticing="Queries and keys of one width are all that a score asks for: there may be 2 of one and 300 of "
    "the other, and they may come from different senses.",
    gradient=True,
    scaled=True,
)
