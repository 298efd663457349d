"""Which frames of a padded batch belong to a clip."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _padding_mask(lengths, time):
    return torch.arange(time, device=lengths.device) < lengths[:, None]


def _by_index(lengths, time):
    """True only at the index that is the length."""
    return torch.arange(time, device=lengths.device) == lengths[:, None]


def _longest(lengths, time):
    return _padding_mask(lengths, int(lengths.max()))


def _square(lengths, time):
    """Queries too: [batch, time, time]."""
    valid = _padding_mask(lengths, time)
    return valid[:, :, None] & valid[:, None]


def _from_the_right(lengths, time):
    return _padding_mask(lengths, time).flip(1)


def _first_row(lengths, time):
    return _padding_mask(lengths, time)[0]


def _first_written(lengths, time):
    mask = torch.zeros(len(lengths), time, dtype=torch.bool)
    mask[0, : lengths[0]] = True
    return mask


_TYPE = "These are numbers; a mask is boolean, as a comparison gives it: True for a valid frame."

padding_mask = Exercise(
    id="05.3",
    name="padding_mask",
    title="Which frames belong to a clip?",
    difficulty=1,
    minutes=10,
    stub="return a boolean mask that is True at each clip's own frames",
    parameters=("lengths", "time"),
    reference=_padding_mask,
    hints=(
        "A clip of 3 frames has the frames 0, 1 and 2. Which comparison of a frame's index with 3 says so?",
        "torch.arange(time) is [time], lengths is [batch]. Which axis must lengths get, so that comparing "
        "the two gives [batch, time]?",
        "torch.arange(time, device=lengths.device) < lengths[:, None], a row of frames beside a column of "
        "lengths.",
    ),
    cases=(
        Case("two clips of 3 and 1 frames", lambda g: (torch.tensor([3, 1]), 4)),
        Case("random lengths", lambda g: (torch.randint(1, 8, (5,), generator=g), 8)),
        Case("as many clips as frames", lambda g: (torch.tensor([2, 4, 1, 3]), 4)),
        Case("a clip without frames", lambda g: (torch.tensor([0, 2]), 3)),
        Case("a batch of one", lambda g: (torch.tensor([2]), 5)),
        Case("one frame", lambda g: (torch.tensor([1, 0, 1]), 1)),
    ),
    mistakes=(
        Mistake(
            "padding marked",
            lambda lengths, time: ~_padding_mask(lengths, time),
            "Your mask is the other way round: here True marks the clip's own frames, not its padding.",
        ),
        Mistake(
            "one too many",
            lambda lengths, time: _padding_mask(lengths + 1, time),
            "One frame of padding is marked too: a clip of n frames has the indices 0 to n − 1, so `<` and "
            "not `<=`.",
        ),
        Mistake(
            "one too few",
            lambda lengths, time: _padding_mask(lengths - 1, time),
            "Each clip's last frame is missing: a clip of n frames has the indices 0 to n − 1.",
        ),
        Mistake(
            "first frame left out",
            lambda lengths, time: _padding_mask(lengths + 1, time + 1)[:, 1:] & (torch.arange(time) > 0),
            "Frame 0 is missing: indices begin at 0.",
        ),
        Mistake(
            "compared without an axis",
            lambda lengths, time: torch.arange(time) < lengths,
            "Each frame is compared with one length only: give lengths an axis for time, lengths[:, None].",
        ),
        Mistake(
            "compared along time",
            lambda lengths, time: torch.arange(time)[None] < lengths[None],
            "Both lie along the same axis: give lengths an axis for time behind it, lengths[:, None].",
        ),
        Mistake(
            "longest for all",
            lambda lengths, time: _padding_mask(lengths.max().expand(len(lengths)), time),
            "You compared with the longest length for all clips; row i has its own, lengths[i].",
        ),
        Mistake(
            "one number",
            lambda lengths, time: torch.arange(time) < lengths.item(),
            ".item() needs a tensor of one number; compare with all lengths at once, lengths[:, None].",
        ),
        Mistake(
            "slice by a tensor",
            lambda lengths, time: torch.zeros(len(lengths), time)[:, :lengths],
            "A slice ends at one number; each clip ends elsewhere: compare with lengths[:, None], or loop "
            "over the clips.",
        ),
        Mistake(
            "time first",
            lambda lengths, time: _padding_mask(lengths, time).T,
            "This is [time, batch]; [batch, time] is wanted: lengths gets the new axis, lengths[:, None].",
        ),
        Mistake(
            "up to the longest",
            _longest,
            "Your mask ends with the longest clip; the padded batch may be longer: it has `time` frames.",
        ),
        Mistake(
            "only the end",
            _by_index,
            "Only the index of the end is marked: all the frames before it belong to the clip, so `<`.",
        ),
        Mistake("numbers", lambda lengths, time: _padding_mask(lengths, time).float(), _TYPE),
        Mistake("whole numbers", lambda lengths, time: _padding_mask(lengths, time).long(), _TYPE),
        Mistake(
            "scores",
            lambda lengths, time: torch.where(_padding_mask(lengths, time), 0.0, -torch.inf),
            "0 and −∞ are what a mask adds to scores; here True and False are wanted.",
        ),
        Mistake(
            "padding in front",
            _from_the_right,
            "Your clips stand at the end of the time axis; padding comes behind a clip, so its frames come "
            "first.",
        ),
        Mistake(
            "for queries too",
            _square,
            "This is a mask of every frame with every frame; [batch, time] is wanted.",
        ),
        Mistake("first clip", _first_row, "Only the first clip is there: is `return` inside your loop?"),
        Mistake(
            "first clip, rest empty",
            _first_written,
            "Only the first clip is marked: is `return` inside your loop?",
        ),
        Mistake(
            "with axes for heads",
            lambda lengths, time: _padding_mask(lengths, time)[:, None, None],
            "The axes of heads and queries come later, where the scores need them: [batch, time] is wanted.",
        ),
        Mistake(
            "squeezed",
            lambda lengths, time: _padding_mask(lengths, time).squeeze(),
            "squeeze() drops every axis of size 1, and so the batch axis of a batch of one.",
        ),
        Mistake(
            "lengths in a row",
            lambda lengths, time: _padding_mask(lengths.sort(descending=True).values, time),
            "The lengths have been sorted: row i belongs to clip i.",
        ),
        Mistake(
            "arange of the lengths",
            lambda lengths, time: torch.arange(lengths) < time,
            "torch.arange takes one number: count the frames with torch.arange(time), and compare with all "
            "lengths.",
        ),
    ),
    noticing="torch.nn.MultiheadAttention asks for the opposite, True where a frame is padding: "
    "key_padding_mask=~mask. scaled_dot_product_attention takes yours.",
)
