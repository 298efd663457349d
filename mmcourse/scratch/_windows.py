"""What convolution and pooling share: the arguments torch allows, and windows of an image as a view."""

from collections.abc import Sequence

from torch import Tensor

Pair = int | Sequence[int]  # one number for both axes, or one for height and one for width


def pair(value: Pair, name: str, least: int) -> tuple[int, int]:
    """Give (for height, for width), from one number for both or from two."""
    values = (value, value) if isinstance(value, int) else value
    whole = isinstance(values, tuple | list) and len(values) == 2
    if not whole or any(isinstance(v, bool) or not isinstance(v, int) for v in values):
        raise TypeError(f"{name} must be a whole number or two of them, got {value!r}.")
    if min(values) < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}.")
    return tuple(values)


def across(value: int | Sequence[int], name: str, along: int, least: int) -> tuple[int, int]:
    """Give the pair (along, value): what one axis wants, for a picture of height 1."""
    values = value if isinstance(value, tuple | list) and len(value) == 1 else (value,)
    if isinstance(values[0], bool) or not isinstance(values[0], int):
        raise TypeError(f"{name} must be a whole number, got {value!r}: there is one axis.")
    if values[0] < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}.")
    return along, values[0]


def span(kernel_size: int, dilation: int) -> int:
    """Give how many pixels a kernel reaches over, the gaps between its taps included."""
    return dilation * (kernel_size - 1) + 1


def windows(
    x: Tensor, kernel_size: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]
) -> Tensor:
    """See [..., height, width] as [..., window row, window column, kernel row, kernel column].

    Nothing is copied: neighbouring windows show the same numbers again.
    """
    for size, step, gap in zip(kernel_size, stride, dilation, strict=True):
        x = x.unfold(-2, span(size, gap), step)  # the axis at -2 becomes windows, their pixels go to the end
    return x[..., :: dilation[0], :: dilation[1]]


def taps(
    x: Tensor,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int],
    out: tuple[int, int],
):
    """Go through the places of a kernel: (row, column, the pixels of x that it meets there, one a window)."""
    for row in range(kernel_size[0]):
        for column in range(kernel_size[1]):
            top, left = row * dilation[0], column * dilation[1]
            yield (
                row,
                column,
                x[
                    ...,
                    top : top + stride[0] * (out[0] - 1) + 1 : stride[0],
                    left : left + stride[1] * (out[1] - 1) + 1 : stride[1],
                ],
            )


def surround(x: Tensor, top: int, bottom: int, left: int, right: int, value: float = 0.0) -> Tensor:
    """Put a margin of one value around [..., height, width]."""
    if top == bottom == left == right == 0:
        return x
    height, width = x.shape[-2:]
    padded = x.new_full((*x.shape[:-2], height + top + bottom, width + left + right), value)
    padded[..., top : top + height, left : left + width] = x
    return padded
