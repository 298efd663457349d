"""Correlations as people get them wrong: what the check of 03.4 compares an answer with."""

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def correlate(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


def patches(image, kernel):
    """All pieces of the picture of the kernel's size: [row, column, h, w]."""
    height, width = kernel.shape
    return image.unfold(0, height, 1).unfold(1, width, 1)


def same_size(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None], padding="same")[0, 0]


def rows_and_columns_exchanged(image, kernel):
    """image[j : j + h, i : i + w] for the number at row i and column j."""
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    entries = [
        [(image[j : j + height, i : i + width] * kernel).sum() for j in range(columns)] for i in range(rows)
    ]
    return torch.stack([torch.stack(row) for row in entries])


def kernel_transposed(image, kernel):
    return (patches(image, kernel) * kernel.T).sum(dim=(-2, -1))


def matrix_product(image, kernel):
    return (patches(image, kernel) @ kernel).sum(dim=(-2, -1))


def blocks(image, kernel):
    height, width = kernel.shape
    pieces = image.unfold(0, height, height).unfold(1, width, width)
    return (pieces * kernel).sum(dim=(-2, -1))


def square_pieces(image, kernel):
    """Pieces as wide as the kernel is high."""
    height = kernel.shape[0]
    rows, columns = image.shape[0] - height + 1, image.shape[1] - kernel.shape[1] + 1
    entries = [
        [(image[i : i + height, j : j + height] * kernel).sum() for j in range(columns)] for i in range(rows)
    ]
    return torch.stack([torch.stack(row) for row in entries])


def over_the_edge(image, kernel):
    """Pieces at the end are smaller; some of them fit the kernel by broadcasting."""
    height, width = kernel.shape
    rows = [
        [(image[i : i + height, j : j + width] * kernel).sum() for j in range(image.shape[1])]
        for i in range(image.shape[0])
    ]
    return torch.stack([torch.stack(row) for row in rows])


def return_in_the_loop(image, kernel):
    """The first row is done, the others still hold what the result was made with."""
    full = correlate(image, kernel)
    return torch.cat([full[:1], torch.zeros_like(full[1:])])


def last_piece(image, kernel):
    full = correlate(image, kernel)
    return full[-1, -1].expand(full.shape)


def zeros_at_the_end(image, kernel):
    """The right numbers in a result as large as the picture."""
    return F.pad(correlate(image, kernel), (0, kernel.shape[1] - 1, 0, kernel.shape[0] - 1))


def last_places_left(image, kernel):
    """The result has the right size, its last row and column were never written."""
    return F.pad(correlate(image, kernel)[:-1, :-1], (0, 1, 0, 1))


def square_picture(image, kernel):
    """The picture's height for both of its axes."""
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[0] - width + 1
    entries = [
        [(image[i : i + height, j : j + width] * kernel).sum() for j in range(columns)] for i in range(rows)
    ]
    return torch.stack([torch.stack(row) for row in entries])


def in_place(image, kernel):
    """Each piece multiplied where it stands, so that the next place meets products."""
    height, width = kernel.shape
    output = image.new_zeros(image.shape[0] - height + 1, image.shape[1] - width + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            piece = image[i : i + height, j : j + width]
            piece *= kernel
            output[i, j] = piece.sum()
    return output


def square_places(image, kernel):
    """The kernel's height for both axes, of pieces and of places."""
    height = kernel.shape[0]
    rows, columns = image.shape[0] - height + 1, image.shape[1] - height + 1
    entries = [
        [(image[i : i + height, j : j + height] * kernel).sum() for j in range(columns)] for i in range(rows)
    ]
    return torch.stack([torch.stack(row) for row in entries])
