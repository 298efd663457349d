"""Gradients of a convolution as people get them wrong: what the check of 03.10 compares an answer with."""

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")
gradients = lazy("torch.nn.grad")


def conv2d_backward(grad_output, input, weight):
    return (
        gradients.conv2d_input(input.shape, weight, grad_output),
        gradients.conv2d_weight(input, weight.shape, grad_output),
        grad_output.sum(dim=(0, 2, 3)),
    )


def not_turned(grad_output, input, weight, axes=(2, 3)):
    """The kernel turned along the wrong axes, or not at all."""
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return gradients.conv2d_input(input.shape, weight.flip(axes), grad_output), of_weight, of_bias


def weight_turned(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, of_weight.flip(2, 3), of_bias


def weight_mean(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, of_weight / len(input), of_bias


def all_mean(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, of_weight / len(input), of_bias / len(input)


def weight_of_first(grad_output, input, weight):
    of_input, _, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, gradients.conv2d_weight(input[:1], weight.shape, grad_output[:1]), of_bias


def weight_each(grad_output, input, weight):
    """The weights' gradient of each picture by itself, [batch, out, channel, h, w]."""
    of_input, _, of_bias = conv2d_backward(grad_output, input, weight)
    pairs = zip(input.split(1), grad_output.split(1), strict=True)
    each = [gradients.conv2d_weight(one, weight.shape, grad) for one, grad in pairs]
    return of_input, torch.stack(each), of_bias


def padding_exchanged(grad_output, input, weight):
    """h − 1 at the left and right, w − 1 above and below."""
    height, width = weight.shape[2:]
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    padded = F.pad(grad_output, (height - 1, height - 1, width - 1, width - 1))
    return F.conv2d(padded, weight.flip(2, 3).transpose(0, 1)), of_weight, of_bias


def bias_mean(grad_output, input, weight):
    return *conv2d_backward(grad_output, input, weight)[:2], grad_output.mean(dim=(0, 2, 3))


def bias_over_batch(grad_output, input, weight):
    return *conv2d_backward(grad_output, input, weight)[:2], grad_output.sum(dim=0)


def bias_each(grad_output, input, weight):
    return *conv2d_backward(grad_output, input, weight)[:2], grad_output.sum(dim=(2, 3))


def bias_one(grad_output, input, weight):
    return *conv2d_backward(grad_output, input, weight)[:2], grad_output.sum()


def bias_ones(grad_output, input, weight):
    return *conv2d_backward(grad_output, input, weight)[:2], grad_output.new_ones(len(weight))


def weight_first(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_weight, of_input, of_bias


def reversed_order(grad_output, input, weight):
    return conv2d_backward(grad_output, input, weight)[::-1]


def channels_exchanged(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, of_weight.transpose(0, 1), of_bias


def input_last_tap(grad_output, input, weight):
    """Every place of the kernel overwrites what the one before it gave to a pixel."""
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    of_input = torch.zeros_like(input)
    rows, columns = grad_output.shape[2:]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            share = torch.einsum("boyx,oc->bcyx", grad_output, weight[:, :, i, j])
            of_input[:, :, i : i + rows, j : j + columns] = share
    return of_input, of_weight, of_bias


def weight_of_last_row(grad_output, input, weight):
    """Only the last place of the picture counts."""
    of_input, _, of_bias = conv2d_backward(grad_output, input, weight)
    piece = input[:, :, -weight.shape[2] :, -weight.shape[3] :]
    return of_input, torch.einsum("bo,bchw->ochw", grad_output[:, :, -1, -1], piece), of_bias


def weight_without_input(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, of_bias[:, None, None, None].expand_as(of_weight), of_bias


def no_padding(grad_output, input, weight):
    """A convolution of grad_output that stays inside."""
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    turned = weight.flip(2, 3).transpose(0, 1)
    return F.conv2d(grad_output, turned), of_weight, of_bias


def two(grad_output, input, weight):
    return conv2d_backward(grad_output, input, weight)[:2]


def plain(grad_output, input, weight):
    """The gradient of a sum: as if grad_output were all ones."""
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    ones = torch.ones_like(grad_output)
    return gradients.conv2d_input(input.shape, weight, ones), of_weight, of_bias


def not_exchanged(grad_output, input, weight):
    """The kernel turned, its channels not exchanged."""
    height, width = weight.shape[2:]
    padded = F.pad(grad_output, (width - 1, width - 1, height - 1, height - 1))
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return F.conv2d(padded, weight.flip(2, 3)), of_weight, of_bias


def bias_over_channels(grad_output, input, weight):
    return *conv2d_backward(grad_output, input, weight)[:2], grad_output.sum(dim=(1, 2, 3))


def weight_mean_of_places(grad_output, input, weight):
    of_input, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, of_weight / grad_output[0, 0].numel(), of_bias


def of_the_sum(grad_output, input, weight):
    ones = torch.ones_like(grad_output)
    return *conv2d_backward(ones, input, weight)[:2], grad_output.sum(dim=(0, 2, 3))


def weight_of_last(grad_output, input, weight):
    of_input, _, of_bias = conv2d_backward(grad_output, input, weight)
    return of_input, gradients.conv2d_weight(input[-1:], weight.shape, grad_output[-1:]), of_bias


def input_last_place(grad_output, input, weight):
    """Every place of the picture overwrites what the one before it gave to a pixel."""
    _, of_weight, of_bias = conv2d_backward(grad_output, input, weight)
    of_input = torch.zeros_like(input)
    height, width = weight.shape[2:]
    for y in range(grad_output.shape[2]):
        for x in range(grad_output.shape[3]):
            share = torch.einsum("bo,ochw->bchw", grad_output[:, :, y, x], weight)
            of_input[:, :, y : y + height, x : x + width] = share
    return of_input, of_weight, of_bias


def bias_counted(grad_output, input, weight):
    count = torch.full_like(grad_output[0, :, 0, 0], grad_output[:, 0].numel())
    return *conv2d_backward(grad_output, input, weight)[:2], count
