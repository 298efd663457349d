import io

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from mmcourse import features
from mmcourse.features import Standardizer

DOUBLE = torch.float64


def noise(*shape, seed=0):
    return torch.randn(*shape, dtype=DOUBLE, generator=torch.Generator().manual_seed(seed))


@given(
    shape=st.sampled_from([(7,), (3, 7), (2, 3, 7), (2, 1, 3, 5)]),
    whole=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_a_normalised_clip_has_mean_0_and_spread_1(assert_twins, shape, whole, seed):
    dim = (-2, -1) if whole and len(shape) > 1 else -1
    x = 5 + 3 * noise(*shape, seed=seed)

    def theirs(x):
        return (x - x.mean(dim, keepdim=True)) / x.std(dim, keepdim=True, correction=0)

    assert_twins(lambda x: features.normalize_clip(x, dim), theirs, x)


@pytest.mark.parametrize("padding", [0.0, 1e6, float("nan"), float("inf")])
def test_padding_changes_no_normalised_clip(padding):
    x, mask = noise(3, 4, 9), features.padding_mask(torch.tensor([9, 5, 1]))
    padded = x.masked_fill(~mask[:, None], padding)
    got = features.normalize_clip(padded, mask=mask)
    for row, clip, n in zip(got, x, (9, 5, 1), strict=True):
        torch.testing.assert_close(row[:, :n], features.normalize_clip(clip[:, :n]))
        assert (row[:, n:] == 0).all()


@pytest.mark.parametrize("value", [0.0, -100.0, 0.1, 1e8])
@pytest.mark.parametrize("dtype", [torch.float32, DOUBLE])
def test_a_feature_that_never_changes_does_not_explode(value, dtype):
    x = torch.full((2, 3, 50), value, dtype=dtype, requires_grad=True)
    z = features.normalize_clip(x)
    assert z.abs().max() < 1e-3 * max(1.0, abs(value))
    z.sum().backward()
    assert x.grad.isfinite().all()
    assert (Standardizer().fit(x)(x).abs() < 1e-3 * max(1.0, abs(value))).all()


def test_normalize_clip_has_the_gradient_it_should():
    mask = features.padding_mask(torch.tensor([5, 3]))
    x = noise(2, 2, 5).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: features.normalize_clip(x, mask=mask), x)


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5), seed=st.integers(0, 2**16))
def test_standardizer_equals_sklearn_however_the_training_set_is_cut(device, sizes, seed):
    x = 50 + 4 * noise(sum(sizes), 3, 2, seed=seed)
    rows = x.movedim(1, -1).reshape(-1, 3).numpy()
    want = StandardScaler().fit(rows)
    on_device = x.to(device, torch.float32 if device == "mps" else DOUBLE)
    standardizer = Standardizer().fit(on_device.split(sizes))
    tolerance = {"rtol": 0, "atol": 1e-4 if device == "mps" else 1e-10}
    torch.testing.assert_close(standardizer.mean, torch.from_numpy(want.mean_), **tolerance)
    torch.testing.assert_close(standardizer.std, torch.from_numpy(want.scale_), **tolerance)
    assert standardizer.count == len(rows)
    got = standardizer(on_device)
    assert got.device.type == device
    torch.testing.assert_close(
        got.cpu().double().movedim(1, -1).reshape(-1, 3), torch.from_numpy(want.transform(rows)), **tolerance
    )


@pytest.mark.parametrize("padding", [0.0, 1e6, float("nan")])
def test_padding_changes_no_statistic(padding):
    x, mask = noise(3, 4, 9), features.padding_mask(torch.tensor([9, 5, 2]))
    valid = x.movedim(1, -1)[mask]  # values feature
    padded = x.masked_fill(~mask[:, None], padding)
    standardizer = Standardizer().fit([(padded[:2], mask[:2]), (padded[2:], mask[2:])])
    torch.testing.assert_close(standardizer.mean, valid.mean(0))
    torch.testing.assert_close(standardizer.std, valid.std(0, correction=0))
    z = standardizer(padded, mask)
    assert (z.movedim(1, -1)[~mask] == 0).all()
    torch.testing.assert_close(z.movedim(1, -1)[mask].mean(0), torch.zeros(4, dtype=DOUBLE))


