"""Answers to 01.5 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch
from torch.nn import functional as F


def at(image, y, x):
    """The pixel at (y, x); outside the picture, the nearest one inside."""
    y = min(max(y, 0), image.shape[1] - 1)
    x = min(max(x, 0), image.shape[2] - 1)
    return image[:, y, x]


def blend(image, y, x):
    """The picture at a place between pixels."""
    top, left = math.floor(y), math.floor(x)
    dy, dx = y - top, x - left
    upper = (1 - dx) * at(image, top, left) + dx * at(image, top, left + 1)
    lower = (1 - dx) * at(image, top + 1, left) + dx * at(image, top + 1, left + 1)
    return (1 - dy) * upper + dy * lower


def wrong_nearest(image, height, width):
    """hint: nearest"""
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    for i in range(height):
        for j in range(width):
            out[:, i, j] = image[:, i * image.shape[1] // height, j * image.shape[2] // width]
    return out


def wrong_corners_on_corners(image, height, width):
    """hint: corner"""
    rows = []
    for i in range(height):
        y = i * (image.shape[1] - 1) / max(height - 1, 1)
        row = [blend(image, y, j * (image.shape[2] - 1) / max(width - 1, 1)) for j in range(width)]
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=1)


def wrong_without_half_a_pixel(image, height, width):
    """hint: half a pixel"""
    rows = []
    for i in range(height):
        y = i * image.shape[1] / height
        row = [blend(image, y, j * image.shape[2] / width) for j in range(width)]
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=1)


def wrong_height_and_width_swapped(image, height, width):
    """hint: swapped"""
    return F.interpolate(image.unsqueeze(0), size=(width, height), mode="bilinear")[0]


def wrong_width_only(image, height, width):
    """hint: along one axis"""
    rows = []
    for i in range(height):
        y = min(int((i + 0.5) * image.shape[1] / height), image.shape[1] - 1)
        row = [blend(image, y, (j + 0.5) * image.shape[2] / width - 0.5) for j in range(width)]
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=1)


def wrong_dark_border(image, height, width):
    """hint: border"""
    framed = F.pad(image, (1, 1, 1, 1))
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    for i in range(height):
        for j in range(width):
            y = (i + 0.5) * image.shape[1] / height - 0.5
            x = (j + 0.5) * image.shape[2] / width - 0.5
            out[:, i, j] = blend(framed, y + 1, x + 1)
    return out


def wrong_wraps_round_at_the_border(image, height, width):
    """hint: index -1"""
    h, w = image.shape[1:]
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    for i in range(height):
        for j in range(width):
            y, x = (i + 0.5) * h / height - 0.5, (j + 0.5) * w / width - 0.5
            y0, x0 = math.floor(y), math.floor(x)
            y1, x1 = min(y0 + 1, h - 1), min(x0 + 1, w - 1)
            dy, dx = y - y0, x - x0
            out[:, i, j] = (1 - dy) * ((1 - dx) * image[:, y0, x0] + dx * image[:, y0, x1]) + dy * (
                (1 - dx) * image[:, y1, x0] + dx * image[:, y1, x1]
            )
    return out


def wrong_weights_swapped(image, height, width):
    """hint: nearer"""
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    for i in range(height):
        for j in range(width):
            y = (i + 0.5) * image.shape[1] / height - 0.5
            x = (j + 0.5) * image.shape[2] / width - 0.5
            top, left = math.floor(y), math.floor(x)
            dy, dx = y - top, x - left
            upper = dx * at(image, top, left) + (1 - dx) * at(image, top, left + 1)
            lower = dx * at(image, top + 1, left) + (1 - dx) * at(image, top + 1, left + 1)
            out[:, i, j] = dy * upper + (1 - dy) * lower
    return out


def wrong_bicubic(image, height, width):
    """hint: bicubic"""
    return F.interpolate(image[None], size=(height, width), mode="bicubic")[0]


def wrong_averages_blocks(image, height, width):
    """hint: block"""
    return F.adaptive_avg_pool2d(image, (height, width))


def wrong_antialias(image, height, width):
    """hint: antialias"""
    return F.interpolate(image[None], size=(height, width), mode="bilinear", antialias=True)[0]


def wrong_crops_instead(image, height, width):
    """hint: cut"""
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    out[:, : image.shape[1], : image.shape[2]] = image[:, :height, :width]
    return out


def wrong_index_held_but_not_the_place(image, height, width):
    """hint: negative"""
    h, w = image.shape[1:]
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    for i in range(height):
        for j in range(width):
            y, x = (i + 0.5) * h / height - 0.5, (j + 0.5) * w / width - 0.5
            top, left = max(math.floor(y), 0), max(math.floor(x), 0)
            upper = (1 - (x - left)) * at(image, top, left) + (x - left) * at(image, top, left + 1)
            lower = (1 - (x - left)) * at(image, top + 1, left) + (x - left) * at(image, top + 1, left + 1)
            out[:, i, j] = (1 - (y - top)) * upper + (y - top) * lower
    return out


def right_loops(image, height, width):
    out = image.new_zeros(image.shape[0], height, width)
    for i in range(height):
        for j in range(width):
            y = (i + 0.5) * image.shape[1] / height - 0.5
            x = (j + 0.5) * image.shape[2] / width - 0.5
            out[:, i, j] = blend(image, y, x)
    return out


def right_two_matrices(image, height, width, align_corners=False):
    def weights(size, new):
        rows = torch.zeros(new, size, dtype=image.dtype, device=image.device)
        for i in range(new):
            x = min(max((i + 0.5) * size / new - 0.5, 0), size - 1)
            k = min(int(x), size - 1)
            rows[i, k] += 1 - (x - k)
            rows[i, min(k + 1, size - 1)] += x - k
        return rows

    return weights(image.shape[1], height) @ image @ weights(image.shape[2], width).T


def right_grid_sample_transposed(image, height, width):
    y = (2 * torch.arange(height, dtype=image.dtype, device=image.device) + 1) / height - 1
    x = (2 * torch.arange(width, dtype=image.dtype, device=image.device) + 1) / width - 1
    columns, rows = torch.meshgrid(x, y, indexing="ij")
    grid = torch.stack([columns, rows], dim=-1)[None]  # width height 2
    turned = F.grid_sample(image[None], grid, padding_mode="border", align_corners=False)[0]
    return turned.transpose(1, 2)  # a view, not contiguous


def crash_index_out_of_range(image, height, width):
    """line: image[:, top + 1, left + 1]"""
    out = torch.zeros(image.shape[0], height, width)
    for i in range(height):
        for j in range(width):
            top = int(i * image.shape[1] / height)
            left = int(j * image.shape[2] / width)
            out[:, i, j] = (image[:, top, left] + image[:, top + 1, left + 1]) / 2
    return out


def crash_interpolate_without_batch(image, height, width):
    """line: F.interpolate"""
    return F.interpolate(image, size=(height, width), mode="bilinear")


def wrong_weights_reversed(image, height, width):
    """hint: nearer pixel should get the larger share"""
    for axis, new in ((1, height), (2, width)):
        size = image.shape[axis]
        places = ((torch.arange(new) + 0.5) * size / new - 0.5).clamp(0, size - 1).to(image.dtype)
        before = places.floor().long()
        after = (before + 1).clamp(max=size - 1)
        share = (places - before).reshape([-1, 1] if axis == 1 else [-1])
        image = share * image.index_select(axis, before) + (1 - share) * image.index_select(axis, after)
    return image
