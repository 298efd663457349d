"""From time to frequency: the short-time Fourier transform and its power."""

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from .arguments import need_choice, need_count, need_waveform
from .framing import frame
from .padding import pad_axis


def stft(
    waveform: Float[Tensor, "*batch time"],
    n_fft: int,
    hop_length: int,
    window: Float[Tensor, " win_length"],
    center: bool = True,
    pad_mode: str = "reflect",
    onesided: bool = True,
) -> Complex[Tensor, "*batch freq frames"]:
    """Frame, window, Fourier transform: X[k, i] = Σₙ w[n] x[i · hop_length + n] exp(-2πj kn / n_fft).

    n_fft       samples in a frame; bin k lies at k · sample_rate / n_fft Hz
    window      at most n_fft long; a shorter one sits in the middle of the frame
    center      pad by n_fft // 2 on both sides, so that frame i has sample i · hop_length in its middle
    pad_mode    what stands there: "reflect", "constant" (silence) or "replicate"
    onesided    keep bins 0 .. n_fft // 2: a real sound's others are their mirror image
    Source      Allen and Rabiner 1977, eq. 1; equals torch.stft
    """
    need_waveform(waveform)
    need_count(n_fft, "n_fft")
    if center:
        waveform = _center(waveform, n_fft // 2, pad_mode)
    frames = frame(waveform, n_fft, hop_length) * _in_the_middle(window, n_fft)
    spectrum = torch.fft.rfft(frames) if onesided else torch.fft.fft(frames)
    return spectrum.transpose(-1, -2)


def spectrogram(
    waveform: Float[Tensor, "*batch time"],
    pad: int,
    window: Float[Tensor, " win_length"],
    n_fft: int,
    hop_length: int,
    win_length: int,
    power: float | None,
    normalized: bool | str,
    center: bool = True,
    pad_mode: str = "reflect",
    onesided: bool = True,
) -> Float[Tensor, "*batch freq frames"] | Complex[Tensor, "*batch freq frames"]:
    """|X|^power of the short-time Fourier transform X of `stft`.

    pad           samples of silence added on both sides first
    win_length    length of `window`, at most n_fft
    power         1 magnitude, 2 power, None the complex spectrum itself
    normalized    True or "window": X is divided by the window's root sum of squares;
                  "frame_length": by √n_fft, which makes the transform unitary
    Source        equals torchaudio.functional.spectrogram
    """
    need_waveform(waveform)
    need_count(pad, "pad", least=0)
    if power is not None and power <= 0:
        raise ValueError(f"power must be above 0, or None for the complex spectrum, got {power}.")
    need_choice(normalized, "normalized", (False, True, "window", "frame_length"))
    if window.shape != (win_length,):
        raise ValueError(
            f"window must hold win_length = {win_length} values, got shape {list(window.shape)}."
        )
    if pad > 0:
        waveform = pad_axis(waveform, -1, pad, pad)
    spectrum = stft(waveform, n_fft, hop_length, window, center, pad_mode, onesided)
    if normalized == "frame_length":
        spectrum = spectrum / n_fft**0.5
    elif normalized:
        spectrum = spectrum / window.square().sum().sqrt()
    if power is None:
        return spectrum
    if power == 2:  # without the square root that abs() would take only to be undone
        return spectrum.real.square() + spectrum.imag.square()
    return spectrum.abs().pow(power)


def _center(
    waveform: Float[Tensor, "*batch time"], half: int, pad_mode: str
) -> Float[Tensor, "*batch padded"]:
    need_choice(pad_mode, "pad_mode", ("reflect", "constant", "replicate"))
    time = waveform.shape[-1]
    if pad_mode == "reflect" and half >= time:
        raise ValueError(
            f"a clip of {time} samples is too short to be reflected by n_fft // 2 = {half}: "
            'take a shorter n_fft, pad_mode="constant", or leave the clip out.'
        )
    return pad_axis(waveform, -1, half, half, pad_mode)


def _in_the_middle(window: Float[Tensor, " win_length"], n_fft: int) -> Float[Tensor, " n_fft"]:
    spare = n_fft - window.shape[-1]
    if spare < 0:
        raise ValueError(
            f"a window of {window.shape[-1]} samples does not fit n_fft = {n_fft}: take n_fft at least that."
        )
    return pad_axis(window, -1, spare // 2, spare - spare // 2) if spare else window
