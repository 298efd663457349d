"""A running softmax as people get it wrong: what the check of 05.12 compares an answer with."""

from mmcourse.checks import lazy

torch = lazy("torch")


def running(query, key, value, chunk, *, largest="row", start=None, fade=("total", "found"), fade_sign=1,
            first_kept=False,
            shift=True, scale=None, divide="at the end", rest=True):  # fmt: skip
    """Attention over chunks of keys, with a switch for each slip."""
    scale = query.shape[-1] ** -0.5 if scale is None else scale(query.shape[-1])
    peak = query.new_full((len(query), 1), float("-inf") if start is None else start)
    total, found = torch.zeros_like(peak), query.new_zeros(len(query), value.shape[-1])
    for first in range(0, len(key) if rest else len(key) // chunk * chunk, chunk):
        scores = query @ key[first : first + chunk].T * scale
        new = _largest(scores, peak, largest)
        powers = (scores - new if shift else scores).exp()
        old = _fade(peak, new, fade_sign, first_kept) if shift else torch.ones_like(peak)
        total = total * (old if "total" in fade else 1) + powers.sum(-1, keepdim=True)
        found = found * (old if "found" in fade else 1) + powers @ value[first : first + chunk]
        if divide == "each time":
            found = found / total
        peak = new
    return found / total if divide == "at the end" else found


def _fade(peak, new, sign, first_kept):
    fade = (sign * (peak - new)).exp()
    return fade if first_kept or sign == 1 else fade.masked_fill(peak == float("-inf"), 0)


def _largest(scores, peak, kind):
    if kind == "chunk":
        return scores.amax(-1, keepdim=True)
    if kind == "first chunk":
        return torch.where(peak == float("-inf"), scores.amax(-1, keepdim=True), peak)
    if kind == "all rows":
        return torch.maximum(peak, scores.amax())
    return torch.maximum(peak, scores.amax(-1, keepdim=True))


def each_chunk(join):
    """A softmax in every chunk by itself, and join of a list of what they give."""

    def wrong(query, key, value, chunk):
        return join([_attend(query, k, v) for k, v in zip(key.split(chunk), value.split(chunk), strict=True)])

    return wrong


def _attend(query, key, value):
    return (query @ key.T / query.shape[-1] ** 0.5).softmax(-1) @ value


def all_at_once(query, key, value, chunk):
    return _attend(query, key, value)


def chunks_of_queries(query, key, value, chunk):
    return torch.cat([_attend(part, key, value) for part in query.split(chunk)])


def scores_kept(query, key, value, chunk):
    """The scores made in chunks, but all of them kept."""
    scores = torch.cat([query @ part.T for part in key.split(chunk)], dim=-1)
    return (scores / query.shape[-1] ** 0.5).softmax(-1) @ value


def number_of_chunks(query, key, value, chunk):
    """As many chunks as should have been keys in each."""
    return running(query, key, value, -(-len(key) // chunk))


def overlapping(query, key, value, chunk):
    """A chunk that begins at every key."""
    starts = range(len(key) - chunk + 1)
    keys = torch.cat([key[n : n + chunk] for n in starts] or [key[:0]])
    values = torch.cat([value[n : n + chunk] for n in starts] or [value[:0]])
    return running(query, keys, values, chunk)


def new_fades_too(query, key, value, chunk):
    peak = query.new_full((len(query), 1), float("-inf"))
    total, found = torch.zeros_like(peak), query.new_zeros(len(query), value.shape[-1])
    for k, v in zip(key.split(chunk), value.split(chunk), strict=True):
        scores = query @ k.T / query.shape[-1] ** 0.5
        new = torch.maximum(peak, scores.amax(-1, keepdim=True))
        powers, fade = (scores - new).exp(), (peak - new).exp()
        total, found, peak = (total + powers.sum(-1, keepdim=True)) * fade, (found + powers @ v) * fade, new
    return found / total


def halves(found):
    """The mean of what was found so far and of what the next chunk gives."""
    mean = found[0]
    for more in found[1:]:
        mean = (mean + more) / 2
    return mean


def axes_lost(query, key, value, chunk):
    """Maximum and sum of a query as [query], without an axis of size 1 for the keys."""
    peak, total = query.new_full((len(query),), float("-inf")), query.new_zeros(len(query))
    found = query.new_zeros(len(query), value.shape[-1])
    for k, v in zip(key.split(chunk), value.split(chunk), strict=True):
        scores = query @ k.T / query.shape[-1] ** 0.5
        new = torch.maximum(peak, scores.amax(-1))
        powers, fade = (scores - new).exp(), (peak - new).exp()
        total, found, peak = total * fade + powers.sum(-1), found * fade + powers @ v, new
    return found / total
