"""Positions: order is seen, products depend on the distance, and half precision keeps far places apart."""

import torch

from mmcourse.scratch import positions
from mmcourse.scratch.attention import scaled_dot_product_attention


def numbers(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_attention_without_positions_is_blind_to_order():
    x, order = numbers(2, 6, 8), torch.tensor([3, 5, 0, 1, 4, 2])
    mean = scaled_dot_product_attention(x, x, x).mean(1)
    torch.testing.assert_close(scaled_dot_product_attention(*[x[:, order]] * 3).mean(1), mean)
    placed, moved = (y + positions.sinusoidal(6, 8, dtype=y.dtype) for y in (x, x[:, order]))
    assert (
        scaled_dot_product_attention(*[placed] * 3).mean(1)
        - scaled_dot_product_attention(*[moved] * 3).mean(1)
    ).abs().max() > 1e-2


def test_rotated_products_depend_on_the_distance_alone():
    query, key = numbers(8), numbers(8, seed=1)
    t = torch.arange(30)
    queries, keys = (positions.rotary(x.expand(30, 8)) for x in (query, key))
    products = queries @ keys.T
    for step in (0, 3, -7):
        along = products.diagonal(step)
        torch.testing.assert_close(along, along[:1].expand_as(along))
    shifted = (
        positions.rotary(query.expand(30, 8), t + 1000) @ positions.rotary(key.expand(30, 8), t + 1000).T
    )
    torch.testing.assert_close(shifted, products)


def test_half_precision_keeps_far_positions_apart():
    x = torch.ones(2, 4, dtype=torch.float16)
    near, far = positions.rotary(x, torch.tensor([5000, 5001])).float()
    want = positions.rotary(x.double(), torch.tensor([5000, 5001]))
    torch.testing.assert_close(torch.stack([near, far]).double(), want, rtol=0, atol=2e-3)
