"""The heart of HOG: in which directions do the edges of a cell run?"""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_02 import directions_slips as slips
from mmcourse.checks.lesson_02.directions_mistakes import MISTAKES

torch = lazy("torch")


def _small(_generator):
    """0°, 90°, 135°, and one just below 180°."""
    return torch.tensor([[2.0, 0.0], [-1.0, 3.0]]), torch.tensor([[0.0, 1.0], [1.0, -1.0]]), 4


def _slopes(generator, height, width, *orientations, size=1.0):
    dx, dy = size * torch.randn(2, height, width, generator=generator)
    return dx, dy, *orientations


def _near_half_a_turn(generator):
    """Edges within 20° of the horizontal, to both sides of it."""
    dx, dy = torch.randn(2, 4, 4, generator=generator)
    return dx.sign() * (1 + dx.abs()), dy / 6, 8


def _upright(generator):
    """No slope to the right: dy / dx divides by 0."""
    return torch.zeros(3, 3), torch.randn(3, 3, generator=generator), 8


def _some_flat(generator):
    dx, dy = torch.randn(2, 4, 4, generator=generator)
    flat = torch.rand(4, 4, generator=generator) < 0.5
    return dx.masked_fill(flat, 0), dy.masked_fill(flat, 0), 6


def _hair(_generator):
    """−10⁻⁹ modulo π is π in float32, as near as it gets."""
    return torch.tensor([[1.0, 2.0]]), torch.tensor([[-1e-9, 1.0]]), 8


hog_cell = Exercise(
    id="02.10",
    name="hog_cell",
    title="Which way do the edges run?",
    difficulty=3,
    minutes=20,
    stub="return how strongly the edges of a cell run in each direction",
    parameters=("dx", "dy", "orientations"),
    reference=slips.histogram,
    hints=(
        "An edge of 30° with directions every 45°: which two directions get a vote, and which one more? What "
        "about 170°?",
        "atan2(dy, dx) lies between −180° and 180°. What do you do to make −20° and 160° the same?",
        "Several pixels may vote for one direction. What does votes[bins] += weights do when a bin stands "
        "twice in bins? (index_add adds each.)",
        "place = (torch.atan2(dy, dx) % math.pi * orientations / math.pi).flatten(); first = place.floor(); "
        "share = place − first; strength = torch.hypot(dx, dy).flatten(). Add strength · (1 − share) at "
        "first % orientations and strength · share at (first + 1) % orientations, with "
        "dx.new_zeros(orientations).index_add(0, bins.long(), weights).",
    ),
    cases=(
        Case("four pixels, four directions", _small),
        Case("4 × 4 pixels, directions as by default", lambda g: _slopes(g, 4, 4)),
        Case("nine directions", lambda g: _slopes(g, 5, 3, 9)),
        Case("near half a turn", _near_half_a_turn),
        Case("upright slopes", _upright),
        Case("strong edges", lambda g: _slopes(g, 8, 8, 12, size=100.0)),
        Case("one pixel", lambda g: _slopes(g, 1, 1, 8)),
        Case("two directions", lambda g: _slopes(g, 6, 6, 2)),
        Case("half of it flat", _some_flat),
        Case("all flat", lambda g: (torch.zeros(3, 2), torch.zeros(3, 2), 5)),
        Case("a hair below the horizontal", _hair),
    ),
    mistakes=MISTAKES,
    noticing="The votes sum to the strength of all edges. Because they are shared, an edge that turns by one "
    "degree changes the numbers a little; with hard bins it could move all of them.",
    tolerance=1e-4,
)
