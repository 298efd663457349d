"""One attention: scores, weights over keys, a mean of values."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05 import attention_slips as slips
from mmcourse.checks.lesson_05.attending import attend, draw, random_mask, share_out

torch = lazy("torch")


def _slip(name, sentence, **switches):
    return Mistake(name, partial(attend, **switches), sentence)


def _with_mask(make):
    """Inputs of draw with a mask as make(generator, batch, queries, keys)."""

    def case(generator, *sizes):
        return (*draw(generator, *sizes), make(generator, *sizes[:3]))

    return case


def _padding(generator, batch, queries, keys):
    lengths = torch.randint(1, keys + 1, (batch,), generator=generator)
    return (torch.arange(keys) < lengths[:, None])[:, None]


_KEYS = "The softmax runs over the queries; each query shares out its weights over the keys, the last axis."

attention = Exercise(
    id="05.5",
    name="attention",
    title="A mean of values, weighed by fit",
    difficulty=2,
    minutes=12,
    stub="weigh the values by a softmax of the scaled scores over the keys",
    parameters=("query", "key", "value", "mask"),
    reference=attend,
    hints=(
        "Three steps: what does each query say of each key, what share does each key get of it, and what is "
        "made of the shares?",
        "Which axis of [batch, query, key] adds up to 1? And what becomes of a query that may look at no "
        "key?",
        "weights = masked_softmax(scores(query, key), mask), a plain softmax over the last axis where mask "
        "is None; weights @ value.",
    ),
    cases=(
        Case(
            "two keys, of which one has three times the weight",
            lambda g: (
                torch.tensor([[[2.0, 0.0, 0.0, 0.0]]]),
                torch.tensor([[[0.0, 1.0, 0.0, 0.0], [1.0986, 0.0, 1.0, 0.0]]]),
                torch.tensor([[[4.0], [8.0]]]),
            ),
        ),
        Case("random clips", lambda g: draw(g, 3, 4, 5, 2, 3)),
        Case("all sizes the same", lambda g: draw(g, 4, 4, 4, 4, 4)),
        Case("a padding mask", lambda g: _with_mask(_padding)(g, 3, 4, 5, 3, 2)),
        Case(
            "a causal mask",
            lambda g: (*draw(g, 2, 5, 5, 3, 3), torch.ones(5, 5, dtype=torch.bool).tril()),
        ),
        Case("a batch of one", lambda g: _with_mask(random_mask)(g, 1, 3, 4, 2, 1)),
        Case(
            "queries that may look at nothing",
            lambda g: _with_mask(partial(random_mask, empty=2))(g, 2, 4, 4, 3, 2),
        ),
        Case("all scores far below 0", slips.far_below, gradient=False),
        Case("large scores", lambda g: tuple(20 * x for x in draw(g, 2, 3, 4, 8, 2)), gradient=False),
    ),
    mistakes=(
        Mistake(
            "shifted only from above",
            slips.shifted_from_above,
            "Where all scores of a row lie far below 0 every exp is 0: subtract the largest score of the row "
            "even if it is negative.",
        ),
        _slip(
            "not scaled",
            "1/√d is missing: divide the products by the root of a query's features before the softmax.",
            scale="none",
        ),
        _slip("divided by d", "You divided the products by d; by its root, √d.", scale="d"),
        _slip("times the root", "You multiplied by √d: divide by it.", scale="times"),
        _slip(
            "root of the keys",
            "You divided by the root of the number of keys; d is the number of features of a query.",
            scale="keys",
        ),
        Mistake(
            "root of the values' width",
            lambda query, key, value, mask=None: (
                share_out(query @ key.mT / value.shape[-1] ** 0.5, mask) @ value
            ),
            "You divided by the root of the values' width; d is the width of queries and keys.",
        ),
        Mistake(
            "scaled after softmax",
            lambda query, key, value, mask=None: (
                share_out(query @ key.mT, mask) @ value / query.shape[-1] ** 0.5
            ),
            "You divided by √d after the softmax; the scores before it are divided.",
        ),
        Mistake(
            "sigmoid",
            slips.sigmoid,
            "A sigmoid weighs each key by itself; a softmax makes the weights add up to 1.",
        ),
        Mistake(
            "if mask",
            lambda query, key, value, mask=None: query if mask else attend(query, key, value),
            "A mask of several numbers is neither True nor False: ask `if mask is not None`.",
        ),
        _slip("over queries", _KEYS, dim=-2),
        _slip(
            "over the batch",
            "The softmax runs over the batch; each query shares out its weights over the keys, the last "
            "axis.",
            dim=0,
        ),
        _slip(
            "logarithms", "log_softmax gives logarithms of weights; a mean needs the weights.", kind="logs"
        ),
        _slip(
            "no mask",
            "The mask is not used: a query may look at a key only where it is True.",
            kind="none",
        ),
        _slip(
            "mask after softmax",
            "You set weights to 0 after the softmax, so what is left does not add up to 1: the scores must "
            "be −∞ before it.",
            kind="after",
        ),
        _slip(
            "0 for −∞",
            "A score of 0 is not “do not look”: e⁰ is 1. Where the mask is False the score must be −∞.",
            kind="zero",
        ),
        _slip(
            "mask added",
            "Adding a boolean mask adds 1 to what may be seen; what may not be seen must get −∞.",
            kind="added",
        ),
        _slip(
            "mask inverted",
            "Your mask is the other way round: True means that a query may look.",
            kind="inverted",
        ),
        _slip(
            "empty rows are NaN",
            "A query that may look at nothing gets 0/0 = NaN; it should get zeros: 05.2's softmax does so.",
            kind="nan",
        ),
        _slip(
            "−1e9",
            "With a large negative number for −∞, a query that may look at nothing weighs all keys alike; it "
            "should get zeros.",
            kind="finite",
        ),
        Mistake(
            "weights",
            slips.weights_of,
            "These are the weights; a mean of the values is wanted: weights @ value.",
        ),
        Mistake(
            "both",
            lambda *args: (attend(*args), slips.weights_of(*args)),
            "The output alone is wanted, without the weights.",
        ),
        Mistake(
            "softmax twice",
            slips.softmax_twice,
            "There are two softmaxes: the weights of the first are no scores.",
        ),
        Mistake(
            "no softmax",
            slips.no_softmax,
            "The softmax is missing: scores become shares that are positive and add up to 1.",
        ),
        Mistake(
            "weights turned", slips.turned, "The weights are turned: a row of [query, key] times the values."
        ),
        Mistake(
            "keys instead of values",
            lambda query, key, value, mask=None: attend(query, key, key, mask),
            "You took the mean of the keys; the keys say where to look, the values what is found there.",
        ),
        Mistake(
            "values asked",
            lambda query, key, value, mask=None: attend(query, value, value, mask),
            "You compared the queries with the values; the keys say how well they fit.",
        ),
        Mistake(
            "query and key exchanged",
            lambda query, key, value, mask=None: attend(key, query, value, mask),
            "Query and key are exchanged: rows of scores are queries, columns keys.",
        ),
        Mistake(
            "query does not matter",
            slips.equal,
            "Every query gets the same, the plain mean: do your scores depend on the query?",
        ),
        Mistake(
            "best key only",
            slips.stick,
            "You took the value of the best key alone; attention is a mean of all, weighed by fit.",
        ),
        Mistake(
            "key not turned",
            lambda query, key, value, mask=None: query @ key,
            "Exchange the key's last two axes before the product: query @ key.transpose(-2, -1).",
        ),
        Mistake(
            "number by number",
            lambda query, key, value, mask=None: slips.weights_of(query, key, value, mask) * value,
            "weights * value multiplies number by number; `@` adds up over the keys: weights @ value.",
        ),
        Mistake(
            "mask is None",
            lambda query, key, value, mask=None: query @ key.mT + ~mask,
            "mask may be None, and then every query may look at every key: ask `if mask is not None`.",
        ),
        Mistake(
            "masked_fill with None",
            lambda query, key, value, mask=None: (query @ key.mT).masked_fill(mask == 0, -torch.inf),
            "mask may be None, and then every query may look at every key: ask `if mask is not None`.",
        ),
        Mistake(
            "detached",
            lambda query, key, value, mask=None: attend(query.detach(), key.detach(), value, mask),
            "No gradient flows back to query and key: stay with tensor operations, without .item() or .data.",
        ),
    ),
    noticing="This is torch.nn.functional.scaled_dot_product_attention. A whole transformer is this, a few "
    "linear layers, and sums.",
    gradient=True,
    scaled=True,
)
