"""The shape of a spectrum in few numbers: cosine transform, MFCC, and how they move."""

import math
from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_choice, need_count, need_features
from .decibel import amplitude_to_DB
from .framing import frame
from .mel import mel_spectrogram
from .padding import pad_axis


def create_dct(
    n_mfcc: int,
    n_mels: int,
    norm: str | None,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "{n_mels} {n_mfcc}"]:
    """Column k is a cosine of k half periods over the mel axis: D[m, k] = 2 cos(π k (m + ½) / n_mels).

    norm     "ortho" scales the columns to length 1, so that they are orthonormal; None leaves them
    Source   Ahmed, Natarajan and Rao 1974 (DCT-II); equals torchaudio.functional.create_dct
    """
    need_choice(norm, "norm", (None, "ortho"))
    need_count(n_mels, "n_mels")
    need_count(n_mfcc, "n_mfcc")
    if n_mfcc > n_mels:
        raise ValueError(
            f"n_mfcc = {n_mfcc} coefficients cannot come from n_mels = {n_mels} filters: take fewer."
        )
    work = torch.promote_types(dtype or torch.get_default_dtype(), torch.float32)
    m = torch.arange(n_mels, dtype=work) + 0.5
    k = torch.arange(n_mfcc, dtype=work)
    dct = 2.0 * torch.cos(math.pi / n_mels * m[:, None] * k)
    if norm == "ortho":
        dct = dct / math.sqrt(2.0 * n_mels)
        dct[:, 0] /= math.sqrt(2.0)
    return dct.to(device=device, dtype=dtype or work)


def mfcc(
    waveform: Float[Tensor, "*batch time"],
    sample_rate: int = 16000,
    n_mfcc: int = 40,
    dct_type: int = 2,
    norm: str = "ortho",
    log_mels: bool = False,
    melkwargs: Mapping[str, object] | None = None,
    *,
    top_db: float | None = 80.0,
) -> Float[Tensor, "*batch {n_mfcc} frames"]:
    """Mel-frequency cepstral coefficients: the cosine transform of log mel power over the mel axis.

    Coefficient 0 is the loudness, the next ones the slope and ever finer shape of the spectrum.
    log_mels    natural logarithm of (mel + 1e-6) in place of decibels
    melkwargs   arguments for mel_spectrogram: n_fft, hop_length, n_mels, ...
    top_db      see amplitude_to_DB: with 80, torchaudio's, a clip's coefficients depend on the others in the
                same [batch, time]; None keeps clips apart
    Source      Davis and Mermelstein 1980; equals torchaudio.transforms.MFCC(sample_rate, ...)(waveform)
    """
    need_choice(dct_type, "dct_type", (2,))
    mel = mel_spectrogram(waveform, sample_rate, **(melkwargs or {}))
    log = torch.log(mel + 1e-6) if log_mels else amplitude_to_DB(mel, 10.0, 1e-10, 0.0, top_db)
    dct = create_dct(n_mfcc, mel.shape[-2], norm, dtype=mel.dtype, device=mel.device)
    return (log.transpose(-1, -2) @ dct).transpose(-1, -2)


def compute_deltas(
    specgram: Float[Tensor, "*batch feature time"], win_length: int = 5, mode: str = "replicate"
) -> Float[Tensor, "*batch feature time"]:
    """How fast each feature changes: the slope of a line fitted to the frames around each frame.

    d[t] = Σₙ n (c[t + n] - c[t - n]) / 2 Σₙ n²,  n = 1 .. (win_length - 1) // 2
    win_length   frames the line is fitted to, at least 3
    mode         what stands beyond the first and last frame: "replicate", "reflect" or "constant" (zeros)
    Source       HTK Book, eq. 5.16; equals torchaudio.functional.compute_deltas
    """
    need_features(specgram)
    need_count(win_length, "win_length", least=3, advice="It takes three frames to see a slope around one.")
    n = (win_length - 1) // 2
    slope = torch.arange(-n, n + 1, dtype=specgram.dtype, device=specgram.device)
    around = frame(pad_axis(specgram, -1, n, n, mode), 2 * n + 1, 1)  # batch feature time 2n+1
    return around @ slope / slope.square().sum()
