"""Convolutions as people get them wrong: what the check of `conv2d` compares an answer with."""

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def conv2d(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(input, weight, bias, stride, padding)


def padded_on_one_side(input, weight, bias=None, stride=1, padding=0, sides="last"):
    left, right = (0, padding) if sides == "last" else (padding, 0)
    return F.conv2d(F.pad(input, (left, right, left, right)), weight, bias, stride)


def padded_twice_on_one_side(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(F.pad(input, (0, 2 * padding, 0, 2 * padding)), weight, bias, stride)


def edge_padded(input, weight, bias=None, stride=1, padding=0, mode="replicate"):
    return F.conv2d(F.pad(input, 4 * (padding,), mode=mode), weight, bias, stride)


def stride_in_kernel(input, weight, bias=None, stride=1, padding=0):
    """The stride between the kernel's pixels instead of between its places."""
    return F.conv2d(input, weight, bias, 1, padding, dilation=stride)


def bias_along_width(input, weight, bias=None, stride=1, padding=0, axis=-1):
    output = F.conv2d(input, weight, None, stride, padding)
    if bias is None:
        return output
    return output + (bias if axis == -1 else bias[:, None])


def bias_on_products(input, weight, bias=None, stride=1, padding=0):
    """The bias added at every pixel of the kernel."""
    output = F.conv2d(input, weight, None, stride, padding)
    return output if bias is None else output + weight[0, 0].numel() * bias[:, None, None]


def bias_for_each_channel(input, weight, bias=None, stride=1, padding=0):
    output = F.conv2d(input, weight, None, stride, padding)
    return output if bias is None else output + weight.shape[1] * bias[:, None, None]


def one_channel(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(input[:, :1], weight[:, :1], bias, stride, padding)


def last_channel(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(input[:, -1:], weight[:, -1:], bias, stride, padding)


def mean_of_channels(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(input, weight / weight.shape[1], bias, stride, padding)


def shuffled_patches(input, weight, bias=None, stride=1, padding=0):
    """im2col with the kernel's pixels before the channel, the weights the other way round."""
    out, _, height, width = weight.shape
    patches = F.pad(input, 4 * (padding,)).unfold(2, height, stride).unfold(3, width, stride)
    columns = patches.permute(0, 2, 3, 4, 5, 1).flatten(3)  # batch row column h·w·channel
    output = (columns @ weight.reshape(out, -1).T).permute(0, 3, 1, 2)
    return output if bias is None else output + bias[:, None, None]


def reshaped_result(input, weight, bias=None, stride=1, padding=0):
    """Channel last, and reshaped instead of permuted."""
    output = F.conv2d(input, weight, None, stride, padding)
    output = output.permute(0, 2, 3, 1).reshape(output.shape)
    return output if bias is None else output + bias[:, None, None]


def places_reshaped(input, weight, bias=None, stride=1, padding=0):
    """im2col whose places are read column by column."""
    output = F.conv2d(input, weight, None, stride, padding)
    output = output.transpose(2, 3).reshape(output.shape)
    return output if bias is None else output + bias[:, None, None]


def last_tap(input, weight, bias=None, stride=1, padding=0):
    """`=` for `+=`: only the last pixel of the kernel counts."""
    only = torch.zeros_like(weight)
    only[..., -1, -1] = 1
    return F.conv2d(input, weight * only, bias, stride, padding)


def first_tap(input, weight, bias=None, stride=1, padding=0):
    only = torch.zeros_like(weight)
    only[..., 0, 0] = 1
    return F.conv2d(input, weight * only, bias, stride, padding)


def places(input, weight, bias=None, stride=1, padding=0):
    """A Python loop over the places, each of them a sum over channels and kernel."""
    height, width = weight.shape[2:]
    padded = F.pad(input, 4 * (padding,))
    rows = [
        torch.stack(
            [
                (padded[:, None, :, i : i + height, j : j + width] * weight).sum(dim=(2, 3, 4))
                for j in range(0, padded.shape[3] - width + 1, stride)
            ],
            dim=-1,
        )
        for i in range(0, padded.shape[2] - height + 1, stride)
    ]
    output = torch.stack(rows, dim=-2)
    return output if bias is None else output + bias[:, None, None]


def _shifted(padded, weight, rows, columns, step):
    """Shifted sums; each slice has `rows` times `columns` places, `step` apart."""
    output = 0
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            bottom, right = i + step * (rows - 1) + 1, j + step * (columns - 1) + 1
            piece = padded[:, :, i:bottom:step, j:right:step]
            output = output + torch.einsum("bchw,oc->bohw", piece, weight[:, :, i, j])
    return output


def _places_of(picture, weight, stride):
    return [(picture.shape[axis] - weight.shape[axis]) // stride + 1 for axis in (2, 3)]


def _plus(output, bias):
    return output if bias is None else output + bias[:, None, None]


def sizes_without_padding(input, weight, bias=None, stride=1, padding=0):
    padded = F.pad(input, 4 * (padding,))
    return _plus(_shifted(padded, weight, *_places_of(input, weight, stride), stride), bias)


def slices_without_stride(input, weight, bias=None, stride=1, padding=0):
    padded = F.pad(input, 4 * (padding,))
    return _plus(_shifted(padded, weight, *_places_of(padded, weight, stride), 1), bias)


def a_place_too_few(input, weight, bias=None, stride=1, padding=0):
    padded = F.pad(input, 4 * (padding,))
    return F.conv2d(padded[:, :, :-1, :-1], weight, bias, stride)


def square_kernel(input, weight, bias=None, stride=1, padding=0):
    """The kernel's height for both of its sides, when pieces are cut."""
    padded, side = F.pad(input, 4 * (padding,)), weight.shape[2]
    pieces = padded.unfold(2, side, stride).unfold(3, side, stride)
    return _plus(torch.einsum("bcyxij,ocij->boyx", pieces, weight), bias)


def other_phase(input, weight, bias=None, stride=1, padding=0):
    output = conv2d(input, weight, bias, 1, padding)
    return output[:, :, stride - 1 :: stride, stride - 1 :: stride]


def if_bias(input, weight, bias=None, stride=1, padding=0):
    output = F.conv2d(input, weight, None, stride, padding)
    return output + bias[:, None, None] if bias else output


def empty_middle(input, weight, bias=None, stride=1, padding=0):
    batch, channels, height, width = input.shape
    padded = input.new_zeros(batch, channels, height + 2 * padding, width + 2 * padding)
    padded[:, :, padding:-padding, padding:-padding] = input
    return F.conv2d(padded, weight, bias, stride)


def padded_with(input, weight, bias=None, stride=1, padding=0, value=0.0):
    return F.conv2d(F.pad(input, 4 * (padding,), value=value), weight, bias, stride)


def patches_not_permuted(input, weight, bias=None, stride=1, padding=0):
    """im2col flattened as unfold leaves it: batch, channel, row, column, h, w."""
    patches = (
        F.pad(input, 4 * (padding,)).unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    )
    rows, columns = patches.shape[2:4]
    products = patches.reshape(len(input), rows * columns, -1) @ weight.flatten(1).T
    return _plus(products.transpose(1, 2).reshape(len(input), -1, rows, columns), bias)
