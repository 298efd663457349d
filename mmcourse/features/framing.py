"""A long sound becomes many short ones: framing, and the window each frame is seen through."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_count, need_waveform
from .padding import pad_axis


def frame(
    waveform: Float[Tensor, "*batch time"], frame_length: int, hop_length: int
) -> Float[Tensor, "*batch frames {frame_length}"]:
    """Cut a waveform into overlapping frames: frame i starts at sample i · hop_length.

    frame_length   samples in a frame (25 ms at 16 kHz are 400)
    hop_length     samples from the start of one frame to the start of the next (10 ms: 160)
    Returns        1 + (time - frame_length) // hop_length frames; samples after the last whole frame are left
                   out. The frames are a view: no sample is copied, so clone() them before writing into them.
    Raises         ValueError for a clip shorter than one frame
    """
    need_waveform(waveform)
    need_count(frame_length, "frame_length")
    need_count(hop_length, "hop_length", advice="A hop of 0 would give the same frame for ever.")
    time = waveform.shape[-1]
    if time < frame_length:
        raise ValueError(
            f"a clip of {time} samples is shorter than one frame of {frame_length}: "
            "take a shorter frame, pad the clip, or leave it out."
        )
    return waveform.unfold(-1, frame_length, hop_length)


def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, " {window_length}"]:
    """A raised cosine that starts at 0: w[n] = 0.5 - 0.5 cos(2πn / N).

    periodic   N = window_length, one period, for spectra (overlapping windows add up to a constant);
               False: N = window_length - 1, symmetric, for filter design
    Source     Harris 1978, "On the use of windows for harmonic analysis"; equals torch.hann_window
    """
    return _raised_cosine(0.5, window_length, periodic, dtype, device)


def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, " {window_length}"]:
    """A raised cosine on a pedestal: w[n] = α - β cos(2πn / N). See hann_window for `periodic`.

    Source     Harris 1978; equals torch.hamming_window
    """
    return _raised_cosine(alpha, window_length, periodic, dtype, device, beta)


def _raised_cosine(
    alpha: float,
    window_length: int,
    periodic: bool,
    dtype: torch.dtype | None,
    device: torch.device | str | None,
    beta: float = 0.5,
) -> Float[Tensor, " {window_length}"]:
    need_count(window_length, "window_length")
    if window_length == 1:
        return torch.ones(1, dtype=dtype, device=device)  # N would be 0 in the symmetric case
    period = window_length if periodic else window_length - 1
    n = torch.arange(window_length, dtype=dtype or torch.get_default_dtype(), device=device)
    return alpha - beta * torch.cos(2 * math.pi * n / period)


def preemphasis(waveform: Float[Tensor, "*batch time"], coeff: float = 0.97) -> Float[Tensor, "*batch time"]:
    """Lift the high frequencies that speech radiates weakly: y[t] = x[t] - coeff · x[t-1], y[0] = x[0].

    Source     Rabiner and Schafer 1978, section 8.2; equals torchaudio.functional.preemphasis
    """
    need_waveform(waveform)
    before = pad_axis(waveform[..., :-1], -1, 1, 0)  # before[t] = x[t-1], silence before the start
    return waveform - coeff * before
