"""Resize a picture by bilinear interpolation."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _interpolate(image, height, width, mode="bilinear", **options):
    return F.interpolate(image[None], size=(height, width), mode=mode, **options)[0]


def _resize(image, height, width):
    return _interpolate(image, height, width, align_corners=False)


def _sampled(image, rows, columns):
    """Interpolate at the given rows and columns, in pixels; the border pixel goes on outside."""
    for axis, places in ((1, rows), (2, columns)):
        places = places.to(image).clamp(0, image.shape[axis] - 1)
        before = places.floor().long()
        after = (before + 1).clamp(max=image.shape[axis] - 1)
        share = (places - before).reshape([-1 if a == axis else 1 for a in range(3)])
        image = (1 - share) * image.index_select(axis, before) + share * image.index_select(axis, after)
    return image


def _half_pixels(size, new):
    return (torch.arange(new) + 0.5) * size / new - 0.5


def _no_half_pixel(image, height, width):
    rows, columns = (torch.arange(n) * s / n for n, s in ((height, image.shape[1]), (width, image.shape[2])))
    return _sampled(image, rows, columns)


def _dark_border(image, height, width):
    rows, columns = _half_pixels(image.shape[1], height), _half_pixels(image.shape[2], width)
    return _sampled(F.pad(image, (1, 1, 1, 1)), rows + 1, columns + 1)


def _wraps_round(image, height, width):
    """What index -1 gives when a place lies half a pixel outside: a blend with the opposite border."""
    rows, columns = _half_pixels(image.shape[1], height), _half_pixels(image.shape[2], width)
    wrapped = torch.cat([image[:, -1:], image, image[:, -1:]], dim=1)
    wrapped = torch.cat([wrapped[..., -1:], wrapped, wrapped[..., -1:]], dim=2)
    return _sampled(wrapped, rows + 1, columns + 1)


def _far_neighbour(image, height, width, held=False):
    """The two weights of each axis swapped; `held`: the places held inside the picture first."""
    for axis, new in ((1, height), (2, width)):
        places = _half_pixels(image.shape[axis], new).to(image)
        places = places.clamp(0, image.shape[axis] - 1) if held else places
        before = places.floor()
        share = (places - before).reshape([-1 if a == axis else 1 for a in range(3)])
        near, far = ((before + k).clamp(0, image.shape[axis] - 1).long() for k in (0, 1))
        image = share * image.index_select(axis, near) + (1 - share) * image.index_select(axis, far)
    return image


def _extrapolated(image, height, width):
    """The index held inside the picture, but not the place, so that one weight gets negative."""
    for axis, new in ((1, height), (2, width)):
        places = _half_pixels(image.shape[axis], new).to(image)
        before = places.trunc().clamp(min=0)
        share = (places - before).reshape([-1 if a == axis else 1 for a in range(3)])
        near, far = ((before + k).clamp(max=image.shape[axis] - 1).long() for k in (0, 1))
        image = (1 - share) * image.index_select(axis, near) + share * image.index_select(axis, far)
    return image


def _equal_weights(image, height, width):
    for axis, new in ((1, height), (2, width)):
        before = _half_pixels(image.shape[axis], new).clamp(min=0).long().to(image.device)
        after = (before + 1).clamp(max=image.shape[axis] - 1)
        image = (image.index_select(axis, before) + image.index_select(axis, after)) / 2
    return image


def _one_axis(image, height, width, axis):
    """Bilinear along `axis` only, nearest along the other."""
    if axis == 2:
        return _interpolate(_interpolate(image, height, image.shape[2], "nearest-exact"), height, width)
    return _interpolate(_interpolate(image, image.shape[1], width, "nearest-exact"), height, width)


def _cut(image, height, width):
    missing = (0, max(width - image.shape[2], 0), 0, max(height - image.shape[1], 0))
    return F.pad(image, missing)[:, :height, :width]


_NEAREST = "Each pixel is a copy of the nearest one; bilinear blends the four around the place."
_CORNERS = (
    "You laid corner on corner (align_corners=True): i · (size − 1)/(new − 1). Here pixels are squares and "
    "their outer edges meet: (i + 0.5) · size/new − 0.5."
)
_SHARES = "The nearer pixel should get the larger share: your two weights are swapped."
_ONE_AXIS = "You blended along one axis only; along the other one it is still the nearest pixel."

resize = Exercise(
    id="01.5",
    name="resize",
    title="Resize a picture",
    difficulty=3,
    minutes=25,
    stub="return the picture with height × width pixels, by bilinear interpolation",
    parameters=("image", "height", "width"),
    reference=_resize,
    hints=(
        "Pixels are squares: the middle of pixel 0 lies at 0.5. Where does the middle of new pixel i lie in "
        "the old picture?",
        "A place between two pixels takes a share of each. How large is the share of the nearer one, and "
        "what do you do with a place outside the first or last middle?",
        "Along one axis: place = (i + 0.5) · size/new − 0.5, held within 0..size − 1; before = floor; "
        "share = place − before; (1 − share) · pixel[before] + share · pixel[before + 1]. Do one axis, "
        "then the other.",
    ),
    cases=(
        Case("two pixels become four", lambda g: (torch.tensor([[[0.0, 8.0]]]), 1, 4)),
        Case("two by three become four by five", lambda g: (torch.rand(1, 2, 3, generator=g), 4, 5)),
        Case("three colours, smaller", lambda g: (torch.rand(3, 7, 5, generator=g), 3, 4)),
        Case("to less than half", lambda g: (torch.rand(1, 12, 10, generator=g), 4, 4)),
        Case("one pixel", lambda g: (torch.rand(1, 1, 1, generator=g), 3, 2)),
        Case("8 × 8 to 28 × 28", lambda g: (torch.rand(1, 8, 8, generator=g), 28, 28)),
    ),
    mistakes=(
        Mistake("nearest", lambda image, h, w: _interpolate(image, h, w, "nearest"), _NEAREST),
        Mistake("nearest, exact", lambda image, h, w: _interpolate(image, h, w, "nearest-exact"), _NEAREST),
        Mistake("corners", lambda image, h, w: _interpolate(image, h, w, align_corners=True), _CORNERS),
        Mistake(
            "no half pixel",
            _no_half_pixel,
            "Your picture is moved by half a pixel: the middle of pixel i lies at i + 0.5, so the place is "
            "(i + 0.5) · size/new − 0.5.",
        ),
        Mistake(
            "swapped",
            lambda image, h, w: _resize(image, w, h),
            "Height and width are swapped: the axes are [channel, height, width].",
        ),
        Mistake("width only", lambda image, h, w: _one_axis(image, h, w, 2), _ONE_AXIS),
        Mistake("height only", lambda image, h, w: _one_axis(image, h, w, 1), _ONE_AXIS),
        Mistake(
            "dark border",
            _dark_border,
            "Zeros from outside darken the border; a place outside takes the border pixel itself.",
        ),
        Mistake(
            "wraps round",
            _wraps_round,
            "Half a pixel outside the picture, index -1 fetches the opposite border: hold the place within "
            "0..size − 1 first.",
        ),
        Mistake(
            "extrapolated",
            _extrapolated,
            "At the border one of your weights is negative: hold the place itself within 0..size − 1, not "
            "only the index.",
        ),
        Mistake(
            "equal weights",
            _equal_weights,
            "You gave all four pixels the same weight; the nearer one should get the larger share.",
        ),
        Mistake(
            "rounded",
            lambda image, h, w: _resize(image, h, w).round(),
            "You rounded the brightness to whole numbers; a blend lies between.",
        ),
        Mistake(
            "far neighbour",
            _far_neighbour,
            _SHARES,
        ),
        Mistake("weights reversed", lambda image, h, w: _far_neighbour(image, h, w, held=True), _SHARES),
        Mistake(
            "bicubic",
            lambda image, h, w: _interpolate(image, h, w, "bicubic"),
            "This is bicubic: it overshoots. Bilinear stays between the pixels it blends.",
        ),
        Mistake(
            "blocks",
            lambda image, h, w: F.adaptive_avg_pool2d(image, (h, w)),
            "You averaged whole blocks of pixels; bilinear blends the four around one place.",
        ),
        Mistake(
            "antialias",
            lambda image, h, w: _interpolate(image, h, w, antialias=True),
            "This one smooths first (antialias), which is better for shrinking but not what is asked here.",
        ),
        Mistake(
            "cut", _cut, "You cut or padded the picture; every new pixel should show a blend of old ones."
        ),
    ),
    noticing="Shrinking to less than half leaves pixels out that no place touches, and fine patterns turn "
    "into false ones. That is what antialias=True in mmcourse.features.resize is for.",
    gradient=True,
)
