import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchaudio import functional as audio

from mmcourse import features

BATCHES = st.sampled_from([(), (1,), (3,), (2, 1)])
SEEDS = st.integers(0, 2**16)


def sound(batch, time, seed):
    return torch.randn(*batch, time, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@given(
    batch=BATCHES,
    frame_length=st.integers(1, 9),
    hop_length=st.integers(1, 12),
    extra=st.integers(0, 30),
    seed=SEEDS,
)
def test_frame_i_starts_at_i_hops(assert_twins, batch, frame_length, hop_length, extra, seed):
    x = sound(batch, frame_length + extra, seed)

    def one_by_one(waveform):
        starts = range(0, waveform.shape[-1] - frame_length + 1, hop_length)
        return torch.stack([waveform[..., start : start + frame_length] for start in starts], dim=-2)

    assert_twins(lambda w: features.frame(w, frame_length, hop_length), one_by_one, x)


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(features.hann_window, torch.hann_window), (features.hamming_window, torch.hamming_window)],
    ids=["hann", "hamming"],
)
@pytest.mark.parametrize(("dtype", "atol"), [(torch.float32, 1e-6), (torch.float64, 1e-14)])
def test_windows(ours, theirs, periodic, dtype, atol):
    for length in (1, 2, 3, 16, 401):
        got, want = ours(length, periodic, dtype=dtype), theirs(length, periodic, dtype=dtype)
        torch.testing.assert_close(got, want, rtol=0, atol=atol)


def test_periodic_hann_windows_add_up_to_a_constant():
    window = features.hann_window(16, dtype=torch.float64)
    torch.testing.assert_close(window + window.roll(8), torch.ones(16, dtype=torch.float64))


@given(batch=BATCHES, time=st.integers(1, 40), coeff=st.floats(0, 1), seed=SEEDS)
def test_preemphasis(assert_twins, batch, time, coeff, seed):
    assert_twins(
        lambda w: features.preemphasis(w, coeff),
        lambda w: audio.preemphasis(w, coeff),
        sound(batch, time, seed),
    )


@given(
    length=st.integers(1, 9),
    share=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    mode=st.sampled_from(["constant", "reflect", "replicate"]),
    seed=SEEDS,
)
def test_pad_axis(assert_twins, length, share, mode, seed):
    reach = length - 1 if mode == "reflect" else length + 3
    before, after = (round(part * reach) for part in share)
    assert_twins(
        lambda x: features.pad_axis(x, -1, before, after, mode),
        lambda x: torch.nn.functional.pad(x, (before, after), mode),
        sound((2, 3), length, seed),
    )
