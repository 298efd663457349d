"""Triangles that turn equal steps of hertz into equal steps of hearing."""

import math

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, features = lazy("torch"), lazy("mmcourse.features")


def _mel(hertz):
    return 2595 * math.log10(1 + hertz / 700)


def _points(sample_rate, count, top=None):
    """`count` frequencies in Hz, from 0 to the highest, in equal steps of mel."""
    mels = torch.linspace(0, _mel(sample_rate / 2) if top is None else top, count, dtype=torch.float64)
    return 700 * (10 ** (mels / 2595) - 1)


def _bins(n_freqs, sample_rate):
    return torch.linspace(0, sample_rate / 2, n_freqs, dtype=torch.float64)


def _triangles(bins, points, cut=True):
    """Triangles [bin, filter] over each three neighbouring points, both in Hz."""
    up = (bins[:, None] - points[:-2]) / (points[1:-1] - points[:-2])
    down = (points[2:] - bins[:, None]) / (points[2:] - points[1:-1])
    lines = torch.minimum(up, down)
    return (lines.clamp(min=0) if cut else lines).float()


def _htk(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2))


def _equal_hertz(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _bins(n_mels + 2, sample_rate))


def _up_to_the_rate(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2, _mel(sample_rate)))


def _bins_up_to_the_rate(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, 2 * sample_rate), _points(sample_rate, n_mels + 2))


def _bins_too_narrow(n_freqs, sample_rate, n_mels):
    bins = torch.arange(n_freqs, dtype=torch.float64) * sample_rate / 2 / n_freqs
    return _triangles(bins, _points(sample_rate, n_mels + 2))


def _not_cut(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2), cut=False)


def _rounded(n_freqs, sample_rate, n_mels, up=0.0):
    """The points rounded to whole bins, as many a tutorial does."""
    edges = torch.floor(_points(sample_rate, n_mels + 2) / (sample_rate / 2) * (n_freqs - 1) + up)
    return _triangles(torch.arange(n_freqs, dtype=torch.float64), edges).nan_to_num(0)


def _fewer_points(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels))


def _natural(n_freqs, sample_rate, n_mels):
    top = 2595 * math.log(1 + sample_rate / 2 / 700)
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2, top))


def _equal_area(n_freqs, sample_rate, n_mels):
    points = _points(sample_rate, n_mels + 2).float()
    return _htk(n_freqs, sample_rate, n_mels) * (2 / (points[2:] - points[:-2]))


def _sum_of_one(n_freqs, sample_rate, n_mels):
    filters = _htk(n_freqs, sample_rate, n_mels)
    return filters / filters.sum(dim=0)


def _straight_in_mel(n_freqs, sample_rate, n_mels):
    bins = 2595 * torch.log10(1 + _bins(n_freqs, sample_rate) / 700)
    points = torch.linspace(0, _mel(sample_rate / 2), n_mels + 2, dtype=torch.float64)
    return _triangles(bins, points)


def _points_in_mel(n_freqs, sample_rate, n_mels):
    return _triangles(
        _bins(n_freqs, sample_rate), 2595 * torch.log10(1 + _points(sample_rate, n_mels + 2) / 700)
    )


def _not_back_to_zero(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2) + 700)


def _brackets(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2) + 699)


def _rising(n_freqs, sample_rate, n_mels, top=None):
    bins, points = _bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2)
    up = (bins[:, None] - points[:-2]) / (points[1:-1] - points[:-2])
    return up.clamp(0, top).float()


def _one_point_less(n_freqs, sample_rate, n_mels):
    return _triangles(_bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 1))


def _larger_line(n_freqs, sample_rate, n_mels):
    bins, points = _bins(n_freqs, sample_rate), _points(sample_rate, n_mels + 2)
    up = (bins[:, None] - points[:-2]) / (points[1:-1] - points[:-2])
    down = (points[2:] - bins[:, None]) / (points[2:] - points[1:-1])
    return torch.maximum(up, down).clamp(0, 1).float()


_HALF = "The highest frequency is half the sample rate; you went up to the sample rate itself."
_FEET = "The first triangle needs a left foot and the last a right one: n_mels + 2 points."
_BINS = "The last bin lies at sample_rate / 2: n_freqs bins have n_freqs − 1 steps between them."
_ROUNDED = "You rounded the points to whole bins: low triangles get crooked or empty. Keep them in hertz."
_RISING = (
    "Only the rising side is there: it goes on at 1 behind the tip. Where does the falling side come in?"
)

