"""Add noise at a stated signal-to-noise ratio."""

import math

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _power(x, dim=-1):
    return x.pow(2).mean(dim=dim, keepdim=True)


def _ratio(snr_db):
    return 10 ** (snr_db / 10)


def _gain(speech, noise, snr_db):
    return (_power(speech) / _power(noise) / _ratio(snr_db)).sqrt()


def _mix(speech, noise, snr_db):
    return speech + _gain(speech, noise, snr_db) * noise


def _one_power(speech, noise, snr_db):
    gain = (speech.pow(2).mean() / noise.pow(2).mean() / _ratio(snr_db)).sqrt()
    return speech + gain * noise


def _peak(x):
    return x.abs().amax(dim=-1, keepdim=True)


def _peaks(speech, noise, snr_db):
    return speech + noise * _peak(speech) / _peak(noise) / _ratio(snr_db) ** 0.5


def _absolute(speech, noise, snr_db):
    ratio = speech.abs().mean(dim=-1, keepdim=True) / noise.abs().mean(dim=-1, keepdim=True)
    return speech + noise * ratio / _ratio(snr_db) ** 0.5


def _deviation(speech, noise, snr_db):
    ratio = speech.std(dim=-1, keepdim=True, correction=0) / noise.std(dim=-1, keepdim=True, correction=0)
    return speech + noise * ratio / _ratio(snr_db) ** 0.5


def _exponential(speech, noise, snr_db):
    return speech + noise * (_power(speech) / _power(noise) / math.exp(snr_db / 10)).sqrt()


def _plain_ratio(speech, noise, snr_db):
    return speech + noise * (_power(speech) / _power(noise) / abs(snr_db + 1e-9)).sqrt()


def _summed(speech, noise, snr_db, factor):
    """One power a sum and not a mean, so that the ratio is `factor` times too large."""
    return speech + factor**0.5 * _gain(speech, noise, snr_db) * noise


def _flat(speech, noise, snr_db):
    return (speech.pow(2).mean(dim=-1) / noise.pow(2).mean(dim=-1) / _ratio(snr_db)).sqrt()


def _in_place(speech, noise, snr_db):
    speech.data.add_(_gain(speech, noise, snr_db) * noise)
    return speech


def _tiny(_generator):
    """Speech of power 4, noise of power 1, 20 dB: the noise has to come down to power 0.04, a gain of 0.2."""
    return torch.tensor([2.0, -2.0, 2.0, 2.0]), torch.tensor([1.0, 1.0, -1.0, 1.0]), 20.0


def _clips(generator, *shape):
    """Random clips, each of another loudness, noise with an offset."""
    loudness = torch.rand(*shape[:-1], 1, generator=generator) + 0.2
    speech = loudness * torch.randn(*shape, generator=generator)
    return speech, 3 * torch.randn(*shape, generator=generator) + 1


_MEAN = "One of your powers is a sum and not a mean of the squares: the length of the clip then counts."
_KEEPDIM = (
    "The power of each clip has lost its time axis, so it does not fit the clips: mean(dim=-1, keepdim=True)."
)

