"""Twins of scratch.pooling and of its backward in torch.nn.functional."""

import torch
from hypothesis import strategies as st
from torch.nn import functional as F

from mmcourse.scratch import pooling
from mmcourse.scratch.conv_backward import avg_pool2d_backward, max_pool2d_backward
from tests.twins.harness import Call, Twin

SMALL = st.integers(1, 3)
BATCH = st.sampled_from([(), (1,), (3,)])


def _window(draw, axes, dilated):
    """Kernel, stride, padding, dilation and sizes, a value for each axis."""
    kernel = draw(st.tuples(*[SMALL] * axes))
    dilation = draw(st.tuples(*[st.integers(1, 2)] * axes)) if dilated else (1,) * axes
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    sizes = [
        max(d, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 4))  # d: no window between two pixels
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    ]
    stride = draw(st.one_of(st.none(), st.tuples(*[SMALL] * axes)))
    return kernel, stride, padding, dilation, sizes


def _alike(draw, *values):
    """Sometimes one number in place of two that are equal."""
    simple = draw(st.booleans())
    return [
        value[0] if simple and isinstance(value, tuple) and len(set(value)) == 1 else value
        for value in values
    ]


def largest(draw, tensor, axes=2):
    kernel, stride, padding, dilation, sizes = _window(draw, axes, dilated=True)
    x = tensor(*draw(BATCH), draw(SMALL), *sizes)
    kernel, stride, padding, dilation = _alike(draw, kernel, stride, padding, dilation)
    return Call(x, kernel, stride, padding, dilation, ceil_mode=draw(st.booleans()))


def with_indices(draw, tensor, axes=2):
    call = largest(draw, tensor, axes)
    return Call(*call.args[:4], return_indices=True)


def ties(draw, tensor):
    """Whole numbers, many of them equal, as after ReLU: the first of the largest gets the gradient."""
    call = largest(draw, tensor)
    return Call(call.args[0].round().clamp(min=0), *call.args[1:], **call.kwargs)


def mean(draw, tensor, axes=2):
    kernel, stride, padding, _, sizes = _window(draw, axes, dilated=False)
    x = tensor(*draw(BATCH), draw(SMALL), *sizes)
    kernel, stride, padding = _alike(draw, kernel, stride, padding)
    return Call(x, kernel, stride, padding, draw(st.booleans()), draw(st.booleans()))


def divided(draw, tensor):
    call = mean(draw, tensor)
    call.kwargs["divisor_override"] = draw(st.sampled_from([None, 1, 5]))
    return call


def bins(draw, tensor):
    x = tensor(*draw(BATCH), draw(SMALL), draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    bins = st.one_of(st.none(), st.integers(1, 7))
    return Call(x, draw(st.one_of(st.integers(1, 7), st.tuples(bins, bins))))


def bins_1d(draw, tensor):
    return Call(tensor(*draw(BATCH), draw(SMALL), draw(st.integers(1, 6))), draw(st.integers(1, 7)))


def one_axis(example):
    return lambda draw, tensor: example(draw, tensor, axes=1)


def mean_backward(draw, tensor):
    call = divided(draw, tensor)
    out = F.avg_pool2d(*call.args, **call.kwargs)
    return Call(tensor(*out.shape), *call.args, **call.kwargs)


def mean_by_autograd(grad_output, input, *args, **kwargs):
    x = input.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(F.avg_pool2d(x, *args, **kwargs), x, grad_output)[0]


def largest_backward(draw, tensor):
    call = with_indices(draw, tensor)
    out, indices = F.max_pool2d(*call.args, return_indices=True)
    return Call(tensor(*out.shape), call.args[0], indices)


def by_fetching(grad_output, input, indices):
    """Fetching by index is all that max_pool2d does where the gradient passes."""
    x = input.detach().requires_grad_()
    with torch.enable_grad():
        fetched = x.flatten(-2).gather(-1, indices.flatten(-2)).reshape(indices.shape)
        return torch.autograd.grad(fetched, x, grad_output)[0]


TWINS = [
    Twin("max_pool2d", pooling.max_pool2d, F.max_pool2d, largest),
    Twin("max_pool2d, with indices", pooling.max_pool2d, F.max_pool2d, with_indices),
    Twin("max_pool2d, ties", pooling.max_pool2d, F.max_pool2d, ties),
    Twin("max_pool1d", pooling.max_pool1d, F.max_pool1d, one_axis(largest)),
    Twin("max_pool1d, with indices", pooling.max_pool1d, F.max_pool1d, one_axis(with_indices)),
    Twin("avg_pool2d", pooling.avg_pool2d, F.avg_pool2d, divided, covers=("Mean",)),
    Twin("avg_pool1d", pooling.avg_pool1d, F.avg_pool1d, one_axis(mean)),
    Twin("adaptive_max_pool2d", pooling.adaptive_max_pool2d, F.adaptive_max_pool2d, bins),
    Twin("adaptive_max_pool1d", pooling.adaptive_max_pool1d, F.adaptive_max_pool1d, bins_1d),
    Twin("adaptive_avg_pool2d", pooling.adaptive_avg_pool2d, F.adaptive_avg_pool2d, bins),
    Twin("adaptive_avg_pool1d", pooling.adaptive_avg_pool1d, F.adaptive_avg_pool1d, bins_1d),
    Twin(
        "avg_pool2d_backward",
        avg_pool2d_backward,
        mean_by_autograd,
        mean_backward,
        gradients=False,
    ),
    Twin(
        "max_pool2d_backward",
        max_pool2d_backward,
        by_fetching,
        largest_backward,
        gradients=False,
    ),
]
