"""Make pictures and speech harder, by an amount that is stated and that a test measures.

Every function returns a new tensor and leaves its input as it was. What is random takes a
`torch.Generator` (on the CPU), so that the same seed makes the same damage on every device.
Pictures are `[..., height, width]` in 0..1, waveforms `[..., time]` in -1..1.
"""

import math
from collections.abc import Sequence
from numbers import Integral

import torch
from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur

from mmcourse.data import options
from mmcourse.data.wording import counted
from mmcourse.errors import CourseError


def gaussian_noise(image: Tensor, std: float, generator: torch.Generator) -> Tensor:
    """Add white noise of standard deviation `std` (0.1 is visible, 0.5 is hard) to every pixel.

    The result is not cut back to 0..1: on a black background that would take away half of the noise.
    """
    _at_least_zero(std, "std")
    options.random_generator(generator)
    return image + std * _normal(image.shape, image, generator)


def blur(image: Tensor, sigma: float) -> Tensor:
    """Blur with a Gaussian of standard deviation `sigma` pixels; 0 changes nothing."""
    _at_least_zero(sigma, "sigma")
    if sigma == 0:
        return image.clone()
    # Four sigma hold the bell to 1e-4; reflecting at the border allows at most one size less one.
    radius = min(math.ceil(4 * sigma), min(image.shape[-2:]) - 1)
    return gaussian_blur(image, [2 * radius + 1] * 2, [sigma] * 2)


def occlude(image: Tensor, share: float, generator: torch.Generator, value: float = 0.5) -> Tensor:
    """Cover one rectangle with `share` of the area (to the nearest pixel column), at a random place.

    All pictures of a batch are covered at the same place.
    """
    _share(share)
    options.random_generator(generator)
    height, width = image.shape[-2:]
    covered = image.clone()
    if share == 0:
        return covered
    rows = max(1, round(height * math.sqrt(share)))
    columns = min(width, round(share * height * width / rows))
    top = int(torch.randint(height - rows + 1, (), generator=generator))
    left = int(torch.randint(width - columns + 1, (), generator=generator))
    covered[..., top : top + rows, left : left + columns] = value
    return covered


def white_noise(length: int, generator: torch.Generator) -> Tensor:
    """Return noise `[length]` of mean power 1 with the same power at every frequency."""
    options.random_generator(generator)
    return _unit_power(torch.randn(options.whole(length, "length", 1), generator=generator))


def pink_noise(length: int, generator: torch.Generator) -> Tensor:
    """Return noise `[length]` of mean power 1 whose power falls as 1/frequency (3 dB an octave)."""
    options.random_generator(generator)
    length = options.whole(length, "length", 1)
    spectrum = torch.fft.rfft(torch.randn(length, generator=generator, dtype=torch.float64))
    steps = torch.arange(len(spectrum), dtype=torch.float64)
    spectrum = spectrum / steps.clamp(min=1).sqrt()
    spectrum[0] = 0  # no constant offset, which nobody hears
    return _unit_power(torch.fft.irfft(spectrum, length).to(torch.float32))


def babble(voices: Sequence[Tensor], length: int, generator: torch.Generator, count: int = 6) -> Tensor:
    """Return `count` of the given clips talking at once, `[length]` with mean power 1.

    voices  waveforms `[time]`; take them from the training part, or the noise gives test voices away
    Each clip is as loud as the others, starts at a random place, and is repeated to fill the length.
    """
    if len(voices) == 0:
        raise CourseError("Babble needs at least one voice, got none.")
    options.random_generator(generator)
    length, count = options.whole(length, "length", 1), options.whole(count, "count", 1)
    total = torch.zeros(length)
    for index in torch.randint(len(voices), (count,), generator=generator).tolist():
        voice = _unit_power(voices[index])
        start = int(torch.randint(len(voice), (), generator=generator))
        total += voice.roll(-start).repeat(math.ceil(length / len(voice)))[:length]
    return _unit_power(total)


