import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchaudio import functional as audio
from torchaudio import transforms

from mmcourse import features

SCALES = st.sampled_from(["htk", "slaney"])
NORMS = st.sampled_from([None, "slaney"])


@given(freqs=st.lists(st.floats(0, 24000), min_size=1, max_size=9), mel_scale=SCALES)
def test_mel_and_back(freqs, mel_scale):
    hz = torch.tensor(freqs, dtype=torch.float64)
    mel = features.hz_to_mel(hz, mel_scale)
    want = [audio.functional._hz_to_mel(freq, mel_scale) for freq in freqs]
    torch.testing.assert_close(mel, torch.tensor(want, dtype=torch.float64), rtol=1e-12, atol=1e-10)
    torch.testing.assert_close(features.mel_to_hz(mel, mel_scale), hz, rtol=1e-12, atol=1e-9)
    assert features.hz_to_mel(freqs[0], mel_scale) == pytest.approx(want[0], rel=1e-12, abs=1e-10)
    assert features.mel_to_hz(want[0], mel_scale) == pytest.approx(freqs[0], rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("hz", "mel", "scale"), [(1000, 1000, "htk"), (1000, 15, "slaney"), (6400, 42, "slaney")]
)
def test_the_points_the_scales_are_named_by(hz, mel, scale):
    assert features.hz_to_mel(hz, scale) == pytest.approx(mel, abs=0.02)


@settings(max_examples=200)
@given(
    n_freqs=st.integers(2, 300),
    n_mels=st.integers(1, 80),
    sample_rate=st.sampled_from([8000, 11025, 16000, 44100]),
    band=st.tuples(st.floats(0, 0.4), st.floats(0.5, 1)),
    norm=NORMS,
    mel_scale=SCALES,
)
@pytest.mark.parametrize(("dtype", "atol"), [(torch.float32, 1e-5), (torch.float64, 1e-10)])
def test_filters_equal_or_refused_where_torchaudio_warns(
    default_dtype, dtype, atol, n_freqs, n_mels, sample_rate, band, norm, mel_scale
):
    f_min, f_max = (share * (sample_rate // 2) for share in band)
    arguments = (n_freqs, f_min, f_max, n_mels, sample_rate, norm, mel_scale)
    with default_dtype(dtype), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        want = audio.melscale_fbanks(*arguments)
    if caught:
        with pytest.raises(ValueError, match=r"mel filters are empty.*n_mels below .*n_fft"):
            features.melscale_fbanks(*arguments, dtype=dtype)
    else:
        got = features.melscale_fbanks(*arguments, dtype=dtype)
        torch.testing.assert_close(got, want, rtol=0, atol=atol)


@st.composite
def mel_settings(draw):
    n_fft = draw(st.integers(60, 200))
    options = {
        "n_fft": n_fft,
        "win_length": draw(st.one_of(st.none(), st.integers(20, n_fft))),
        "hop_length": draw(st.one_of(st.none(), st.integers(1, 150))),
        "f_min": draw(st.sampled_from([0.0, 125.0])),
        "f_max": draw(st.sampled_from([None, 3000.0, 4000.0])),
        "pad": draw(st.sampled_from([0, 7])),
        "n_mels": draw(st.integers(1, 8)),
        "power": draw(st.sampled_from([1.0, 2.0])),
        "normalized": draw(st.booleans()),
        "center": draw(st.booleans()),
        "pad_mode": draw(st.sampled_from(["reflect", "constant"])),
        "norm": draw(NORMS),
        "mel_scale": draw(SCALES),
    }
    batch = draw(st.sampled_from([(), (1,), (3,), (2, 1)]))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**16)))
    x = torch.randn(*batch, n_fft + draw(st.integers(0, 300)), dtype=torch.float64, generator=generator)
    return x, options


@given(case=mel_settings())
def test_mel_spectrogram(assert_twins, case):
    x, options = case
    assert_twins(
        lambda w: features.mel_spectrogram(w, 8000, **options),
        lambda w: transforms.MelSpectrogram(8000, **options)(w),
        x,
    )


