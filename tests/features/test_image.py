import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as vision

from mmcourse import features


@st.composite
def pictures(draw, least=1, most=12):
    batch = draw(st.sampled_from([(), (1,), (2,), (2, 1)]))
    shape = (*batch, draw(st.integers(1, 3)), draw(st.integers(least, most)), draw(st.integers(least, most)))
    return torch.rand(
        *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(draw(st.integers(0, 2**16)))
    )


PER_CHANNEL = [0.2, -1.0, 3.0]


@given(image=pictures(), one_each=st.booleans())
def test_normalize(assert_twins, image, one_each):
    channels = image.shape[-3] if one_each else 1
    arguments = (PER_CHANNEL[:channels], [0.5, 2.0, 0.1][:channels])
    assert_twins(
        lambda x: features.normalize(x, *arguments), lambda x: vision.normalize(x, *arguments), image
    )


@given(image=pictures(), box=st.tuples(*[st.integers(-15, 15)] * 2, *[st.integers(1, 15)] * 2))
def test_crop(assert_twins, image, box):
    top, left, height, width = box
    if min(top + height, left + width) <= 0:  # theirs cuts the wrong way round above and left of the picture
        assert torch.equal(features.crop(image, *box), image.new_zeros(*image.shape[:-2], height, width))
    else:
        assert_twins(lambda x: features.crop(x, *box), lambda x: vision.crop(x, *box), image)


@given(
    image=pictures(), size=st.one_of(st.integers(1, 20), st.lists(st.integers(1, 20), min_size=1, max_size=2))
)
def test_center_crop(assert_twins, image, size):
    assert_twins(lambda x: features.center_crop(x, size), lambda x: vision.center_crop(x, size), image)


@given(
    image=pictures(least=5),
    padding=st.one_of(
        st.integers(0, 4), *[st.lists(st.integers(0, 4), min_size=n, max_size=n) for n in (1, 2, 4)]
    ),
    mode=st.sampled_from(["constant", "edge", "reflect", "symmetric"]),
    fill=st.sampled_from(["none", "one", "one each"]),
)
def test_pad(assert_twins, image, padding, mode, fill):
    image = image.reshape(-1, *image.shape[-3:])  # their symmetric padding takes one batch axis
    fill = {"none": None, "one": 0.7, "one each": PER_CHANNEL[: image.shape[-3]]}[
        fill if mode == "constant" else "none"
    ]
    assert_twins(
        lambda x: features.pad(x, padding, fill, mode), lambda x: vision.pad(x, padding, fill, mode), image
    )


@given(image=pictures())
def test_flips(assert_twins, image):
    assert_twins(features.hflip, vision.hflip, image)
    assert_twins(features.vflip, vision.vflip, image)


def torchvision_resize(x, size, max_size=None, antialias=True):
    want = vision.resize(x, size, max_size=max_size, antialias=antialias)
    if antialias and want.shape[-1] == 1:
        # torch 2.14 repeats the first row in a result that is one pixel wide, not in one that is one high
        want = vision.resize(x.mT, [1, want.shape[-2]]).mT
    return want


@settings(max_examples=150)
@given(
    image=pictures(most=40),
    size=st.one_of(st.integers(1, 40), st.lists(st.integers(1, 50), min_size=1, max_size=2)),
    antialias=st.booleans(),
)
def test_resize(assert_twins, image, size, antialias):
    assert_twins(
        lambda x: features.resize(x, size, antialias=antialias),
        lambda x: torchvision_resize(x, size, antialias=antialias),
        image,
    )


@given(image=pictures(least=10, most=20), size=st.integers(1, 20), extra=st.integers(1, 20))
def test_resize_with_a_limit_for_the_longer_side(image, size, extra):
    got = features.resize(image, size, max_size=size + extra)
    want = torchvision_resize(image, size, max_size=size + extra)
    torch.testing.assert_close(got, want, rtol=0, atol=1e-10)


@given(size=st.integers(1, 60), new_size=st.integers(1, 60), antialias=st.booleans())
def test_every_new_pixel_is_an_average(size, new_size, antialias):
    weights = features.resize_weights(size, new_size, antialias)
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(1), torch.ones(new_size, dtype=torch.float64))


def test_without_antialias_stripes_turn_into_a_picture_that_was_not_there():
    stripes = torch.tensor([0.0, 0.0, 1.0, 1.0]).repeat(16)[None, None].expand(1, 64, 64)  # mean 0.5
    assert (features.resize(stripes, 16)[..., 1:-1] - 0.5).abs().max() < 0.07
    assert features.resize(stripes, (64, 16), antialias=False).unique().tolist() == [0.5]
    assert features.resize(stripes[..., 1:-3], (64, 15), antialias=False).unique().tolist() != [0.5]


@given(
    image=pictures(),
    angle=st.floats(-180, 180),
    translate=st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
    scale=st.floats(0.3, 3),
    shear=st.one_of(st.floats(-40, 40), st.tuples(st.floats(-40, 40), st.floats(-40, 40))),
    fill=st.sampled_from(["none", "one", "one each"]),
    center=st.one_of(st.none(), st.tuples(st.floats(-3, 9), st.floats(-3, 9))),
)
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_affine(assert_twins, mode, image, angle, translate, scale, shear, fill, center):
    fill = {"none": None, "one": 0.7, "one each": PER_CHANNEL[: image.shape[-3]]}[fill]
    arguments = (angle, translate, scale, shear)
    assert_twins(
        lambda x: features.affine(x, *arguments, mode, fill, center),
        lambda x: vision.affine(x, *arguments, InterpolationMode(mode), fill, center),
        image,
        dtypes=(torch.float64,),  # in float32 a point half-way between two pixels may go either way
        gradients=fill is None or mode == "nearest",  # theirs overwrites what its gradient needs
    )


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_affine_with_a_fill_has_the_gradient_it_should(mode):
    image = torch.rand(2, 5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    turn = lambda x: features.affine(x, 20, (1, 0.3), 0.8, 5, mode, [0.1, 0.9])  # noqa: E731
    assert torch.autograd.gradcheck(turn, image.requires_grad_())


def test_a_whole_turn_and_no_turn_change_nothing():
    image = torch.rand(1, 5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for angle in (0, 360):
        got = features.affine(image, angle, (0, 0), 1, 0, "bilinear")
        torch.testing.assert_close(got, image, rtol=0, atol=1e-10)
    moved = features.affine(image, 0, (1, 2), 1, 0)
    assert torch.equal(moved[..., 2:, 1:], image[..., :-2, :-1])
