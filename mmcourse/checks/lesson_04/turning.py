"""Turn padded clips round in time, each within its own length."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import broken_padding, clips, is_padding

torch = lazy("torch")


def _taken(x, source):
    """Frame source[i, t] of clip i at place t."""
    return x.gather(1, source[..., None].expand(-1, -1, x.shape[2]))


def _source(x, lengths, off=1):
    """Where each frame of the turned clips comes from; padding from where it is."""
    t = torch.arange(x.shape[1], device=x.device)
    return torch.where(t < lengths[:, None], lengths[:, None] - off - t, t).clamp(0, x.shape[1] - 1)


def _turned(x, lengths):
    return _taken(x, _source(x, lengths))


def _padding_zero(x, lengths):
    return _turned(x, lengths).masked_fill(is_padding(x, lengths), 0)


def _rolled(x, lengths):
    """Each clip cut and rolled: what x.roll does with its own length."""
    return torch.stack([clip.roll(int(n), 0) for clip, n in zip(x, lengths, strict=True)])


def _with_padding_turned(x, lengths):
    flipped = x.flip(1)
    return torch.stack([row.roll(int(n), 0) for row, n in zip(flipped, lengths, strict=True)])


def _numbers_of_a_frame(x, lengths):
    return torch.where(is_padding(x, lengths), x, x.flip(2))


def _both_axes(x, lengths):
    return torch.where(is_padding(x, lengths), x, _turned(x, lengths).flip(2))


def _one_short(x, lengths):
    return _turned(x, (lengths - 1).clamp(min=1))


def _in_place(x, lengths):
    x.data.copy_(_turned(x, lengths))
    return x


def _half(x, lengths):
    """Frames exchanged in a loop that reads what it has already written."""
    y = x.clone()
    for i, n in enumerate(lengths.tolist()):
        for t in range(n):
            y[i, t] = y[i, n - 1 - t]
    return y


def _cut_at_the_longest(x, lengths):
    return _turned(x, lengths)[:, : int(lengths.max())]


def _padded_again(x, lengths):
    rows = [clip[:n].flip(0) for clip, n in zip(x, lengths, strict=True)]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def _padding_first(x, lengths):
    return torch.stack([torch.cat([row[n:], row[:n].flip(0)]) for row, n in zip(x, lengths, strict=True)])


def _below_zero(x, lengths):
    """n − 1 − t for the padding too, where t is n or more."""
    return lengths[:, None] - 1 - torch.arange(x.shape[1], device=x.device)


def _nan_to_zero(x, lengths):
    return (_turned(x, lengths) * ~is_padding(x, lengths)).nan_to_num(0)


_ONE_LENGTH = "You turned all clips with one length; each has its own, lengths[i]."
_INDEX = "Behind the clip, at t ≥ n, your index n − 1 − t lies below 0: there padding stays, index t."
_ZEROED = "The padding is set to something else; it stays as it was, at the end."

reverse_padded = Exercise(
    id="04.7",
    name="reverse_padded",
    title="Turn padded clips round in time",
    difficulty=2,
    minutes=15,
    stub="return each clip turned round within its own length, padding left in place",
    parameters=("x", "lengths"),
    reference=_turned,
    hints=(
        "x.flip(1) turns the padding round with the clip. Where does the padding of a short clip end up?",
        "A clip of n frames: which old frame stands at place 0 afterwards, which at place t < n, and which "
        "at place t ≥ n?",
        "For one clip: torch.cat([x[i, :n].flip(0), x[i, n:]]); then torch.stack the clips. Or make the "
        "index n − 1 − t with torch.where and use gather.",
    ),
    cases=(
        Case(
            "two clips of 2 and 3 frames",
            lambda g: (
                torch.tensor([[[1.0], [2.0], [0.0], [0.0]], [[3.0], [4.0], [5.0], [9.0]]]),
                torch.tensor([2, 3]),
            ),
        ),
        Case("random frames", lambda g: clips(g, 4, 7, 3, [7, 1, 4, 6])),
        Case("as many clips as frames", lambda g: clips(g, 4, 4, 4, [2, 4, 1, 3])),
        Case("a batch of one", lambda g: clips(g, 1, 5, 2, [3])),
        Case("all of one length", lambda g: clips(g, 2, 4, 3, [3, 3])),
        Case("NaN in the padding", broken_padding),
    ),
    mistakes=(
        Mistake(
            "all flipped",
            lambda x, lengths: x.flip(1),
            "x.flip(1) turns the padding round too, so that a short clip begins with padding: turn only its "
            "first lengths[i] frames.",
        ),
        Mistake("padding zero", _padding_zero, _ZEROED),
        Mistake("padding NaN to zero", _nan_to_zero, _ZEROED),
        Mistake(
            "padding turned too",
            _with_padding_turned,
            "The padding is turned round within itself; it stays as it was.",
        ),
        Mistake(
            "padding first",
            _padding_first,
            "You put the padding in front of the turned clip; it stays at the end.",
        ),
        Mistake("index below 0", lambda x, lengths: _taken(x, _below_zero(x, lengths)), _INDEX),
        Mistake(
            "index stuck at 0", lambda x, lengths: _taken(x, _below_zero(x, lengths).clamp(min=0)), _INDEX
        ),
        Mistake(
            "negative step",
            lambda x, lengths: x[::-1],
            "torch takes no negative steps: .flip(0) turns a tensor round along axis 0.",
        ),
        Mistake(
            "first clip only",
            lambda x, lengths: torch.cat([_turned(x, lengths)[:1], x[1:]]),
            "Only the first clip is turned: is `return` inside your loop?",
        ),
        Mistake(
            "rolled",
            _rolled,
            "roll moves the frames on in a circle, and their order stays the same; the last frame should "
            "come first, flip.",
        ),
        Mistake(
            "one place off",
            lambda x, lengths: _taken(x, _source(x, lengths, off=0)),
            "Your index is n − t: at t = 0 that is the first frame of padding. The last valid one is "
            "n − 1 − t.",
        ),
        Mistake(
            "last frame left",
            _one_short,
            "The last valid frame stays where it was: [:n] already ends before index n.",
        ),
        Mistake(
            "longest",
            lambda x, lengths: _turned(x, lengths.max().expand(len(x))),
            _ONE_LENGTH,
        ),
        Mistake("first length", lambda x, lengths: _turned(x, lengths[:1].expand(len(x))), _ONE_LENGTH),
        Mistake(
            "clips exchanged",
            lambda x, lengths: x.flip(0),
            "You turned the batch round, so clips changed places with each other: time is axis 1.",
        ),
        Mistake(
            "features",
            lambda x, lengths: x.flip(2),
            "You turned the features of each frame round: time is axis 1.",
        ),
        Mistake(
            "features, padding left",
            _numbers_of_a_frame,
            "You turned the features of each frame round: of one clip, [time, feature], time is axis 0.",
        ),
        Mistake(
            "time and features",
            _both_axes,
            "You turned the features round together with time: flip(0) of one clip, not flip() of both axes.",
        ),
        Mistake(
            "unchanged",
            lambda x, lengths: x.clone(),
            "Your frames are still in their old order: flip makes a new tensor, it does not turn the old "
            "one.",
        ),
        Mistake(
            "overwritten while read",
            _half,
            "You read frames that you have already overwritten, so the second half repeats the first: read "
            "from x, write into a copy.",
        ),
        Mistake(
            "cut at the longest",
            _cut_at_the_longest,
            "You cut the batch at its longest clip: the result has as many frames as x.",
        ),
        Mistake(
            "padded again",
            _padded_again,
            "You padded the turned clips anew, with zeros up to the longest: the result has as many frames "
            "as x, and the padding that x has.",
        ),
        Mistake(
            "stacked without padding",
            lambda x, lengths: torch.stack([clip[:n].flip(0) for clip, n in zip(x, lengths, strict=True)]),
            "The lengths differ, so the turned clips cannot be stacked: join each with its own padding "
            "first, torch.cat([turned, x[i, n:]]).",
        ),
        Mistake(
            "squeezed",
            lambda x, lengths: _turned(x, lengths).squeeze(),
            "squeeze() drops every axis of size 1, and so the batch axis of a batch of one.",
        ),
        Mistake(
            "in place",
            _in_place,
            "You changed x: whoever calls this still needs its frames, so write into x.clone().",
        ),
        Mistake(
            "detached",
            lambda x, lengths: _turned(x.detach(), lengths),
            "No gradient flows back to x: stay with tensor operations, without .tolist() of x or .data.",
        ),
    ),
    noticing="Turning round twice gives x again. With it, one function that reads forwards reads backwards "
    "too, and never meets padding before speech.",
    gradient=True,
)
