"""What a model costs: its numbers, and the additions and multiplications of one forward pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from mmcourse.training import evaluating, move


def parameters(model: nn.Module, *, trained: bool = False) -> int:
    """Count a model's parameters, each once however often it is used.

    trained  only those that learn
    """
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trained)


def flops(model: nn.Module, batch: dict, **options) -> float:
    """Count the floating-point operations of a forward pass, an example.

    Matrix products and convolutions count, an addition and a multiplication as two; what goes element by
    element (activations, norms, an outer product) does not, as usual. Padding counts like what it stands for.

    batch    a dict of tensors as the model takes it; more than one example, as one alone may go another way
    options  handed to the model with the batch
    Returns  operations divided by the batch's examples
    Raises   ValueError for a batch without examples
    Source   torch.utils.flop_counter, with the ways closed that it does not see into: fused LSTM, fused
             attention and the fast path of transformers count as nothing there
    """
    from torch.utils.flop_counter import FlopCounterMode

    examples = next((len(value) for value in batch.values() if isinstance(value, Tensor) and value.ndim), 0)
    if examples == 0:
        raise ValueError("operations are counted on a batch of at least one example, got none.")
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    counter = FlopCounterMode(display=False, custom_mapping={torch.ops.aten._trilinear: _trilinear})
    with evaluating(model), _nothing_fused(), counter:
        model(move(batch, device), **options)
    return counter.get_total_flops() / examples


def _trilinear(one: list, weight: list, two: list, *_, out_shape: list, **__) -> int:
    """Operations of torch.nn.Bilinear: out · in1 · in2 products, and as many sums, an example."""
    return 2 * out_shape[0] * weight[0] * weight[1] * weight[2]


@contextmanager
def _nothing_fused() -> Iterator[None]:
    """Let torch compute in parts that the counter knows, within the block."""
    from torch.nn.attention import SDPBackend, sdpa_kernel

    backends = torch.backends
    fast, fused = backends.mha.get_fastpath_enabled(), backends.mkldnn.enabled
    with sdpa_kernel(SDPBackend.MATH), backends.cudnn.flags(enabled=False):
        backends.mha.set_fastpath_enabled(False)
        backends.mkldnn.enabled = False  # mkldnn.flags would warn of TF32 where there is no Intel GPU
        try:
            yield
        finally:
            backends.mha.set_fastpath_enabled(fast)
            backends.mkldnn.enabled = fused
