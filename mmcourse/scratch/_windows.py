"""What convolution and pooling share: windows of a picture as a view, as columns of a matrix, and back."""

from collections.abc import Iterator, Sequence

from torch import Tensor

Pair = int | Sequence[int]  # one number for both axes, or one for height and one for width
Two = tuple[int, int]  # for height, for width
BLOCK = 2**19  # numbers in a block of columns, 2 MB in float32: about what a processor keeps at hand


def pair(value: Pair, name: str, least: int) -> Two:
    """Give (for height, for width), from one number for both or from two."""
    values = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(values) != 2 or any(isinstance(v, bool) or not isinstance(v, int) for v in values):
        raise TypeError(f"{name} must be a whole number or two of them, (height, width); got {value!r}.")
    if min(values) < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}.")
    return values


def across(value: int | Sequence[int], name: str, along: int, least: int) -> Two:
    """Give (along, value): a sequence is a picture of height 1, and `along` is what suits its height."""
    values = tuple(value) if isinstance(value, tuple | list) else (value,)
    if len(values) != 1 or isinstance(values[0], bool) or not isinstance(values[0], int):
        raise TypeError(f"{name} must be one whole number, as a sequence has one axis; got {value!r}.")
    if values[0] < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}.")
    return along, values[0]


def span(kernel_size: int, dilation: int) -> int:
    """Count the pixels that a kernel reaches over, the gaps between its taps included."""
    return dilation * (kernel_size - 1) + 1


def count_places(size: Two, kernel_size: Two, stride: Two, dilation: Two) -> Two:
    """Count the rows and the columns of windows on a picture that is padded already."""
    steps = zip(size, kernel_size, stride, dilation, strict=True)
    return tuple((pixels - span(kernel, gap)) // step + 1 for pixels, kernel, step, gap in steps)


def windows(x: Tensor, kernel_size: Two, stride: Two, dilation: Two) -> Tensor:
    """See [..., height, width] as [..., window row, window column, kernel row, kernel column].

    Nothing is copied: neighbouring windows show the same memory again.
    """
    for size, step, gap in zip(kernel_size, stride, dilation, strict=True):
        x = x.unfold(-2, span(size, gap), step)  # -2 now counts windows; their pixels come last
    return x if dilation == (1, 1) else x[..., :: dilation[0], :: dilation[1]]


def taps(
    x: Tensor, kernel_size: Two, stride: Two, dilation: Two, places: Two
) -> Iterator[tuple[int, int, Tensor]]:
    """Go through a kernel: its row, its column, and the pixels of x that it meets there, one for each window.

    places  rows and columns of windows
    """
    for row in range(kernel_size[0]):
        for column in range(kernel_size[1]):
            top, left = row * dilation[0], column * dilation[1]
            below, right = top + stride[0] * (places[0] - 1) + 1, left + stride[1] * (places[1] - 1) + 1
            yield row, column, x[..., top : below : stride[0], left : right : stride[1]]


def blocks(batch: int, numbers: int) -> Iterator[slice]:
    """Cut a batch into blocks of pictures whose columns, `numbers` each, stay in the processor's cache.

    All columns at once are as many times larger than the pictures as a kernel has taps.
    """
    step = max(1, BLOCK // max(1, numbers))
    return (slice(start, start + step) for start in range(0, batch, step))


def columns(x: Tensor, kernel_size: Two, stride: Two, dilation: Two, groups: int) -> Tensor:
    """Copy every window of [batch, channel, height, width] into a column: [group, tap, place].

    A tap is a channel of the group, a row and a column of the kernel, in the order of a flattened kernel.
    A place is a row, a column and a picture of the batch: pictures come last, so that what is copied for one
    tap lies in long runs of memory.
    """
    x = x.permute(1, 2, 3, 0).contiguous().permute(3, 0, 1, 2)  # same shape, pictures side by side in memory
    seen = windows(x, kernel_size, stride, dilation)
    return seen.permute(1, 4, 5, 2, 3, 0).reshape(groups, -1, seen[:, 0, ..., 0, 0].numel())


def fold(columns: Tensor, size: Two, kernel_size: Two, stride: Two, dilation: Two, places: Two) -> Tensor:
    """Lay columns back on pictures and add them up where windows overlap: the transpose of `columns`.

    size    height and width of a picture
    places  rows and columns of windows
    """
    batch = columns.shape[-1] // (places[0] * places[1])
    columns = columns.reshape(-1, *kernel_size, *places, batch)  # channel tap place picture
    pictures = columns.new_zeros(len(columns), *size, batch).permute(3, 0, 1, 2)
    for row, column, pixels in taps(pictures, kernel_size, stride, dilation, places):
        pixels += columns[:, row, column].permute(3, 0, 1, 2)
    return pictures


def as_rows(grad: Tensor, groups: int) -> Tensor:
    """Give [batch, out, height, width] as [group, out, place], places in the order of `columns`."""
    return grad.permute(1, 2, 3, 0).reshape(groups, grad.shape[1] // groups, -1)


def as_pictures(rows: Tensor, places: Two) -> Tensor:
    """Give [group, out, place] as [batch, out, height, width]: the way back from `as_rows`."""
    return rows.reshape(rows.shape[0] * rows.shape[1], *places, -1).permute(3, 0, 1, 2)
