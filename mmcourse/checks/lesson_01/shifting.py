"""Shift a picture: an augmentation that keeps its meaning."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _shift(image, down, right):
    height, width = image.shape[-2:]
    if abs(down) >= height or abs(right) >= width:
        return torch.zeros_like(image)
    return F.pad(image, (right, -right, down, -down))


def _roll(image, down, right):
    return torch.roll(image, (down, right), dims=(-2, -1))


def _smeared(image, down, right):
    rows = (torch.arange(image.shape[-2], device=image.device) - down).clamp(0, image.shape[-2] - 1)
    columns = (torch.arange(image.shape[-1], device=image.device) - right).clamp(0, image.shape[-1] - 1)
    return image[..., rows, :][..., columns]


def _on_top(image, down, right):
    moved = _shift(torch.ones_like(image), down, right)
    return torch.where(moved > 0, _shift(image, down, right), image)


def _grown(image, down, right):
    return F.pad(image, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))


def _in_place(image, down, right):
    image.data.copy_(_shift(image, down, right))
    return image


def _positive_only(image, down, right):
    return _shift(image, down, right) if down >= 0 and right >= 0 else torch.zeros_like(image)


def _negative_slices(image, down, right):
    height, width = image.shape[1:]
    moved = torch.zeros_like(image)
    moved[:, down:, right:] = image[:, : height - down, : width - right]
    return moved


def _cleared_after_roll(image, down, right):
    moved = _roll(image, down, right)
    moved[:, :down] = 0
    moved[:, :, :right] = 0
    return moved


def _padded_and_cut(image, down, right):
    return F.pad(image, (right, 0, down, 0))[:, : image.shape[1], : image.shape[2]]


def _kept_if_too_far(image, down, right):
    too_far = abs(down) >= image.shape[-2] or abs(right) >= image.shape[-1]
    return image.clone() if too_far else _shift(image, down, right)


_MIRRORED = "You also mirror the picture: a mirrored 2 is no digit at all."
_NEGATIVE = "A negative number means up or left: slices such as [down:] mean something else for it."

shift = Exercise(
    id="01.6",
    name="shift",
    title="Augment: shift a digit",
    difficulty=1,
    minutes=10,
    stub="return the picture moved down and right; zeros come in",
    parameters=("image", "down", "right"),
    reference=_shift,
    hints=(
        "A digit leaves at the right border. Should it come in again at the left?",
        "Which pixel of the old picture lands at row y of the new one, if it moves down by 2? And if that "
        "row does not exist?",
        "Start from zeros; new[:, y + down, x + right] = old[:, y, x] wherever both lie inside. Loops will "
        "do.",
    ),
    cases=(
        Case("one down", lambda g: (torch.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]), 1, 0)),
        Case("down and right", lambda g: (torch.rand(1, 5, 6, generator=g), 2, 1)),
        Case("up and left", lambda g: (torch.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]), -1, -1)),
        Case("three colours", lambda g: (torch.rand(3, 4, 5, generator=g), 2, -1)),
        Case("not at all", lambda g: (torch.rand(1, 3, 3, generator=g), 0, 0)),
        Case("farther than the picture", lambda g: (torch.rand(1, 3, 4, generator=g), 3, -6), gradient=False),
    ),
    mistakes=(
        Mistake(
            "roll",
            _roll,
            "What leaves on one side comes back on the other (roll): a 6 with a foot on its head is no 6.",
        ),
        Mistake(
            "wrong way",
            lambda image, down, right: _shift(image, -down, -right),
            "It moves the wrong way: row 0 of the old picture lands in row `down` of the new one.",
        ),
        Mistake(
            "axes swapped",
            lambda image, down, right: _shift(image, right, down),
            "Down and right are swapped: the axes are [channel, height, width], so rows come first.",
        ),
        Mistake("smeared", _smeared, "You smear the border pixels into the gap; zeros should come in."),
        Mistake(
            "mirrored",
            lambda image, down, right: _shift(image, down, right).flip(-1),
            _MIRRORED,
        ),
        Mistake("mirrored before", lambda image, down, right: _shift(image.flip(-1), down, right), _MIRRORED),
        Mistake("upside down", lambda image, down, right: _shift(image, down, right).flip(-2), _MIRRORED),
        Mistake(
            "upside down before", lambda image, down, right: _shift(image.flip(-2), down, right), _MIRRORED
        ),
        Mistake(
            "on top",
            _on_top,
            "The old picture still stands where the new one left room: start from zeros and not from a copy.",
        ),
        Mistake(
            "grown",
            _grown,
            "Your picture grows; its size has to stay: what leaves is lost, zeros take its place.",
        ),
        Mistake(
            "in place",
            _in_place,
            "You changed the picture you were given; make a new one, the next epoch needs the old one again.",
        ),
        Mistake("positive only", _positive_only, _NEGATIVE),
        Mistake("negative slices", _negative_slices, _NEGATIVE),
        Mistake("cleared after roll", _cleared_after_roll, _NEGATIVE),
        Mistake("padded and cut", _padded_and_cut, _NEGATIVE),
        Mistake("absolute", lambda image, down, right: _shift(image, abs(down), abs(right)), _NEGATIVE),
        Mistake(
            "down only",
            lambda image, down, right: _shift(image, down, 0),
            "It does not move to the right: where is `right` used?",
        ),
        Mistake(
            "right only",
            lambda image, down, right: _shift(image, 0, right),
            "It does not move down: where is `down` used?",
        ),
        Mistake(
            "kept if too far",
            _kept_if_too_far,
            "Moved farther than the picture is large, nothing of it is left: all zeros.",
        ),
    ),
    noticing="A shifted digit is still that digit, a mirrored 2 is none, and a mirrored 6 may pass for "
    "another. What an augmentation may do depends on the labels: ask it for each data set.",
    gradient=True,
)
