"""Poolings as people get them wrong: what the check of 03.7 compares an answer with."""

from mmcourse.checks import lazy

F = lazy("torch.nn.functional")


def max_pool2d(input, kernel_size, stride, padding):
    return F.max_pool2d(input, kernel_size, stride, padding)


def windows(input, kernel_size, stride, padding, value=0.0):
    """All windows of the padded input: [batch, channel, row, column, k, k]."""
    padded = F.pad(input, 4 * (padding,), value=value)
    return padded.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)


def padded_with(input, kernel_size, stride, padding, value=0.0):
    return windows(input, kernel_size, stride, padding, value).amax(dim=(-2, -1))


def mean_of_window(input, kernel_size, stride, padding):
    return F.avg_pool2d(input, kernel_size, stride, padding)


def smallest(input, kernel_size, stride, padding):
    return -max_pool2d(-input, kernel_size, stride, padding)


def sum_of_window(input, kernel_size, stride, padding):
    return F.avg_pool2d(input, kernel_size, stride, padding) * kernel_size**2


def one_axis(input, kernel_size, stride, padding, kernel, step, pad):
    """Pooling whose settings act along the chosen axes only."""
    take = ((kernel_size, 1), (stride, 1), (padding, 0))
    chosen = [tuple(pair[0] if yes else pair[1] for yes in which) for pair, which in
              zip(take, (kernel, step, pad), strict=True)]  # fmt: skip
    return F.max_pool2d(input, *chosen)


def one_sided(input, kernel_size, stride, padding):
    padded = F.pad(input, (0, padding, 0, padding), value=float("-inf"))
    return F.max_pool2d(padded, kernel_size, stride)


def one_sided_first(input, kernel_size, stride, padding):
    padded = F.pad(input, (padding, 0, padding, 0), value=float("-inf"))
    return F.max_pool2d(padded, kernel_size, stride)


def over_channels(input, kernel_size, stride, padding):
    return max_pool2d(input, kernel_size, stride, padding).amax(dim=1, keepdim=True)


def largest_along_width_only(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding, float("-inf")).amax(dim=-1)[..., 0]


def axis_left(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding, float("-inf")).amax(dim=-1)


def with_places(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding, float("-inf")).flatten(-2).max(dim=-1)


def max_over_two(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding).max(dim=(-2, -1))


def places(input, kernel_size, stride, padding):
    return F.max_pool2d(input, kernel_size, stride, padding, return_indices=True)[1]


def corner(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding, float("-inf"))[..., 0, 0]


def largest_size(input, kernel_size, stride, padding):
    """The number that is largest without its sign, put back without it."""
    return max_pool2d(input.abs(), kernel_size, stride, padding)


def over_the_places(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding, float("-inf")).amax(dim=(2, 3))


def starts_next_to_each_other(input, kernel_size, stride, padding):
    """As many windows as there should be, one pixel apart."""
    rows, columns = max_pool2d(input, kernel_size, stride, padding).shape[2:]
    return max_pool2d(input, kernel_size, 1, padding)[:, :, :rows, :columns]


def mean_of_padded(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding, float("-inf")).mean(dim=(-2, -1))


def blocks(input, kernel_size, stride, padding):
    """Cut by reshape, whatever the stride."""
    batch, channels, height, width = input.shape
    k = kernel_size
    return input.reshape(batch, channels, height // k, k, width // k, k).amax(dim=(3, 5))


def max_after_max(input, kernel_size, stride, padding):
    return windows(input, kernel_size, stride, padding).max(dim=-1).max(dim=-1)


def with_their_places(input, kernel_size, stride, padding):
    return F.max_pool2d(input, kernel_size, stride, padding, return_indices=True)