mix = Exercise(
    id="01.12",
    name="mix",
    title="Add noise at a stated signal-to-noise ratio",
    difficulty=2,
    minutes=20,
    stub="return speech + noise, the noise scaled to snr_db decibels below",
    parameters=("speech", "noise", "snr_db"),
    reference=_mix,
    hints=(
        "At 0 dB speech and noise have the same power, at 10 dB speech has ten times as much. And at 20 dB?",
        "If the noise is multiplied by a gain, by which factor does its power grow?",
        "ratio = 10 ** (snr_db / 10); power = x.pow(2).mean(dim=-1, keepdim=True); gain = sqrt(power of "
        "speech / power of noise / ratio); speech + gain · noise.",
    ),
    cases=(
        Case("four samples at 20 dB", _tiny),
        Case("noise louder than speech", lambda g: (*_clips(g, 50), -6.0)),
        Case("a batch", lambda g: (*_clips(g, 3, 40), 5.0)),
        Case("0 dB, a batch of one", lambda g: (*_clips(g, 1, 30), 0.0)),
        Case("very little noise", lambda g: (*_clips(g, 2, 20), 40.0)),
    ),
    mistakes=(
        Mistake(
            "no root",
            lambda s, n, snr: s + n * _power(s) / _power(n) / _ratio(snr),
            "A gain acts on amplitude and power grows with its square: the square root is missing.",
        ),
        Mistake(
            "20",
            lambda s, n, snr: _mix(s, n, snr / 2),
            "This is power: divide by 10 in the exponent; 20 is for a ratio of amplitudes.",
        ),
        Mistake(
            "no root, 20",
            lambda s, n, snr: s + n * _power(s) / _power(n) / 10 ** (snr / 20),
            "10 ** (snr_db / 20) is a ratio of amplitudes; take the root of the ratio of powers beside it.",
        ),
        Mistake("sum of speech", lambda s, n, snr: _summed(s, n, snr, s.shape[-1]), _MEAN),
        Mistake("sum of noise", lambda s, n, snr: _summed(s, n, snr, 1 / n.shape[-1]), _MEAN),
        Mistake("no keepdim", lambda s, n, snr: s + _flat(s, n, snr) * n, _KEEPDIM),
        Mistake(
            "sign",
            lambda s, n, snr: _mix(s, n, -snr),
            "With more decibels your noise gets louder: a high ratio means little noise.",
        ),
        Mistake(
            "powers ignored",
            lambda s, n, snr: s + n / _ratio(snr) ** 0.5,
            "Your gain does not ask how loud speech and noise are: measure both powers first.",
        ),
        Mistake(
            "powers ignored, sign",
            lambda s, n, snr: s + n * _ratio(snr) ** 0.5,
            "With more decibels your noise gets louder, and it does not ask how loud speech and noise are.",
        ),
        Mistake(
            "divided by decibels",
            lambda s, n, snr: s + n / (snr + 1e-9),
            "You divided by the decibels themselves; 10 ** (snr_db / 10) is the ratio they stand for.",
        ),
        Mistake(
            "upside down",
            lambda s, n, snr: s + n * (_power(n) / _power(s) / _ratio(snr)).sqrt(),
            "Your powers are upside down: the louder the noise already is, the smaller its gain should be.",
        ),
        Mistake(
            "mean of absolute values",
            _absolute,
            "You compared mean absolute values; power is the mean of the squares.",
        ),
        Mistake(
            "scaled back",
            lambda s, n, snr: _mix(s, n, snr) / (1 + _gain(s, n, snr)),
            "You divided the sum to keep it small; the speech has to stay as loud as it was.",
        ),
        Mistake(
            "noise power ignored",
            lambda s, n, snr: s + n * (_power(s) / _ratio(snr)).sqrt(),
            "This is the level wanted, but the noise already has a level: divide by its own power.",
        ),
        Mistake(
            "speech scaled",
            lambda s, n, snr: _mix(s, n, snr) / _gain(s, n, snr),
            "You scaled the speech; leave it as it is and scale the noise.",
        ),
        Mistake(
            "one power for all",
            _one_power,
            "You took one power for the whole batch; each clip needs its own (dim=-1, keepdim=True).",
        ),
        Mistake(
            "noise only",
            lambda s, n, snr: _gain(s, n, snr) * n,
            "This is the scaled noise; add it to the speech.",
        ),
        Mistake("just added", lambda s, n, snr: s + n, "You added the noise as it is: where is snr_db used?"),
        Mistake(
            "peaks",
            _peaks,
            "You compared the largest value of each; one click would decide. Power is the mean of the "
            "squares.",
        ),
        Mistake(
            "deviation",
            _deviation,
            "The standard deviation leaves the mean out; power is the mean of the squares, offset and all.",
        ),
        Mistake(
            "clamped",
            lambda s, n, snr: _mix(s, n, snr).clamp(-1, 1),
            "You clip the sum, which adds a distortion of its own; return the plain sum.",
        ),
        Mistake(
            "normalised",
            lambda s, n, snr: _mix(s, n, snr) / _peak(_mix(s, n, snr)),
            "You made the sum quieter or louder afterwards; the speech has to stay as it is.",
        ),
        Mistake(
            "exponential",
            _exponential,
            "Decibels are built on a power of 10, not on e: 10 ** (snr_db / 10).",
        ),
        Mistake(
            "decibels as a ratio",
            _plain_ratio,
            "snr_db is in decibels and not yet a ratio: 10 ** (snr_db / 10).",
        ),
        Mistake(
            "nothing",
            lambda s, n, snr: s.clone(),
            "No noise arrived: does your operation return a new tensor that is then dropped?",
        ),
        Mistake(
            "in place",
            _in_place,
            "You changed the speech you were given: `+=` writes into it, and the clean clip is lost.",
        ),
    ),
    noticing="Measure it: 10 · log10(power of speech ÷ power of (mixed − speech)) gives snr_db back. "
    "Corruption that does nothing is a common bug in published code, and this line finds it.",
    gradient=True,
    tolerance=1e-4,
)
