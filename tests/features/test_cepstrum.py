import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchaudio import functional as audio
from torchaudio import transforms

from mmcourse import features

MEL = {"n_fft": 100, "hop_length": 40, "n_mels": 9}


def noise(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@given(n_mels=st.integers(1, 60), share=st.floats(0, 1), norm=st.sampled_from([None, "ortho"]))
@pytest.mark.parametrize(("dtype", "atol"), [(torch.float32, 1e-5), (torch.float64, 1e-10)])
def test_create_dct(default_dtype, dtype, atol, n_mels, share, norm):
    n_mfcc = 1 + round(share * (n_mels - 1))
    with default_dtype(dtype):
        want = audio.create_dct(n_mfcc, n_mels, norm)
    torch.testing.assert_close(
        features.create_dct(n_mfcc, n_mels, norm, dtype=dtype), want, rtol=0, atol=atol
    )


@pytest.mark.parametrize("n_mels", [1, 2, 40])
def test_the_columns_of_an_orthonormal_dct_are_orthonormal(n_mels):
    dct = features.create_dct(n_mels, n_mels, "ortho", dtype=torch.float64)
    torch.testing.assert_close(dct.T @ dct, torch.eye(n_mels, dtype=torch.float64))


@given(
    batch=st.sampled_from([(), (1,), (3,), (2, 1)]),
    time=st.integers(60, 500),
    n_mfcc=st.integers(1, 9),
    norm=st.sampled_from(["ortho", None]),
    log_mels=st.booleans(),
    loudness=st.sampled_from([1.0, 1e-3]),
    seed=st.integers(0, 2**16),
)
def test_mfcc(assert_twins, batch, time, n_mfcc, norm, log_mels, loudness, seed):
    options = {"n_mfcc": n_mfcc, "norm": norm, "log_mels": log_mels, "melkwargs": MEL}
    assert_twins(
        lambda w: features.mfcc(w, 8000, **options),
        lambda w: transforms.MFCC(8000, **options)(w),
        loudness * noise(*batch, time, seed=seed),
    )


def test_without_top_db_the_loud_neighbour_does_not_matter():
    quiet, loud = 1e-5 * noise(4000), noise(4000, seed=1)

    def first(top_db):
        return features.mfcc(torch.stack([quiet, loud]), 8000, 5, melkwargs=MEL, top_db=top_db)[0]

    alone = features.mfcc(quiet, 8000, 5, melkwargs=MEL, top_db=None)
    torch.testing.assert_close(first(None), alone)
    assert (first(80.0) - alone).abs().max() > 1  # torchaudio's default: the floor follows the loudest clip


@given(
    batch=st.sampled_from([(), (1,), (2, 3)]),
    feature=st.integers(1, 4),
    time=st.integers(5, 12),
    win_length=st.integers(3, 9),
    mode=st.sampled_from(["replicate", "reflect", "constant"]),
    seed=st.integers(0, 2**16),
)
def test_compute_deltas(assert_twins, batch, feature, time, win_length, mode, seed):
    assert_twins(
        lambda c: features.compute_deltas(c, win_length, mode),
        lambda c: audio.compute_deltas(c, win_length, mode),
        noise(*batch, feature, time, seed=seed),
    )


def test_the_delta_of_a_ramp_is_its_slope():
    ramp = 0.25 * torch.arange(20, dtype=torch.float64)[None]
    deltas = features.compute_deltas(ramp, win_length=7)
    torch.testing.assert_close(deltas[:, 3:-3], torch.full((1, 14), 0.25, dtype=torch.float64))
