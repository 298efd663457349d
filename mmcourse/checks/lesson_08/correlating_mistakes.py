"""Mistakes that people make with canonical correlation."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import correlating_roots as roots
from mmcourse.checks.lesson_08 import correlating_slips as slips

_CENTRE = "Take each column's mean away first: correlation is about deviations from it."
_ROOT = (
    "Whitening takes the inverse *square root* of the covariance, Σ^(−1/2): then the spread is 1 in every "
    "direction."
)
_BACK = (
    "The singular vectors live in the whitened space: multiply by Σ^(−1/2) once more to get back, a = "
    "Σx^(−1/2) U."
)
_RIDGE = "ridge is added to the diagonal of both covariances, before their roots."
_WHOLE = "The root is that of the whole matrix: vectors · diag(values^(−1/2)) · vectorsᵀ."

MISTAKES = (
    Mistake("not centred", slips.not_centred, _CENTRE),
    Mistake(
        "no whitening",
        slips.no_whitening,
        "Those are directions of most *covariance*, where a loud column wins: whiten both senses first.",
    ),
    Mistake(
        "scaled only",
        slips.scaled_first,
        "Columns of variance 1 can still covary with one another: whiten with the whole matrix, Σ^(−1/2).",
    ),
    Mistake("not back", slips.not_back, _BACK),
    Mistake(
        "back the other way",
        roots.with_(roots.inverse_root, back=roots.back_by_the_other),
        _BACK + " You took Σ^(+1/2) for that.",
    ),
    Mistake("exchanged", slips.exchanged, "a are the directions of x and come first, b are those of y."),
    Mistake("one side", slips.one_side, "You whiten x alone: Σy^(−1/2) stands on the other side of Σxy."),
    Mistake(
        "standard columns",
        slips.of_standard_columns,
        "You bring the columns to variance 1 first, so your directions fit those, not x and y as they came.",
    ),
    Mistake("whole inverse", slips.whole_inverse, _ROOT + " You took Σ⁻¹."),
    Mistake("positive root", slips.positive_root, _ROOT + " You took Σ^(+1/2)."),
    Mistake(
        "rows for columns",
        slips.rows_for_columns,
        "torch.linalg.svd gives the right vectors transposed: their first rows, right[:k].T.",
    ),
    Mistake(
        "by rows",
        slips.by_rows,
        "Covariances are divided by rows − 1, not by rows: the correlations hardly tell, the directions do.",
    ),
    Mistake(
        "undivided",
        slips.undivided,
        "You divide by nothing: a covariance is the sum of products over rows − 1.",
    ),
    Mistake(
        "two divisors",
        slips.two_divisors,
        "All three covariances are divided by rows − 1; yours between the senses by rows.",
    ),
    Mistake(
        "root of a row",
        slips.not_turned_back,
        "The root is vectors · diag(values^(−1/2)) · vectorsᵀ: the last one is transposed.",
    ),
    Mistake("half a root", roots.with_(roots.half_root), _WHOLE + " You leave the last one out."),
    Mistake(
        "turned root", roots.with_(roots.turned_root), _WHOLE + " You transpose the first, not the last."
    ),
    Mistake(
        "root of entries",
        roots.with_(roots.root_of_entries),
        _WHOLE + " You take the power of each entry, and one below 0 has none.",
    ),
    Mistake("one mean", slips.one_mean, _CENTRE + " Yours is one mean for all columns."),
    Mistake("ridge forgotten", slips.ridge_forgotten, _RIDGE),
    Mistake("ridge once", slips.ridge_once, _RIDGE),
    Mistake(
        "ridge everywhere",
        slips.ridge_everywhere,
        _RIDGE + " You add it to every entry: ridge * torch.eye(d) has it on the diagonal alone.",
    ),
    Mistake(
        "ridge between", slips.ridge_between, _RIDGE + " The covariance between the senses stays as it is."
    ),
    Mistake(
        "ridge divided",
        slips.ridge_divided,
        _RIDGE + " You add it before you divide by rows − 1, which makes it smaller.",
    ),
    Mistake("ridge on the root", roots.with_(roots.ridge_on_root), _RIDGE + " You add it to the roots."),
    Mistake("all components", slips.all_components, "Only the first `components` pairs are wanted."),
    Mistake("smallest", slips.smallest, "The largest correlations come first; svd gives them in that order."),
    Mistake("squared", slips.squared, "The singular values are the correlations themselves, not squared."),
    Mistake(
        "unit length",
        slips.unit_length,
        "Directions are scaled so that what they give has variance 1, not so that they have length 1.",
    ),
    Mistake("transposed", slips.transposed, "a is [column of x, component]: one direction a column."),
    Mistake(
        "own signs",
        slips.own_signs,
        "A pair of directions must correlate positively: sign of b and a belong together, as svd gives them.",
    ),
    Mistake(
        "two decompositions",
        slips.two_decompositions,
        "Two calls of eigh choose their signs separately, and a pair may correlate negatively: one svd gives "
        "U and V together.",
    ),
    Mistake(
        "correlations of rows",
        slips.correlations_of_rows,
        "The correlations asked for are the first numbers of S. With a ridge, those of the rows along a and "
        "b are larger.",
    ),
    Mistake("other rows", slips.shuffled, "Row i of x and row i of y are a pair: leave their order."),
    Mistake(
        "projections",
        slips.projections,
        "The directions are wanted, [column, component], not what the rows become along them.",
    ),
    Mistake(
        "principal",
        slips.principal,
        "Those are each sense's own directions of most variance (PCA), which need not agree.",
    ),
)
