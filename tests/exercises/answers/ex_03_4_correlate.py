"""Answers to 03.4 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def wrong_true_convolution(image, kernel):
    """hint: cross-correlation"""
    kernel = torch.flip(kernel, dims=(0, 1))
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def wrong_one_place_too_few(image, kernel):
    """hint: last place"""
    h, w = kernel.shape
    rows = []
    for i in range(image.shape[0] - h):
        rows.append([(image[i : i + h, j : j + w] * kernel).sum() for j in range(image.shape[1] - w)])
    return torch.tensor(rows)


def wrong_padded(image, kernel):
    """hint: no padding"""
    padded = F.pad(image, (0, kernel.shape[1] - 1, 0, kernel.shape[0] - 1))
    h, w = kernel.shape
    rows = [
        torch.stack([(padded[i : i + h, j : j + w] * kernel).sum() for j in range(image.shape[1])])
        for i in range(image.shape[0])
    ]
    return torch.stack(rows)


def wrong_rows_and_columns_exchanged(image, kernel):
    """hint: exchanged"""
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            piece = image[j : j + h, i : i + w]
            out[i, j] = (piece * kernel[: len(piece), : piece.shape[1]]).sum()
    return out


def wrong_kernel_transposed(image, kernel):
    """hint: transposed the kernel"""
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = sum(image[i + a, j + b] * kernel[b, a] for a in range(h) for b in range(w))
    return out


def wrong_matrix_product(image, kernel):
    """hint: entry by entry"""
    h, w = kernel.shape
    rows = []
    for i in range(image.shape[0] - h + 1):
        row = [(image[i : i + h, j : j + w] @ kernel).sum() for j in range(image.shape[1] - w + 1)]
        rows.append(torch.stack(row))
    return torch.stack(rows)


def wrong_mean(image, kernel):
    """hint: mean"""
    h, w = kernel.shape
    pieces = image.unfold(0, h, 1).unfold(1, w, 1)
    return (pieces * kernel).mean(dim=(2, 3))


def wrong_moves_by_a_whole_kernel(image, kernel):
    """hint: whole kernel"""
    h, w = kernel.shape
    rows = []
    for i in range(0, image.shape[0] - h + 1, h):
        rows.append(
            torch.stack(
                [(image[i : i + h, j : j + w] * kernel).sum() for j in range(0, image.shape[1] - w + 1, w)]
            )
        )
    return torch.stack(rows)


def wrong_pixels_only(image, kernel):
    """hint: weighted"""
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = image[i : i + h, j : j + w].sum()
    return out


def wrong_return_inside_the_loop(image, kernel):
    """hint: inside a loop"""
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
        return out


def wrong_one_long_row(image, kernel):
    """hint: one long row"""
    h, w = kernel.shape
    places = [(i, j) for i in range(image.shape[0] - h + 1) for j in range(image.shape[1] - w + 1)]
    return torch.stack([(image[i : i + h, j : j + w] * kernel).sum() for i, j in places])


def wrong_largest_product(image, kernel):
    """hint: largest product"""
    h, w = kernel.shape
    pieces = image.unfold(0, h, 1).unfold(1, w, 1)
    return (pieces * kernel).flatten(2).max(dim=2).values


def wrong_cut_out_of_the_graph(image, kernel):
    """hint: stay in torch"""
    h, w = kernel.shape
    rows = [
        [(image[i : i + h, j : j + w] * kernel).sum().item() for j in range(image.shape[1] - w + 1)]
        for i in range(image.shape[0] - h + 1)
    ]
    return torch.tensor(rows, dtype=image.dtype)


def right_written_into_zeros(image, kernel):
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def right_unfold(*, image, kernel):
    h, w = kernel.shape
    return torch.einsum("ijhw,hw->ij", image.unfold(0, h, 1).unfold(1, w, 1), kernel)


def right_shifted_sums(image, kernel, stride=1):
    h, w = kernel.shape
    rows, columns = image.shape[0] - h + 1, image.shape[1] - w + 1
    return sum(kernel[a, b] * image[a : a + rows, b : b + columns] for a in range(h) for b in range(w))


def wrong_pieces_over_the_edge(image, kernel):
    """hint: stick out"""
    h, w = kernel.shape
    out = torch.zeros_like(image)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def crash_width_of_the_wrong_axis(image, kernel):
    """line: kernel.shape[2]"""
    h, w = kernel.shape[1], kernel.shape[2]
    return image[: 1 - h, : 1 - w]


def wrong_zeros_of_float32(image, kernel):
    """hint: dtype=x.dtype"""
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def wrong_picture_taken_as_square(image, kernel):
    """hint: height of the picture"""
    (h, w), size = kernel.shape, len(image)
    out = torch.zeros(size - h + 1, size - w + 1)
    for i in range(size - h + 1):
        for j in range(size - w + 1):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def wrong_multiplies_the_picture_itself(image, kernel):
    """hint: change the picture itself"""
    h, w = kernel.shape
    out = torch.zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            p = image[i : i + h, j : j + w]
            p *= kernel
            out[i, j] = p.sum()
    return out
