"""Pieces of a picture ask, steps of a clip answer: cross-modal attention."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import listening_slips as slips

torch = lazy("torch")


def _tiny(_generator):
    """One query, two answers, of which the second is padding: the first one's value comes back."""
    return (
        torch.tensor([[[1.0, 0.0]]]),
        torch.tensor([[[2.0], [7.0]]]),
        torch.tensor([1]),
        torch.eye(2),
        torch.tensor([[1.0], [0.0]]),
        torch.tensor([[3.0], [-1.0]]),
    )


def _case(batch, pieces, steps, d_query, d_other, width, out, lengths=None, padding=0.0, size=1.0):
    def make(generator):
        def drawn(*shape):
            return size * torch.randn(*shape, generator=generator)

        valid = (
            torch.randint(1, steps + 1, (batch,), generator=generator)
            if lengths is None
            else torch.tensor(lengths)
        )
        other = drawn(batch, steps, d_other)
        other = torch.where((torch.arange(steps) < valid[:, None])[..., None], other, padding + other)
        tensors = drawn(batch, pieces, d_query), other
        weights = drawn(width, d_query), drawn(width, d_other), drawn(out, d_other)
        return *tensors, valid, *weights

    return make


def _half(dtype):
    """Half precision, where each right way of computing rounds in its own manner: numbers that none rounds.

    Piece 0 asks for nothing and gets a mean of 2 or 4 whole numbers; piece 1 finds step 1 alone (score 20
    against 0). The third clip has length 0, and padding holds 9 and more.
    """

    def make(generator):
        lengths = torch.tensor([2, 4, 0])
        padding = torch.arange(4) >= lengths[:, None]
        other = torch.eye(4) + 9.0 * padding[..., None]
        query = torch.zeros(3, 2, 4)
        query[:, 1, 1] = 40.0
        values = torch.randint(-4, 5, (3, 4), generator=generator).float()
        kind = getattr(torch, dtype)
        query, other, w_q, w_k, w_v = (x.to(kind) for x in (query, other, torch.eye(4), torch.eye(4), values))
        return query, other, lengths, w_q, w_k, w_v

    return make


_KEYS = "Each query's weights over the *other* tokens add up to 1: softmax over the last axis."
_BEFORE = (
    "Padding must be out before the softmax (a score of −∞): afterwards the weights of what is there no "
    "longer "
    "add up to 1."
)
_PADDING = "Steps from a clip's length on are padding: no query may look at them."
_ZERO = (
    "A score of 0 still gets a weight, e⁰ = 1, and padding set to 0 has that score: it needs a score of −∞, "
    "before the softmax."
)
_ASKS = "It is the other sense that has padding: the mask goes along the last axis of the scores, time."
_EACH = "Each clip has a length of its own, other_lengths[i]: you hide the same steps in all of them."
_SCALE = "Divide the scores by √d, d being the width of a query (rows of w_q), not of what was projected."
_EMPTY = (
    "A clip of length 0 has nothing to look at: all its scores are −∞ and their softmax is NaN. Such rows "
    "get 0."
)
_HALF = (
    "−1e9 does not exist in half precision, and in a clip of length 0 it is the same everywhere: padding "
    "gets "
    "weights. Fill with −∞ (or torch.finfo(scores.dtype).min), and set the weights of padding to 0 "
    "afterwards."
)

