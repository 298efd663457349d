"""Mistakes that people make with InfoNCE."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import contrasting_gradients as gradients
from mmcourse.checks.lesson_08 import contrasting_slips as slips

_BOTH = (
    "In both directions: a picture asks all sounds, and a sound asks all pictures; then the mean of the two."
)
_COSINE = "A cosine compares directions: each *row* is divided by its own length, in a and in b."
_SCALE = "What is learned is the logarithm: the cosines are multiplied by exp(log_scale)."
_DIAGONAL = "Row i of a belongs to row i of b: the right answer of row i is number i, the diagonal."
_STABLE = "log_softmax, or cross_entropy, never leaves the logarithms."
_HALF = (
    "In 16 bits numbers end at 65,504 and have three digits: a.float(), b.float(), log_scale.float() first."
)
_WAY_BACK = (
    "The loss is right, and the gradient at a row of zeros is NaN: on the way back 0 meets the ∞ of 1 / 0, "
    "or of a root at 0, whatever replaces the result afterwards. F.normalize keeps it a number."
)

MISTAKES = (
    Mistake("one way", slips.with_(slips.one_way), "You ask from a to b only. " + _BOTH),
    Mistake("other way", slips.with_(slips.other_way), "You ask from b to a only. " + _BOTH),
    Mistake("added", slips.with_(slips.added), "You add the two directions up: their mean is wanted."),
    Mistake(
        "summed",
        slips.with_(slips.summed),
        "You add up over the batch: take the mean, or the loss would grow with the batch size.",
    ),
    Mistake("of each", slips.with_(slips.of_each), "You return the loss of each pair: their mean is wanted."),
    Mistake(
        "not normalised", slips.with_(normalise=slips.as_they_are), "You compare raw products. " + _COSINE
    ),
    Mistake("only a normalised", slips.only_first, "You normalise a and not b. " + _COSINE),
    Mistake(
        "columns normalised",
        slips.with_(normalise=slips.columns_of_one),
        "You normalise down the batch: F.normalize(x, dim=0), or norm(dim=0)? " + _COSINE,
    ),
    Mistake(
        "one length",
        slips.with_(normalise=slips.by_batch_length),
        "x.norm() without an axis is one length for the whole batch. " + _COSINE,
    ),
    Mistake(
        "squares",
        slips.with_(normalise=slips.by_squares),
        "You divide by the squared length: the root is missing. " + _COSINE,
    ),
    Mistake("sums", slips.with_(normalise=slips.by_sum), "You divide by the sum of sizes. " + _COSINE),
    Mistake("softmax of features", slips.with_(normalise=slips.of_softmax), "No softmax here. " + _COSINE),
    Mistake(
        "standardised",
        slips.with_(normalise=slips.standardised),
        "You take away the mean and divide by the spread. " + _COSINE,
    ),
    Mistake(
        "row of zeros",
        slips.with_(normalise=slips.divided_by_length),
        "A row of zeros has the length 0, and 0 / 0 is NaN: F.normalize leaves it as it is.",
    ),
    Mistake("NaN on the way back", slips.with_(normalise=gradients.mended), _WAY_BACK),
    Mistake("root of 0", slips.with_(normalise=gradients.root_of_zero), _WAY_BACK),
    Mistake("cosines mended", gradients.mended_cosines, _WAY_BACK),
    Mistake(
        "added to the length",
        slips.with_(normalise=lambda x: x / (x.norm(dim=1, keepdim=True) + 1e-3)),
        "What you add to the length changes every cosine. F.normalize takes the larger of length and 1e-12.",
    ),
    Mistake(
        "power of ten",
        slips.with_(scale=lambda log_scale: 10**log_scale),
        "The logarithm is the natural one: log_scale.exp(), not 10 ** log_scale.",
    ),
    Mistake(
        "no others",
        slips.with_(lambda scores: -scores.diagonal().mean()),
        "You only draw the pairs together; without the others, all rows may end up in one place.",
    ),
    Mistake("scale itself", slips.with_(scale=slips.scale_itself), _SCALE),
    Mistake("divided", slips.with_(scale=slips.divided), "You divide by the scale. " + _SCALE),
    Mistake("divided by itself", slips.with_(scale=slips.divided_by_itself), _SCALE),
    Mistake(
        "no scale",
        slips.with_(scale=slips.no_scale),
        "Your result does not know log_scale; or is it multiplied in before normalising, which takes it "
        "out again? " + _SCALE,
    ),
    Mistake(
        "scale cut off",
        slips.with_(scale=slips.cut_off),
        "The scale is learned too, and .item(), float() or detach() cuts it off: log_scale.exp().",
    ),
    Mistake("scaled twice", slips.scaled_twice, "You multiply both embeddings, so the scale is squared."),
    Mistake("root of width", slips.root_of_width, "No √feature here: the cosines are scaled already."),
    Mistake("first class", slips.with_(slips.first_class), "Your target is 0 everywhere. " + _DIAGONAL),
    Mistake("whole matrix", slips.with_(slips.whole_matrix), "You average the whole matrix. " + _DIAGONAL),
    Mistake(
        "over all pairs",
        slips.with_(slips.whole_softmax),
        "One softmax over all pairs makes the questions compete: each row has its own, over what it may "
        "answer.",
    ),
    Mistake(
        "the pair left out",
        slips.with_(slips.positives_not_below),
        "The pair itself is among the answers: it stands below the fraction too, so the loss is never "
        "below 0.",
    ),
    Mistake(
        "other sign", slips.with_(slips.other_sign), "A loss falls as the share rises: the minus is missing."
    ),
    Mistake("no log", slips.with_(slips.no_log), "Minus the *log* of the share: log_softmax, not softmax."),
    Mistake("one minus", slips.with_(slips.unlikely), "Minus the *log* of the share, not 1 minus the share."),
    Mistake(
        "softmax first",
        slips.with_(slips.softmax_first),
        "cross_entropy takes scores and does the softmax itself: yours is done twice.",
    ),
    Mistake(
        "by hand",
        slips.with_(slips.by_hand),
        "exp(100) is more than 32 bits hold, and ∞ / ∞ is NaN. " + _STABLE,
    ),
    Mistake(
        "log of softmax",
        slips.with_(slips.log_of_softmax),
        "A share below 1e-45 is 0, and its log −∞. " + _STABLE,
    ),
    Mistake(
        "floored",
        slips.with_(slips.log_of_softmax_floored),
        "A small number before the log caps the loss of a hopeless pair. " + _STABLE,
    ),
    Mistake(
        "hinge", slips.with_(slips.hinge), "That is a margin between pairs. A softmax over all is wanted."
    ),
    Mistake(
        "each by itself",
        slips.with_(slips.sigmoid_pairs),
        "A sigmoid judges each pair by itself; here the answers to one question compete in a softmax.",
    ),
    Mistake("with itself", slips.with_itself, "You compare each sense with itself: a with b is wanted."),
    Mistake(
        "all in one",
        slips.all_in_one,
        "You let rows of the own sense be wrong answers too: a asks b only, and b asks a.",
    ),
    Mistake(
        "distances", slips.distances, "A distance is small for what is alike; cosines are wanted, large ones."
    ),
    Mistake(
        "minus distances", slips.minus_distances, "Minus a distance is no cosine: the product of the rows is."
    ),
    Mistake("in half", slips.in_half, _HALF),
    Mistake("in half, by torch", slips.in_half_by_torch, _HALF),
    Mistake("in half, by cross_entropy", slips.in_half_by_cross_entropy, _HALF),
    Mistake(
        "features compared",
        slips.features_compared,
        "a.T @ b compares features with features: rows with rows is a @ b.T.",
    ),
    Mistake(
        "not turned",
        slips.not_turned,
        "a @ b does not fit: the rows of b stand in the columns of b.T, so a @ b.T.",
    ),
    Mistake(
        "in place",
        slips.in_place,
        "a /= … writes over what the caller handed you: a = a / … makes a new tensor.",
    ),
    Mistake(
        "told in half", slips.told_in_half, "The loss itself stays in 32 bits: don't make it half again."
    ),
)
