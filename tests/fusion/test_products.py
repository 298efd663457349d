"""Fusions by products: formulas by hand, what a missing sense leaves, and how many parameters there are."""

import math

import pytest
import torch

from mmcourse.modules.interactions import LowRankFusion, TensorFusion
from tests.fusion.fusions import FUSIONS, OUT, embeddings_of

WAYS = pytest.mark.parametrize("way", ["scratch", "module"])
SECOND_GONE = torch.tensor([[True, False]]).expand(5, 2)


@WAYS
def test_bilinear_is_a_loop_over_all_products(way):
    module, (image, speech) = FUSIONS["bilinear"].made((3, 4)), embeddings_of((3, 4))
    got = FUSIONS["bilinear"].answer(module, [image, speech], None, way)
    for k in range(OUT):
        want = module.bilinear.bias[k] + sum(
            module.bilinear.weight[k, i, j] * image[:, i] * speech[:, j] for i in range(3) for j in range(4)
        )
        torch.testing.assert_close(got[:, k], want)


@WAYS
def test_with_a_sense_missing_bilinear_has_its_bias_and_multiplicative_the_other_sense(way):
    module, embeddings = FUSIONS["bilinear"].made((3, 4)), embeddings_of((3, 4))
    got = FUSIONS["bilinear"].answer(module, embeddings, SECOND_GONE, way)
    torch.testing.assert_close(got, module.bilinear.bias.expand(5, OUT))
    module = FUSIONS["multiplicative"].made((3, 4))
    got = FUSIONS["multiplicative"].answer(module, embeddings, SECOND_GONE, way)
    torch.testing.assert_close(got, embeddings[0] @ module.linear.weight[:, :3].t() + module.linear.bias)


@WAYS
def test_tensor_fusion_keeps_the_ones(way):
    module, (image, speech) = FUSIONS["tensor"].made((3, 4)), embeddings_of((3, 4))
    weight = module.linear.weight.view(OUT, 4, 5)
    got = FUSIONS["tensor"].answer(module, [image, speech], None, way)
    ones = torch.ones(5, 1, dtype=torch.float64)
    x, y = torch.cat([image, ones], 1), torch.cat([speech, ones], 1)
    want = module.linear.bias + sum(
        x[:, [i]] * y[:, [j]] * weight[:, i, j] for i in range(4) for j in range(5)
    )
    torch.testing.assert_close(got, want)
    got = FUSIONS["tensor"].answer(module, [image, speech], SECOND_GONE, way)
    torch.testing.assert_close(got, x @ weight[:, :, -1].t() + module.linear.bias)


@WAYS
@pytest.mark.parametrize("features", [(3, 4), (2, 3, 4)])
def test_low_rank_fusion_is_tensor_fusion_with_a_weight_of_low_rank(way, features):
    low, full = FUSIONS["low rank"].made(features), FUSIONS["tensor"].made(features)
    weight = low.weights[:, None, None] * low.factors[0]
    for factor in list(low.factors)[1:]:
        weight = (weight[:, :, None] * factor[:, None]).flatten(1, 2)
    full.linear.weight.data, full.linear.bias.data = weight.sum(0).t().contiguous(), low.bias
    embeddings = embeddings_of(features)
    present = torch.rand(5, len(features), generator=torch.Generator().manual_seed(0)) > 0.4
    for mask in (None, present):
        got = FUSIONS["low rank"].answer(low, embeddings, mask, way)
        torch.testing.assert_close(got, full(embeddings, mask))


@pytest.mark.parametrize(("features", "rank"), [((48, 192), 40), ((3, 4, 5), 2)])
def test_parameters_are_as_many_as_the_formulas_say(features, rank):
    def count(module):
        return sum(p.numel() for p in module.parameters())

    ones = [width + 1 for width in features]
    assert count(TensorFusion(features, 120)) == 120 * math.prod(ones) + 120
    assert count(LowRankFusion(features, 120, rank=rank)) == 120 * rank * sum(ones) + rank + 120


def test_low_rank_is_not_smaller_with_two_senses_and_a_rank_of_40():
    low, full = LowRankFusion((48, 192), 120, rank=40), TensorFusion((48, 192), 120)
    low, full = (sum(p.numel() for p in module.parameters()) for module in (low, full))
    assert (low, full) == (1_161_760, 1_134_960)


def test_sizes_beyond_reason_are_refused_with_a_way_out():
    with pytest.raises(ValueError, match="take LowRankFusion"):
        TensorFusion((512, 512, 512), 64)
    with pytest.raises(ValueError, match="rank must be at least 1, got 0"):
        LowRankFusion((3, 4), 5, rank=0)