cross_modal = Exercise(
    id="07.8",
    name="cross_modal",
    title="Asking across the senses",
    difficulty=3,
    minutes=20,
    stub="let each query token look at the valid tokens of the other sense",
    parameters=("query_tokens", "other_tokens", "other_lengths", "w_q", "w_k", "w_v"),
    reference=slips.attend,
    gradient=True,
    variants=("non-contiguous",),
    tolerance=2e-4,
    hints=(
        "Who asks, and who answers? Which of the two has padding, and over which of the two must the weights "
        "add up to 1?",
        "queries = query_tokens @ w_q.T; keys and values come from the other sense. What is the shape of "
        "queries @ keys.mT?",
        "hidden = torch.arange(time) >= other_lengths[:, None], [batch, time]. It needs an axis for the "
        "queries "
        "before it fits the scores [batch, query, time].",
        "scores = queries @ keys.mT / √d; weights = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)"
        ".softmax(−1).masked_fill(hidden, 0); return weights @ values. The last step gives 0 where all is "
        "hidden.",
    ),
    cases=(
        Case("one query, one answer, one padding", _tiny),
        Case("no padding", _case(2, 3, 4, 5, 3, 4, 2, lengths=(4, 4))),
        Case("padding of large numbers", _case(3, 4, 6, 3, 5, 2, 4, padding=50.0)),
        Case("all sizes alike", _case(3, 3, 3, 3, 3, 3, 3, lengths=(1, 2, 3))),
        Case("a batch of one, one query", _case(1, 1, 5, 2, 4, 3, 3)),
        Case("a clip of length 0", _case(3, 2, 4, 3, 3, 4, 2, lengths=(2, 0, 4), padding=9.0)),
        Case("half precision", _half("bfloat16"), gradient=False),
        Case("float16", _half("float16"), gradient=False),
        Case("large scores", _case(2, 3, 5, 4, 4, 4, 3, size=4.0), gradient=False),
    ),
    mistakes=(
        Mistake("unmasked", slips.unmasked, _PADDING),
        Mistake("mask after", slips.mask_after, _BEFORE),
        Mistake("scores of 0", slips.zero_scores, _ZERO),
        Mistake("scores times the mask", slips.scores_of_0, _ZERO),
        Mistake("queries hidden", slips.queries_hidden, _ASKS),
        Mistake("queries hidden, of their scores", slips.scores_of_queries_hidden, _ASKS),
        Mistake("shortest for all", slips.shortest_for_all, _EACH),
        Mistake("first for all", slips.first_for_all, _EACH),
        Mistake("at least 1", slips.at_least_one, _EMPTY + " You let its first step count."),
        Mistake("scaled by out", slips.scaled_by_out, _SCALE + " You took the width of the values."),
        Mistake(
            "transposed whole",
            slips.transposed_whole,
            "keys.T turns all three axes; the batch stays: keys.mT, or keys.transpose(1, 2).",
        ),
        Mistake(
            "mask without an axis",
            slips.mask_without_axis,
            "The mask is [batch, time] and the scores [batch, query, time]: hidden[:, None] fits.",
        ),
        Mistake("tokens of 0", slips.zeroed_tokens, _ZERO),
        Mistake("unscaled", slips.unscaled, _SCALE + " You do not divide at all."),
        Mistake("scaled by the input", slips.scaled_by_input, _SCALE),
        Mistake("scaled by d", slips.scaled_by_d, "You divide by d, without the root: √d."),
        Mistake("scaled up", slips.scaled_up, "You multiply by √d: divide."),
        Mistake("scaled by time", slips.scaled_by_length, _SCALE + " You took the number of tokens."),
        Mistake("scaled at the end", slips.scaled_at_the_end, "√d divides the scores, before the softmax."),
        Mistake("over queries", slips.over_queries, _KEYS + " Yours goes over the queries."),
        Mistake("over the batch", slips.over_batch, _KEYS + " Yours goes over the batch."),
        Mistake(
            "no values",
            slips.no_values,
            "The values are the other tokens through w_v, not the tokens themselves.",
        ),
        Mistake("keys for values", slips.keys_for_values, "You weigh keys: values come through w_v."),
        Mistake("−1e9", slips.large_number, _HALF),
        Mistake("−∞ alone", slips.infinity, _EMPTY),
        Mistake(
            "turned",
            slips.turned,
            "The picture's tokens ask (w_q), the other sense's answer (w_k, w_v): you exchanged the weights.",
        ),
        Mistake(
            "one too many",
            slips.one_too_many,
            "The step at index `length` is padding already: valid are 0 … length − 1.",
        ),
        Mistake("one too few", slips.one_too_few, "The step at index length − 1 is still valid."),
        Mistake("mask turned", slips.mask_turned, "You hide what is there and keep the padding."),
        Mistake(
            "no softmax", slips.no_softmax, "The scores are no weights yet: softmax over the other tokens."
        ),
        Mistake(
            "mean",
            slips.mean,
            "Every query gets the same mean: the weights must come from queries @ keys.mT.",
        ),
        Mistake(
            "residual",
            slips.residual,
            "What the query was is not added here: return the weighted values alone.",
        ),
    ),
    noticing="Nothing here says where in the clip an answer stood: without positions (lesson 5) it looks "
    "at a bag of steps.",
)
