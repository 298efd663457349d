"""What the exercises of lesson 3 must hold beside what all of them must: times, and the library's results."""

import time

import pytest
import torch
from torch.nn import functional as F

from mmcourse.checks import lesson_03 as check
from mmcourse.modules.image_models import ImageCNN
from mmcourse.scratch import (
    activations,
    conv,
    conv_backward,
    image_models,
    losses,
    normalization,
    optim,
    pooling,
    receptive,
)


def loop_over_pixels(input, weight, bias=None, stride=1, padding=0):
    x = F.pad(input, 4 * [padding])
    rows = (x.shape[2] - weight.shape[2]) // stride + 1
    columns = (x.shape[3] - weight.shape[3]) // stride + 1
    out = torch.zeros(len(x), len(weight), rows, columns, dtype=x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            piece = x[:, :, top : top + weight.shape[2], left : left + weight.shape[3]]
            out[:, :, i, j] = torch.einsum("bchw,ochw->bo", piece, weight)
    return out if bias is None else out + bias[:, None, None]


def loop_over_every_number(input, weight, bias=None, stride=1, padding=0):
    """As one writes the formula down: four loops, each number of the output by itself."""
    x, (h, w) = F.pad(input, 4 * [padding]), weight.shape[2:]
    rows, columns = (x.shape[2] - h) // stride + 1, (x.shape[3] - w) // stride + 1
    out = x.new_zeros(len(x), len(weight), rows, columns)
    for b in range(len(x)):
        for o in range(len(weight)):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    out[b, o, i, j] = (x[b, :, top : top + h, left : left + w] * weight[o]).sum()
    return out if bias is None else out + bias[:, None, None]


def test_loop_over_every_number_is_told_so_soon():
    begin = time.process_time()
    result = check.conv2d(loop_over_every_number)
    assert result.status == "too slow"
    assert "few pixels of the kernel" in result.hint
    assert time.process_time() - begin < 10


def test_loop_over_pixels_is_too_slow():
    result = check.conv2d(loop_over_pixels)
    assert result.status == "too slow"
    assert "few pixels of the kernel" in result.hint


SAME = {
    "output_size": conv.output_size,
    "log_softmax": lambda logits, dim=-1: activations.log_softmax(logits, dim),
    "cross_entropy": losses.cross_entropy,
    "correlate": lambda image, kernel: conv.conv2d(image[None, None], kernel[None, None])[0, 0],
    "conv2d": conv.conv2d,
    "grouped_conv2d": lambda input, weight, groups: conv.conv2d(input, weight, groups=groups),
    "max_pool2d": pooling.max_pool2d,
    "conv2d_backward": lambda grad, x, weight: conv_backward.conv2d_backward(grad, x, weight, 1, 0, 1, 1),
    "image_cnn": image_models.image_cnn,
    "receptive_field": lambda layers: receptive.receptive_field(layers)[0],
}


@pytest.mark.parametrize("name", SAME)
def test_what_a_check_wants_is_what_the_library_gives(name):
    result = getattr(check, name)(SAME[name])
    assert result.passed, result.message


def test_batch_norm_of_the_library_passes_on_copies_of_the_record():
    def on_copies(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
        record = running_mean.clone(), running_var.clone()
        output = normalization.batch_norm(input, *record, weight, bias, training, momentum, eps)
        return output, *record

    result = check.batch_norm(on_copies)
    assert result.passed, result.message


def test_adamw_of_the_library_takes_the_first_step_that_the_check_wants():
    parameter, grad, _, *settings = check.adamw_step.cases[2].make(torch.Generator().manual_seed(0))
    wanted, _ = check.adamw_step.reference(parameter, grad, (grad * 0, grad * 0, 0), *settings)
    parameter.requires_grad_().grad = grad
    optim.AdamW([parameter], *settings).step()
    torch.testing.assert_close(parameter.detach(), wanted)


def test_network_of_the_exercise_is_the_module():
    generator = torch.Generator().manual_seed(0)
    module = ImageCNN(features=10, in_channels=3)
    image = torch.randn(2, 3, 14, 10, generator=generator)
    torch.testing.assert_close(check.image_cnn.reference(module.state_dict(), image), module(image))
