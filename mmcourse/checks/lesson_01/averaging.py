"""Average over time and leave the padding out."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _is_padding(x, lengths, extra=0):
    time = torch.arange(x.shape[1], device=x.device)
    return (time >= lengths[:, None] + extra)[..., None]


def _sum(x, lengths, extra=0):
    return x.masked_fill(_is_padding(x, lengths, extra), 0).sum(dim=1)


def _masked_mean(x, lengths):
    return _sum(x, lengths) / lengths[:, None]


def _times_mask(x, lengths):
    return (x * ~_is_padding(x, lengths)).sum(dim=1) / lengths[:, None]


def _too_many(x, lengths):
    longer = (lengths + 1).clamp(max=x.shape[1])
    return _masked_mean(x, longer)


def _mean_of_all_frames(x, lengths):
    return _sum(x, lengths).sum(dim=0) / lengths.sum()


def _padding_kept(x, lengths):
    return x.masked_fill(~_is_padding(x, lengths), 0).sum(dim=1) / lengths[:, None]


def _over_time_and_features(x, lengths):
    return _masked_mean(x, lengths).mean(dim=1)


def _too_few(x, lengths):
    return _masked_mean(x, (lengths - 1).clamp(min=1))


def _last_frame(x, lengths):
    return x[torch.arange(len(x), device=x.device), lengths - 1]


def _over_features(x, lengths):
    return x.masked_fill(_is_padding(x, lengths), 0).mean(dim=2)[:, : int(lengths.max())]


def _features_of_each(x, lengths):
    """Means over the last axis, which are as many as each clip has frames and cannot be stacked."""
    return torch.stack([x[i, :n].mean(dim=-1) for i, n in enumerate(lengths)])


def _first_written(x, lengths):
    rows = torch.zeros(len(x), x.shape[2], dtype=x.dtype, device=x.device)
    return torch.cat([x[:1, : lengths[0]].mean(dim=1), rows[1:]])


def _one_for_all(x, lengths):
    return (_sum(x, lengths).sum(dim=0) / lengths.sum()).expand(len(x), -1)


def _changes_input(x, lengths):
    x.data.masked_fill_(_is_padding(x, lengths), 0)
    return x.sum(dim=1) / lengths[:, None]


def _frames(generator, batch, time, feature, lengths):
    return torch.randn(batch, time, feature, generator=generator), torch.tensor(lengths)


def _broken_padding(generator):
    x, lengths = _frames(generator, 2, 4, 3, [2, 3])
    return x.masked_fill(_is_padding(x, lengths), float("nan")), lengths


_FEATURES = (
    "You averaged over the feature axis; average over time, [batch, time, feature] → [batch, feature]."
)
_RETURN = "Only the first clip is there: is `return` inside your loop?"
_BATCH = "You averaged over the whole batch; each clip has a mean of its own."
_PADDED = "You divided by the padded length: how many of these frames are speech?"

masked_mean = Exercise(
    id="01.8",
    name="masked_mean",
    title="Average over time without the padding",
    difficulty=2,
    minutes=15,
    stub="return the mean of each clip over its own valid frames",
    parameters=("x", "lengths"),
    reference=_masked_mean,
    hints=(
        "Row 0 has 2 valid frames of 4. By how much do you divide its sum, and what must not be in that sum?",
        "`torch.arange(time) < lengths[:, None]` is True where? Which shape does it have, and which has x?",
        "x.masked_fill(padding[..., None], 0).sum(dim=1) / lengths[:, None]. (x * mask would keep a NaN.)",
    ),
    cases=(
        Case(
            "two clips of 2 and 3 frames",
            lambda g: (
                torch.tensor([[[1.0], [3.0], [9.0], [9.0]], [[2.0], [4.0], [6.0], [7.0]]]),
                torch.tensor([2, 3]),
            ),
        ),
        Case("random frames", lambda g: _frames(g, 4, 7, 3, [7, 1, 4, 6])),
        Case("a batch of one", lambda g: _frames(g, 1, 5, 2, [3])),
        Case("one frame, one feature", lambda g: _frames(g, 3, 1, 1, [1, 1, 1])),
        Case("NaN in the padding", _broken_padding),
    ),
    mistakes=(
        Mistake("mean over padding", lambda x, lengths: x.mean(dim=1), _PADDED),
        Mistake("zeroed, mean over all", lambda x, lengths: _sum(x, lengths) / x.shape[1], _PADDED),
        Mistake(
            "padding in the sum",
            lambda x, lengths: x.sum(dim=1) / lengths[:, None],
            "The padding is still in your sum: set it to 0 before you add.",
        ),
        Mistake(
            "times the mask",
            _times_mask,
            "NaN · 0 is NaN: what stands in the padding must not matter. Use masked_fill or torch.where.",
        ),
        Mistake("sum", _sum, "This is the sum of the frames: divide by their number."),
        Mistake(
            "too many",
            _too_many,
            "You count one frame too many: n frames have the indices 0 to n − 1, so padding starts at n.",
        ),
        Mistake(
            "too many in the sum",
            lambda x, lengths: _sum(x, lengths, 1) / lengths[:, None],
            "Your mask lets one frame too many through: padding starts at index n, so `>=` and not `>`.",
        ),
        Mistake(
            "padding kept",
            _padding_kept,
            "Your mask is the other way round: you kept the padding and set the speech to 0.",
        ),
        Mistake(
            "lengths in a row",
            lambda x, lengths: _sum(x, lengths) / lengths,
            "You divide column j by lengths[j]; each row has its own length: lengths[:, None].",
        ),
        Mistake("too few", _too_few, "You leave out the last valid frame: [:n] already ends before index n."),
        Mistake(
            "longest",
            lambda x, lengths: x[:, : int(lengths.max())].mean(dim=1),
            "You cut every clip at the longest length of the batch; each has its own length.",
        ),
        Mistake(
            "over features",
            _over_features,
            _FEATURES,
        ),
        Mistake(
            "axes swapped",
            lambda x, lengths: torch.stack([x[:n, i].mean(dim=0) for i, n in enumerate(lengths)]),
            "You index [time, batch]; the first axis of x is the batch: x[i, :n].",
        ),
        Mistake("features of each clip", _features_of_each, _FEATURES),
        Mistake(
            "first length for all",
            lambda x, lengths: x[:, : lengths[0]].mean(dim=1),
            "You took the length of the first clip for all of them: lengths[i] for clip i.",
        ),
        Mistake("first clip only", lambda x, lengths: x[0, : lengths[0]].mean(dim=0), _RETURN),
        Mistake("first clip, in a batch", lambda x, lengths: x[:1, : lengths[0]].mean(dim=1), _RETURN),
        Mistake("first clip, rest empty", _first_written, _RETURN),
        Mistake("one for all", _one_for_all, _BATCH),
        Mistake("mean of all frames", _mean_of_all_frames, _BATCH),
        Mistake(
            "over time and features",
            _over_time_and_features,
            "You averaged over the features too; keep them: mean over time alone (dim=0 of one clip).",
        ),
        Mistake(
            "squeezed",
            lambda x, lengths: _masked_mean(x, lengths).squeeze(),
            "squeeze() drops every axis of size 1, and so the batch axis of a batch of one.",
        ),
        Mistake(
            "last frame", _last_frame, "This is the last frame of each clip, not the mean of its frames."
        ),
        Mistake(
            "changes its input",
            _changes_input,
            "You changed x: whoever calls this still needs its frames. masked_fill without the underscore "
            "makes a new tensor.",
        ),
        Mistake(
            "keepdim",
            lambda x, lengths: _masked_mean(x, lengths)[:, None],
            "The time axis is still there with size 1: leave keepdim out.",
        ),
        Mistake(
            "detached",
            lambda x, lengths: _masked_mean(x.detach(), lengths),
            "No gradient flows back to x: stay with tensor operations, without .item(), .tolist() or .data.",
        ),
    ),
    noticing="Now padding can be 0, a million or NaN and nothing changes. Try that with every model you "
    "build: it is the test that finds forgotten masks.",
    gradient=True,
)