def mix(speech: Tensor, noise: Tensor, snr_db: float | Tensor, lengths: Tensor | None = None) -> Tensor:
    """Add noise, scaled so that speech is `snr_db` decibels above it in mean power.

    noise    `[..., time]`, at least as long as the speech; what is too long is cut off
    snr_db   0 is equal power, negative is louder noise; a tensor `[batch]` gives each clip its own
    lengths  int64 `[batch]` for padded speech: only the valid samples count, and padding stays silent
    Raises   CourseError for silent speech or silent noise, whose ratio has no meaning, and for a tensor
             that has not one entry for each clip of `[batch, ..., time]`
    The sum may go beyond -1..1; scale it yourself before it is stored as whole numbers.
    """
    if isinstance(snr_db, Tensor) and snr_db.ndim > 0:
        snr_db = _one_for_each_clip(snr_db, speech, "snr_db")
    else:
        options.number(snr_db, "snr_db", "must be a number of decibels", -math.inf)
    time = speech.shape[-1]
    if noise.shape[-1] < time:
        held = counted(noise.shape[-1], "sample")
        raise CourseError(f"The noise has {held} and the speech {time}: make it as long.")
    noise = noise[..., :time].to(speech)
    if lengths is not None:
        valid = torch.arange(time, device=speech.device) < _one_for_each_clip(lengths, speech, "lengths")
        noise = noise.masked_fill(~valid, 0)  # not noise * valid: NaN * 0 is NaN
        speech = speech.masked_fill(~valid, 0)
    # Energy, not mean power: both are over the same samples, so their number cancels.
    speech_energy, noise_energy = (x.square().sum(-1, keepdim=True) for x in (speech, noise))
    if not (speech_energy > 0).all() or not (noise_energy > 0).all():
        raise CourseError("Speech or noise is silent, so no signal-to-noise ratio can be made of them.")
    gain = (speech_energy / noise_energy).sqrt() * 10 ** (-snr_db / 20)
    return speech + gain * noise


def snr_db(speech: Tensor, noisy: Tensor) -> Tensor:
    """Measure the signal-to-noise ratio in dB of `noisy` against the clean speech, `[...]`."""
    noise = noisy - speech
    return 10 * (speech.square().sum(-1) / noise.square().sum(-1)).log10()


def clip(speech: Tensor, level: float) -> Tensor:
    """Cut every sample off at `level` (above 0, up to 1) of the clip's own peak, as a bad microphone does."""
    # The least number above 0, since `number` counts its ends in.
    options.number(level, "level", "must be above 0 and at most 1 (1 changes nothing)", math.ulp(0.0), 1)
    limit = level * speech.abs().amax(-1, keepdim=True)
    return speech.clamp(-limit, limit)


def time_shift(speech: Tensor, samples: int) -> Tensor:
    """Move the sound later by `samples` (earlier if negative); the length stays, silence fills the gap."""
    if not isinstance(samples, Integral):
        raise CourseError(f"samples must be a whole number (seconds times the sample rate), got {samples!r}.")
    shifted = torch.zeros_like(speech)
    time = speech.shape[-1]
    if abs(samples) < time:
        kept = time - abs(samples)
        source, target = max(0, -samples), max(0, samples)
        shifted[..., target : target + kept] = speech[..., source : source + kept]
    return shifted


def drop_frames(speech: Tensor, share: float, frame_length: int, generator: torch.Generator) -> Tensor:
    """Silence `share` of the frames of `frame_length` samples (to the nearest frame), as a bad line does.

    All clips of a batch lose the same frames; a last, shorter frame counts as one.
    """
    _share(share)
    options.random_generator(generator)
    frame_length = options.whole(frame_length, "frame_length", 1)
    frames = math.ceil(speech.shape[-1] / frame_length)
    lost = torch.randperm(frames, generator=generator)[: round(share * frames)]
    keep = torch.ones(frames, dtype=torch.bool)
    keep[lost] = False
    keep = keep.repeat_interleave(frame_length)[: speech.shape[-1]]
    return speech.masked_fill(~keep.to(speech.device), 0)


def _normal(shape, like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float32).to(like)


def _unit_power(waveform: Tensor) -> Tensor:
    rms = waveform.square().mean().sqrt()
    return waveform / rms if rms > 0 else waveform


def _one_for_each_clip(values: Tensor, speech: Tensor, name: str) -> Tensor:
    """`[batch]` laid out as `[batch, 1, ...]`, so that it meets `[batch, ..., time]` clip by clip."""
    values = values.to(speech.device).reshape(len(values), -1)
    if speech.ndim < 2 or values.shape != (speech.shape[0], 1):
        raise CourseError(
            f"{name} must have one entry for each clip of [batch, ..., time], "
            f"got {list(values.shape)} for speech of shape {list(speech.shape)}."
        )
    return values.reshape(-1, *[1] * (speech.ndim - 1))


def _at_least_zero(value: float, name: str) -> None:
    options.number(value, name, "must be 0 or more", 0)


def _share(value: float) -> None:
    options.number(value, "share", "must lie in 0..1 (0.25 is a quarter)", 0, 1)
