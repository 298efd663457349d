"""What goes wrong in a step of a support vector machine, and the sentence that names it."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_02 import descent_loops as loops
from mmcourse.checks.lesson_02 import descent_slips as slips

_CORNER = (
    "A row that leads by exactly 1 misses nothing, so it does not pull: < 1. With autograd, relu hands on no "
    "slope at this corner, but maximum hands on half of it."
)
_WRONG = "Rows on the right side pull too as long as they lead by less than 1: compare with 1, not with 0."
_MEAN = "The sum over the rows has to be divided by their number, in the weight's slope and in the bias's."
_COUNT = (
    "The mean is over all rows: divide by the number of all rows; those that lead by enough have slope 0."
)
_NEW = "You changed the weight or the bias that you were given; return new ones (no -=, no sub_)."
_HALF = "The slope of λ/2 · ‖w‖² is λ · w, with the factor 1: the square brings a 2 down."
_STEP = "These are the slopes or the move; return the weight and the bias after the step."
_STRENGTH = (
    "Every row that misses its margin pulls equally hard, by however much it misses it: the hinge is a "
    "straight line there."
)
_ROWS = "You took a step after every row; one step for all of them is wanted, with the mean of their slopes."


def _each(name, wrongs, sentence):
    """A mistake in its several forms."""
    return [Mistake(f"{name}, {number}", wrong, sentence) for number, wrong in enumerate(wrongs, 1)]


_LOOPS = (
    *_each("row by row", loops.ROW_BY_ROW, _ROWS),
    *_each(
        "last row alone",
        loops.OVERWRITTEN,
        "Only one row has a say, the last: in your loop each slope overwrites the one before. Add it to what "
        "is there.",
    ),
    *_each(
        "first that misses alone",
        loops.FIRST_THAT_MISSES,
        "Only the first row that misses its margin has a say: is there a `return` or `break` in your loop?",
    ),
    *_each(
        "up to the first content",
        loops.UP_TO_THE_FIRST_CONTENT,
        "Your loop ends at the first row that leads by enough; such a row is passed over, with `continue`.",
    ),
    Mistake(
        "without the last row",
        loops.WITHOUT_THE_LAST,
        "The last row has no say: range(len(x)) goes up to len(x) − 1 by itself.",
    ),
    Mistake(
        "without the first row",
        loops.WITHOUT_THE_FIRST,
        "The first row has no say: rows are numbered from 0.",
    ),
    Mistake(
        "as many rows as features",
        loops.over_features,
        "Your loop takes as many rows as there are features: x.shape[1] counts features, len(x) rows.",
    ),
    *_each(
        "decay each row",
        loops.DECAY_EACH_ROW,
        "The decay is in your sum once for each row; it belongs in once, beside the mean over the rows.",
    ),
    *_each(
        "decay where missed",
        loops.DECAY_WHERE_MISSED,
        "You shrink the weight only for rows that miss their margin; the decay acts whatever the rows do, "
        "once.",
    ),
    Mistake(
        "divided in the loop",
        loops.divided_in_the_loop,
        "You divide the sum so far anew at each row, so the first ones count next to nothing: divide once, "
        "after the loop.",
    ),
    Mistake(
        "bias as a number",
        loops.bias_as_a_number,
        "The bias is a tensor without axes and comes back as one: leave out .item() and float().",
    ),
    Mistake(
        "nothing to stack",
        loops.stacked_slopes,
        "Where no row misses its margin your list is empty: begin with torch.zeros_like(weight) and add to "
        "it.",
    ),
)

MISTAKES = (
    Mistake("at the margin too", slips.at_the_margin_too, _CORNER),
    Mistake("half at the margin", slips.half_at_the_margin, _CORNER),
    Mistake("only wrong rows", slips.only_wrong_rows, _WRONG),
    Mistake("wrong or on the line", slips.wrong_or_on_the_line, _WRONG),
    Mistake(
        "every row",
        slips.every_row,
        "All rows pull with you; those that lead by 1 or more have slope 0.",
    ),
    Mistake(
        "those beyond",
        slips.those_beyond,
        "The wrong rows pull: it is those with y (w · x + b) below 1 that miss their margin.",
    ),
    Mistake(
        "logistic",
        slips.logistic,
        "That is the slope of logistic regression, where every row pulls a little; the hinge's is 1 or 0.",
    ),
    Mistake("by what is missing", slips.by_what_is_missing, _STRENGTH),
    Mistake("squared hinge", slips.squared_hinge, _STRENGTH),
    Mistake(
        "score without y",
        slips.score_without_y,
        "You compare the score with 1, but a row of class −1 leads when its score is negative: y times the "
        "score.",
    ),
    Mistake(
        "score without bias",
        slips.score_without_bias,
        "The bias belongs to the score: x @ weight + bias.",
    ),
    Mistake(
        "slope without y",
        slips.slope_without_y,
        "Rows of class −1 pull the other way: the slope of a row is −y · x, and −y for the bias.",
    ),
    Mistake("0 and 1", slips.of_0_and_1, "y is −1 and +1 already; 2y − 1 makes −3 of −1."),
    Mistake("upwards", slips.upwards, "You went up the slope: take learning_rate times the slope away."),
    Mistake(
        "hinge upwards",
        slips.hinge_upwards,
        "The hinge's slope has the wrong sign: it is −y · x, so that the step adds y · x.",
    ),
    Mistake(
        "bias upwards",
        slips.bias_upwards,
        "The bias goes the wrong way: its slope is −y for a row that misses its margin.",
    ),
    Mistake("grown", slips.grown, "Your decay makes the weight grow: its slope is +weight_decay · weight."),
    Mistake("sum", slips.summed, _MEAN),
    Mistake("bias by the sum", slips.bias_summed, _MEAN),
    Mistake("those that miss", slips.by_those_that_miss, _COUNT),
    Mistake("those that miss, or 1", slips.by_those_that_miss_or_1, _COUNT),
    Mistake("no decay", slips.no_decay, "You left out weight_decay, so nothing keeps the weight small."),
    Mistake(
        "decay without the rate",
        slips.decay_without_the_rate,
        "The decay is part of the slope: it is multiplied by the learning rate too.",
    ),
    Mistake("decay twice", slips.decay_twice, _HALF),
    Mistake("decay half", slips.decay_half, _HALF),
    Mistake(
        "decay over rows",
        slips.decay_over_rows,
        "The decay is there once, not once a row: do not divide it by the number of rows.",
    ),
    Mistake(
        "decay last",
        slips.decay_last,
        "You shrank the weight after it had moved; both slopes are taken at the weight that came in.",
    ),
    Mistake(
        "decay by a constant",
        slips.decay_by_a_constant,
        "You took the same amount away from every weight; the decay is a share of it, weight_decay · weight.",
    ),
    Mistake(
        "decay by the sign",
        slips.decay_by_the_sign,
        "That is the slope of |w|; the slope of λ/2 · ‖w‖² is λ · w, a share of each weight.",
    ),
    Mistake(
        "bias shrunk",
        slips.bias_shrunk,
        "The bias is shrunk too; it is not in ‖w‖², and only says where the line lies.",
    ),
    Mistake("bias stays", slips.bias_stays, "The bias did not move: its slope is −(missed · y).mean()."),
    Mistake(
        "bias without the rate",
        slips.bias_without_the_rate,
        "The learning rate is missing in the bias's step.",
    ),
    Mistake("without the rate", slips.without_the_rate, "You left out the learning rate."),
    Mistake(
        "bias after the weight",
        slips.bias_after_the_weight,
        "You moved the weight first and used it for the bias: take both slopes before either moves.",
    ),
    Mistake("row by row", slips.row_by_row, _ROWS),
    *_LOOPS,
    Mistake("first row", slips.first_row, "Only the first row counts: is `return` inside your loop?"),
    Mistake(
        "scaled by C",
        slips.scaled_by_c,
        "The factor is at the wrong place: here it multiplies ‖w‖²/2, while C multiplies the hinge.",
    ),
    Mistake("slopes", slips.slopes, _STEP),
    Mistake("moves", slips.moves, _STEP),
    Mistake("exchanged", slips.exchanged, "The weight comes first, then the bias."),
    Mistake("weight alone", slips.weight_alone, "Two things are wanted: (weight, bias)."),
    Mistake("in place", slips.in_place, _NEW),
    Mistake("weight in place", slips.weight_in_place, _NEW),
    Mistake(
        "if on all rows",
        slips.if_on_all_rows,
        "`if` needs one answer and each row has its own: multiply by (lead < 1), or use torch.where.",
    ),
    Mistake(
        "rows by features",
        slips.rows_by_features,
        "y is [row] and x is [row, feature]: y[:, None] * x, or y @ x if you want the sum over rows at once.",
    ),
    Mistake(
        "booleans times a matrix",
        slips.booleans_times_a_matrix,
        "A matrix product needs numbers of one kind: (lead < 1).to(x.dtype) makes 1 and 0 of the answers.",
    ),
)
