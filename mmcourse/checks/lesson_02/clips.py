"""Clips of any length as rows of a table: mean and spread over their own frames."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_02 import clips_slips as slips

torch = lazy("torch")


def _small(_generator):
    """Two clips of three coefficients, of 2 frames and of 1; 9 is padding."""
    return torch.tensor(
        [[[1.0, 3.0], [0.0, 0.0], [5.0, -5.0]], [[2.0, 9.0], [1.0, 9.0], [-3.0, 9.0]]]
    ), torch.tensor([2, 1])


def _clips(generator, batch, coefficients, frames, lengths, shift=0.0):
    return torch.randn(batch, coefficients, frames, generator=generator) + shift, torch.tensor(lengths)


def _padded_with(generator, value):
    mfcc, lengths = _clips(generator, 3, 4, 6, [4, 6, 2])
    return mfcc.masked_fill(slips.is_padding(mfcc, lengths), value), lengths


def _loud(generator):
    """Coefficient 0 is the loudness: hundreds, and steady within a clip."""
    mfcc, lengths = _clips(generator, 3, 4, 9, [9, 5, 7])
    return mfcc * 0.05 + torch.tensor([-900.0, 40.0, 0.0, 3.0])[:, None], lengths


_PADDED = "The padding is in your mean and spread: only the first lengths[i] frames of clip i are speech."
_SPREAD = (
    "Your mean leaves the padding out, your spread does not: mask x − mean once more before you square it."
)
_DIVIDED = "You divided by all frames; divide by the clip's own number, lengths[:, None]."
_UNBIASED = (
    "You divided by n − 1, with which a clip of one frame has 0 / 0; the spread here is over n frames."
)
_ORDER = "All means come first, then all spreads: torch.cat([mean, spread], dim=1)."
_AXES = (
    "lengths is [batch] and a mask of frames [batch, frame]; both lack the axis of coefficients: lengths[:, "
    "None], mask[:, None]."
)
_SQUARES = (
    "You took the mean of squares minus the square of the mean, a difference of two large numbers: at −900, "
    "float32 has no digits left for it. Take off the mean first, then square."
)

pooled_mfcc = Exercise(
    id="02.11",
    name="pooled_mfcc",
    title="A clip in a row of a table",
    difficulty=2,
    minutes=15,
    stub="return the mean of each coefficient over the valid frames, then its spread",
    parameters=("mfcc", "lengths"),
    reference=slips.pooled,
    hints=(
        "Coefficient 0 of clip 0 is 1 and then 3: what is their mean, and how far are they from it?",
        "You set the padding to 0 and subtract the mean: what stands in the padding now, and what does its "
        "square add?",
        "One frame alone: what is n − 1, and what should its spread be?",
        "padding = (torch.arange(frames) >= lengths[:, None])[:, None]; mean = mfcc.masked_fill(padding, "
        "0).sum(2) / lengths[:, None]; away = (mfcc − mean[..., None]).masked_fill(padding, 0); spread = "
        "(away² summed over frames / lengths[:, None]).sqrt(); torch.cat([mean, spread], dim=1).",
    ),
    cases=(
        Case("two clips of 2 frames and of 1", _small),
        Case("random frames", lambda g: _clips(g, 4, 3, 7, [7, 2, 4, 6], shift=2.0)),
        Case("no padding", lambda g: _clips(g, 2, 5, 6, [6, 6])),
        Case("a batch of one", lambda g: _clips(g, 1, 3, 5, [3], shift=-1.0)),
        Case("one frame", lambda g: _clips(g, 3, 2, 4, [1, 4, 1], shift=1.0)),
        Case("steady and far from 0", _loud),
        Case("more clips than frames", lambda g: _clips(g, 6, 4, 3, [3, 2, 3, 2, 2, 3])),
        Case("NaN in the padding", lambda g: _padded_with(g, float("nan"))),
        Case("∞ in the padding", lambda g: _padded_with(g, float("inf"))),
    ),
    mistakes=(
        Mistake("whole", slips.whole, _PADDED),
        Mistake("whole, unbiased", partial(slips.whole, correction=1), _PADDED),
        Mistake("zeroed, whole", slips.zeroed_whole, _PADDED),
        Mistake("zeroed, whole, unbiased", partial(slips.zeroed_whole, correction=1), _PADDED),
        Mistake("mean masked", slips.mean_masked_only, _SPREAD),
        Mistake("mean masked, unbiased", partial(slips.mean_masked_only, correction=1), _SPREAD),
        Mistake("padding moved away from 0", slips.padding_away, _SPREAD),
        Mistake("divided by all", slips.divided_by_all, _DIVIDED),
        Mistake("spread divided by all", slips.spread_by_all, _DIVIDED),
        Mistake("n − 1", slips.unbiased, _UNBIASED),
        Mistake("n − 1, at least 1", slips.unbiased_clamped, _UNBIASED),
        Mistake(
            "variance", slips.variance, "That is the variance; take its root to get back to the unit of x."
        ),
        Mistake(
            "mean distance",
            slips.mean_distance,
            "You took the mean distance from the mean; the root of the mean square of it is wanted.",
        ),
        Mistake("of squares", slips.of_squares, _SQUARES),
        Mistake("of squares, at least 0", slips.of_squares_clamped, _SQUARES),
        Mistake(
            "mean not taken off",
            slips.root_of_squares,
            "That is the root mean square, the size; the spread is measured from the mean: take that off "
            "first.",
        ),
        Mistake(
            "times mask",
            slips.times_mask,
            "A NaN times 0 is NaN: set the padding to 0 with masked_fill or torch.where, do not multiply.",
        ),
        Mistake(
            "last frame left out",
            slips.last_frame_left_out,
            "You leave out the last valid frame: time < lengths.",
        ),
        Mistake(
            "one frame more",
            slips.one_frame_more,
            "One frame of padding is in it: frames 0 to lengths − 1 are valid, time < lengths.",
        ),
        Mistake(
            "over coefficients",
            slips.over_coefficients,
            "You averaged over the coefficients; frames are the last axis, [batch, coefficient, frame].",
        ),
        Mistake(
            "of the batch", slips.of_the_batch, "You pooled all clips together; each has a mean of its own."
        ),
        Mistake("longest", slips.longest, _PADDED),
        Mistake(
            "shortest", slips.shortest, "You cut every clip at the shortest one; each has its own length."
        ),
        Mistake("mean alone", slips.mean_alone, "The spread is missing: torch.cat([mean, spread], dim=1)."),
        Mistake("spread alone", slips.spread_alone, "The mean is missing: torch.cat([mean, spread], dim=1)."),
        Mistake("spread first", slips.spread_first, _ORDER),
        Mistake("side by side", slips.side_by_side, _ORDER),
        Mistake(
            "stacked",
            slips.stacked,
            "torch.stack makes a new axis; each clip is one row of numbers: torch.cat along dim=1.",
        ),
        Mistake(
            "stacked last",
            slips.stacked_last,
            "torch.stack makes a new axis; each clip is one row of numbers: torch.cat along dim=1.",
        ),
        Mistake(
            "below each other",
            slips.below_each_other,
            "You joined them along the batch, so that there are twice as many clips: torch.cat along dim=1.",
        ),
        Mistake("pair", slips.a_pair, "One tensor is wanted: torch.cat([mean, spread], dim=1)."),
        *(
            Mistake(
                f"plus {epsilon:g}",
                partial(slips.with_epsilon, epsilon=epsilon),
                "You added a small number under the root; a clip of one frame has the spread 0, without it.",
            )
            for epsilon in (1e-3, 1e-5, 1e-6, 1e-8)
        ),
        Mistake("squeezed", slips.squeezed, "A batch of one is a batch: leave its axis, without squeeze()."),
        Mistake(
            "first clip", slips.first_clip, "Only the first clip is there: is `return` inside your loop?"
        ),
        Mistake("lengths without an axis", slips.divides_wrong_axis, _AXES),
        Mistake("mask without an axis", slips.mask_without_axis, _AXES),
    ),
    noticing="The order of the frames is lost: “no” said backwards gives the same row. Lesson 4 keeps the "
    "order.",
)
