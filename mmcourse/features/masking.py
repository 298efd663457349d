"""Which frames of a padded batch are speech."""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from .arguments import need_count


def n_frames(
    lengths: int | Int[Tensor, " batch"], n_fft: int, hop_length: int, center: bool = True
) -> int | Int[Tensor, " batch"]:
    """Frames that a clip of so many samples gives: 1 + (length + padding - n_fft) // hop_length.

    center   padding is 2 · (n_fft // 2) as in stft, mel_spectrogram and log_mel; False: 0 as in frame
    Raises   ValueError for a clip too short to give a frame, as the functions that cut frames do
    """
    need_count(n_fft, "n_fft")
    need_count(hop_length, "hop_length")
    padding = 2 * (n_fft // 2) if center else 0
    frames = 1 + (lengths + padding - n_fft) // hop_length
    if (frames.min() if isinstance(frames, Tensor) else frames) < 1:
        shortest = int(lengths.min()) if isinstance(lengths, Tensor) else lengths
        raise ValueError(
            f"a clip of {shortest} samples is shorter than one frame of {n_fft}: "
            "take a shorter frame, pad the clip, or leave it out."
        )
    return frames


def padding_mask(lengths: Int[Tensor, " batch"], time: int | None = None) -> Bool[Tensor, "batch time"]:
    """True where a padded batch holds the clip itself: row i is True at 0 .. lengths[i] - 1.

    time     length of the padded axis, the longest clip's where None
    Raises   ValueError for a clip without content or longer than time
    """
    time = int(lengths.max()) if time is None else time
    if lengths.min() < 1 or lengths.max() > time:
        raise ValueError(f"lengths must lie in 1..{time}, got {lengths.tolist()}: leave empty clips out.")
    return torch.arange(time, device=lengths.device) < lengths[:, None]
