"""What people do otherwise when they count the directions of edges."""

import math
from functools import partial

from mmcourse.checks import Mistake, lazy
from mmcourse.checks.lesson_02 import directions_slips as slips

torch = lazy("torch")

_ROUND = (
    "You tell 360° apart; a light-dark edge and a dark-light one are the same: half a turn, atan2 % math.pi."
)
_WRAP = (
    "180° is 0° again: what falls between the last direction and half a turn also votes for direction 0, "
    "(first + 1) % orientations."
)
_UNIT = "You mixed degrees and radians: atan2 gives radians, in which half a turn is math.pi."
_STRENGTH = "A pixel votes with its strength, torch.hypot(dx, dy), the length of (dx, dy)."
_SHARED = (
    "Your votes are not shared: the two nearest directions get 1 − share and share, so that nearer means "
    "more."
)
_SCALE = "You divided the votes; they are wanted as they are, strong edges with large numbers."
_FIRST = (
    "−10⁻⁹ modulo π comes out as π itself, and the first bin as `orientations`: take % orientations of both "
    "bins."
)

MISTAKES = (
    Mistake("all round", partial(slips.histogram, angle=slips.all_round, turn=2 * math.pi), _ROUND),
    Mistake("all round, signed", partial(slips.histogram, angle=slips.signed, turn=2 * math.pi), _ROUND),
    Mistake(
        "without sign",
        partial(slips.histogram, angle=slips.without_sign),
        "The absolute value makes 30° of −30°, but that edge runs as one of 150°: take % math.pi.",
    ),
    Mistake(
        "cut off at 0",
        partial(slips.histogram, angle=lambda dx, dy: slips.signed(dx, dy).clamp(min=0)),
        "Angles below 0 are not 0: −30° runs as 150°. Take % math.pi.",
    ),
    Mistake(
        "negative left out",
        partial(slips.histogram, angle=slips.signed, wrap=lambda bins, n: bins),
        "Pixels with an angle below 0 have no vote; −30° runs as 150°: take % math.pi.",
    ),
    Mistake(
        "truncated",
        partial(slips.histogram, angle=slips.signed, floor=lambda place: place.trunc()),
        ".long() and int() cut towards 0, −0.3 becomes 0 and not −1: bring the angle to 0 … π first, % "
        "math.pi.",
    ),
    Mistake(
        "half of all",
        partial(slips.histogram, angle=slips.plus_half_a_turn),
        "You squeezed a whole turn into half of one; add π to the negative angles only, or take % math.pi.",
    ),
    Mistake(
        "exchanged",
        partial(slips.histogram, angle=slips.exchanged),
        "dx and dy are exchanged: torch.atan2(dy, dx) takes the slope downwards first.",
    ),
    Mistake(
        "quotient",
        partial(slips.histogram, angle=slips.of_quotient),
        "dy / dx is 0 / 0 in a flat place, and NaN: torch.atan2(dy, dx) needs no quotient.",
    ),
    Mistake("degrees, turn of π", partial(slips.histogram, angle=slips.in_degrees), _UNIT),
    Mistake("degrees modulo π", partial(slips.histogram, angle=slips.degrees_of_pi), _UNIT),
    Mistake("radians, turn of 180", partial(slips.histogram, angle=slips.radians_of_180, turn=180.0), _UNIT),
    Mistake(
        "radians in a turn of 180",
        partial(slips.histogram, angle=lambda *d: slips._angle(*d), turn=180.0),
        _UNIT,
    ),
    Mistake(
        "counted",
        partial(slips.histogram, strength=slips.always_one),
        "Every pixel counts the same with you, flat ones too; a pixel votes with its strength, "
        "torch.hypot(dx, dy).",
    ),
    Mistake("counted where it slopes", partial(slips.histogram, strength=slips.ones), _STRENGTH),
    Mistake(
        "squared",
        partial(slips.histogram, strength=slips.squared),
        "dx² + dy² is the square of the strength: take its root, torch.hypot(dx, dy).",
    ),
    Mistake("|dx| + |dy|", partial(slips.histogram, strength=slips.blocks_away), _STRENGTH),
    Mistake("the larger one", partial(slips.histogram, strength=slips.larger), _STRENGTH),
    Mistake("only dx", partial(slips.histogram, strength=lambda dx, dy: dx.abs()), _STRENGTH),
    Mistake("signed dx", partial(slips.histogram, strength=lambda dx, dy: dx), _STRENGTH),
    Mistake("hard", partial(slips.histogram, shares=slips.hard), _SHARED),
    Mistake("nearest", partial(slips.histogram, shares=slips.nearest), _SHARED),
    Mistake("halves", partial(slips.histogram, shares=slips.halves), _SHARED),
    Mistake(
        "both whole",
        partial(slips.histogram, shares=slips.both_whole),
        "Both directions get the whole strength; together they get it once, 1 − share and share.",
    ),
    Mistake(
        "shares exchanged",
        partial(slips.histogram, shares=slips.turned),
        "The shares are exchanged: the nearer direction gets more, so the first one 1 − share.",
    ),
    Mistake("dropped", partial(slips.histogram, wrap=lambda bins, n: bins), _WRAP),
    Mistake("clamped", partial(slips.histogram, wrap=lambda bins, n: bins.clamp(max=n - 1)), _WRAP),
    Mistake("one too many", slips.one_too_many, _WRAP),
    Mistake(
        "half a bin lower",
        partial(slips.histogram, shift=-0.5),
        "You are half a direction off: the first direction is 0° itself, not the middle of a bin.",
    ),
    Mistake(
        "half a bin higher",
        partial(slips.histogram, shift=0.5),
        "You are half a direction off: floor gives the direction below; nothing is to be added before it.",
    ),
    Mistake(
        "added once",
        partial(slips.histogram, collect=slips.added_once),
        "votes[bins] += weights adds once for each bin, however many pixels stand there: index_add adds all "
        "of them.",
    ),
    Mistake("to sum 1", slips.scaled(lambda votes: votes.sum() + 1e-12), _SCALE),
    Mistake("to length 1", slips.scaled(lambda votes: votes.norm() + 1e-12), _SCALE),
    Mistake(
        "each pixel",
        slips.of_each_pixel,
        "These are the votes of each pixel; the cell has one number for each direction: add over its pixels.",
    ),
    Mistake(
        "mean",
        lambda dx, dy, n=8: slips.histogram(dx, dy, n) / dx.numel(),
        "You took the mean over the pixels; their votes are added.",
    ),
    Mistake("index too large", slips.index_too_large, _FIRST),
    Mistake("added too far", slips.added_too_far, _FIRST),
)
