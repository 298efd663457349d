"""Where pooling windows lie: sizes, margins, and what a mean is divided by."""

import torch
from torch import Tensor

from ._arguments import need_floating
from ._convolution import pad
from ._windows import Pair, pair, span, taps, windows


class Layout:
    """The windows of one pooling, checked.

    kernel_size, stride, dilation  (height, width)
    margins                        pixels to add: left, right, top, bottom
    out                            rows and columns of the output
    """

    def __init__(
        self,
        input: Tensor,
        kernel_size: Pair,
        stride: Pair | None,
        padding: Pair = 0,
        dilation: Pair = 1,
        ceil_mode: bool = False,
    ):
        need_image(input)
        self.kernel_size = pair(kernel_size, "kernel_size", 1)
        self.stride = self.kernel_size if stride is None else pair(stride, "stride", 1)
        self.padding = pair(padding, "padding", 0)
        self.dilation = pair(dilation, "dilation", 1)
        self.size = tuple(input.shape[-2:])
        counts, margins = zip(*(self._axis(axis, ceil_mode) for axis in (0, 1)), strict=True)
        self.out, self.margins = counts, (*margins[1], *margins[0])

    def _axis(self, axis: int, ceil_mode: bool) -> tuple[int, tuple[int, int]]:
        """Count the windows along one axis, and the pixels to add before and after it."""
        size, padding, stride = self.size[axis], self.padding[axis], self.stride[axis]
        reach = span(self.kernel_size[axis], self.dilation[axis])
        name = ("height", "width")[axis]
        if padding > reach // 2:
            raise ValueError(
                f"padding must be at most half of the {reach} pixels of {name} that a window reaches over, "
                f"or some windows would hold nothing but padding; got {padding}."
            )
        room = size + 2 * padding - reach
        if ceil_mode:
            count = -(-room // stride) + 1
            if (count - 1) * stride >= size + padding:  # it would begin in the padding after the picture
                count -= 1
        else:
            count = room // stride + 1
        if count < 1 or size == 0:
            raise ValueError(
                f"a window reaches over {reach} pixels of {name} and the padded input has "
                f"{size + 2 * padding}: take a smaller window or more padding."
            )
        return count, (padding, padding + max(0, (count - 1) * stride - room))

    def divisor(self, input: Tensor, count_include_pad: bool) -> Tensor:
        """Count the pixels of each window, [rows, columns]: those of the picture, or with its padding."""
        counts = []
        for size, kernel, stride, padding, out in zip(
            self.size, self.kernel_size, self.stride, self.padding, self.out, strict=True
        ):
            first = torch.arange(out, device=input.device) * stride - padding
            last = (first + kernel).clamp(max=size + padding)
            if not count_include_pad:
                first, last = first.clamp(min=0), last.clamp(max=size)
            counts.append(last - first)
        return counts[0][:, None] * counts[1]


def need_image(input: Tensor) -> None:
    """Raise unless input is a picture or a batch of them, in floating-point numbers."""
    need_floating(input, "input")
    if input.ndim not in (3, 4):
        raise ValueError(
            "input must be [batch, channel, height, width] or [channel, height, width], "
            f"got {list(input.shape)}."
        )


def by_tap(x: Tensor, layout: Layout, value: float) -> Tensor:
    """Give [tap, ..., row, column]: what every window holds at its first tap, at its second, …"""
    seen = windows(
        pad(x, layout.margins, "constant", value), layout.kernel_size, layout.stride, layout.dilation
    )
    return seen.movedim((-2, -1), (0, 1)).flatten(0, 1)


def spread_evenly(grad: Tensor, layout: Layout) -> Tensor:
    """Add each number of grad to every pixel of its window."""
    left, right, top, bottom = layout.margins
    height, width = layout.size
    padded = grad.new_zeros(*grad.shape[:-2], height + top + bottom, width + left + right)
    for _, _, pixels in taps(padded, layout.kernel_size, layout.stride, (1, 1), layout.out):
        pixels += grad
    return padded[..., top : top + height, left : left + width]


def bins(input: Tensor, output_size: object) -> tuple[Tensor, Tensor]:
    """Give the pixels of every bin, [row, column, pixel], and True where a pixel is the bin's own."""
    (height, width), device = _sizes(input, output_size), input.device
    rows, own_rows = _axis_bins(input.shape[-2], height, device)
    columns, own_columns = _axis_bins(input.shape[-1], width, device)
    pixels = rows[:, None, :, None] * input.shape[-1] + columns[None, :, None, :]
    return pixels.flatten(-2), (own_rows[:, None, :, None] & own_columns[None, :, None, :]).flatten(-2)


def _axis_bins(size: int, count: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cut an axis into `count` bins, from ⌊i · size / count⌋ to ⌈(i + 1) · size / count⌉.

    Returns  places [bin, pixel], the pixels of each bin, and True where a place is its bin's own:
             bins differ in length, and short ones are filled up with their last pixel
    """
    number = torch.arange(count, device=device)
    first = number * size // count
    last = -(-(number + 1) * size // count)  # one beyond
    steps = torch.arange(int((last - first).max()), device=device)
    places = first[:, None] + steps
    return places.minimum(last[:, None] - 1), places < last[:, None]


def _sizes(input: Tensor, output_size: object) -> tuple[int, int]:
    """Give rows and columns of the output; None keeps the input's."""
    need_image(input)
    sizes = output_size if isinstance(output_size, tuple | list) else (output_size, output_size)
    if len(sizes) != 2:
        raise TypeError(f"output_size must be a number or two of them, got {output_size!r}.")
    sizes = [own if want is None else want for want, own in zip(sizes, input.shape[-2:], strict=True)]
    return pair(sizes, "output_size", 1)
