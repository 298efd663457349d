"""Another sample rate: the sound between the samples, by windowed sinc interpolation."""

import math
from functools import lru_cache

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_choice, need_count, need_waveform
from .framing import frame
from .padding import pad_axis

KAISER_BETA = 14.769656459379492  # librosa's "kaiser_best"


def resample(
    waveform: Float[Tensor, "*batch time"],
    orig_freq: int,
    new_freq: int,
    lowpass_filter_width: int = 6,
    rolloff: float = 0.99,
    resampling_method: str = "sinc_interp_hann",
    beta: float | None = None,
) -> Float[Tensor, "*batch new_time"]:
    """The same sound at another sample rate: y[j] = Σᵢ x[i] h(i / orig_freq - j / new_freq).

    orig_freq, new_freq    whole numbers of Hz; only their ratio matters
    lowpass_filter_width   zero crossings of the sinc on each side: more is sharper and slower
    rolloff                cut-off as a share of the lower of the two Nyquist frequencies
    resampling_method      window on the sinc, "sinc_interp_hann" or "sinc_interp_kaiser"
    beta                   shape of the Kaiser window, 14.77 where None
    Returns                ceil(time · new_freq / orig_freq) samples, never the input itself
    Source                 Smith, "Digital audio resampling"; equals torchaudio.transforms.Resample
    """
    need_waveform(waveform)
    advice = "For 5512.5 Hz from 44100 Hz give the ratio in whole numbers: 1 and 8."
    need_count(orig_freq, "orig_freq", advice=advice)
    need_count(new_freq, "new_freq", advice=advice)
    need_count(lowpass_filter_width, "lowpass_filter_width")
    need_choice(resampling_method, "resampling_method", ("sinc_interp_hann", "sinc_interp_kaiser"))
    if not 0 < rolloff <= 1:
        raise ValueError(f"rolloff must lie above 0 and at most at 1, got {rolloff}: 0.99 is usual.")
    if orig_freq == new_freq:
        return waveform.clone()
    divisor = math.gcd(orig_freq, new_freq)
    old, new = orig_freq // divisor, new_freq // divisor  # `old` samples last as long as `new` ones
    kernels = _kept_kernels(
        old, new, lowpass_filter_width, rolloff, resampling_method, beta, waveform.dtype, waveform.device
    )
    reach = (kernels.shape[-1] - old) // 2
    frames = frame(pad_axis(waveform, -1, reach, reach + old), kernels.shape[-1], old)
    time = waveform.shape[-1]
    return (frames @ kernels.T).flatten(-2)[..., : math.ceil(time * new / old)]


def sinc_kernels(
    old: int,
    new: int,
    lowpass_filter_width: int = 6,
    rolloff: float = 0.99,
    resampling_method: str = "sinc_interp_hann",
    beta: float | None = None,
) -> Float[Tensor, "{new} taps"]:
    """One filter for each of the `new` samples that fall into the time of `old` ones, in float64.

    With t the time from the output sample in units of the cut-off's half period, and W the filter width,
    h(t) = sinc(t) · window(t / W) · scale, cut off at |t| = W:
    window   Hann cos²(πt / 2W), or Kaiser I₀(β √(1 - (t / W)²)) / I₀(β)
    """
    cutoff = rolloff * min(old, new)
    reach = math.ceil(lowpass_filter_width * old / cutoff)
    precise = {"dtype": torch.float64, "device": "cpu"}  # MPS has no float64
    tap = torch.arange(-reach, reach + old, **precise) / old
    output = torch.arange(new, **precise) / new
    t = ((tap - output[:, None]) * cutoff).clamp(-lowpass_filter_width, lowpass_filter_width)
    if resampling_method == "sinc_interp_hann":
        window = torch.cos(t * math.pi / lowpass_filter_width / 2).square()
    else:
        shape = torch.tensor(KAISER_BETA if beta is None else beta, **precise)
        window = torch.i0(shape * (1 - (t / lowpass_filter_width).square()).sqrt()) / torch.i0(shape)
    return torch.sinc(t) * window * (cutoff / old)


@lru_cache(maxsize=32)
def _kept_kernels(
    old: int,
    new: int,
    lowpass_filter_width: int,
    rolloff: float,
    resampling_method: str,
    beta: float | None,
    dtype: torch.dtype,
    device: torch.device,
) -> Float[Tensor, "{new} taps"]:
    """Filters made once per setting, never handed out; see mel._kept_fbanks for inference mode."""
    with torch.inference_mode(False):
        kernels = sinc_kernels(old, new, lowpass_filter_width, rolloff, resampling_method, beta)
        return kernels.to(dtype=dtype).to(device)
