"""The largest value over each clip's own frames."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import broken_padding, clips, is_padding
from mmcourse.checks.lesson_04.ways import largest as ways

torch = lazy("torch")


def _far_below(generator):
    x, lengths = clips(generator, 2, 4, 3, [1, 3])
    return (x - 5) * 1e10, lengths


_ZERO = (
    "You set the padding to 0, and 0 is larger than every negative number: which value is never the largest?"
)
_FINITE = (
    "A number that only looks small enough can still be the largest, for a clip that lies below it: "
    "−torch.inf never is."
)
_RETURN = "Only the first clip is there: is `return` inside your loop?"
_FEATURES = (
    "You took the largest over the feature axis; take it over time: [batch, time, feature] → [batch, "
    "feature]."
)

masked_max = Exercise(
    id="04.4",
    name="masked_max",
    title="The largest value without the padding",
    difficulty=1,
    minutes=10,
    stub="return each feature's largest value over the clip's own frames",
    parameters=("x", "lengths"),
    reference=ways.masked_max,
    hints=(
        "All values of a clip may be negative, as decibels are. If its padding is set to 0, what is the "
        "largest?",
        "Which number can stand in the padding and never be the largest, whatever the clip holds?",
        "padding = torch.arange(time) >= lengths[:, None] is [batch, time]; x.masked_fill(padding[..., "
        "None], -torch.inf).amax(dim=1). A loop over clips with x[i, :n].amax(dim=0) does it too.",
    ),
    cases=(
        Case(
            "two clips below 0",
            lambda g: (
                torch.tensor(
                    [
                        [[-4.0, -7.0], [-3.0, -9.0], [0.0, 0.0], [0.0, 0.0]],
                        [[-6.0, 1.0], [-8.0, 3.0], [-5.0, 2.0], [0.0, 0.0]],
                    ]
                ),
                torch.tensor([2, 3]),
            ),
        ),
        Case("random frames", lambda g: clips(g, 4, 7, 3, [7, 1, 4, 6])),
        Case("as many clips as frames", lambda g: clips(g, 4, 4, 4, [2, 4, 1, 3])),
        Case("a batch of one", lambda g: clips(g, 1, 5, 2, [3])),
        Case("one frame, one feature", lambda g: clips(g, 3, 1, 1, [1, 1, 1])),
        Case("NaN in the padding", broken_padding),
        Case("values far below 0", _far_below),
    ),
    mistakes=(
        Mistake(
            "padding counted",
            lambda x, lengths: x.amax(dim=1),
            "The padding takes part: it holds 0 here, which is larger than a negative number. Leave it out.",
        ),
        Mistake("padding 0", lambda x, lengths: ways.filled(x, lengths, 0), _ZERO),
        Mistake("padded again", ways.padded_again, _ZERO),
        Mistake("times the mask", ways.times_mask, _ZERO),
        Mistake("padding −1", lambda x, lengths: ways.filled(x, lengths, -1), _FINITE),
        Mistake("padding −100", lambda x, lengths: ways.filled(x, lengths, -100), _FINITE),
        Mistake("padding −1e9", lambda x, lengths: ways.filled(x, lengths, -1e9), _FINITE),
        Mistake(
            "added −∞",
            ways.plus_infinity,
            "NaN plus or times anything is NaN: what stands in the padding must not matter. masked_fill or "
            "torch.where replace it.",
        ),
        Mistake(
            "padding +∞",
            lambda x, lengths: ways.filled(x, lengths, torch.inf),
            "+∞ in the padding always is the largest: the sign is the wrong way round.",
        ),
        Mistake(
            "padding kept",
            ways.padding_kept,
            "Your mask is the other way round: you kept the padding and blotted out the frames.",
        ),
        Mistake(
            "with places",
            ways.pair,
            "max(dim=1) gives the values and their places: take .values, or use amax(dim=1).",
        ),
        Mistake(
            "places",
            lambda x, lengths: ways.pair(x, lengths)[1],
            "These are the places of the largest values, as argmax gives them; the values are wanted.",
        ),
        Mistake(
            "too many",
            lambda x, lengths: ways.filled(x, lengths, -torch.inf, 1),
            "Your mask lets one frame of padding through: padding starts at index n, so `>=` and not `>`.",
        ),
        Mistake(
            "too few", ways.too_few, "You leave out the last valid frame: [:n] already ends before index n."
        ),
        Mistake(
            "longest",
            lambda x, lengths: x[:, : int(lengths.max())].amax(dim=1),
            "You cut every clip at the longest length of the batch; each has its own length.",
        ),
        Mistake(
            "first length for all",
            lambda x, lengths: x[:, : lengths[0]].amax(dim=1),
            "You took the length of the first clip for all of them: lengths[i] for clip i.",
        ),
        Mistake(
            "shortest length for all",
            lambda x, lengths: x[:, : lengths.min()].amax(dim=1),
            "You took the shortest length for all clips: lengths[i] for clip i.",
        ),
        Mistake(
            "times −∞",
            lambda x, lengths: (x + is_padding(x, lengths) * -torch.inf).amax(dim=1),
            "0 · ∞ is NaN, so never multiply a mask by ∞: masked_fill or torch.where put −∞ there.",
        ),
        Mistake(
            "smallest",
            lambda x, lengths: -ways.masked_max(-x, lengths),
            "This is the smallest value; the largest is wanted.",
        ),
        Mistake(
            "by size",
            ways.by_size,
            "You took the value farthest from 0: −9 is smaller than 1, so leave abs() out.",
        ),
        Mistake(
            "sizes",
            lambda x, lengths: ways.masked_max(x.abs(), lengths),
            "You took the largest size, without its sign: −9 is smaller than 1, so leave abs() out.",
        ),
        Mistake(
            "over the batch",
            lambda x, lengths: x.masked_fill(is_padding(x, lengths), -torch.inf).amax(dim=0),
            "You took the largest over the batch, axis 0; time is axis 1.",
        ),
        Mistake(
            "pairs stacked",
            lambda x, lengths: torch.stack([row[:n].max(dim=0) for row, n in zip(x, lengths, strict=True)]),
            "max(dim=0) gives the values and their places: take .values, or use amax(dim=0).",
        ),
        Mistake(
            "last frame",
            lambda x, lengths: x[torch.arange(len(x), device=x.device), lengths - 1],
            "This is the last frame of each clip; the largest value of all its frames is wanted.",
        ),
        Mistake("mean", ways.mean, "This is the mean over each clip's frames; the largest value is wanted."),
        Mistake("over features", ways.over_features, _FEATURES),
        Mistake("features of each clip", ways.features_of_each, _FEATURES),
        Mistake(
            "mask without a feature axis",
            ways.mask_of_the_batch,
            "The mask is [batch, time] and x [batch, time, feature]: give the mask a last axis, "
            "padding[..., None].",
        ),
        Mistake(
            "one for the batch",
            lambda x, lengths: ways.masked_max(x, lengths).amax(dim=0),
            "You took the largest over the whole batch; each clip has its own.",
        ),
        Mistake(
            "over time and features",
            lambda x, lengths: ways.masked_max(x, lengths).amax(dim=1),
            "You took the largest over the features too; each feature has its own.",
        ),
        Mistake(
            "squeezed",
            lambda x, lengths: ways.masked_max(x, lengths).squeeze(),
            "squeeze() drops every axis of size 1, and so the batch axis of a batch of one.",
        ),
        Mistake(
            "keepdim",
            lambda x, lengths: ways.masked_max(x, lengths)[:, None],
            "The time axis is still there with size 1: leave keepdim out.",
        ),
        Mistake(
            "changes its input",
            ways.changes_input,
            "You changed x: whoever calls this still needs its frames. masked_fill without the underscore "
            "makes a new tensor.",
        ),
        Mistake("first clip only", lambda x, lengths: x[0, : lengths[0]].amax(dim=0), _RETURN),
        Mistake("first clip, rest empty", ways.first_written, _RETURN),
        Mistake(
            "detached",
            lambda x, lengths: ways.masked_max(x.detach(), lengths),
            "No gradient flows back to x: stay with tensor operations, without .item(), .tolist() or .data.",
        ),
    ),
    noticing="The largest value asks whether something was heard at all, the mean how much of it there was.",
    gradient=True,
)
