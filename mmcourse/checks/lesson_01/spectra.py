"""Measure how strong each frequency is in a frame."""

import math

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _hann(frames, periodic=True):
    return torch.hann_window(frames.shape[-1], periodic=periodic, dtype=frames.dtype, device=frames.device)


def _hamming(frames):
    return torch.hamming_window(frames.shape[-1], dtype=frames.dtype, device=frames.device)


def _spectrum(frames):
    return torch.fft.rfft(frames * _hann(frames))


def _power(frames):
    return _spectrum(frames).abs() ** 2


def _cosine_window(frames, periods, sign=-1):
    n = frames.shape[-1]
    return 0.5 + sign * 0.5 * torch.cos(periods * 2 * math.pi * torch.arange(n, device=frames.device) / n)


def _across(frames):
    """A window that runs from frame to frame instead of along the time inside one."""
    window = torch.hann_window(frames.shape[-2], dtype=frames.dtype, device=frames.device)
    return frames * window[:, None]


def _eight_samples(_generator):
    """One frame with no symmetry, so that each slip shows in its spectrum."""
    return torch.tensor([[4.0, 0.0, -2.0, 1.0, 3.0, -1.0, 0.0, 2.0]])


_PERIODIC = (
    "Your window has its last value equal to its first (symmetric); for spectra take the periodic one, "
    "which divides by n and not by n − 1."
)
_AFTER = "You put the window over the frequencies; it belongs on the samples, before the FFT."
_SCALE = "You divide by the length; no scaling is asked for here."

power_spectrum = Exercise(
    id="01.2",
    name="power_spectrum",
    title="How strong is each frequency in a frame?",
    difficulty=2,
    minutes=15,
    stub="apply a Hann window, return the power |X|² of the FFT",
    parameters=("frames",),
    reference=_power,
    hints=(
        "A frame is cut out of a sound: what does its hard edge sound like, and what would fade it in and "
        "out?",
        "The FFT of real numbers has a mirror image. Which function of torch.fft leaves it out?",
        "X = torch.fft.rfft(frames * torch.hann_window(n)). Power is real² + imaginary².",
    ),
    cases=(
        Case("one frame of eight samples", _eight_samples),
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
            "All n/2 + 1 frequencies are wanted: 0 and half the sample rate both belong to them.",
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
        Mistake(
            "real part of the square",
            lambda f: (_spectrum(f) ** 2).real,
            "The square of a + ib is not a² + b²: take X.abs() ** 2, or X times its conjugate.",
        ),
        Mistake(
            "half a period",
            lambda f: torch.fft.rfft(f * _cosine_window(f, 0.5)).abs() ** 2,
            "Your window only rises: over a frame its cosine should run through one whole period, 2π.",
        ),
        Mistake(
            "window upside down",
            lambda f: torch.fft.rfft(f * _cosine_window(f, 1, sign=1)).abs() ** 2,
            "Your window is 1 at the edges and 0 in the middle: mind the sign before the cosine.",
        ),
        Mistake(
            "window across frames",
            lambda f: torch.fft.rfft(_across(f)).abs() ** 2,
            "Your window runs from frame to frame; it should be as long as a frame, frames.shape[-1].",
        ),
        Mistake(
            "double",
            lambda f: 2 * _power(f),
            "You doubled the power, perhaps for the mirrored half; only |X|² is asked for.",
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
            "window after the FFT",
            lambda f: (torch.fft.rfft(f) * _hann(torch.fft.rfft(f).real)).abs() ** 2,
            _AFTER,
        ),
        Mistake(
            "window after the full FFT",
            lambda f: (torch.fft.fft(f) * _hann(f))[..., : f.shape[-1] // 2 + 1].abs() ** 2,
            _AFTER,
        ),
        Mistake(
            "window twice",
            lambda f: torch.fft.rfft(f * _hann(f) ** 2).abs() ** 2,
            "The window is applied twice.",
        ),
    ),
    noticing="All the power of the cosine in the try cell lies in bins 1 to 3: the Hann window widens a "
    "line a little and in return keeps it out of all the other bins.",
    gradient=True,
    tolerance=1e-4,
    scaled=True,  # a sum over cosines in float32 is as right as an FFT: off by a share of the largest power
)
