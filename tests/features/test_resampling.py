import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchaudio import functional as audio
from torchaudio import transforms

from mmcourse import features

METHODS = ("sinc_interp_hann", "sinc_interp_kaiser")


@given(
    batch=st.sampled_from([(), (1,), (3,), (2, 1)]),
    time=st.integers(1, 60),
    rates=st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda r: r[0] != r[1]),
    width=st.integers(1, 8),
    rolloff=st.floats(0.5, 1),
    method=st.sampled_from(METHODS),
    beta=st.sampled_from([None, 2.0, 8.5]),
    seed=st.integers(0, 2**16),
)
def test_resample(assert_twins, batch, time, rates, width, rolloff, method, beta, seed):
    arguments = (*rates, width, rolloff, method, beta)
    assert_twins(
        lambda w: features.resample(w, *arguments),
        lambda w: audio.resample(w, *arguments),
        torch.randn(*batch, time, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)),
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "rates", [(44100, 16000), (16000, 8000), (8000, 16000), (22050, 16000), (48000, 44100)]
)
def test_the_rates_of_real_recordings(assert_twins, rates, method):
    x = torch.randn(2, 3001, dtype=torch.float64, generator=torch.Generator().manual_seed(0))

    def theirs(w):
        # Their float32 filters are 3e-5 off their own float64 ones at 22050 to 16000: they round the phase.
        return transforms.Resample(*rates, method, dtype=torch.float64)(w.double()).to(w.dtype)

    assert_twins(lambda w: features.resample(w, *rates, resampling_method=method), theirs, x)


def test_a_tone_stays_what_it_was():
    def tone(rate):
        return torch.sin(2 * math.pi * 440 * torch.arange(rate, dtype=torch.float64) / rate)

    got = features.resample(tone(44100), 44100, 16000)
    torch.testing.assert_close(got[100:-100], tone(16000)[100:-100], rtol=0, atol=2e-3)


def test_a_tone_above_the_new_nyquist_is_gone_not_folded():
    t = torch.arange(16000, dtype=torch.float64) / 16000
    got = features.resample(torch.sin(2 * math.pi * 6000 * t), 16000, 8000)
    assert got[100:-100].abs().max() < 2e-3


@given(time=st.integers(1, 200), orig_freq=st.integers(1, 300), new_freq=st.integers(1, 300))
def test_length(time, orig_freq, new_freq):
    got = features.resample(torch.zeros(time), orig_freq, new_freq)
    assert got.shape[-1] == -(-time * new_freq // orig_freq)


def test_the_same_rate_gives_a_copy():
    x = torch.zeros(4)
    features.resample(x, 8000, 8000).add_(1)
    assert torch.equal(x, torch.zeros(4))
