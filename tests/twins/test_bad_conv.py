"""What convolution and pooling refuse, and in which words."""

import pytest
import torch

from mmcourse.scratch import conv, conv_backward, conv_transpose, conv_ways, pooling
from mmcourse.scratch.receptive import receptive_field

X, W = torch.zeros(2, 4, 5, 6), torch.zeros(6, 4, 3, 3)
LINE, W1 = torch.zeros(2, 4, 9), torch.zeros(6, 4, 3)

REFUSED = {
    "integers": (
        lambda: conv.conv2d(X.long(), W),
        TypeError,
        "input must hold floating-point numbers, got torch.int64",
    ),
    "no tensor": (lambda: conv.conv2d([[1.0]], W), TypeError, "input must be a tensor, got list"),
    "mixed precision": (
        lambda: conv.conv2d(X.double(), W),
        TypeError,
        "input is torch.float64 and weight is torch.float32: bring them to one precision with .to()",
    ),
    "no picture": (
        lambda: conv.conv2d(torch.zeros(5, 6), W),
        ValueError,
        r"\[batch, channel, height, width\].*got \[5, 6\]",
    ),
    "other channels": (
        lambda: conv.conv2d(X, torch.zeros(6, 3, 3, 3)),
        ValueError,
        r"input has 4 channels; weight \[6, 3, 3, 3\] with groups=1 takes 3",
    ),
    "weight of all channels in groups": (
        lambda: conv.conv2d(X, W, groups=2),
        ValueError,
        r"input has 4 channels; weight \[6, 4, 3, 3\] with groups=2 takes 8",
    ),
    "groups do not divide": (
        lambda: conv.conv2d(X, torch.zeros(6, 1, 3, 3), groups=4),
        ValueError,
        "groups must divide the 4 channels of the input and the 6 of the output, got 4",
    ),
    "groups no number": (
        lambda: conv.conv2d(X, W, groups=1.0),
        TypeError,
        "groups must be a whole number, got 1.0",
    ),
    "bias": (lambda: conv.conv2d(X, W, torch.zeros(4)), ValueError, r"bias must be \[6\].*got \[4\]"),
    "kernel too large": (
        lambda: conv.conv2d(X, W, dilation=3),
        ValueError,
        "the kernel reaches over 7 pixels of height and the padded input has 5: take a smaller kernel",
    ),
    "stride 0": (lambda: conv.conv2d(X, W, stride=0), ValueError, "stride must be at least 1, got 0"),
    "stride in halves": (
        lambda: conv.conv2d(X, W, stride=0.5),
        TypeError,
        "stride must be a whole number or two of them",
    ),
    "three strides": (
        lambda: conv.conv2d(X, W, stride=(1, 2, 3)),
        TypeError,
        r"or two of them.*got \(1, 2, 3\)",
    ),
    "padding below 0": (
        lambda: conv.conv2d(X, W, padding=-1),
        ValueError,
        "padding must be at least 0, got -1",
    ),
    "padding in an unknown word": (
        lambda: conv.conv2d(X, W, padding="full"),
        ValueError,
        "padding must be 'same', 'valid', a number or two of them; got 'full'",
    ),
    "same with a stride": (
        lambda: conv.conv2d(X, W, stride=2, padding="same"),
        ValueError,
        r"padding='same' keeps the size, which needs stride 1; got stride \(2, 2\)",
    ),
    "unknown padding mode": (
        lambda: conv.conv2d(X, W, padding=1, padding_mode="mirror"),
        ValueError,
        "padding_mode must be one of zeros, reflect, replicate, circular; got 'mirror'",
    ),
    "reflected too far": (
        lambda: conv.conv2d(X, W, padding=5, padding_mode="reflect"),
        ValueError,
        "padding in mode 'reflect' must lie in 0..4 for 5 pixels",
    ),
    "loops check too": (lambda: conv_ways.conv2d_loops(X, W, groups=2), ValueError, "takes 8"),
    "shifted checks too": (lambda: conv_ways.conv2d_shifted(X, W, groups=2), ValueError, "takes 8"),
    "im2col checks too": (lambda: conv_ways.conv2d_im2col(X, W, groups=2), ValueError, "takes 8"),
    "a picture for conv1d": (
        lambda: conv.conv1d(X, W1),
        ValueError,
        r"\[batch, channel, time\].*got \[2, 4, 5, 6\]",
    ),
    "two strides for conv1d": (
        lambda: conv.conv1d(LINE, W1, stride=(1, 2)),
        TypeError,
        r"stride must be one whole number, as a sequence has one axis; got \(1, 2\)",
    ),
    "pad of odd length": (
        lambda: conv.pad(X, (1, 2, 3)),
        ValueError,
        r"two numbers for each axis.*got \(1, 2, 3\)",
    ),
    "pad cuts all": (lambda: conv.pad(X, (-4, -4)), ValueError, "cannot cut 4 and 4 pixels off an axis of 6"),
    "pad in an unknown mode": (
        lambda: conv.pad(X, (1, 1), "mirror"),
        ValueError,
        "mode must be one of constant",
    ),
    "output size": (
        lambda: conv.output_size(4, 5),
        ValueError,
        "reaches over 5 pixels and the padded input has 4",
    ),
    "gradient of another shape": (
        lambda: conv_backward.conv2d_backward(X, X, W),
        ValueError,
        r"grad_output must have the shape of the output, \[2, 6, 3, 4\]; got \[2, 4, 5, 6\]",
    ),
    "transposed, channels last": (
        lambda: conv_transpose.conv_transpose2d(X, W),
        ValueError,
        r"input has 4 channels and weight \[6, 4, 3, 3\] takes 6: a transposed convolution",
    ),
    "transposed, output padding": (
        lambda: conv_transpose.conv_transpose2d(X, W[:4], output_padding=1),
        ValueError,
        "output_padding must be less than stride or dilation; along height it is 1 and they are 1 and 1",
    ),
    "transposed, all cut": (
        lambda: conv_transpose.conv_transpose2d(X, W[:4], padding=4),
        ValueError,
        "padding=4 cuts away all 7 pixels of height: take less padding",
    ),
    "pooling integers": (
        lambda: pooling.max_pool2d(X.long(), 2),
        TypeError,
        "input must hold floating-point",
    ),
    "pooling a vector": (lambda: pooling.max_pool2d(X[0, 0, 0], 2), ValueError, r"got \[6\]"),
    "pooling, much padding": (
        lambda: pooling.max_pool2d(X, 3, padding=2),
        ValueError,
        "padding must be at most half of the 3 pixels of height",
    ),
    "pooling, large window": (
        lambda: pooling.avg_pool2d(X, 7),
        ValueError,
        "a window reaches over 7 pixels of height and the padded input has 5: take a smaller window",
    ),
    "pooling by 0": (
        lambda: pooling.avg_pool2d(X, 2, divisor_override=0),
        ValueError,
        "divisor_override must not be 0",
    ),
    "no bins": (lambda: pooling.adaptive_avg_pool2d(X, 0), ValueError, "output_size must be at least 1, got"),
    "three bins": (
        lambda: pooling.adaptive_max_pool2d(X, (1, 2, 3)),
        TypeError,
        "output_size must be a number or two",
    ),
    "pooling a picture as a line": (
        lambda: pooling.max_pool1d(X, 2),
        ValueError,
        r"\[batch, channel, time\]",
    ),
    "layer without a kernel": (
        lambda: receptive_field([()]),
        ValueError,
        r"a layer is \(kernel_size, stride",
    ),
    "layer of stride 0": (lambda: receptive_field([(3, 0)]), ValueError, "must be at least 1"),
}


@pytest.mark.parametrize(("call", "kind", "words"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_in_a_sentence(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    message = str(caught.value)
    assert message[-1] in ".?!"
    assert "\n" not in message
