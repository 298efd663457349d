"""Twins of scratch.conv, conv_ways, conv_transpose and conv_backward in torch.nn.functional and torch.nn."""

import warnings

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from mmcourse.scratch import conv, conv_backward, conv_transpose, conv_ways
from tests.twins.harness import Call, Twin

SMALL = st.integers(1, 3)
PAIR = st.one_of(SMALL, st.tuples(SMALL, SMALL))
MARGIN = st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 2), st.integers(0, 2)))


def _two(value):
    return value if isinstance(value, tuple) else (value, value)


def _weight(draw, tensor, kernel):
    """Groups, and a weight for them: none, some, or as many as channels."""
    groups, per_group, out = draw(SMALL), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    return groups, groups * per_group, tensor(groups * out, per_group, *kernel)


def picture(draw, tensor, batch, channels, kernel, dilation, padding):
    """A picture that is just large enough for the kernel, or up to three pixels larger."""
    sizes = [
        max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 3))
        for k, d, p in zip(kernel, _two(dilation), _two(padding), strict=True)
    ]
    return tensor(*batch, channels, *sizes)


def conv2d(draw, tensor, batches=(1, 3, None)):
    kernel = draw(st.tuples(SMALL, SMALL))
    groups, channels, weight = _weight(draw, tensor, kernel)
    stride, padding, dilation = draw(PAIR), draw(MARGIN), draw(PAIR)
    batch = draw(st.sampled_from(batches))
    x = picture(draw, tensor, [] if batch is None else [batch], channels, kernel, dilation, padding)
    bias = tensor(len(weight)) if draw(st.booleans()) else None
    return Call(x, weight, bias, stride, padding, dilation, groups)


def batched(draw, tensor):
    return conv2d(draw, tensor, (1, 2, 3))


def words(draw, tensor):
    call = conv2d(draw, tensor)
    call.args = call.args[:3]
    call.kwargs = {"padding": draw(st.sampled_from(["same", "valid"])), "dilation": draw(PAIR)}
    weight = call.args[1]
    call.kwargs["groups"] = call.args[0].shape[-3] // weight.shape[1]
    if call.kwargs["padding"] == "valid":
        x = picture(draw, tensor, (2,), call.args[0].shape[-3], weight.shape[2:], call.kwargs["dilation"], 0)
        call.args = (x, *call.args[1:])
    return call


def modes(draw, tensor, axes=2):
    """Padding of every mode, at most what the smallest picture can lend."""
    kernel = draw(st.tuples(*[SMALL] * axes))
    groups, channels, weight = _weight(draw, tensor, kernel)
    mode = draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    dilation, stride = draw(st.integers(1, 2)), 1
    padding = draw(st.sampled_from(["same", 1, 2]))
    if padding != "same":
        stride = draw(SMALL)
    x = tensor(2, channels, *(draw(st.integers(5, 6)) for _ in range(axes)))
    bias = tensor(len(weight)) if draw(st.booleans()) else None
    return Call(x, weight, bias, stride, padding, dilation, groups, padding_mode=mode)


def as_module(x, weight, bias, stride, padding, dilation, groups, padding_mode):
    """torch.nn.Conv1d or Conv2d with the given weight in place of its own."""
    kind = nn.Conv2d if weight.ndim == 4 else nn.Conv1d
    layer = kind(
        x.shape[1],
        len(weight),
        tuple(weight.shape[2:]),
        stride,
        padding,
        dilation,
        groups,
        bias is not None,
        padding_mode,
        dtype=x.dtype,
        device=x.device,
    )
    given = {"weight": weight} | ({} if bias is None else {"bias": bias})
    with warnings.catch_warnings():  # torch tells that an even kernel with "same" costs a copy
        warnings.simplefilter("ignore")
        return torch.func.functional_call(layer, given, x)


def conv1d(draw, tensor):
    kernel, dilation, padding = draw(SMALL), draw(SMALL), draw(st.integers(0, 2))
    groups, channels, weight = _weight(draw, tensor, (kernel,))
    size = max(1, dilation * (kernel - 1) + 1 - 2 * padding) + draw(st.integers(0, 4))
    bias = tensor(len(weight)) if draw(st.booleans()) else None
    batch = draw(st.sampled_from([(), (1,), (3,)]))
    return Call(tensor(*batch, channels, size), weight, bias, draw(SMALL), padding, dilation, groups)


