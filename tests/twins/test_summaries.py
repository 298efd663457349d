"""Summaries of padded clips: what padding holds never counts, ends are each clip's own."""

import pytest
import torch

from mmcourse.modules import summaries as modules
from mmcourse.scratch import summaries

LENGTHS = torch.tensor([3, 7, 1])
SUMMARIES = {
    "last_valid": summaries.last_valid,
    "masked_mean": summaries.masked_mean,
    "masked_max": summaries.masked_max,
    "LastValid": modules.LastValid(),
    "MaskedMean": modules.MaskedMean(),
    "MaskedMax": modules.MaskedMax(),
}


def clips():
    return (
        torch.randn(3, 7, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) - 5
    )  # below 0


@pytest.mark.parametrize("filling", [0.0, 1e6, float("nan"), float("inf")])
@pytest.mark.parametrize("summary", SUMMARIES.values(), ids=SUMMARIES)
def test_padding_does_not_count(summary, filling):
    x, padding = clips(), torch.arange(7) >= LENGTHS[:, None]
    filled = x.masked_fill(padding[..., None], filling).requires_grad_()
    result = summary(filled, LENGTHS)
    assert torch.equal(result, summary(x, LENGTHS))
    (result * torch.randn_like(result)).sum().backward()
    assert filled.grad[padding].eq(0).all()
    assert filled.grad[~padding].any()


@pytest.mark.parametrize("summary", SUMMARIES.values(), ids=SUMMARIES)
def test_each_clip_is_summed_up_by_itself(summary):
    x = clips()
    together = summary(x, LENGTHS)
    for i, length in enumerate(LENGTHS):
        alone = summary(x[i : i + 1, :length], LENGTHS[i : i + 1])
        torch.testing.assert_close(alone[0], together[i], rtol=0, atol=1e-12)
    order = torch.tensor([2, 0, 1])
    assert torch.equal(summary(x[order], LENGTHS[order]), together[order])


def test_half_precision_does_not_overflow_in_a_sum():
    x = torch.full((1, 100, 1), 1000.0, dtype=torch.float16)  # the sum, 100,000, is beyond float16
    for mean in (summaries.masked_mean, modules.MaskedMean()):
        assert mean(x, torch.tensor([100])).item() == 1000


def test_turning_round_twice_gives_the_clip_again():
    x = clips()
    turned = summaries.reverse_padded(x, LENGTHS)
    assert torch.equal(turned[0, :3], x[0, :3].flip(0))
    assert torch.equal(turned[0, 3:], x[0, 3:])
    assert torch.equal(summaries.reverse_padded(turned, LENGTHS), x)


@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8, torch.int16])
def test_lengths_of_any_whole_numbers(dtype):
    for summary in SUMMARIES.values():
        assert torch.equal(summary(clips(), LENGTHS.to(dtype)), summary(clips(), LENGTHS))
