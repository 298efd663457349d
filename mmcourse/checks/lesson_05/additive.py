"""Scores from a small network instead of a product."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05.attending import draw, random_mask, share_out

torch = lazy("torch")


def _scores(query, key, w_query, w_key, w_score):
    asked, offered = query @ w_query.T, key @ w_key.T
    return torch.tanh(asked[:, :, None] + offered[:, None]) @ w_score


def _additive(query, key, value, w_query, w_key, w_score, mask=None, **options):
    return share_out(_scores(query, key, w_query, w_key, w_score), mask, **options) @ value


def _by(make):
    """Additive attention whose scores are make(asked, offered, w_score), of [batch, query | key, hidden]."""

    def wrong(query, key, value, w_query, w_key, w_score, mask=None):
        return share_out(make(query @ w_query.T, key @ w_key.T, w_score), mask) @ value

    return wrong


def _with(**switches):
    return lambda *args, **kwargs: _additive(*args, **kwargs, **switches)


def _pairs(asked, offered):
    return asked[:, :, None] + offered[:, None]


def _forgets_the_score(query, key, value, w_query, w_key, w_score, mask=None):
    return share_out(torch.tanh(_pairs(query @ w_query.T, key @ w_key.T)).sum(-1), mask) @ value


def _weights(query, key, value, w_query, w_key, w_score, mask=None):
    return share_out(_scores(query, key, w_query, w_key, w_score), mask)


def _exchanged(query, key, value, w_query, w_key, w_score, mask=None):
    return _additive(query, key, value, w_key, w_query, w_score, mask)


def _inputs(generator, batch, queries, keys, width, key_width, hidden, out, mask=None):
    tensors = (
        *draw(generator, batch, queries, keys, width, out, key_width),
        torch.randn(hidden, width, generator=generator),
        torch.randn(hidden, key_width, generator=generator),
        2 * torch.randn(hidden, generator=generator),
    )
    return tensors if mask is None else (*tensors, mask(generator, batch, queries, keys))


def _padding(generator, batch, queries, keys):
    lengths = torch.randint(1, keys + 1, (batch,), generator=generator)
    return (torch.arange(keys) < lengths[:, None])[:, None]


def _empty(generator, batch, queries, keys):
    return random_mask(generator, batch, queries, keys, empty=1)


_AXES = (
    "Queries and keys stand in the same axis: give each its own, asked[:, :, None] + offered[:, None] is "
    "[batch, query, key, hidden]."
)
_TURN = "Weights are [out, in]: query @ w_query.T, key @ w_key.T."

additive_attention = Exercise(
    id="05.6",
    name="additive_attention",
    title="A small network says how well a key fits",
    difficulty=2,
    minutes=15,
    stub="weigh the values by a softmax of w · tanh(W_q q + W_k k)",
    parameters=("query", "key", "value", "w_query", "w_key", "w_score", "mask"),
    reference=_additive,
    hints=(
        "Query and key have different widths. Which width do W_q q and W_k k share, so that they can be "
        "added?",
        "Every query meets every key before the tanh. What shape has that table, and how does broadcasting "
        "make it from [batch, query, hidden] and [batch, key, hidden]?",
        "asked = query @ w_query.T, offered = key @ w_key.T; torch.tanh(asked[:, :, None] + offered[:, "
        "None]) @ w_score is [batch, query, key]; then as in 05.5, without √d.",
    ),
    cases=(
        Case(
            "one query, two keys, one number each",
            lambda g: (
                torch.tensor([[[1.0]]]),
                torch.tensor([[[-1.0], [2.0]]]),
                torch.tensor([[[0.0], [10.0]]]),
                torch.tensor([[1.0]]),
                torch.tensor([[1.0]]),
                torch.tensor([2.0]),
            ),
        ),
        Case("random clips", lambda g: _inputs(g, 3, 4, 5, 2, 3, 6, 2)),
        Case("all sizes the same", lambda g: _inputs(g, 3, 3, 3, 3, 3, 3, 3)),
        Case("a padding mask", lambda g: _inputs(g, 2, 3, 5, 4, 2, 3, 4, _padding)),
        Case("a batch of one", lambda g: _inputs(g, 1, 2, 4, 3, 3, 1, 2)),
        Case("a query that may look at nothing", lambda g: _inputs(g, 2, 3, 4, 3, 2, 5, 2, _empty)),
    ),
    mistakes=(
        Mistake(
            "no tanh",
            _by(lambda asked, offered, w: _pairs(asked, offered) @ w),
            "The tanh is missing: without it the score is a sum of a part of the query and a part of the "
            "key, and every query gets the same weights.",
        ),
        Mistake(
            "tanh of each",
            _by(lambda asked, offered, w: _pairs(asked.tanh(), offered.tanh()) @ w),
            "The weights do not depend on the query: are W_q q and W_k k added first, and then bent "
            "together by one tanh?",
        ),
        Mistake(
            "tanh at the end",
            _by(lambda asked, offered, w: torch.tanh(_pairs(asked, offered) @ w)),
            "The tanh comes after w · …; it belongs inside, around W_q q + W_k k.",
        ),
        Mistake(
            "two tanh",
            _by(lambda asked, offered, w: torch.tanh(torch.tanh(_pairs(asked, offered)) @ w)),
            "There is a second tanh around the score, which keeps it between −1 and 1: only the inner one is "
            "wanted.",
        ),
        Mistake(
            "multiplied",
            _by(lambda asked, offered, w: torch.tanh(asked[:, :, None] * offered[:, None]) @ w),
            "You multiplied W_q q with W_k k; additive attention adds them.",
        ),
        Mistake(
            "dot product",
            _by(lambda asked, offered, w: asked @ offered.mT),
            "These are dot products of query and key; here a small network scores them, w · tanh(W_q q + "
            "W_k k).",
        ),
        Mistake(
            "relu",
            _by(lambda asked, offered, w: torch.relu(_pairs(asked, offered)) @ w),
            "Your network bends with a relu; here it is tanh.",
        ),
        Mistake(
            "sigmoid",
            _by(lambda asked, offered, w: torch.sigmoid(_pairs(asked, offered)) @ w),
            "Your network bends with a sigmoid; here it is tanh.",
        ),
        Mistake(
            "scaled",
            _by(lambda a, o, w: torch.tanh(_pairs(a, o)) @ w / a.shape[-1] ** 0.5),
            "You divided by the root of the hidden width; there is no scale here, tanh keeps the numbers "
            "small and w may grow as it needs.",
        ),
        Mistake(
            "subtracted",
            _by(lambda asked, offered, w: torch.tanh(asked[:, :, None] - offered[:, None]) @ w),
            "You took W_k k away from W_q q; the two are added.",
        ),
        Mistake(
            "w forgotten",
            _forgets_the_score,
            "w_score is not used: it weighs the hidden numbers before they are added up.",
        ),
        Mistake(
            "mean of the hidden numbers",
            _by(lambda asked, offered, w: (torch.tanh(_pairs(asked, offered)) * w).mean(-1)),
            "You took the mean over the hidden numbers; w · tanh(…) is their sum, as `@ w_score` makes it.",
        ),
        Mistake(
            "over queries",
            _with(dim=1),
            "The softmax runs over the queries; each query shares out its weights over the keys, the last "
            "axis.",
        ),
        Mistake("no mask", _with(kind="none"), "The mask is not used: True means that a query may look."),
        Mistake(
            "mask inverted",
            _with(kind="inverted"),
            "Your mask is the other way round: True means that a query may look.",
        ),
        Mistake(
            "mask after softmax",
            _with(kind="after"),
            "You set weights to 0 after the softmax, so what is left does not add up to 1: the scores must "
            "be −∞ before it.",
        ),
        Mistake(
            "0 for −∞",
            _with(kind="zero"),
            "A score of 0 is not “do not look”: e⁰ is 1. Where the mask is False the score must be −∞.",
        ),
        Mistake(
            "empty rows are NaN",
            _with(kind="nan"),
            "A query that may look at nothing gets 0/0 = NaN; it should get zeros: 05.2's softmax does so.",
        ),
        Mistake(
            "−1e9",
            _with(kind="finite"),
            "With a large negative number for −∞, a query that may look at nothing weighs all keys alike; it "
            "should get zeros.",
        ),
        Mistake(
            "weights", _weights, "These are the weights; a mean of the values is wanted: weights @ value."
        ),
        Mistake(
            "weights exchanged",
            _exchanged,
            "The weights are exchanged: w_query belongs to the queries, w_key to the keys.",
        ),
        Mistake("one axis for both", _by(lambda a, o, w: torch.tanh(a + o) @ w), _AXES),
        Mistake(
            "rows are keys",
            _by(lambda asked, offered, w: torch.tanh(asked[:, None] + offered[:, :, None]) @ w),
            "Rows and columns are exchanged: the queries get the second axis, asked[:, :, None], the keys "
            "the third.",
        ),
        Mistake("weights not turned", lambda query, key, value, w_query, *rest: query @ w_query, _TURN),
        Mistake(
            "both not turned",
            lambda query, key, value, w_query, w_key, w_score, mask=None: (
                share_out(torch.tanh(_pairs(query @ w_query, key @ w_key)) @ w_score, mask) @ value
            ),
            _TURN,
        ),
        Mistake(
            "mask is None",
            lambda query, key, value, w_query, w_key, w_score, mask=None: ~mask,
            "mask may be None, and then every query may look at every key: ask `if mask is not None`.",
        ),
        Mistake(
            "keys instead of values",
            lambda query, key, value, w_query, w_key, w_score, mask=None: _additive(
                query, key, key, w_query, w_key, w_score, mask
            ),
            "You took the mean of the keys; the keys say where to look, the values what is found there.",
        ),
    ),
    noticing="It came first (2015) and lets query and key have widths of their own, but makes a table of "
    "[query, key, hidden]; a product needs no more than [query, key].",
    gradient=True,
    scaled=True,
)
