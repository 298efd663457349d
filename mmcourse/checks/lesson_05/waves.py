"""Where in time a frame stands, told in waves."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _angles(time, features, base=10000.0, divisor=None, start=0):
    """[time, features / 2]: t / base^(2 i / features), in double precision."""
    place = torch.arange(start, start + time, dtype=torch.float64)[:, None]
    even = torch.arange(0, features, 2, dtype=torch.float64)
    return place / base ** (even / (divisor or features))


def _interleaved(first, second):
    return torch.stack([first, second], dim=-1).flatten(1).float()


def _sinusoidal(time, features, **options):
    angles = _angles(time, features, **options)
    return _interleaved(angles.sin(), angles.cos())


def _halves(time, features):
    angles = _angles(time, features)
    return torch.cat([angles.sin(), angles.cos()], dim=1).float()


def _every_column(time, features):
    """Each column with an exponent of its own: i instead of the even number below."""
    place = torch.arange(time)[:, None]
    angles = place / 10000.0 ** (torch.arange(features) / features)
    return torch.where(torch.arange(features) % 2 == 0, angles.sin(), angles.cos())


def _index_of_pairs(time, features):
    """i / features instead of 2 i / features."""
    angles = torch.arange(time)[:, None] / 10000.0 ** (torch.arange(features // 2) / features)
    return _interleaved(angles.sin(), angles.cos())


def _multiplied(time, features):
    place = torch.arange(time, dtype=torch.float64)[:, None]
    angles = place * 10000.0 ** (torch.arange(0, features, 2) / features)
    return _interleaved(angles.sin(), angles.cos())


def _twice_two(time, features):
    angles = torch.arange(time)[:, None] / 10000.0 ** (2 * torch.arange(0, features, 2) / features)
    return _interleaved(angles.sin(), angles.cos())


def _odd(time, features):
    """Exponents 1, 3, 5, … over features."""
    angles = torch.arange(time)[:, None] / 10000.0 ** (torch.arange(1, features + 1, 2) / features)
    return _interleaved(angles.sin(), angles.cos())


def _of_the_whole(time, features):
    angles = _angles(time, features) / time
    return _interleaved(angles.sin(), angles.cos())


def _turns(time, features):
    angles = 2 * torch.pi * _angles(time, features)
    return _interleaved(angles.sin(), angles.cos())


def _only(one):
    return lambda time, features: _interleaved(*[getattr(_angles(time, features), one)()] * 2)


def _no_waves(time, features):
    angles = _angles(time, features)
    return _interleaved(angles, angles)


def _linear(time, features):
    """Divided by 10000 · 2 i / features."""
    angles = torch.arange(time)[:, None] / (10000 * torch.arange(0, features, 2) / features).clamp(min=1)
    return _interleaved(angles.sin(), angles.cos())


_EXPONENT = (
    "The exponents are off: columns 2i and 2i + 1 share one, 2i / features, so the pairs have 0, 2, 4, … "
    "over features."
)

sinusoidal = Exercise(
    id="05.9",
    name="sinusoidal",
    title="Where in time? Waves",
    difficulty=2,
    minutes=12,
    stub="return the sines and cosines that tell where in time a frame stands",
    parameters=("time", "features"),
    reference=_sinusoidal,
    hints=(
        "Columns 0 and 1 are sine and cosine of t itself. How much slower are the waves of columns 2 and 3?",
        "An angle for each frame and each pair of columns is a table [time, features / 2]. How do its sines "
        "and cosines come to stand in turns?",
        "angles = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, features, 2) / features); then "
        "waves[:, 0::2] = angles.sin() and waves[:, 1::2] = angles.cos().",
    ),
    cases=(
        Case("three frames, four features", lambda g: (3, 4)),
        Case("a clip", lambda g: (20, 8)),
        Case("as many frames as features", lambda g: (6, 6)),
        Case("two features", lambda g: (5, 2)),
        Case("one frame", lambda g: (1, 6)),
        Case("any sizes", lambda g: (int(torch.randint(2, 30, (), generator=g)), 10)),
        Case("a longer clip", lambda g: (150, 16)),
    ),
    mistakes=(
        Mistake(
            "halves",
            _halves,
            "All sines come first and all cosines after them; they stand in turns: even columns sine, odd "
            "ones cosine.",
        ),
        Mistake(
            "cosine first",
            lambda time, features: _interleaved(_angles(time, features).cos(), _angles(time, features).sin()),
            "Sine and cosine are exchanged: the sine stands in the even columns, 0, 2, 4, ….",
        ),
        Mistake("each column its own", _every_column, _EXPONENT),
        Mistake("exponent i / features", _index_of_pairs, _EXPONENT),
        Mistake("exponent 4 i / features", _twice_two, _EXPONENT),
        Mistake("even columns by the odd", _odd, _EXPONENT),
        Mistake(
            "exponent over half",
            lambda time, features: _sinusoidal(time, features, divisor=features / 2),
            _EXPONENT,
        ),
        Mistake(
            "exponent over one less",
            lambda time, features: _sinusoidal(time, features, divisor=max(features - 2, 1)),
            _EXPONENT,
        ),
        Mistake(
            "multiplied",
            _multiplied,
            "You multiplied t with the power, so the waves get faster; it divides: each pair is slower than "
            "the one before.",
        ),
        Mistake(
            "base 1000",
            lambda time, features: _sinusoidal(time, features, base=1000.0),
            "Another base than 10000: count its zeros.",
        ),
        Mistake(
            "base 100000",
            lambda time, features: _sinusoidal(time, features, base=100000.0),
            "Another base than 10000: count its zeros.",
        ),
        Mistake(
            "counted from 1",
            lambda time, features: _sinusoidal(time, features, start=1),
            "Your first frame is frame 1; time is counted from 0.",
        ),
        Mistake(
            "share of the clip",
            _of_the_whole,
            "You divided t by the number of frames: the place in time of a frame must not depend on how long "
            "its batch is.",
        ),
        Mistake("with 2π", _turns, "There is a 2π too much: the angle is t / 10000^(2i / features) itself."),
        Mistake("sines only", _only("sin"), "Both of a pair are sines; the odd columns hold the cosine."),
        Mistake("cosines only", _only("cos"), "Both of a pair are cosines; the even columns hold the sine."),
        Mistake("no waves", _no_waves, "These are the angles; their sine and cosine are wanted."),
        Mistake(
            "10000 multiplied",
            _linear,
            "10000 is raised to the power 2i / features: `**`, and `*` does not do.",
        ),
        Mistake(
            "features first",
            lambda time, features: _sinusoidal(time, features).T,
            "This is [features, time]; a row for each frame is wanted, [time, features].",
        ),
        Mistake(
            "exchanged",
            lambda time, features: _sinusoidal(features, time),
            "time and features are exchanged: a row for each frame.",
        ),
        Mistake(
            "with a batch",
            lambda time, features: _sinusoidal(time, features)[None],
            "There is a batch axis in front; the same waves serve every clip: [time, features].",
        ),
        Mistake(
            "half the columns",
            lambda time, features: _angles(time, features).sin().float(),
            "Only one column for each pair is there: sine and cosine make features columns together.",
        ),
        Mistake(
            "double precision",
            lambda time, features: _sinusoidal(time, features).double(),
            "The numbers are float64; float32 is wanted, as torch makes by itself: leave double out, or end "
            "with .float().",
        ),
        Mistake(
            "no axis",
            lambda time, features: (
                torch.arange(time) / 10000 ** (torch.arange(0, features, 2) / features)
            ).sin(),
            "Time needs an axis of its own, so that every frame meets every pair: torch.arange(time)[:, "
            "None].",
        ),
    ),
    noticing="A step of k frames turns each pair by the same angle wherever it begins: so products of two "
    "positions know how far apart they are.",
    tolerance=1e-4,
)