@given(
    batch=st.sampled_from([(), (1,), (3,), (2, 1)]),
    time=st.integers(200, 1200),
    n_mels=st.integers(1, 40),
    seed=st.integers(0, 2**16),
)
def test_log_mel(assert_twins, batch, time, n_mels, seed):
    x = torch.randn(*batch, time, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))

    def theirs(w):
        mel = transforms.MelSpectrogram(8000, 200, hop_length=80, n_mels=n_mels, pad_mode="constant")(w)
        return transforms.AmplitudeToDB("power")(mel)

    assert_twins(lambda w: features.log_mel(w, 8000, n_mels=n_mels), theirs, x)


@given(
    shape=st.sampled_from([(4, 5), (1, 1), (3, 4, 5), (2, 1, 3, 4), (2, 3, 2, 3, 4)]),
    multiplier=st.sampled_from([10.0, 20.0]),
    db_multiplier=st.sampled_from([0.0, -1.5]),
    top_db=st.sampled_from([None, 0.0, 15.0, 80.0]),
    seed=st.integers(0, 2**16),
)
def test_amplitude_to_DB(assert_twins, shape, multiplier, db_multiplier, top_db, seed):
    x = torch.rand(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)) ** 8
    arguments = (multiplier, 1e-7, db_multiplier, top_db)
    # The loudest value itself is a tie at top_db = 0, and max and maximum share such a gradient differently.
    assert_twins(
        lambda p: features.amplitude_to_DB(p, *arguments),
        lambda p: audio.amplitude_to_DB(p, *arguments),
        x,
        gradients=top_db is None,
    )


def test_silence_has_a_floor_and_a_finite_gradient():
    x = torch.zeros(2, 4000, requires_grad=True)
    log_mel = features.log_mel(x, 8000)
    torch.testing.assert_close(log_mel, torch.full_like(log_mel, -100.0))
    log_mel.sum().backward()
    assert x.grad.isfinite().all()


def test_ten_times_louder_is_20_dB_whatever_the_neighbours():
    x = torch.randn(2, 8000, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    quiet = features.log_mel(x, 8000)
    loud = features.log_mel(torch.stack([10 * x[0], x[1]]), 8000)
    torch.testing.assert_close(loud[0], quiet[0] + 20)
    torch.testing.assert_close(loud[1], quiet[1])


@given(
    lengths=st.lists(st.integers(1, 2000), min_size=1, max_size=4), sample_rate=st.sampled_from([8000, 11025])
)
def test_padding_changes_no_frame_of_a_clip(lengths, sample_rate):
    generator = torch.Generator().manual_seed(0)
    clips = [torch.randn(n, dtype=torch.float64, generator=generator) for n in lengths]
    batch = torch.nn.utils.rnn.pad_sequence(clips, batch_first=True)
    together = features.log_mel(batch, sample_rate)
    n_fft, hop_length = 2 * round(0.0125 * sample_rate), round(0.01 * sample_rate)
    frames = features.n_frames(torch.tensor(lengths), n_fft, hop_length)
    for row, clip, n in zip(together, clips, frames.tolist(), strict=True):
        alone = features.log_mel(clip, sample_rate)
        assert alone.shape[-1] == n
        torch.testing.assert_close(row[:, :n], alone)


def test_filters_handed_out_are_the_callers_own():
    x = torch.randn(4000, generator=torch.Generator().manual_seed(0))
    before = features.log_mel(x, 8000)
    for _ in range(2):
        features.melscale_fbanks(101, 0.0, 4000.0, 40, 8000).zero_()
    assert torch.equal(features.log_mel(x, 8000), before)


def test_filters_first_made_in_inference_mode_can_be_trained_through():
    x = torch.randn(3000, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        features.log_mel(x, 7919, n_mels=7)  # settings no other test uses, so not kept yet
    x.requires_grad_()
    features.log_mel(x, 7919, n_mels=7).sum().backward()
    assert x.grad.abs().sum() > 0
