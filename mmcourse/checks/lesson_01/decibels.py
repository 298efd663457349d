"""From power to log-mel, in decibels."""

import math

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _decibels(power, filters, floor=1e-10):
    return 10 * torch.log10((power @ filters).clamp(min=floor))


def _log1p(power, filters, floor=1e-10):
    return 10 * torch.log1p((power @ filters).clamp(min=floor)) / math.log(10)


def _natural_log(power, filters, floor=1e-10):
    return 10 * torch.log((power @ filters).clamp(min=floor))


def _relative(power, filters, floor=1e-10):
    decibels = _decibels(power, filters, floor)
    return decibels - decibels.max()


def _tiny(_generator):
    """Two frames over three frequencies, two filters; the second frame is silent."""
    power = torch.tensor([[100.0, 10.0, 0.0], [0.0, 0.0, 0.0]])
    return power, torch.tensor([[1.0, 0.0], [0.0, 0.5], [0.0, 1.0]]), 1e-3


def _silent(generator):
    """One frame without a sound among others: it comes out at the floor that the function has by itself."""
    power, filters = _random(generator, 3)
    power[1] = 0
    return power, filters


def _random(generator, *batch):
    power = torch.rand(*batch, 9, generator=generator) ** 4
    return power, torch.rand(9, 4, generator=generator)


_FILTERS_FIRST = (
    "The logarithm has to come last: you took it before the filters, which add up power, not decibels."
)

log_mel = Exercise(
    id="01.4",
    name="log_mel",
    title="From power to log-mel",
    difficulty=2,
    minutes=15,
    stub="filter the power, lift it to the floor, return decibels",
    parameters=("power", "filters", "floor"),
    reference=_decibels,
    hints=(
        "Which axis of power and which axis of filters run over frequency? Which product sums over it?",
        "What is the logarithm of 0, and what does a silent frame then do to every mean you take?",
        "10 · log10(max(power @ filters, floor)): `@` first, then clamp(min=floor), then the logarithm.",
    ),
    cases=(
        Case("two frames, the second silent", _tiny, gradient=False),
        Case("a random spectrum", lambda g: _random(g, 6)),
        Case("a batch", lambda g: _random(g, 2, 5)),
        Case(
            "a floor that matters",
            lambda g: (*_random(g, 4, 3), 0.5),
            gradient=False,
        ),
        Case("silence, floor left out: its default counts", _silent),
        Case("a batch of one frame", lambda g: _random(g, 1, 1)),
    ),
    mistakes=(
        Mistake(
            "20",
            lambda p, f, floor=1e-10: 2 * _decibels(p, f, floor),
            "20 · log10 is for amplitudes; this is power already: 10 · log10.",
        ),
        Mistake("natural", _natural_log, "torch.log is the natural logarithm; decibels need log10."),
        Mistake(
            "bel",
            lambda p, f, floor=1e-10: _decibels(p, f, floor) / 10,
            "These are bel; a decibel is a tenth of one, so multiply by 10.",
        ),
        Mistake(
            "floor added",
            lambda p, f, floor=1e-10: 10 * torch.log10(p @ f + floor),
            "You added the floor, which changes every value; only values below it should become it (clamp).",
        ),
        Mistake(
            "no floor",
            lambda p, f, floor=1e-10: 10 * torch.log10(p @ f),
            "Silence has power 0 and log10(0) is −∞: raise to the floor what is below it.",
        ),
        Mistake(
            "floor after the log",
            lambda p, f, floor=1e-10: (10 * torch.log10(p @ f)).clamp(min=floor),
            "The floor is a power, not a level in dB: clamp before the logarithm.",
        ),
        Mistake(
            "floor in dB after the log",  # the right levels, and NaN as the gradient of silence
            lambda p, f, floor=1e-10: (10 * torch.log10(p @ f)).clamp(min=10 * math.log10(floor)),
            "Raise to the floor before the logarithm: the slope of log at 0 is infinite, and 0 · ∞ is NaN.",
        ),
        Mistake(
            "log first",
            lambda p, f, floor=1e-10: 10 * torch.log10(p.clamp(min=floor)) @ f,
            _FILTERS_FIRST,
        ),
        Mistake(
            "floor before the filters",
            lambda p, f, floor=1e-10: 10 * torch.log10(p.clamp(min=floor) @ f),
            "The floor is for the mel power: clamp after the filters, not before.",
        ),
        Mistake(
            "relative to the loudest",
            _relative,
            "You subtracted the loudest level of this clip: then a whisper looks as loud as a shout, and "
            "each clip has its own zero.",
        ),
        Mistake(
            "filters transposed",
            lambda p, f, floor=1e-10: _decibels(p, f.T, floor),
            "The inner axes of a product must agree: power [frame, frequency] @ filters [frequency, mel].",
        ),
        Mistake(
            "ceiling",
            lambda p, f, floor=1e-10: 10 * torch.log10((p @ f).clamp(max=floor)),
            "`clamp(max=floor)` lowers what is loud; `clamp(min=floor)` raises what is too quiet.",
        ),
        Mistake(
            "silence at 0 dB",
            lambda p, f, floor=1e-10: torch.nan_to_num(10 * torch.log10(p @ f), neginf=0.0),
            "You put 0 dB in the place of −∞, and 0 dB is a power of 1: silence belongs at the floor.",
        ),
        Mistake(
            "amplitude",
            lambda p, f, floor=1e-10: _decibels(p.sqrt(), f, floor),
            "You took the root first; it is the power that the filters add up.",
        ),
        Mistake(
            "squared again",
            lambda p, f, floor=1e-10: _decibels(p**2, f, floor),
            "You squared what is power already.",
        ),
        Mistake(
            "weighted mean",
            lambda p, f, floor=1e-10: _decibels(p, f / f.sum(dim=0), floor),
            "You divided by the sum of each filter; a filter adds power up, it takes no mean.",
        ),
        Mistake(
            "log2",
            lambda p, f, floor=1e-10: 10 * torch.log2((p @ f).clamp(min=floor)),
            "log2 counts doublings; decibels need log10.",
        ),
        Mistake(
            "floor fixed",
            lambda p, f, floor=1e-10: _decibels(p, f),
            "Your floor is a fixed number: use the floor it is given.",
        ),
        Mistake(
            "sign",
            lambda p, f, floor=1e-10: -_decibels(p, f, floor),
            "The sign is the wrong way round: louder is more decibels.",
        ),
        Mistake("log1p", _log1p, "log1p computes log(1 + x): a quiet sound then always gives about 0 dB."),
        Mistake(
            "no log",
            lambda p, f, floor=1e-10: (p @ f).clamp(min=floor),
            "This is still power: the logarithm is missing.",
        ),
    ),
    noticing="Ten times the power is always +10 dB, for a whisper and for a shout. So loudness becomes an "
    "offset, which a model can learn to ignore or to use.",
    gradient=True,
)
