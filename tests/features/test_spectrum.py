import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchaudio import functional as audio

from mmcourse import features


@st.composite
def transforms(draw):
    """A waveform and settings that fit it, odd sizes and single samples included."""
    n_fft = draw(st.integers(1, 24))
    settings = {
        "n_fft": n_fft,
        "hop_length": draw(st.integers(1, 30)),
        "win_length": draw(st.integers(1, n_fft)),
        "center": draw(st.booleans()),
        "pad_mode": draw(st.sampled_from(["reflect", "constant", "replicate"])),
        "onesided": draw(st.booleans()),
    }
    least = n_fft // 2 + 1 if settings["center"] else n_fft
    batch = draw(st.sampled_from([(), (1,), (3,), (2, 2)]))
    seed = draw(st.integers(0, 2**16))
    time = least + draw(st.integers(0, 60))
    x = torch.randn(*batch, time, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return x, settings


def window_for(x, win_length):
    return 0.1 + torch.hann_window(win_length, dtype=x.dtype, device=x.device)


@given(case=transforms())
def test_stft(assert_twins, case):
    x, options = case
    n_fft, hop, win_length = options.pop("n_fft"), options.pop("hop_length"), options.pop("win_length")

    def theirs(waveform):
        flat = waveform.reshape(-1, waveform.shape[-1])  # torch.stft takes one batch axis
        window = window_for(flat, win_length)
        spectrum = torch.stft(flat, n_fft, hop, win_length, window, return_complex=True, **options)
        return spectrum.reshape(*waveform.shape[:-1], *spectrum.shape[-2:])

    assert_twins(lambda w: features.stft(w, n_fft, hop, window_for(w, win_length), **options), theirs, x)


@given(
    case=transforms(),
    pad=st.integers(0, 5),
    power=st.sampled_from([1.0, 2.0, 3.0, 0.7, None]),
    normalized=st.sampled_from([False, True, "window", "frame_length"]),
)
def test_spectrogram(assert_twins, case, pad, power, normalized):
    x, options = case

    def run(function):
        return lambda w: function(
            w, pad, window_for(w, options["win_length"]), power=power, normalized=normalized, **options
        )

    # |X|^0.7 has an infinite slope at 0, which both sides meet with different NaNs
    smooth = power is None or power >= 1
    assert_twins(run(features.spectrogram), run(audio.spectrogram), x, gradients=smooth)


def test_a_tone_peaks_in_its_own_bin():
    t = torch.arange(16000, dtype=torch.float64) / 16000
    tone = torch.sin(2 * math.pi * 1000 * t)
    power = features.spectrogram(tone, 0, features.hann_window(400), 400, 160, 400, 2.0, False)
    assert (power[:, 3:-3].argmax(dim=0) == 25).all()  # 1000 Hz / (16000 / 400 Hz)


def test_frame_length_normalisation_keeps_the_energy():
    x = torch.randn(5, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    box = torch.ones(64, dtype=torch.float64)
    power = features.spectrogram(x, 0, box, 64, 64, 64, 2.0, "frame_length", center=False, onesided=False)
    torch.testing.assert_close(power.sum(dim=(-1, -2)), x.square().sum(dim=-1))  # Parseval


@pytest.mark.parametrize("where", [0, 500, 999])
def test_nan_comes_out_in_its_own_frames_only(where):
    x = torch.zeros(1000)
    x[where] = float("nan")
    power = features.spectrogram(x, 0, torch.ones(10), 10, 10, 10, 2.0, False, center=False)
    assert power.isnan().all(dim=0).nonzero().flatten().tolist() == [where // 10]
