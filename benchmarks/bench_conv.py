"""How long convolution and pooling take beside torch's: `python benchmarks/bench_conv.py`."""

from collections.abc import Callable

import torch
from harness import ratio, store
from torch import Tensor
from torch.nn import functional as F

from mmcourse.scratch import conv, conv_ways, pooling

Function = Callable[..., Tensor]


def numbers(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).requires_grad_()


def both_ways(function: Function, *leaves: Tensor, **options: object) -> Callable[[], object]:
    """Compute the function and the gradients of its leaves."""
    upstream = torch.ones_like(function(*leaves, **options))
    return lambda: torch.autograd.grad(function(*leaves, **options), leaves, upstream)


def row(what: str, ours: Function, theirs: Function, *leaves: Tensor, limits: tuple[str, str], **options):
    at_most, aim = limits
    result = ratio(both_ways(ours, *leaves, **options), both_ways(theirs, *leaves, **options))
    return {"what": what, **result.row(), "at most": at_most, "aim": aim}


def loops_row(x: Tensor, weight: Tensor) -> dict[str, str]:
    """What models use against loops over pixels: here "theirs" are the loops, and 0.05 is 20 times faster."""
    result = ratio(both_ways(conv.conv2d, x, weight), both_ways(conv_ways.conv2d_loops, x, weight), 3)
    shape = "conv2d against loops over pixels"
    return {"what": shape, **result.row(), "at most": f"{1 / 20:.2f}", "aim": "–"}


def main() -> None:
    torch.set_num_threads(2)
    x, weight = numbers(64, 16, 28, 28, seed=0), numbers(32, 16, 3, 3, seed=1)
    small, kernels = numbers(64, 16, 8, 8, seed=2), numbers(32, 16, 3, 3, seed=3)
    line, filters = numbers(64, 40, 100, seed=4), numbers(48, 40, 5, seed=5)
    depthwise, few = numbers(16, 1, 3, 3, seed=6), ("–", "–")
    rows = [
        row("conv2d, the one that models use", conv.conv2d, F.conv2d, x, weight, limits=("4.00", "2.50")),
        row("conv2d, padding 1", conv.conv2d, F.conv2d, x, weight, limits=("4.00", "2.50"), padding=1),
        row("conv2d by shifted pictures", conv_ways.conv2d_shifted, F.conv2d, x, weight, limits=few),
        row("conv2d by im2col, autograd", conv_ways.conv2d_im2col, F.conv2d, x, weight, limits=few),
        loops_row(x, weight),
        row("conv2d, depthwise", conv.conv2d, F.conv2d, x, depthwise, limits=few, groups=16),
        row("conv2d, digits of 8 × 8", conv.conv2d, F.conv2d, small, kernels, limits=few, padding=1),
        row("conv1d, speech (64, 40, 100)", conv.conv1d, F.conv1d, line, filters, limits=few, stride=2),
        row("max_pool2d, 2 × 2", pooling.max_pool2d, F.max_pool2d, x, limits=few, kernel_size=2),
        row("avg_pool2d, 2 × 2", pooling.avg_pool2d, F.avg_pool2d, x, limits=few, kernel_size=2),
    ]
    note = (
        "Pictures (64, 16, 28, 28) and kernels 32 × 16 × 3 × 3 unless said otherwise, float32, forward and "
        "backward. Our three matrix products alone take about 1.5 times as long as torch's convolution, "
        "which needs no columns; copying pixels into columns and adding them back costs a third on top."
    )
    store("conv", rows, note)


if __name__ == "__main__":
    main()
