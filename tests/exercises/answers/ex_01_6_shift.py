"""Answers to 01.6 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def wrong_rolls_round(image, down, right):
    """hint: comes back"""
    return torch.roll(image, shifts=(down, right), dims=(1, 2))


def wrong_direction(image, down, right):
    """hint: wrong way"""
    out = torch.zeros_like(image)
    height, width = image.shape[1:]
    for y in range(height):
        for x in range(width):
            if 0 <= y + down < height and 0 <= x + right < width:
                out[:, y, x] = image[:, y + down, x + right]
    return out


def wrong_axes_swapped(image, down, right):
    """hint: swapped"""
    out = torch.zeros_like(image)
    _, height, width = image.shape
    for y in range(height):
        for x in range(width):
            if 0 <= y - right < height and 0 <= x - down < width:
                out[:, y, x] = image[:, y - right, x - down]
    return out


def wrong_border_repeated(image, down, right):
    """hint: smear"""
    out = torch.empty_like(image)
    _, height, width = image.shape
    for y in range(height):
        for x in range(width):
            source_y = min(max(y - down, 0), height - 1)
            source_x = min(max(x - right, 0), width - 1)
            out[:, y, x] = image[:, source_y, source_x]
    return out


def wrong_mirrored(image, down, right):
    """hint: mirror"""
    out = torch.zeros_like(image)
    _, height, width = image.shape
    for y in range(height):
        for x in range(width):
            if 0 <= y - down < height and 0 <= x - right < width:
                out[:, y, x] = image[:, y - down, x - right]
    return out.flip(-1)


def wrong_old_picture_stays(image, down, right):
    """hint: start from zeros"""
    out = image.clone()
    height, width = image.shape[-2:]
    for y in range(height):
        for x in range(width):
            if 0 <= y + down < height and 0 <= x + right < width:
                out[:, y + down, x + right] = image[:, y, x]
    return out


def wrong_in_place(image, down, right):
    """hint: changed"""
    moved = torch.zeros_like(image)
    height, width = image.shape[-2:]
    for y in range(height):
        for x in range(width):
            if 0 <= y + down < height and 0 <= x + right < width:
                moved[:, y + down, x + right] = image[:, y, x]
    image.copy_(moved)
    return image


def wrong_grows(image, down, right):
    """hint: size"""
    return F.pad(image, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))


def wrong_negative_slices(image, down, right):
    """hint: negative"""
    height, width = image.shape[1:]
    out = torch.zeros_like(image)
    if down >= 0 and right >= 0:
        out[:, down:, right:] = image[:, : height - down, : width - right]
    return out


def wrong_absolute_values(image, down, right):
    """hint: negative"""
    return wrong_negative_slices(image, abs(down), abs(right))


def wrong_down_only(image, down, right):
    """hint: right"""
    padded = F.pad(image, (0, 0, max(down, 0), max(-down, 0)))
    start = max(-down, 0)
    return padded[:, start : start + image.shape[1], :]


def wrong_only_when_it_fits(image, down, right):
    """hint: farther than the picture"""
    height, width = image.shape[-2:]
    if abs(down) >= height or abs(right) >= width:
        return image.clone()
    padded = F.pad(image, (width, width, height, height))
    return padded[:, height - down : 2 * height - down, width - right : 2 * width - right]


def wrong_clears_only_left_and_top(image, down, right):
    """hint: negative"""
    moved = image.roll((down, right), dims=(1, 2))
    moved[:, :down] = 0
    moved[:, :, :right] = 0
    return moved


def right_loops(image, down, right):
    out = torch.zeros_like(image)
    height, width = image.shape[-2:]
    for y in range(height):
        for x in range(width):
            if 0 <= y + down < height and 0 <= x + right < width:
                out[:, y + down, x + right] = image[:, y, x]
    return out


def right_pad_negative(image, down=0, right=0):
    if abs(down) >= image.shape[-2] or abs(right) >= image.shape[-1]:
        return image * 0
    return F.pad(image, (right, -right, down, -down))


def right_roll_then_clear(*, image, down, right, fill=0.0):
    moved = torch.roll(image, (down, right), (-2, -1))
    rows = torch.arange(image.shape[-2], device=image.device) - down
    columns = torch.arange(image.shape[-1], device=image.device) - right
    inside_rows = (rows >= 0) & (rows < image.shape[-2])
    inside_columns = (columns >= 0) & (columns < image.shape[-1])
    return moved.masked_fill(~(inside_rows[:, None] & inside_columns), fill)


def crash_slices_do_not_fit(image, down, right):
    """line: out[:, down:, right:] = image[:, :-down, :-right]"""
    out = torch.zeros_like(image)
    out[:, down:, right:] = image[:, :-down, :-right]
    return out


def crash_unpacks_two(image, down, right):
    """line: height, width = image.shape"""
    height, width = image.shape
    return image[: height - down, : width - right]


def wrong_mirrors_first(image, down, right):
    """hint: mirror"""
    return right_loops(image.flip(-1), down, right)


def wrong_upside_down(image, down, right):
    """hint: mirror"""
    return right_loops(image, down, right).flip(-2)
