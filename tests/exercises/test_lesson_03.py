"""What the exercises of lesson 3 must hold beside what all of them must: times."""

import torch
from torch.nn import functional as F

from mmcourse.checks import lesson_03 as check


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


def test_loop_over_pixels_is_too_slow():
    result = check.conv2d(loop_over_pixels)
    assert result.status == "too slow"
    assert "few pixels of the kernel" in result.hint
