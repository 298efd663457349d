"""Mistakes that people make when they choose pseudo-labels."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import labelling_more as more
from mmcourse.checks.lesson_08 import labelling_slips as slips

_BAR = "The threshold is a probability, and log_probs are logarithms, never above 0: compare log_probs.exp()."
_EACH = "per_class is a limit for each class by itself: count how many of *this* class you have taken."
_ORDER = "The rows come surest first, all classes mixed, and of equal ones the earlier row first."
_NONE = (
    "Nobody may be sure enough, and then there is nothing to join: return two empty tensors of whole "
    "numbers, as torch.tensor([], dtype=torch.long) makes one."
)
_SURE = "How sure a row is, is the probability of the class that it names"
_ROWS = "Rows are counted in log_probs as it came: "

MISTAKES = (
    Mistake("bar of logarithms", slips.with_(enough=slips.log_bar), _BAR),
    Mistake("above", slips.with_(enough=slips.strict_bar), "“At least” the threshold: >= instead of >."),
    Mistake(
        "no bar",
        slips.with_(enough=slips.no_bar),
        "You take rows below the threshold too, as long as their class is not full.",
    ),
    Mistake(
        "the unsure",
        slips.with_(enough=slips.unsure_bar),
        "You keep the rows *below* the threshold, those that the model is not sure of.",
    ),
    Mistake("no limit", slips.no_limit, "You take all that is sure enough. " + _EACH),
    Mistake("limit of all", slips.limit_of_all, "You take per_class rows in all. " + _EACH),
    Mistake(
        "limit for all",
        slips.limit_for_all,
        "You take per_class times the number of classes, so a favoured class crowds out the others. " + _EACH,
    ),
    Mistake(
        "ties overrun",
        slips.ties_overrun,
        "Equally sure rows come in together in yours, beyond per_class. Of equals the earlier row is taken "
        "first, until the class is full.",
    ),
    Mistake("one more", slips.one_more, "Your classes get one row too many: is it < or <= per_class?"),
    Mistake("one less", slips.one_less, "Your classes get one row too few: is it < or <= per_class?"),
    Mistake(
        "as the rarest",
        slips.as_rarest,
        "per_class is a limit, nothing more: a class that is hardly named does not hold the others back.",
    ),
    Mistake(
        "by column",
        slips.by_column,
        "You look for the best rows of each column, so a row may get a class that is not its best. Each row "
        "names one class first, its argmax.",
    ),
    Mistake(
        "best of each column",
        slips.best_of_each_column,
        "max(dim=0) goes down the rows: it finds one row for each class. Each row's best class is wanted, "
        "max(dim=1).",
    ),
    Mistake(
        "least sure first",
        slips.with_(order=slips.rising),
        "You begin with the least sure: argsort goes upwards unless told descending=True.",
    ),
    Mistake(
        "first come",
        slips.with_(order=slips.by_row),
        "You take the first rows of each class that are sure enough. Sort by how sure they are before you "
        "count.",
    ),
    Mistake(
        "first come, then sorted",
        slips.first_come_sorted,
        "You take the first rows of each class that are sure enough, and sort those. Sort by how sure they "
        "are before you count.",
    ),
    Mistake("rising rows", slips.in_rising_rows, "The right rows, in the order of the data. " + _ORDER),
    Mistake("class by class", slips.class_by_class, "The right rows, class by class. " + _ORDER),
    Mistake(
        "later of equals",
        slips.with_(order=slips.later_of_equals),
        "Of equally sure rows the earlier comes first: argsort(descending=True, stable=True), not a turned "
        "round argsort.",
    ),
    Mistake(
        "places among the sure",
        slips.places_among_the_sure,
        _ROWS + "after log_probs[mask] row 0 is another one. Keep the numbers with nonzero(), or mask later.",
    ),
    Mistake(
        "places in the order",
        slips.places_in_the_order,
        _ROWS + "you return places in the sorted list. order[place] is the row.",
    ),
    Mistake(
        "labels of all",
        slips.labels_of_all,
        "You return a label for every row; those of the chosen rows are wanted, named[rows].",
    ),
    Mistake(
        "labels in another order",
        slips.labels_in_rising_rows,
        "Your labels are in the order of the data and your rows are not: named[rows] keeps them together.",
    ),
    Mistake("swapped", slips.swapped, "The rows come first, then their labels."),
    Mistake("rows only", slips.rows_only, "Two tensors are wanted: the rows, and the labels they get."),
    Mistake("mask", slips.mask, "You return a mask; the numbers of the rows are wanted, the surest first."),
    Mistake(
        "how sure",
        slips.sureness_returned,
        "The second result is how sure the rows are; their classes are wanted, the *indices* of max(dim=1).",
    ),
    Mistake(
        "probabilities",
        slips.probabilities_returned,
        "The labels are class numbers, one a row, not rows of probabilities.",
    ),
    Mistake(
        "surest last",
        slips.surest_last,
        "The right rows, the least sure first: turn them round, argsort(descending=True).",
    ),
    Mistake(
        "stops at a full class",
        slips.stops_at_a_full_class,
        "You stop at the first class that is full: pass over this row, and go on with the others.",
    ),
    Mistake(
        "topk of each class",
        slips.topk_of_each_class,
        "A class may have fewer rows than per_class, which topk refuses: sort, then [:per_class].",
    ),
    Mistake(
        "as pairs",
        slips.as_pairs,
        "You return a list of pairs (row, label); two tensors are wanted, all rows and all labels.",
    ),
    Mistake("margin", slips.with_(sureness=slips.margin), _SURE + "; you took its lead over the second one."),
    Mistake(
        "entropy",
        slips.with_(sureness=slips.entropy, enough=lambda p, t: slips.best(p).exp() >= t),
        _SURE + "; you sort by the entropy of all classes.",
    ),
    Mistake(
        "over the rows",
        slips.over_batch,
        "Your softmax runs over the rows. log_probs are normalised over the classes already: exp is enough.",
    ),
    Mistake("least likely", slips.least_likely, "These are the least likely classes: argmax, not argmin."),
    Mistake("from one", slips.from_one, "Your class numbers begin at 1: column 0 is class 0."),
    Mistake(
        "floats of nothing",
        slips.floats_of_nothing,
        "torch.tensor([]) is an empty tensor of *float*: say dtype=torch.long, since nobody may be "
        "sure enough.",
    ),
    Mistake("stacked", slips.stacked, _NONE),
    Mistake("joined", slips.joined, _NONE),
    Mistake(
        "in place",
        slips.in_place,
        "exp_() writes over what the caller handed you: exp() makes a new tensor.",
    ),
    Mistake(
        "every class",
        more.every_class,
        "You take every class that reaches the threshold, so a row may come twice. Each row names one class, "
        "its argmax.",
    ),
    Mistake(
        "ties by class",
        more.ties_by_class,
        "You join the classes and then sort, so equally sure rows come class by class. " + _ORDER,
    ),
    Mistake(
        "softmax of probabilities",
        more.softmax_of_probs,
        "You take a softmax of probabilities, which makes all alike: exp of log_probs is enough.",
    ),
    Mistake("None of nobody", more.none_of_nobody, _NONE),
    Mistake("lists of nobody", more.lists_of_nobody, _NONE),
)
