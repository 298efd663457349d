"""Cut a waveform into frames and measure how strong each frequency is in a frame."""

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy

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
    stub="cut the waveform into frames of frame_length samples, one every hop_length samples",
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
            lambda g: Args((torch.randn(3, 50, generator=g),), {"frame_length": 8, "hop_length": 5}),
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
            "Frame_length and hop_length are swapped: the first says how long, the second how far apart.",
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
            "starts late",
            lambda w, length, hop: _every(w[..., hop:], length, hop),
            "Your first frame starts at hop_length; it should start at sample 0.",
        ),
    ),
    noticing="With a hop of h and frames of n samples an inner sample stands in n/h frames, so the "
    "spectrogram is n/h times as large as the sound. torch.unfold copies nothing: it is a view.",
    gradient=True,
)


def _hann(frames, periodic=True):
    return torch.hann_window(frames.shape[-1], periodic=periodic, dtype=frames.dtype, device=frames.device)


def _hamming(frames):
    return torch.hamming_window(frames.shape[-1], dtype=frames.dtype, device=frames.device)


def _spectrum(frames):
    return torch.fft.rfft(frames * _hann(frames))


def _power(frames):
    return _spectrum(frames).abs() ** 2


def _tone(_generator):
    """One frame with a whole period of a cosine in 4 samples: all of it lies in bin 2 of 0..4."""
    return torch.tensor([[1.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0, 0.0]])


_PERIODIC = (
    "Your window has its last value equal to its first (symmetric); for spectra take the periodic one, "
    "which divides by n and not by n − 1."
)
_SCALE = "You divide by the length; no scaling is asked for here."

power_spectrum = Exercise(
    id="01.2",
    name="power_spectrum",
    title="How strong is each frequency in a frame?",
    difficulty=2,
    minutes=15,
    stub="weigh each frame with a periodic Hann window and return the power |X|² of its FFT",
    parameters=("frames",),
    reference=_power,
    hints=(
        "A frame is cut out of a sound: what does its hard edge sound like, and what would fade it in and "
        "out?",
        "The FFT of real numbers has a mirror image. Which function of torch.fft leaves it out?",
        "X = torch.fft.rfft(frames * torch.hann_window(n)). Power is real² + imaginary².",
    ),
    cases=(
        Case("one frame of a cosine", _tone),
        Case("as many frames as samples", lambda g: torch.randn(8, 8, generator=g)),
        Case("a batch", lambda g: torch.randn(3, 5, 16, generator=g)),
        Case("one loud frame of 400 samples", lambda g: 3 * torch.randn(1, 400, generator=g)),
    ),
    mistakes=(
        Mistake(
            "no window",
            lambda f: torch.fft.rfft(f).abs() ** 2,
            "Where is the window? Without it the cut edges leak into every frequency.",
        ),
        Mistake(
            "magnitude",
            lambda f: _spectrum(f).abs(),
            "This is the magnitude |X|; power is its square.",
        ),
        Mistake("symmetric", lambda f: torch.fft.rfft(f * _hann(f, False)).abs() ** 2, _PERIODIC),
        Mistake(
            "full FFT",
            lambda f: torch.fft.fft(f * _hann(f)).abs() ** 2,
            "The second half of your result is the mirror image of the first; rfft leaves it out.",
        ),
        Mistake(
            "half without Nyquist",
            lambda f: _power(f)[..., :-1],
            "N/2 + 1 frequencies are wanted: 0 and half the sample rate both belong to them.",
        ),
        Mistake(
            "real part",
            lambda f: _spectrum(f).real ** 2,
            "You left the imaginary part out: power is real² + imaginary².",
        ),
        Mistake(
            "square of the sum",
            lambda f: (_spectrum(f).real + _spectrum(f).imag) ** 2,
            "Square the real and the imaginary part each by itself, then add: (a + b)² is not a² + b².",
        ),
        Mistake(
            "complex square",
            lambda f: _spectrum(f) ** 2,
            "The square of a complex number is complex; power is X times its conjugate, or |X|².",
        ),
        Mistake("complex", _spectrum, "These are complex numbers; power is |X|², real and never negative."),
        Mistake(
            "Hamming",
            lambda f: torch.fft.rfft(f * _hamming(f)).abs() ** 2,
            "This is a Hamming window, which does not fade to 0; the task asks for Hann.",
        ),
        Mistake("divided", lambda f: _power(f) / f.shape[-1], _SCALE),
        Mistake("divided twice", lambda f: _power(f) / f.shape[-1] ** 2, _SCALE),
        Mistake(
            "decibels",
            lambda f: 10 * torch.log10(_power(f) + 1e-10),
            "You went on to decibels; the power itself is wanted, the logarithm comes in 01.4.",
        ),
        Mistake(
            "across frames",
            lambda f: torch.fft.rfft(f * _hann(f), dim=-2).abs() ** 2,
            "Your FFT runs from frame to frame; it has to run along the time inside a frame (dim=-1).",
        ),
        Mistake(
            "window twice",
            lambda f: torch.fft.rfft(f * _hann(f) ** 2).abs() ** 2,
            "The window is applied twice.",
        ),
    ),
    noticing="All the power of a pure tone of bin 2 lies in bins 1 to 3: the Hann window widens a line a "
    "little and in return keeps it out of all the other bins.",
    gradient=True,
    tolerance=1e-4,
)
