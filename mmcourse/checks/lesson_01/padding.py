"""Put clips of unequal length in one tensor, with a mask that tells speech from padding."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, rnn = lazy("torch"), lazy("torch.nn.utils.rnn")


def _lengths(clips):
    return torch.tensor([len(clip) for clip in clips])


def _valid(clips, extra=0):
    lengths = _lengths(clips)
    return torch.arange(int(lengths.max())) < lengths[:, None] + extra


def _speech(clips):
    return rnn.pad_sequence(list(clips), batch_first=True)


def _pad(clips):
    return _speech(clips), _valid(clips)


def _left(clips):
    turned = _speech([clip.flip(0) for clip in clips])
    return turned.flip(1), _valid(clips).flip(1)


def _last_repeated(clips):
    speech, valid = _pad(clips)
    last = torch.stack([clip[-1] for clip in clips])
    return torch.where(valid, speech, last[:, None]), valid


def _looped(clips):
    longest = max(map(len, clips))
    rows = [clip.repeat(longest // len(clip) + 1)[:longest] for clip in clips]
    return torch.stack(rows), _valid(clips)


def _shortest(clips):
    speech = torch.stack([clip[: min(map(len, clips))] for clip in clips])
    return speech, torch.ones_like(speech, dtype=torch.bool)


def _first_length(clips):
    """Padded, or cut, to the length of the first clip."""
    rows = [torch.nn.functional.pad(clip, (0, len(clips[0]) - len(clip))) for clip in clips]
    return torch.stack(rows), torch.arange(len(clips[0])) < _lengths(clips)[:, None]


def _nan(clips):
    return _speech(clips).masked_fill(~_valid(clips), float("nan")), _valid(clips)


def _filled(clips, value):
    return rnn.pad_sequence(list(clips), batch_first=True, padding_value=value), _valid(clips)


def _sorted(clips, reverse=True):
    return _pad(sorted(clips, key=len, reverse=reverse))


def _clips(generator, *lengths):
    clips = [torch.randn(length, generator=generator) for length in lengths]
    clips[0][0] = 0  # a sample of exact silence is speech all the same
    return (clips,)


_ZEROS = "Fill up with zeros: made-up sound would be heard; zeros and a mask say that nothing is there."
_ORDER = "The order of the clips changed: the batch's labels and pictures no longer belong to these sounds."

pad = Exercise(
    id="01.7",
    name="pad",
    title="Put clips of unequal length in one batch",
    difficulty=2,
    minutes=15,
    stub="return the clips padded with zeros, and a mask that is True where a clip is",
    parameters=("clips",),
    reference=_pad,
    hints=(
        "A tensor has no ragged edge. Up to which length must every clip be filled?",
        "Can a zero in the result be real silence? What then tells silence from padding?",
        "speech = torch.zeros(len(clips), longest); then for each clip i of n values: speech[i, :n] = clip "
        "and mask[i, :n] = True.",
    ),
    cases=(
        Case(
            "three clips, one of them silent",
            lambda g: ([torch.tensor([5.0, 0.0]), torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.0])],),
        ),
        Case("random lengths", lambda g: _clips(g, 4, 9, 2, 7, 5)),
        Case("a batch of one", lambda g: _clips(g, 6)),
        Case("equal lengths", lambda g: _clips(g, 3, 3)),
    ),
    mistakes=(
        Mistake(
            "left",
            _left,
            "You padded on the left; pad at the end, so that every clip starts at index 0.",
        ),
        Mistake(
            "mask inverted",
            lambda clips: (_speech(clips), ~_valid(clips)),
            "Your mask is the other way round: True marks samples of the clip, False marks padding.",
        ),
        Mistake(
            "mask from zeros",
            lambda clips: (_speech(clips), _speech(clips) != 0),
            "Your mask calls silence padding: a clip may hold zeros. Build the mask from the lengths.",
        ),
        Mistake(
            "shortest",
            _shortest,
            "You cut every clip to the shortest one and threw sound away; fill up to the longest.",
        ),
        Mistake("sorted", _sorted, _ORDER),
        Mistake("sorted upwards", lambda clips: _sorted(clips, False), _ORDER),
        Mistake(
            "time first",
            lambda clips: (_speech(clips).T, _valid(clips).T),
            "Your result is time first; a row should be a clip: [clip, time] (batch_first=True).",
        ),
        Mistake(
            "float mask",
            lambda clips: (_speech(clips), _valid(clips).float()),
            "The mask should be bool: ~mask and x[mask] then do what they say.",
        ),
        Mistake(
            "int mask",
            lambda clips: (_speech(clips), _valid(clips).long()),
            "The mask should be bool: x[mask] with integers picks rows 0 and 1 instead.",
        ),
        Mistake(
            "one too many",
            lambda clips: (_speech(clips), _valid(clips, 1)),
            "The mask holds one too many: a clip of n samples has the indices 0 to n − 1, so `<` and not "
            "`<=`.",
        ),
        Mistake(
            "first length",
            _first_length,
            "You took the length of the first clip, which cuts longer ones; the longest clip decides.",
        ),
        Mistake(
            "first length, all valid",
            lambda clips: (
                _first_length(clips)[0],
                torch.ones_like(_first_length(clips)[0], dtype=torch.bool),
            ),
            "You took the length of the first clip, which cuts longer ones; the longest clip decides.",
        ),
        Mistake("NaN", _nan, _ZEROS),
        Mistake("ones", lambda clips: _filled(clips, 1), _ZEROS),
        Mistake("minus ones", lambda clips: _filled(clips, -1), _ZEROS),
        Mistake("last repeated", _last_repeated, _ZEROS),
        Mistake("looped", _looped, _ZEROS),
        Mistake(
            "lengths",
            lambda clips: (_speech(clips), _lengths(clips)),
            "These are the lengths; compare torch.arange(longest) with them to get a mask.",
        ),
        Mistake("speech only", _speech, "Two results are wanted: `return speech, mask`."),
        Mistake(
            "all valid",
            lambda clips: (_speech(clips), torch.ones_like(_speech(clips), dtype=torch.bool)),
            "Your mask is True everywhere, over padding too.",
        ),
        Mistake(
            "mask first",
            lambda clips: (_valid(clips), _speech(clips)),
            "The order of the two results: first the speech, then the mask.",
        ),
    ),
    noticing="Padding is paid for: a batch is as long as its longest clip. That is why the course puts "
    "clips of similar length in the same batch (bucketing).",
    variants=(),  # a clip is one plain row; what a batch is made of comes from the clips themselves
)