def test_channels_of_pictures():
    x = torch.rand(5, 3, 4, 6, generator=torch.Generator().manual_seed(0))
    standardizer = Standardizer(dim=-3).fit(x)
    torch.testing.assert_close(standardizer.mean.float(), x.mean(dim=(0, 2, 3)))
    torch.testing.assert_close(standardizer(x), features.normalize(x, standardizer.mean, standardizer.std))


def test_a_large_mean_costs_no_precision():
    x = 1e6 + noise(100, 1, 100)
    standardizer = Standardizer().fit(x.split(7))
    torch.testing.assert_close(standardizer.std, x.std(dim=(0, 2), correction=0), rtol=1e-9, atol=0)


def test_it_is_fitted_once_and_not_used_before():
    standardizer = Standardizer()
    with pytest.raises(RuntimeError, match=r"call fit\(training batches\) first"):
        standardizer(noise(1, 2, 3))
    standardizer.fit(noise(1, 2, 3))
    with pytest.raises(RuntimeError, match=r"fitted already, on 3 values.*make a new one"):
        standardizer.fit(noise(1, 2, 3))
    with pytest.raises(ValueError, match="fitted on 2 features, got 5"):
        standardizer(noise(1, 5, 3))


@pytest.mark.parametrize("batches", [[], [(torch.zeros(1, 2, 3), torch.zeros(1, 3, dtype=torch.bool))]])
def test_a_training_set_without_values_is_refused(batches):
    with pytest.raises(ValueError, match="no valid value"):
        Standardizer().fit(batches)


@pytest.mark.parametrize(
    "mask", [torch.ones(2, 5), torch.ones(2, 4, dtype=torch.bool), torch.ones(5, dtype=torch.bool)]
)
def test_a_mask_that_does_not_fit_is_refused(mask):
    x = noise(2, 3, 5)
    fitted = Standardizer().fit(x)
    for call in (
        lambda: Standardizer().fit([(x, mask)]),
        lambda: fitted(x, mask),
        lambda: features.normalize_clip(x, mask=mask),
    ):
        with pytest.raises(ValueError, match=r"mask must be bool \[2, 5\] for x \[2, 3, 5\]"):
            call()


def test_a_checkpoint_brings_it_back():
    x = noise(4, 3, 5)
    before, after, file = Standardizer().fit(x), Standardizer(), io.BytesIO()
    torch.save(before.state_dict(), file)
    file.seek(0)
    after.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(after(x), before(x))


def test_gradients_pass_through():
    x = noise(2, 3, 4)
    standardizer = Standardizer().fit(x)
    assert torch.autograd.gradcheck(standardizer, x.requires_grad_())


@given(
    length=st.integers(1, 300), n_fft=st.integers(1, 60), hop_length=st.integers(1, 70), center=st.booleans()
)
def test_n_frames_counts_what_stft_gives(length, n_fft, hop_length, center):
    if not center and length < n_fft:
        return
    window = torch.ones(n_fft)
    got = features.stft(torch.zeros(length), n_fft, hop_length, window, center, "constant").shape[-1]
    assert features.n_frames(length, n_fft, hop_length, center) == got


@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5), extra=st.integers(0, 4))
def test_padding_mask(lengths, extra):
    mask = features.padding_mask(torch.tensor(lengths), max(lengths) + extra)
    assert mask.tolist() == [[t < n for t in range(max(lengths) + extra)] for n in lengths]


def test_statistics_of_half_precision_do_not_overflow():
    clip = 100 * torch.randn(2, 500, generator=torch.Generator().manual_seed(0))
    got = features.normalize_clip(clip.half())
    assert got.dtype == torch.float16
    torch.testing.assert_close(got.float(), features.normalize_clip(clip), atol=5e-3, rtol=0)


@pytest.mark.parametrize("lengths", [10, torch.tensor([500, 10])])
def test_a_clip_too_short_for_a_frame_has_no_number_of_frames(lengths):
    with pytest.raises(ValueError, match="a clip of 10 samples is shorter than one frame of 200"):
        features.n_frames(lengths, 200, 80, center=False)
