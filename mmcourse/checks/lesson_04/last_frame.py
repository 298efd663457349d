"""The state at each clip's own end."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import broken_padding, clips, is_padding

torch = lazy("torch")


def _rows(x):
    return torch.arange(len(x), device=x.device)


def _last(x, lengths, off=1):
    return x[_rows(x), lengths - off]


def _gathered_one_feature(x, lengths):
    return x.gather(1, (lengths - 1)[:, None, None]).squeeze(1)


def _too_early(x, lengths):
    return x[_rows(x), (lengths - 2).clamp(min=0)]


def _zeros_are_padding(x, lengths):
    time = torch.arange(x.shape[1], device=x.device)
    return x[_rows(x), ((x != 0).any(dim=-1) * time).amax(dim=1)]


def _mean(x, lengths):
    return x.masked_fill(is_padding(x, lengths), 0).sum(dim=1) / lengths[:, None]


def _largest(x, lengths):
    return x.masked_fill(is_padding(x, lengths), -torch.inf).amax(dim=1)


def _first_written(x, lengths):
    return torch.cat([x[:1, lengths[0] - 1], torch.zeros_like(x[1:, 0])])


_INDEX = (
    "n frames have the indices 0 to n − 1: index n is the first frame of padding, or beyond the tensor. The "
    "last valid one is lengths − 1."
)
_ALL_PAIRS = (
    "x[:, lengths - 1] picks every length from every clip: [batch, batch, feature]. Pair each clip with its "
    "own: x[torch.arange(batch), lengths - 1]."
)
_RETURN = "Only the first clip is there: is `return` inside your loop?"
_KEEP = "The time axis is still there with size 1: index with n − 1, not with a slice."

last_valid = Exercise(
    id="04.3",
    name="last_valid",
    title="The last frame that counts",
    difficulty=1,
    minutes=10,
    stub="return each clip's own last valid frame",
    parameters=("x", "lengths"),
    reference=_last,
    hints=(
        "Clip 0 has 2 valid frames of 4. At which index does the second one stand?",
        "You want x[0, a], x[1, b], …: one index along the batch and one along time. What does torch do with "
        "two index tensors of the same length?",
        "x[torch.arange(len(x)), lengths - 1] takes them pair by pair; a loop with torch.stack does it too.",
    ),
    cases=(
        Case(
            "two clips of 2 and 3 frames",
            lambda g: (
                torch.tensor(
                    [
                        [[1.0, 10.0], [2.0, 20.0], [0.0, 0.0], [0.0, 0.0]],
                        [[3.0, 30.0], [4.0, 40.0], [5.0, 50.0], [0.0, 0.0]],
                    ]
                ),
                torch.tensor([2, 3]),
            ),
        ),
        Case("random frames", lambda g: clips(g, 4, 7, 3, [7, 1, 4, 6])),
        Case("as many clips as frames", lambda g: clips(g, 4, 4, 4, [2, 4, 1, 3])),
        Case("a batch of one", lambda g: clips(g, 1, 5, 2, [3])),
        Case("one frame, one feature", lambda g: clips(g, 3, 1, 1, [1, 1, 1])),
        Case("NaN in the padding", broken_padding),
    ),
    mistakes=(
        Mistake(
            "last of all",
            lambda x, lengths: x[:, -1],
            "x[:, -1] is the end of the longest clip, and padding of the others: each ends at its own "
            "length.",
        ),
        Mistake("one too late", lambda x, lengths: _last(x, lengths, 0), _INDEX),
        Mistake(
            "one too late, but inside",
            lambda x, lengths: _last(x, lengths.clamp(max=x.shape[1] - 1), 0),
            _INDEX,
        ),
        Mistake(
            "one too late, clip by clip",
            lambda x, lengths: torch.stack([x[i, n] for i, n in enumerate(lengths.tolist())]),
            _INDEX,
        ),
        Mistake(
            "one too early",
            _too_early,
            "Yours is the frame before the last valid one: index lengths − 1, and not − 2.",
        ),
        Mistake(
            "zeros are padding",
            _zeros_are_padding,
            "You look for the padding by its zeros; it may hold anything. lengths says where a clip ends.",
        ),
        Mistake(
            "all frames",
            lambda x, lengths: torch.stack([x[i, :n] for i, n in enumerate(lengths)]),
            "x[i, :n] holds all n frames of clip i; one frame of it is wanted, its last.",
        ),
        Mistake(
            "sum",
            lambda x, lengths: _mean(x, lengths) * lengths[:, None],
            "This is the sum over each clip's frames; only its last valid frame is wanted.",
        ),
        Mistake("all pairs", lambda x, lengths: x[:, lengths - 1], _ALL_PAIRS),
        Mistake(
            "axes exchanged",
            lambda x, lengths: x[lengths - 1, _rows(x)],
            "You index [time, batch]; the first axis of x is the batch.",
        ),
        Mistake(
            "first frame",
            lambda x, lengths: x[:, 0],
            "This is the first frame of each clip, not the last valid one.",
        ),
        Mistake(
            "longest",
            lambda x, lengths: x[:, lengths.max() - 1],
            "You took the end of the longest clip for all of them; each has its own length.",
        ),
        Mistake(
            "first length",
            lambda x, lengths: x[:, lengths[0] - 1],
            "You took the length of the first clip for all of them: lengths[i] for clip i.",
        ),
        Mistake(
            "shortest length",
            lambda x, lengths: x[:, lengths.min() - 1],
            "You took the shortest length for all clips: lengths[i] for clip i.",
        ),
        Mistake(
            "gathered, one feature",
            _gathered_one_feature,
            "gather gives as many features as its index has: expand the index along the features first.",
        ),
        Mistake(
            "last feature",
            lambda x, lengths: x[..., -1],
            "You took the last feature of every frame; the last axis is features, the second is time.",
        ),
        Mistake("sliced", lambda x, lengths: _last(x, lengths)[:, None], _KEEP),
        Mistake(
            "sliced, then joined",
            lambda x, lengths: torch.cat([x[i : i + 1, n - 1 : n] for i, n in enumerate(lengths.tolist())]),
            _KEEP,
        ),
        Mistake(
            "squeezed",
            lambda x, lengths: _last(x, lengths).squeeze(),
            "squeeze() drops every axis of size 1, and so the batch axis of a batch of one.",
        ),
        Mistake(
            "joined",
            lambda x, lengths: torch.cat([x[i, n - 1] for i, n in enumerate(lengths.tolist())]),
            "torch.cat lays the clips' features behind each other; torch.stack makes a row of each clip.",
        ),
        Mistake(
            "times a mask",
            lambda x, lengths: (x * ~(is_padding(x, lengths) | ~is_padding(x, lengths - 1))).sum(dim=1),
            "NaN · 0 is NaN: what stands in the padding must not matter. Index the frame instead of "
            "multiplying the others by 0.",
        ),
        Mistake(
            "mean", _mean, "This is the mean over each clip's frames; only its last valid frame is wanted."
        ),
        Mistake(
            "largest",
            _largest,
            "This is the largest value over each clip's frames; only its last valid frame is wanted.",
        ),
        Mistake("first clip only", lambda x, lengths: x[0, lengths[0] - 1], _RETURN),
        Mistake("first clip, in a batch", lambda x, lengths: x[:1, lengths[0] - 1], _RETURN),
        Mistake("first clip, rest empty", _first_written, _RETURN),
        Mistake(
            "detached",
            lambda x, lengths: _last(x.detach(), lengths),
            "No gradient flows back to x: stay with tensor operations, without .item() on values of x, "
            ".tolist() of x or .data.",
        ),
    ),
    noticing="With x[:, -1] the same word gets another summary in every batch that it is padded in.",
    gradient=True,
)
