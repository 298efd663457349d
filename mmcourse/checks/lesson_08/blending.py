"""How much each head counts: gradient blending by what it learns against how it overfits."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_08 import blending_slips as slips

torch = lazy("torch")


def _losses(train_before, val_before, train_after, val_after):
    return lambda generator: tuple(
        torch.tensor(x, dtype=torch.float64) for x in (train_before, val_before, train_after, val_after)
    )


def _drawn(heads):
    def make(generator):
        start = 2.3 + 0.1 * torch.rand(heads, generator=generator, dtype=torch.float64)
        gain, more = torch.rand(2, heads, generator=generator, dtype=torch.float64) + 0.1
        return start, start + 0.05, start - gain - more, start + 0.05 - gain

    return make


_SQUARE = "O stands squared in the denominator: w ∝ G / O²."
_GAP = "O is by how much the gap between validation and training *grew*: the gap after, minus the gap before."
_FLOOR = (
    "Below 0.01 |O| counts as 0.01, before it is squared: a head that happens not to overfit would take all."
)

blend_weights = Exercise(
    id="08.4",
    name="blend_weights",
    title="Who overfits counts less",
    difficulty=2,
    minutes=15,
    stub="return the weight of each head, G / O² divided by their sum",
    parameters=("train_before", "val_before", "train_after", "val_after"),
    reference=slips.weights,
    variants=(),
    exact_dtype=False,
    hints=(
        "Two heads lower the validation loss by as much; one of them does so with a training loss that "
        "falls twice "
        "as far. Which of them should count more?",
        "G: by how much the validation loss fell. O: by how much the gap, validation minus training, grew.",
        "gain = val_before − val_after; over = (val_after − train_after) − (val_before − train_before). "
        "Where "
        "does the floor of 0.01 go, and what of a head whose gain is below 0?",
        "w = gain.clamp(min=0) / over.abs().clamp(min=0.01) ** 2; return w / w.sum().",
    ),
    cases=(
        Case("two heads that gain alike", _losses([2.3, 2.3], [2.3, 2.3], [1.3, 0.3], [1.8, 1.8])),
        Case("three heads", _losses([2.3, 2.4, 2.3], [2.3, 2.5, 2.4], [0.2, 1.0, 0.7], [0.9, 1.5, 1.9])),
        Case("random losses", _drawn(4)),
        Case("a gap that hardly grew", _losses([2.0, 2.0], [2.1, 2.1], [1.0, 1.0], [1.102, 1.6])),
        Case(
            "a head that got worse",
            _losses([2.3, 2.3, 2.3], [2.3, 2.3, 2.3], [1.0, 2.0, 1.5], [1.5, 2.6, 1.9]),
        ),
        Case("a gap that shrank", _losses([2.0, 2.0], [2.6, 2.2], [1.5, 1.0], [1.9, 1.7])),
        Case("one head", _losses([2.3], [2.3], [1.0], [1.6])),
    ),
    mistakes=(
        Mistake("not squared", slips.not_squared, _SQUARE),
        Mistake("not normal", slips.not_normal, "The weights add up to 1: divide by their sum."),
        Mistake("softmax", slips.softmax, "Divide by the sum; a softmax puts an exponential between."),
        Mistake(
            "upside down",
            slips.upside_down,
            "Yours gives most to the head that overfits most: G is above, O² below.",
        ),
        Mistake(
            "gain on train",
            slips.train_gain,
            "G is what is gained on *validation*; on training rows an overfitted head gains most.",
        ),
        Mistake("exchanged", slips.exchanged, "Before and after are exchanged: a loss that falls is a gain."),
        Mistake(
            "size of the gain",
            slips.gain_size,
            "A gain below 0 counts as 0, not by its size: clamp(min=0), not abs.",
        ),
        Mistake("training only", slips.training_only, _GAP + " You look at training alone."),
        Mistake(
            "share of the loss",
            slips.relative_gain,
            "G is by how much the loss fell, in nats; do not divide it by the loss before.",
        ),
        Mistake("validation only", slips.validation_only, _GAP + " You look at validation alone."),
        Mistake("gap now", slips.gap_now, _GAP),
        Mistake("gap before", slips.gap_before, _GAP + " You look at the gap before alone."),
        Mistake("gaps added", slips.added_gaps, _GAP + " You add the two up."),
        Mistake(
            "no brackets",
            slips.no_brackets,
            _GAP + " Put brackets round the gap before, or only its first loss is taken away.",
        ),
        Mistake(
            "floor under the gain",
            slips.gain_floor,
            "The floor of 0.01 is that of |O|; a head that did not gain has G = 0, and the weight 0.",
        ),
        Mistake("no floor", slips.no_floor, _FLOOR),
        Mistake(
            "below 0 kept",
            slips.negative_kept,
            "A head that got worse on validation has the weight 0, not one below 0.",
        ),
        Mistake(
            "shrinking gap",
            slips.over_clamped,
            "A gap that shrank counts by its size, |O|: only what lies below 0.01 is lifted.",
        ),
        Mistake("floor after", slips.floor_after, _FLOOR),
        Mistake("floor added", slips.added_floor, _FLOOR + " You add it to all."),
        Mistake("gain only", slips.gain_only, "Only the gain counts with you: divide by O²."),
        Mistake("overfitting only", slips.over_only, "Only the overfitting counts with you: G stands above."),
        Mistake("gain squared", slips.gain_squared, "Only O is squared, not G."),
        Mistake("best alone", slips.best_alone, "Every head keeps a share; you give all to one."),
        Mistake("times heads", slips.by_length, "The weights add up to 1, not to the number of heads."),
        Mistake(
            "by the largest",
            slips.by_largest,
            "The weights add up to 1: divide by their sum, not by the largest of them.",
        ),
        Mistake(
            "unit length",
            slips.by_root,
            "The weights add up to 1: divide by their sum, not by the root of the sum of squares.",
        ),
    ),
    noticing="Each head is trained once alone to find these: the weights cost as many trainings as heads.",
)