def modes_1d(draw, tensor):
    return modes(draw, tensor, axes=1)


def transposed(draw, tensor, axes=2):
    groups, in_group, out_group = draw(SMALL), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, stride, dilation = (draw(st.tuples(*[SMALL] * axes)) for _ in range(3))
    sizes = [draw(st.integers(1, 3)) for _ in range(axes)]
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    full = [s * (n - 1) + d * (k - 1) + 1 for n, k, s, d in zip(sizes, kernel, stride, dilation, strict=True)]
    padding = tuple(draw(st.integers(0, min(3, (n + e - 1) // 2))) for n, e in zip(full, extra, strict=True))
    weight = tensor(groups * in_group, out_group, *kernel)
    bias = tensor(groups * out_group) if draw(st.booleans()) else None
    batch = draw(st.sampled_from([(), (1,), (3,)]))
    x = tensor(*batch, groups * in_group, *sizes)
    return Call(x, weight, bias, stride, padding, extra, groups, dilation)


def transposed_1d(draw, tensor):
    return transposed(draw, tensor, axes=1)


def pad(draw, tensor):
    """Margins that a picture of 4 to 6 pixels can lend; a constant may also cut."""
    mode = draw(st.sampled_from(["constant", "reflect", "replicate", "circular"]))
    least = -1 if mode == "constant" else 0
    axes = draw(st.integers(1, 2))
    margins = tuple(draw(st.integers(least, 3)) for _ in range(2 * axes))
    x = tensor(*[draw(SMALL) for _ in range(2)], *[draw(st.integers(4, 6)) for _ in range(axes)])
    value = draw(st.sampled_from([0.0, 1.5])) if mode == "constant" else 0.0
    return Call(x, margins, mode, value)


def backward(draw, tensor):
    call = batched(draw, tensor)
    x, weight, _, *options = call.args
    return Call(tensor(*F.conv2d(x, weight, None, *options).shape), x, weight, *options)


def by_torch(grad_output, input, weight, stride, padding, dilation, groups):
    """The gradients that torch's own kernels give."""
    options = stride, padding, dilation, groups
    return (
        nn.grad.conv2d_input(input.shape, weight, grad_output, *options),
        nn.grad.conv2d_weight(input, weight.shape, grad_output, *options),
        grad_output.sum((0, 2, 3)),
    )


TWINS = [
    Twin("conv2d", conv.conv2d, F.conv2d, conv2d, covers=("Convolution",)),
    Twin("conv2d, padding in words", conv.conv2d, F.conv2d, words),
    Twin("conv2d, padding modes", conv.conv2d, as_module, modes),
    Twin("conv1d", conv.conv1d, F.conv1d, conv1d),
    Twin("conv1d, padding modes", conv.conv1d, as_module, modes_1d),
    Twin("conv2d_loops", conv_ways.conv2d_loops, F.conv2d, batched, half=False),
    Twin("conv2d_loops, padding modes", conv_ways.conv2d_loops, as_module, modes, half=False),
    Twin("conv2d_shifted", conv_ways.conv2d_shifted, F.conv2d, batched),
    Twin("conv2d_shifted, padding modes", conv_ways.conv2d_shifted, as_module, modes),
    Twin("conv2d_im2col", conv_ways.conv2d_im2col, F.conv2d, batched),
    Twin("conv2d_im2col, padding modes", conv_ways.conv2d_im2col, as_module, modes),
    Twin(
        "conv_transpose2d",
        conv_transpose.conv_transpose2d,
        F.conv_transpose2d,
        transposed,
        covers=("Transposed",),
    ),
    Twin("conv_transpose1d", conv_transpose.conv_transpose1d, F.conv_transpose1d, transposed_1d),
    Twin("pad", conv.pad, F.pad, pad),
    Twin("conv2d_backward", conv_backward.conv2d_backward, by_torch, backward, gradients=False),
]
ELSEWHERE = {
    "output_size": "tests/twins/test_conv.py::test_output_size_counts_what_torch_gives",
    "receptive_field": "tests/twins/test_conv.py::test_receptive_field_is_where_a_gradient_arrives",
}
