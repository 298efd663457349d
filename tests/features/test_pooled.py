"""A clip in a few numbers: by hand, and the same in a padded batch as alone."""

import pytest
import torch

from mmcourse.features import compute_deltas, mfcc, padding_mask, pool, pooled_mfcc


def sound(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_mean_and_deviation_are_those_of_the_valid_frames():
    x, lengths = sound(3, 4, 9), torch.tensor([9, 5, 1])
    pooled = pool(x, padding_mask(lengths, 9), std=True)
    for row, length in enumerate(lengths.tolist()):
        part = x[row, :, :length]
        wanted = torch.cat([part.mean(-1), part.std(-1, correction=0)])
        torch.testing.assert_close(pooled[row], wanted)
    torch.testing.assert_close(pool(x, padding_mask(lengths, 9)), pooled[:, :4])


@pytest.mark.parametrize("padding", [0.0, 1e6, float("nan")])
def test_a_clip_has_the_same_numbers_in_a_padded_batch_as_alone(padding):
    clips = [sound(time, seed=time) for time in (700, 2000, 1234)]
    lengths = torch.tensor([len(clip) for clip in clips])
    batch = torch.full((3, 2500), padding, dtype=torch.float64)
    for row, clip in zip(batch, clips, strict=True):
        row[: len(clip)] = clip
    together = pooled_mfcc(batch, 8000, lengths)
    for row, clip in zip(together, clips, strict=True):
        torch.testing.assert_close(row, pooled_mfcc(clip[None], 8000)[0])


def test_it_is_what_its_words_say():
    clip = sound(1, 3000)
    x = mfcc(clip, 8000, 13, melkwargs={"n_fft": 200, "hop_length": 80, "pad_mode": "constant"}, top_db=None)
    d = compute_deltas(x)
    parts = [x.mean(-1), x.std(-1, correction=0), d.mean(-1), d.std(-1, correction=0)]
    torch.testing.assert_close(pooled_mfcc(clip, 8000), torch.cat(parts, -1))
    torch.testing.assert_close(pooled_mfcc(clip, 8000, std=False, deltas=False), parts[0])
    torch.testing.assert_close(pooled_mfcc(clip, 8000, std=False), torch.cat(parts[::2], -1))


def test_the_order_in_time_is_lost():
    x = sound(1, 4, 9)
    mask = torch.ones(1, 9, dtype=torch.bool)
    torch.testing.assert_close(pool(x.flip(-1), mask, std=True), pool(x, mask, std=True))


def test_gradients_exist_where_nothing_moves():
    clip = torch.zeros(1, 900, requires_grad=True)
    pooled_mfcc(clip + 0.0, 8000).sum().backward()
    assert clip.grad.isfinite().all()


def test_other_filters_are_taken():
    clip = sound(2, 1600)
    assert pooled_mfcc(clip, 8000, n_mfcc=5, melkwargs={"n_mels": 20, "hop_length": 160}).shape == (2, 20)


def test_a_length_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"lengths must lie in 1..900"):
        pooled_mfcc(torch.zeros(1, 900), 8000, torch.tensor([901]))
