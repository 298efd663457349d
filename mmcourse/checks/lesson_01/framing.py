"""Cut a waveform into frames."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, features = lazy("torch"), lazy("mmcourse.features")


def _every(waveform, frame_length, hop_length):
    return waveform.unfold(-1, frame_length, hop_length)


def _padded(waveform, frame_length, hop_length):
    """Frames of everything that is left, the last ones filled up with zeros."""
    starts = range(0, waveform.shape[-1], hop_length)
    longer = torch.nn.functional.pad(waveform, (0, frame_length))
    return torch.stack([longer[..., s : s + frame_length] for s in starts], dim=-2)


def _last_frame_padded(waveform, frame_length, hop_length):
    missing = -(waveform.shape[-1] - frame_length) % hop_length
    return _every(torch.nn.functional.pad(waveform, (0, missing)), frame_length, hop_length)


def _first_axis(waveform, frame_length, hop_length):
    starts = range(0, len(waveform) - frame_length + 1, hop_length)
    return torch.stack([waveform[s : s + frame_length] for s in starts])


def _first_axis_sliced(waveform, frame_length, hop_length):
    starts = range(0, waveform.shape[-1] - frame_length + 1, hop_length)
    return torch.stack([waveform[s : s + frame_length] for s in starts])


def _ragged(waveform, frame_length, hop_length):
    starts = range(0, waveform.shape[-1], hop_length)
    return torch.stack([waveform[..., s : s + frame_length] for s in starts], dim=-2)


_LAST_AXIS = (
    "`len(waveform)`, `waveform[a:b]` and `unfold(0, …)` look at the first axis, here the batch; time is the "
    "last one: waveform.shape[-1], waveform[..., a:b], unfold(-1, …)."
)
_FILL = (
    "Samples at the end that do not fill a frame are dropped; you filled a frame up with zeros instead. "
    "Which start is the last that leaves room for frame_length samples?"
)

frame = Exercise(
    id="01.1",
    name="frame",
    title="Cut a waveform into frames",
    difficulty=1,
    minutes=10,
    stub="cut the waveform into frames, one every hop_length samples",
    parameters=("waveform", "frame_length", "hop_length"),
    reference=lambda waveform, frame_length, hop_length: features.frame(waveform, frame_length, hop_length),
    hints=(
        "With frames of 4 samples and a hop of 3, at which sample does the second frame start? The i-th?",
        "How many starts fit, so that the last frame still has all its samples? Try it with 10 samples.",
        "1 + (time − frame_length) // hop_length frames; frame i is waveform[..., i·hop : i·hop + "
        "frame_length]. torch.stack along a new axis before the last one, or look at Tensor.unfold.",
    ),
    cases=(
        Case("ten samples", lambda g: (torch.arange(10.0), 4, 3)),
        Case("samples left over", lambda g: (torch.randn(12, generator=g), 4, 3)),
        Case(
            "a batch",
            lambda g: (torch.randn(3, 50, generator=g), 8, 5),
        ),
        Case("a batch of one, one frame", lambda g: (torch.randn(1, 6, generator=g), 6, 2)),
        Case("a hop longer than the frame", lambda g: (torch.randn(2, 2, 23, generator=g), 3, 5)),
    ),
    mistakes=(
        Mistake(
            "no overlap",
            lambda w, length, hop: _every(w, length, length),
            "You moved on by frame_length; frames may overlap: frame i starts at i · hop_length.",
        ),
        Mistake(
            "one short",
            lambda w, length, hop: _every(w, length, hop)[..., :-1, :],
            "The last frame is missing: n steps of the hop fit between n + 1 frames.",
        ),
        Mistake(
            "transposed",
            lambda w, length, hop: _every(w, length, hop).transpose(-1, -2),
            "Your result is transposed: a row should be a frame, [..., frame, sample].",
        ),
        Mistake("padded", _padded, _FILL),
        Mistake("last padded", _last_frame_padded, _FILL),
        Mistake(
            "swapped",
            lambda w, length, hop: _every(w, hop, length),
            "You swapped frame_length and hop_length: the first says how long, the second how far apart.",
        ),
        Mistake(
            "hop of one",
            lambda w, length, hop: _every(w, length, 1),
            "Each frame starts only one sample after the one before; where is hop_length used?",
        ),
        Mistake(
            "batch flattened",
            lambda w, length, hop: _every(w.flatten(), length, hop),
            "You joined the clips of the batch into one: keep the axes in front (`...`) as they are.",
        ),
        Mistake(
            "first clip",
            lambda w, length, hop: _every(w.reshape(-1, w.shape[-1])[0], length, hop),
            "You framed one clip of the batch only: keep the axes in front (`...`) as they are.",
        ),
        Mistake(
            "first axis",
            _first_axis,
            _LAST_AXIS,
        ),
        Mistake("first axis sliced", _first_axis_sliced, _LAST_AXIS),
        Mistake("first axis unfolded", lambda w, length, hop: w.unfold(0, length, hop), _LAST_AXIS),
        Mistake(
            "ragged",
            _ragged,
            "Your last frames are shorter than the others and cannot be stacked: the last start is time − "
            "frame_length.",
        ),
        Mistake(
            "frames in front",
            lambda w, length, hop: _every(w, length, hop).movedim(-2, 0),
            "Your axis of frames stands before the batch; stack along dim=-2, so that it stands before time.",
        ),
        Mistake(
            "starts late",
            lambda w, length, hop: _every(w[..., hop:], length, hop),
            "Your first frame starts at hop_length; it should start at sample 0.",
        ),
    ),
    noticing="With a hop of h and frames of n samples an inner sample stands in n/h frames, so the "
    "spectrogram is n/h times as large as the sound. Tensor.unfold copies nothing: it is a view.",
    gradient=True,
)