mel_filters = Exercise(
    id="01.3",
    name="mel_filters",
    title="Build a mel filter bank",
    difficulty=3,
    minutes=25,
    stub="return n_mels triangles in equal steps of mel over bins of hertz",
    parameters=("n_freqs", "sample_rate", "n_mels"),
    reference=lambda n_freqs, sample_rate, n_mels: features.melscale_fbanks(
        n_freqs, 0.0, sample_rate / 2, n_mels, sample_rate
    ),
    hints=(
        "A triangle needs a left foot, a tip and a right foot. How many points do n_mels triangles that "
        "share them need?",
        "In which unit are these points equally spaced, and in which unit do you then draw the triangles?",
        "For bin f and points left < tip < right: up = (f − left)/(tip − left), down = (right − f)/(right − "
        "tip). What are up and down outside the triangle, and what does max(0, min(up, down)) do?",
    ),
    cases=(
        Case("two triangles over bins 500 Hz apart", lambda g: (8, 7000, 2)),
        Case("as in lesson 0", lambda g: (129, 8000, 20)),
        Case("one triangle", lambda g: (17, 16000, 1)),
        Case("at 16 kHz", lambda g: (257, 16000, 40)),
    ),
    mistakes=(
        Mistake(
            "equal hertz",
            _equal_hertz,
            "Your triangles stand in equal steps in hertz; take equal steps in mel and turn them into hertz.",
        ),
        Mistake(
            "transposed",
            lambda n_freqs, rate, n_mels: _htk(n_freqs, rate, n_mels).T,
            "Your bank is transposed: [frequency bin, filter] is wanted, so that power @ filters works.",
        ),
        Mistake("up to the rate", _up_to_the_rate, _HALF),
        Mistake(
            "twice the range",
            lambda n_freqs, rate, n_mels: _htk(n_freqs, 2 * rate, n_mels),
            "Your bins and your points go up to sample_rate; the highest frequency is half of it.",
        ),
        Mistake("bins up to the rate", _bins_up_to_the_rate, _BINS),
        Mistake("bins too narrow", _bins_too_narrow, _BINS),
        Mistake(
            "not cut",
            _not_cut,
            "Your lines go on below zero: a filter with negative weights. What should stand outside a "
            "triangle?",
        ),
        Mistake("floored", _rounded, _ROUNDED),
        Mistake("rounded", lambda n_freqs, rate, n_mels: _rounded(n_freqs, rate, n_mels, 0.5), _ROUNDED),
        Mistake("two points less", _fewer_points, _FEET),
        Mistake("one point less", _one_point_less, _FEET),
        Mistake(
            "points in mel",
            _points_in_mel,
            "Your points are still in mel and your bins in hertz: turn the points back into hertz first.",
        ),
        Mistake(
            "not back to zero",
            _not_back_to_zero,
            "0 mel should be 0 Hz again: hertz = 700 · (10^(mel/2595) − 1), with the 1 inside the brackets.",
        ),
        Mistake(
            "brackets",
            _brackets,
            "The 1 belongs inside the brackets: 700 · (10^(mel/2595) − 1), so that 0 mel is 0 Hz.",
        ),
        Mistake("rising side", lambda n_freqs, rate, n_mels: _rising(n_freqs, rate, n_mels, 1), _RISING),
        Mistake("rising side, on and on", _rising, _RISING),
        Mistake(
            "larger line",
            _larger_line,
            "A triangle lies below both its lines: take the smaller of the two, not the larger.",
        ),
        Mistake(
            "natural logarithm",
            _natural,
            "2595 belongs to the logarithm to base 10 (1127 to the natural one); math.log is the natural "
            "one.",
        ),
        Mistake(
            "equal area",
            _equal_area,
            "You gave every triangle the same area (Slaney's way); here every tip is 1 high.",
        ),
        Mistake(
            "sum of one",
            _sum_of_one,
            "You made every filter sum to 1; here every tip is 1 high.",
        ),
        Mistake(
            "boxes",
            lambda n_freqs, rate, n_mels: (_htk(n_freqs, rate, n_mels) > 0).float(),
            "Yours are boxes; a triangle falls from 1 at its tip to 0 at its feet.",
        ),
        Mistake(
            "straight in mel",
            _straight_in_mel,
            "You measured the sides of the triangles in mel; they are straight lines over hertz. Turn the "
            "points back into hertz first.",
        ),
    ),
    noticing="Low filters are narrow, high ones wide, as our hearing is. With more filters than the low "
    "bins can feed, some would stay empty without a word: mmcourse.features refuses that.",
    exact_dtype=False,
)
