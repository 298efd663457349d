"""Attention that sees its keys a chunk at a time and keeps no more scores than that."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05 import running_slips as slips
from mmcourse.checks.lesson_05._sizes import at_most

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _use(answer, query, key, value, chunk):
    """Call an answer, which may hold a few times query × chunk scores, or as much as it was given."""
    given = max(x.numel() for x in (query, key, value))
    with at_most(3 * max(len(query) * chunk, given)):
        return answer(query, key, value, chunk)


def _running_attention(query, key, value, chunk):
    return F.scaled_dot_product_attention(query, key, value)


def _inputs(generator, query, key, feature, out, chunk, scale=1.0):
    return (
        torch.randn(query, feature, generator=generator) * scale,
        torch.randn(key, feature, generator=generator),
        torch.randn(key, out, generator=generator),
        chunk,
    )


def _tiny(generator):
    """One query, scores 1, 2, 3, 0 and values that tell which they are."""
    key = torch.tensor([[1.0], [2.0], [3.0], [0.0]])
    return torch.tensor([[1.0]]), key, torch.tensor([[1.0], [10.0], [100.0], [1000.0]]), 2


def _far(generator, level):
    """Scores around level, each with a difference to the others that a softmax feels."""
    query, key, value, chunk = _inputs(generator, 3, 7, 4, 2, 3)
    query[:, 0], key[:, 0] = 1.0, 2.0 * level
    return query, key, value, chunk


def _rows_far_apart(generator):
    """One query of scores near 200, one near -200: no number serves as the largest of both."""
    query, key, value, chunk = _far(generator, 200.0)
    query[1] *= -1
    return query, key, value, chunk


_FADE = (
    "When a chunk brings a larger maximum, what was added up before must be made smaller by exp(old − new), "
    "the sum of powers and the sum of values alike."
)
_UPSIDE = (
    "Your factor is upside down: exp(old maximum − new maximum) is at most 1, since the new one is the "
    "larger."
)
_PEAK = (
    "The maximum that you subtract must be the largest score that each query has met so far: its own row, "
    "all chunks up to this one, and −∞ at the beginning."
)
_WHOLE = (
    "Here stand the scores of all keys at once; only those of one chunk may stand in memory, and what is "
    "kept of it is a maximum, a sum of powers and a sum of values for each query."
)


def _slip(name, sentence, **switches):
    return Mistake(name, partial(slips.running, **switches), sentence)


running_attention = Exercise(
    id="05.12",
    name="running_attention",
    title="Attention without the whole matrix",
    difficulty=3,
    minutes=25,
    stub="go through the keys in chunks and keep a maximum, a sum of powers and a sum of values",
    parameters=("query", "key", "value", "chunk"),
    reference=_running_attention,
    call=_use,
    hints=(
        "A softmax divides powers by their sum. Which two sums can you keep up to date while chunks of keys "
        "arrive?",
        "Subtract the largest score that a query has met so far. If the next chunk brings a larger one, by "
        "which factor are the sums made so far too large?",
        "For each chunk: scores = query @ key[i:i+chunk].T / √d; new = maximum(largest, row's largest); "
        "fade = exp(largest − new); powers = exp(scores − new); total = total · fade + powers' sum; found = "
        "found · fade + powers @ value[i:i+chunk]; largest = new. At the end found / total.",
    ),
    cases=(
        Case("one query, two chunks of two keys", _tiny),
        Case("random numbers", lambda g: _inputs(g, 4, 6, 3, 2, 2)),
        Case("keys that do not fill the last chunk", lambda g: _inputs(g, 3, 7, 4, 4, 3)),
        Case("a chunk for each key", lambda g: _inputs(g, 2, 5, 3, 3, 1)),
        Case("one chunk for all", lambda g: _inputs(g, 2, 3, 4, 2, 8)),
        Case("scores of some hundreds", lambda g: _far(g, 200.0), gradient=False),
        Case("scores of minus some hundreds", lambda g: _far(g, -200.0), gradient=False),
        Case("queries that are far apart", _rows_far_apart, gradient=False),
        Case("scores that differ much", lambda g: _inputs(g, 5, 9, 4, 2, 2, scale=60.0), gradient=False),
        Case("thousands of keys", lambda g: _inputs(g, 256, 4096, 2, 2, 16), gradient=False),
    ),
    mistakes=(
        _slip("nothing fades", _FADE, fade=()),
        _slip(
            "values do not fade",
            "The sum of values has to be made smaller too when a larger maximum turns up, by the same "
            "factor as the sum of powers.",
            fade=("total",),
        ),
        _slip(
            "total does not fade",
            "The sum of powers has to be made smaller too when a larger maximum turns up, by the same "
            "factor as the sum of values.",
            fade=("found",),
        ),
        _slip("fade upside down", _UPSIDE, fade_sign=-1, first_kept=True),
        _slip("fade upside down from the second chunk on", _UPSIDE, fade_sign=-1),
        Mistake(
            "mean of chunks",
            slips.each_chunk(lambda found: sum(found) / len(found)),
            "You took a softmax in each chunk and the mean of what they give; a chunk with larger scores "
            "must count more: keep the powers' sum, and divide once, at the end.",
        ),
        Mistake(
            "sum of chunks",
            slips.each_chunk(sum),
            "You took a softmax in each chunk and added up, so that the weights sum to the number of chunks: "
            "keep the powers' sum, and divide once, at the end.",
        ),
        Mistake(
            "last chunk",
            slips.each_chunk(lambda found: found[-1]),
            "Only the last chunk counts; what came from the ones before is lost. Is the larger maximum kept "
            "for the next chunk, so that what was summed up fades by exp(old − new)?",
        ),
        Mistake(
            "first chunk",
            slips.each_chunk(lambda found: found[0]),
            "Only the first chunk counts: does `return` stand inside the loop?",
        ),
        _slip(
            "no shift",
            "The power of a score of some hundreds is too large for a float: subtract the largest score so "
            "far before exp.",
            shift=False,
        ),
        _slip("one maximum for all queries", _PEAK, largest="all rows"),
        _slip("maximum of the first chunk", _PEAK, largest="first chunk"),
        Mistake(
            "new powers fade too",
            slips.new_fades_too,
            "The chunk's own powers fade too; they belong to the new maximum already: multiply the old sums "
            "by exp(old − new) first, then add.",
        ),
        Mistake(
            "means of two",
            slips.each_chunk(slips.halves),
            "You took a softmax in each chunk and the mean with what came before; a chunk with larger scores "
            "must count more: keep the powers' sum, and divide once, at the end.",
        ),
        Mistake(
            "number of chunks",
            slips.number_of_chunks,
            "chunk says how many keys a chunk has, key.split(chunk); key.chunk(chunk) makes that many "
            "chunks.",
        ),
        Mistake(
            "overlapping",
            slips.overlapping,
            "Your chunks overlap, so that keys count more than once: each begins where the last one ended, "
            "range(0, keys, chunk).",
        ),
        _slip("maximum of the chunk", _PEAK, largest="chunk"),
        _slip("maximum begins at 0", _PEAK, start=0.0),
        _slip(
            "not divided",
            "The sum of values has yet to be divided by the sum of powers, so that the weights add up to 1.",
            divide="never",
        ),
        _slip(
            "divided each time",
            "You divide in every step, so that old sums are divided again and again: divide once, at the "
            "end.",
            divide="each time",
        ),
        _slip(
            "rest left out",
            "The last chunk may be shorter, and you left it out: range(0, keys, chunk) begins it too.",
            rest=False,
        ),
        _slip(
            "not scaled",
            "The scores are not scaled: divide by √d, d the width of a query.",
            scale=lambda d: 1.0,
        ),
        _slip("divided by d", "You divided the scores by d; divide by its root.", scale=lambda d: 1 / d),
        _slip("multiplied by √d", "You multiplied the scores by √d; divide.", scale=lambda d: d**0.5),
        Mistake("all at once", slips.all_at_once, _WHOLE),
        Mistake("scores kept", slips.scores_kept, _WHOLE),
        Mistake(
            "chunks of queries",
            slips.chunks_of_queries,
            "You cut the queries into chunks, so that each still meets all keys at once: cut key and value.",
        ),
        Mistake(
            "axes lost",
            slips.axes_lost,
            "The maximum lost its axis: [query] does not fit [query, chunk], [query, 1] does; keepdim=True "
            "keeps it.",
        ),
    ),
    noticing="This is how FlashAttention works: n keys need n · chunk scores at a time, not n². Maximum, sum "
    "and weighted sum are all that one chunk has to tell the next.",
    gradient=True,
    tolerance=1e-4,  # scores of 200 are rounded to 1e-5, and so are their powers
    scaled=True,
)
