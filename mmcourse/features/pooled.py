"""A whole clip in a few numbers, however long it is: MFCC, averaged over time."""

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .arguments import need_features, need_waveform
from .cepstrum import compute_deltas, mfcc
from .masking import n_frames, padding_mask


def pool(
    x: Float[Tensor, "*batch feature time"], mask: Bool[Tensor, "*batch time"], *, std: bool = False
) -> Float[Tensor, "*batch pooled"]:
    """Mean of each feature over the frames where mask is True; then, if asked for, its standard deviation.

    What stands where mask is False changes nothing, NaN included.
    Raises  ValueError for a clip without such a frame
    """
    need_features(x)
    valid = mask.unsqueeze(-2)
    count = valid.sum(-1)
    if (count == 0).any():
        raise ValueError("a clip has no valid frame: leave empty clips out.")
    x = torch.where(valid, x, 0.0)
    mean = x.sum(-1) / count
    if not std:
        return mean
    away = torch.where(valid, x - mean.unsqueeze(-1), 0.0)
    variance = away.square().sum(-1) / count
    moves = variance > 0  # at 0, the root has no slope
    return torch.cat([mean, torch.where(moves, variance, 1.0).sqrt() * moves], -1)


def pooled_mfcc(
    waveform: Float[Tensor, "batch time"],
    sample_rate: int,
    lengths: Int[Tensor, " batch"] | None = None,
    *,
    n_mfcc: int = 13,
    std: bool = True,
    deltas: bool = True,
    melkwargs: Mapping[str, object] | None = None,
) -> Float[Tensor, "batch pooled"]:
    """MFCC of a clip and how they change, each averaged over the clip's own frames: order in time is lost.

    lengths    samples of each clip, where shorter ones are padded; a clip gets the same numbers alone
    n_mfcc     coefficients
    std        their standard deviations over time, too
    deltas     the same of their changes, too
    melkwargs  arguments of mel_spectrogram; frames of 25 ms every 10 ms and 40 filters where None
    Returns    n_mfcc numbers, twice as many with std, and twice as many again with deltas
    Source     Davis & Mermelstein 1980; deltas: Furui 1986
    """
    need_waveform(waveform)
    if lengths is None:
        lengths = torch.full(waveform.shape[:-1], waveform.shape[-1], device=waveform.device)
    own = padding_mask(lengths, waveform.shape[-1])
    options = {
        "n_fft": 2 * round(0.0125 * sample_rate),
        "hop_length": round(0.010 * sample_rate),
        "n_mels": 40,
        "pad_mode": "constant",
        **(melkwargs or {}),
    }
    coefficients = mfcc(waveform.masked_fill(~own, 0.0), sample_rate, n_mfcc, melkwargs=options, top_db=None)
    time = coefficients.shape[-1]
    frames = n_frames(lengths, options["n_fft"], options["hop_length"], options.get("center", True))
    mask = padding_mask(frames, time)
    parts = [pool(coefficients, mask, std=std)]
    if deltas:
        kept = torch.minimum(torch.arange(time, device=waveform.device), frames[:, None] - 1)
        ended = coefficients.gather(-1, kept[:, None].expand_as(coefficients))  # the last frame goes on
        parts.append(pool(compute_deltas(ended), mask, std=std))
    return torch.cat(parts, -1)
