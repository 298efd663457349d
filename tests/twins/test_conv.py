"""Convolution and pooling beyond their twins: gradients checked by differences, and what changes nothing."""

import pytest
import torch
from torch.nn import functional as F

from mmcourse.scratch import conv, conv_transpose, conv_ways, pooling
from mmcourse.scratch.receptive import receptive_field

WAYS = [conv.conv2d, conv_ways.conv2d_loops, conv_ways.conv2d_shifted, conv_ways.conv2d_im2col]
OPTIONS = {
    "plain": {},
    "stride and padding": {"stride": (2, 1), "padding": (1, 2)},
    "dilated, in groups": {"dilation": (1, 2), "groups": 2, "padding": 1},
    "same, reflected": {"padding": "same", "padding_mode": "reflect"},
}


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_backward_of_convolution_by_hand_agrees_with_differences(options: dict):
    channels = 2 // options.get("groups", 1)
    x, weight, bias = numbers(2, 2, 5, 6), numbers(4, channels, 3, 2, seed=1), numbers(4, seed=2)
    leaves = [leaf.requires_grad_() for leaf in (x, weight, bias)]
    assert torch.autograd.gradcheck(lambda *args: conv.conv2d(*args, **options), leaves)


def test_backward_of_transposed_convolution_by_hand_agrees_with_differences():
    leaves = [numbers(2, 4, 3, 2).requires_grad_(), numbers(4, 1, 2, 3, seed=1).requires_grad_()]
    options = {"stride": (2, 3), "padding": (0, 1), "output_padding": (1, 2), "groups": 2, "dilation": (2, 1)}
    assert torch.autograd.gradcheck(lambda x, w: conv_transpose.conv_transpose2d(x, w, **options), leaves)


@pytest.mark.parametrize("pool", [pooling.max_pool2d, pooling.avg_pool2d])
def test_backward_of_pooling_agrees_with_differences(pool):
    x = numbers(2, 2, 5, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: pool(x, (3, 2), 2, 1, ceil_mode=True), [x])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: conv.conv2d(x, x[:1]),
        lambda x: conv_transpose.conv_transpose2d(x, x),
        lambda x: pooling.avg_pool2d(x, 2) ** 2,
    ],
    ids=["conv2d", "conv_transpose2d", "avg_pool2d"],
)
def test_a_backward_by_hand_refuses_to_be_differentiated_again(function):
    x = numbers(1, 1, 3, 3).requires_grad_()
    (grad,) = torch.autograd.grad(function(x).square().sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        grad.sum().backward()


def test_no_gradient_is_computed_for_what_needs_none(monkeypatch: pytest.MonkeyPatch):
    asked = []
    original = conv.conv2d_backward

    def spy(*args, needed):
        asked.append(needed)
        return original(*args, needed=needed)

    monkeypatch.setattr(conv, "conv2d_backward", spy)
    conv.conv2d(numbers(1, 1, 3, 3), numbers(1, 1, 2, 2).requires_grad_()).sum().backward()
    assert asked == [(False, True, False)]


@pytest.mark.parametrize("way", WAYS)
def test_a_batch_is_convolved_picture_by_picture(way):
    x, weight = numbers(5, 2, 6, 7), numbers(3, 2, 3, 3, seed=1)
    whole, order = way(x, weight, padding=1), torch.tensor([3, 0, 4, 1, 2])
    for index, picture in enumerate(x):
        torch.testing.assert_close(way(picture[None], weight, padding=1)[0], whole[index])
    torch.testing.assert_close(way(x[order], weight, padding=1), whole[order])


@pytest.mark.parametrize("way", WAYS)
def test_convolution_moves_with_the_picture(way):
    x, weight = numbers(1, 1, 8, 8), numbers(1, 1, 3, 3, seed=1)
    moved = way(x.roll((2, 3), (2, 3)), weight, padding="same", padding_mode="circular")
    there = way(x, weight, padding="same", padding_mode="circular").roll((2, 3), (2, 3))
    torch.testing.assert_close(moved, there)


@pytest.mark.parametrize("way", WAYS)
def test_the_kernel_is_not_turned_over(way):
    x, weight = torch.zeros(1, 1, 3, 3), torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    x[0, 0, 0, 0] = 1
    assert way(x, weight)[0, 0, 0, 0] == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_pixel_spoils_its_own_windows_alone(way):
    x = numbers(2, 1, 6, 6)
    x[0, 0, 0, 0] = torch.nan
    out = way(x, numbers(2, 1, 3, 3, seed=1))
    assert out.isnan().sum() == 2  # one window of one picture, two kernels
    assert out[0, :, 0, 0].isnan().all()


def test_output_size_counts_what_torch_gives():
    for size in range(1, 9):
        for kernel_size, stride, padding, dilation in [
            (1, 1, 0, 1),
            (3, 2, 1, 1),
            (2, 3, 2, 2),
            (3, 1, 2, 3),
        ]:
            if size + 2 * padding < dilation * (kernel_size - 1) + 1:
                continue
            x, weight = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel_size)
            want = F.conv1d(x, weight, None, stride, padding, dilation).shape[-1]
            assert conv.output_size(size, kernel_size, stride, padding, dilation) == want


@pytest.mark.parametrize("weight", [(3, 1, 1), (2, 2, 0), (3, 1, 2)], ids=["plain", "strided", "padded"])
def test_receptive_field_is_where_a_gradient_arrives(weight: tuple[int, int, int]):
    kernel_size, stride, padding = weight
    layers = [(kernel_size, stride, 1, padding), (2, 2), (3, 1, 2)]
    x = torch.zeros(1, 1, 40, dtype=torch.float64, requires_grad=True)
    y = x
    for layer in layers:
        kernel, step, gap, pad = (*layer, *(1, 1, 0)[len(layer) - 1 :])
        y = F.conv1d(y, torch.ones(1, 1, kernel, dtype=torch.float64), None, step, pad, gap)
    unit = y.shape[-1] // 2
    (grad,) = torch.autograd.grad(y[0, 0, unit], x)
    seen = grad[0, 0].nonzero().flatten().tolist()
    size, jump, start = receptive_field(layers)
    assert seen[-1] - seen[0] + 1 == size
    assert (seen[0] + seen[-1]) / 2 == start + unit * jump


def test_padding_is_never_the_largest():
    x = torch.full((1, 1, 2, 2), -5.0)
    assert (pooling.max_pool2d(x, 3, 1, 1) == -5).all()


def test_a_pooling_window_that_misses_the_picture_is_minus_infinity_and_has_no_gradient():
    x = torch.ones(1, 1, 1, 1, requires_grad=True)
    out = pooling.max_pool2d(x, (2, 1), (1, 1), (1, 0), (2, 1))  # its two taps are above and below
    assert out.item() == float("-inf")
    assert torch.autograd.grad(out, x)[0].item() == 0


def test_adaptive_pooling_keeps_a_broken_pixel_in_its_bin():
    x = torch.ones(1, 1, 4, 4)
    x[0, 0, 0, 0] = torch.inf
    assert pooling.adaptive_avg_pool2d(x, 2).isfinite().sum() == 3
    assert pooling.adaptive_max_pool2d(x, 2).isfinite().sum() == 3
