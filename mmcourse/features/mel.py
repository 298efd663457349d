"""From Hz to what an ear tells apart: the mel scale, its filters, and log-mel."""

import math
from collections.abc import Callable
from functools import lru_cache

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_choice, need_count, need_waveform
from .decibel import amplitude_to_DB
from .framing import hann_window
from .spectrum import spectrogram

# The two published scales. Slaney's is linear up to 1000 Hz, then logarithmic.
HTK_BREAK_HZ, HTK_FACTOR = 700.0, 2595.0
SLANEY_HZ_PER_MEL, SLANEY_BREAK_HZ, SLANEY_LOG_STEP = 200.0 / 3, 1000.0, math.log(6.4) / 27.0
SLANEY_BREAK_MEL = SLANEY_BREAK_HZ / SLANEY_HZ_PER_MEL


def hz_to_mel(freqs: float | Float[Tensor, "..."], mel_scale: str = "htk") -> float | Float[Tensor, "..."]:
    """Pitch in mel of a frequency in Hz; a number gives a number, a tensor a tensor.

    mel_scale   "htk": 2595 log10(1 + f / 700);  "slaney": linear to 1 kHz, then logarithmic
    Source      O'Shaughnessy 1987 (HTK Book, eq. 5.13); Slaney 1998, Auditory Toolbox
    """
    need_choice(mel_scale, "mel_scale", ("htk", "slaney"))
    if not isinstance(freqs, Tensor):
        return hz_to_mel(torch.tensor(freqs, dtype=torch.float64, device="cpu"), mel_scale).item()
    if mel_scale == "htk":
        return HTK_FACTOR * torch.log10(1.0 + freqs / HTK_BREAK_HZ)
    above = SLANEY_BREAK_MEL + torch.log(freqs.clamp(min=SLANEY_BREAK_HZ) / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP
    return torch.where(freqs >= SLANEY_BREAK_HZ, above, freqs / SLANEY_HZ_PER_MEL)


def mel_to_hz(mels: float | Float[Tensor, "..."], mel_scale: str = "htk") -> float | Float[Tensor, "..."]:
    """Frequency in Hz of a pitch in mel: the inverse of hz_to_mel."""
    need_choice(mel_scale, "mel_scale", ("htk", "slaney"))
    if not isinstance(mels, Tensor):
        return mel_to_hz(torch.tensor(mels, dtype=torch.float64, device="cpu"), mel_scale).item()
    if mel_scale == "htk":
        return HTK_BREAK_HZ * (10.0 ** (mels / HTK_FACTOR) - 1.0)
    steps = mels.clamp(min=SLANEY_BREAK_MEL) - SLANEY_BREAK_MEL
    above = SLANEY_BREAK_HZ * torch.exp(SLANEY_LOG_STEP * steps)
    return torch.where(mels >= SLANEY_BREAK_MEL, above, SLANEY_HZ_PER_MEL * mels)


def melscale_fbanks(
    n_freqs: int,
    f_min: float,
    f_max: float,
    n_mels: int,
    sample_rate: int,
    norm: str | None = None,
    mel_scale: str = "htk",
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "{n_freqs} {n_mels}"]:
    """Triangles that are equally wide in mel: column m rises from corner m to m + 1 and falls to m + 2.

    n_freqs        bins of the spectrum, n_fft // 2 + 1, spread evenly over 0 .. sample_rate // 2
    f_min, f_max   Hz of the first and the last corner
    norm           "slaney" gives every triangle the area 1 (per Hz) in place of the height 1
    Raises         ValueError for a filter that no bin falls into (torchaudio warns and goes on with silence)
    Source         Davis and Mermelstein 1980; equals torchaudio.functional.melscale_fbanks
    """
    _need_band(n_freqs, f_min, f_max, n_mels, sample_rate)
    need_choice(norm, "norm", (None, "slaney"))
    work = torch.promote_types(dtype or torch.get_default_dtype(), torch.float32)
    lowest, highest = hz_to_mel(f_min, mel_scale), hz_to_mel(f_max, mel_scale)
    corners = mel_to_hz(torch.linspace(lowest, highest, n_mels + 2, dtype=work), mel_scale)
    bins = torch.linspace(0, sample_rate // 2, n_freqs, dtype=work)
    width = corners.diff()
    rising = (bins[:, None] - corners[:-2]) / width[:-1]
    falling = (corners[2:] - bins[:, None]) / width[1:]
    fbanks = torch.minimum(rising, falling).clamp(min=0)  # n_freqs n_mels
    _refuse_empty_filters(fbanks, corners, bins)
    if norm == "slaney":
        fbanks = fbanks * (2.0 / (corners[2:] - corners[:-2]))
    return fbanks.to(device=device, dtype=dtype or work)


def mel_spectrogram(
    waveform: Float[Tensor, "*batch time"],
    sample_rate: int = 16000,
    n_fft: int = 400,
    win_length: int | None = None,
    hop_length: int | None = None,
    f_min: float = 0.0,
    f_max: float | None = None,
    pad: int = 0,
    n_mels: int = 40,
    window_fn: Callable[..., Tensor] = hann_window,
    power: float = 2.0,
    normalized: bool | str = False,
    *,
    center: bool = True,
    pad_mode: str = "reflect",
    norm: str | None = None,
    mel_scale: str = "htk",
) -> Float[Tensor, "*batch {n_mels} frames"]:
    """The spectrogram, weighed by the mel filters: M[m, i] = Σₖ fbanks[k, m] · |X[k, i]|^power.

    win_length   samples of the window, n_fft where None;  hop_length: win_length // 2 where None
    f_max        sample_rate // 2 where None
    n_mels       torchaudio's default of 128 leaves filters empty at its own n_fft of 400: here 40
    window_fn    called as window_fn(win_length, dtype=..., device=...); torch's windows fit as well
    Source       equals torchaudio.transforms.MelSpectrogram(sample_rate, ...)(waveform)
    """
    need_waveform(waveform)
    win_length = n_fft if win_length is None else win_length
    hop_length = win_length // 2 if hop_length is None else hop_length
    f_max = float(sample_rate // 2) if f_max is None else f_max
    need_count(n_fft, "n_fft")
    need_count(win_length, "win_length")
    fbanks = _kept_fbanks(
        n_fft // 2 + 1, f_min, f_max, n_mels, sample_rate, norm, mel_scale, waveform.dtype, waveform.device
    )
    window = window_fn(win_length, dtype=waveform.dtype, device=waveform.device)
    spectrum = spectrogram(
        waveform, pad, window, n_fft, hop_length, win_length, power, normalized, center, pad_mode
    )
    return (spectrum.transpose(-1, -2) @ fbanks).transpose(-1, -2)


def log_mel(
    waveform: Float[Tensor, "*batch time"],
    sample_rate: int,
    n_fft: int | None = None,
    win_length: int | None = None,
    hop_length: int | None = None,
    f_min: float = 0.0,
    f_max: float | None = None,
    n_mels: int = 40,
    *,
    pad_mode: str = "constant",
    norm: str | None = None,
    mel_scale: str = "htk",
    amin: float = 1e-10,
) -> Float[Tensor, "*batch {n_mels} frames"]:
    """What most of this course hears: 10 log10 of the mel power, in dB, never below 10 log10(amin).

    n_fft        samples of a frame, 25 ms (an even number) where None;  win_length: n_fft where None
    hop_length   samples from frame to frame, 10 ms where None; a clip gives 1 + time // hop_length frames
    n_mels       40 fit 25 ms frames from 8 kHz upwards
    pad_mode     "constant" is silence around the clip, so the clip's frames are the same in a padded batch
                 as alone; "reflect" would mirror the padding there
    amin         power that counts as silence: -100 dB. The reference is power 1 for every clip, so loud
                 stays louder than quiet and train and test share one scale (see normalize_clip for the other)
    Source       Davis and Mermelstein 1980; AmplitudeToDB(top_db=None) of torchaudio's MelSpectrogram
    """
    need_count(sample_rate, "sample_rate", advice="It is in Hz: 16000 for most speech.")
    n_fft = 2 * round(0.0125 * sample_rate) if n_fft is None else n_fft
    hop_length = round(0.010 * sample_rate) if hop_length is None else hop_length
    mel = mel_spectrogram(
        waveform,
        sample_rate,
        n_fft,
        win_length,
        hop_length,
        f_min,
        f_max,
        n_mels=n_mels,
        pad_mode=pad_mode,
        norm=norm,
        mel_scale=mel_scale,
    )
    return amplitude_to_DB(mel, 10.0, amin, 0.0)


@lru_cache(maxsize=32)
def _kept_fbanks(
    n_freqs: int,
    f_min: float,
    f_max: float,
    n_mels: int,
    sample_rate: int,
    norm: str | None,
    mel_scale: str,
    dtype: torch.dtype,
    device: torch.device,
) -> Float[Tensor, "{n_freqs} {n_mels}"]:
    """Filters made once per setting. They never leave this file, so nobody can write into them.

    Were they made in inference mode, autograd could not use them later; so that is off here.
    """
    with torch.inference_mode(False):
        return melscale_fbanks(
            n_freqs, f_min, f_max, n_mels, sample_rate, norm, mel_scale, dtype=dtype, device=device
        )


def _need_band(n_freqs: int, f_min: float, f_max: float, n_mels: int, sample_rate: int) -> None:
    need_count(sample_rate, "sample_rate", least=2, advice="It is in Hz: 16000 for most speech.")
    need_count(n_freqs, "n_freqs", least=2, advice="It is n_fft // 2 + 1.")
    need_count(n_mels, "n_mels")
    if not 0 <= f_min < f_max <= sample_rate / 2:
        raise ValueError(
            f"mel filters need 0 <= f_min < f_max <= sample_rate / 2 = {sample_rate / 2:g} Hz, "
            f"got f_min = {f_min:g} and f_max = {f_max:g}."
        )


def _refuse_empty_filters(
    fbanks: Float[Tensor, "n_freqs n_mels"],
    corners: Float[Tensor, " corners"],
    bins: Float[Tensor, " n_freqs"],
) -> None:
    empty = (fbanks.amax(dim=0) == 0).nonzero().flatten().tolist()
    if not empty:
        return
    n_freqs, n_mels = fbanks.shape
    m = empty[0]
    raise ValueError(
        f"{len(empty)} of {n_mels} mel filters are empty: filter {m} spans "
        f"{corners[m]:.0f} to {corners[m + 2]:.0f} Hz, but bins are {bins[1]:.1f} Hz apart. "
        f"Take fewer filters (n_mels below {n_mels}) or a longer n_fft (above {2 * (n_freqs - 1)})."
    )
