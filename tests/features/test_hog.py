"""Histograms of oriented gradients: a slow loop, and what a turn, light and contrast do to them."""

import math

import numpy as np
import pytest
import torch

from mmcourse.features import hog


def picture(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def by_loop(image: np.ndarray, orientations: int, cell: int, block: int) -> list[float]:
    """One picture [channel, height, width], a pixel at a time."""
    _, height, width = image.shape
    down, across = height // cell, width // cell
    cells = np.zeros((down, across, orientations))
    for y in range(down * cell):
        for x in range(across * cell):
            slopes = [
                (
                    plane[y, min(x + 1, width - 1)] - plane[y, max(x - 1, 0)],
                    plane[min(y + 1, height - 1), x] - plane[max(y - 1, 0), x],
                )
                for plane in image
            ]
            right, lower = max(slopes, key=lambda slope: slope[0] ** 2 + slope[1] ** 2)
            degrees = math.degrees(math.atan2(lower, right)) % 180
            place = degrees / (180 / orientations)
            before = math.floor(place)
            strength = math.sqrt(right**2 + lower**2)
            cells[y // cell, x // cell, before % orientations] += strength * (1 - (place - before))
            cells[y // cell, x // cell, (before + 1) % orientations] += strength * (place - before)
    numbers = []
    for row in range(down - block + 1):
        for column in range(across - block + 1):
            part = cells[row : row + block, column : column + block].flatten()
            part = np.minimum(part / math.sqrt((part**2).sum() + 1e-10), 0.2)
            numbers += list(part / math.sqrt((part**2).sum() + 1e-10))
    return numbers


@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((1, 8, 8), {"orientations": 8, "cell": 2, "block": 2}),
        ((1, 28, 28), {"orientations": 9, "cell": 4, "block": 3}),
        ((3, 11, 14), {"orientations": 5, "cell": 3, "block": 1}),
        ((2, 9, 9), {"orientations": 1, "cell": 4, "block": 2}),
    ],
)
def test_a_slow_loop_gives_the_same(shape, options):
    images = picture(2, *shape)
    wanted = torch.tensor([by_loop(image.numpy(), **options) for image in images], dtype=torch.float64)
    torch.testing.assert_close(hog(images, **options), wanted, rtol=0, atol=1e-9)


def test_a_constant_picture_has_no_edges():
    assert hog(torch.full((2, 1, 16, 16), 0.7)).tolist() == [[0.0] * 3 * 3 * 4 * 8] * 2


def test_a_quarter_turn_moves_places_and_directions():
    image = picture(1, 12, 12)
    plain, turned = (
        hog(x, orientations=8, cell=3, block=1).view(4, 4, 8) for x in (image, image.rot90(1, (-2, -1)))
    )
    torch.testing.assert_close(turned, plain.rot90(1, (0, 1)).roll(4, -1))


def test_light_and_contrast_change_nothing():
    image = picture(1, 16, 16)
    torch.testing.assert_close(hog(0.2 * image + 0.5), hog(image), rtol=0, atol=1e-6)
    torch.testing.assert_close(hog(1 - image), hog(image))  # dark on light


@pytest.mark.parametrize(("degrees", "place"), [(0, 0), (45, 2), (90, 4), (135, 6)])
def test_an_edge_votes_for_its_direction(degrees, place):
    y, x = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
    ramp = x * math.cos(math.radians(degrees)) + y * math.sin(math.radians(degrees))
    votes = hog(ramp[None, 1:7, 1:7], orientations=8, cell=2, block=1, clip=1.0).view(3, 3, 8)
    assert votes[1, 1].argmax() == place
    assert votes[1, 1, place] > 0.999


def test_no_number_has_more_than_its_share_of_a_block():
    image = picture(1, 8, 8)
    image[:, :2] *= 50
    few, many = hog(image, clip=0.2), hog(image, clip=1.0)
    assert few.max() < many.max()


def test_pixels_that_fill_no_cell_are_left_out():
    image = picture(1, 8, 8)
    grown = torch.nn.functional.pad(image, (0, 1, 0, 1), mode="replicate")
    torch.testing.assert_close(hog(grown), hog(image))


def test_batch_axes_gradients_and_the_input():
    images = picture(2, 3, 1, 8, 8)
    images[0, 0] = 0.5  # flat: no direction to differentiate by
    before = images.clone()
    assert hog(images).shape == (2, 3, 32)
    torch.testing.assert_close(hog(images)[1, 2], hog(images[1, 2]))
    assert torch.autograd.gradcheck(lambda x: hog(x, clip=1.0), picture(1, 8, 8, seed=1).requires_grad_())
    (gradient,) = torch.autograd.grad(hog(images.requires_grad_()).sum(), images)
    assert gradient.isfinite().all()
    assert torch.equal(images, before)
    assert hog(images.detach().float()).dtype == torch.float32
