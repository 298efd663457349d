"""Mistakes that people make in a round of co-training."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import teaching_more as more
from mmcourse.checks.lesson_08 import teaching_slips as slips

_OTHER = "What b is sure of goes to *a*, and what a is sure of to b: nobody learns from its own labels."
_WAITS = "A row that both choose and name differently goes to nobody: take it out of both lists."
_AGREED = "A row that both choose and name alike goes to both: only different names make it wait."
_UNSURE = (
    "Only a row that both *chose* is disputed. Where the other sense is not sure, its opinion does not "
    "count: "
    "that is where it can learn."
)
_AFTER = "First both choose, as in 08.5; then the disputed rows are taken out, and nobody takes their place."

_TOGETHER = (
    "You join the rows of one sense with the labels of the other: they come from the same call of 08.5."
)
_ZERO = "Class 0 counts as False: `if of_b.get(row)` takes it for a row that is not there. Ask `row in of_b`."

MISTAKES = (
    Mistake("to itself", slips.with_(slips.to_itself), _OTHER),
    Mistake(
        "to itself, disputes kept",
        slips.with_(slips.to_itself_disputes_kept),
        _OTHER + " And a row that the two name differently waits.",
    ),
    Mistake("disputes kept", slips.with_(slips.disputes_kept), _WAITS),
    Mistake("first wins", slips.with_(slips.first_wins), "You let a have its way in a dispute. " + _WAITS),
    Mistake(
        "taken from one",
        slips.with_(slips.first_keeps),
        "You take a disputed row from what b labels only. " + _WAITS,
    ),
    Mistake(
        "taken from the other",
        slips.with_(slips.second_keeps),
        "You take a disputed row from what a labels only. " + _WAITS,
    ),
    Mistake(
        "surer wins",
        slips.with_(slips.surer_wins),
        "You let the surer sense have its way in a dispute. " + _WAITS,
    ),
    Mistake("all shared dropped", slips.with_(slips.all_shared_dropped), _AGREED),
    Mistake(
        "only agreed",
        slips.with_(slips.only_agreed),
        "You keep only what both choose and name alike, so neither learns what it did not know. " + _UNSURE,
    ),
    Mistake("student must agree", slips.with_(slips.student_must_agree), _UNSURE),
    Mistake("disputes first", slips.disputes_first, _UNSURE),
    Mistake(
        "students' names",
        slips.with_(slips.students_names),
        "The label is that of the sense that *chose* the row: you look the class up in the other one's "
        "log_probs.",
    ),
    Mistake(
        "students' names, disputes kept",
        slips.with_(slips.students_names_disputes_kept),
        "The label is that of the sense that *chose* the row: you look the class up in the other one's "
        "log_probs.",
    ),
    Mistake("rows and labels crossed", slips.crossed, _TOGETHER),
    Mistake("rows and labels crossed back", slips.crossed_back, _TOGETHER),
    Mistake(
        "sure student",
        slips.sure_student_skipped,
        "You leave out what the student is sure of. Whether it is sure does not matter: agreed rows go to "
        "both.",
    ),
    Mistake(
        "sure disputes first", slips.sure_disputes_first, "You take disputed rows out too early. " + _AFTER
    ),
    Mistake(
        "one list", slips.with_(slips.one_list), "You give both the same labels, their own too. " + _OTHER
    ),
    Mistake("first for both", slips.with_(slips.both_ways), "Both get the labels of a. " + _OTHER),
    Mistake(
        "rising rows",
        slips.with_(slips.rising_rows),
        "The right rows, in the order of the data: the teacher's surest comes first, as in 08.5.",
    ),
    Mistake(
        "same place",
        slips.same_place,
        "You compare the two lists place by place: the same row may stand at another place in the other "
        "list.",
    ),
    Mistake("filled up", slips.filled_up, "You let the next surest take a disputed row's place. " + _AFTER),
    Mistake(
        "of the product",
        slips.of_the_product,
        "You ask both senses together. Each chooses by itself, and what *one* is sure of teaches the other.",
    ),
    Mistake(
        "of the mean",
        slips.of_the_mean,
        "You take the mean of both opinions. Each chooses by itself, and what *one* is sure of teaches the "
        "other.",
    ),
    Mistake("no bar", slips.no_bar, "Rows below the threshold are chosen too: hand it on to 08.5."),
    Mistake(
        "bar of logarithms",
        slips.bar_of_logarithms,
        "Nothing is ever chosen. Do you compare a probability, the threshold, with logarithms?",
    ),
    Mistake("no limit", slips.no_limit, "Each sense chooses per_class rows of a class at most, as in 08.5."),
    Mistake(
        "half the limit",
        slips.half_limit,
        "per_class holds for each sense by itself; it is not shared between the two.",
    ),
    Mistake(
        "what is left",
        slips.second_pool,
        "The second sense chooses among what the first left in yours. Both look at all rows, or an agreed "
        "row "
        "could not go to both.",
    ),
    Mistake(
        "flat",
        slips.flat,
        "You return four tensors in a row: two pairs are wanted, ((rows, labels), (rows, labels)).",
    ),
    Mistake(
        "joined",
        slips.joined_list,
        "You join the two lists into one: what a gets and what b gets are two pairs.",
    ),
    Mistake(
        "compared as they are",
        slips.compared_as_they_are,
        "The two lists are not equally long: rows_a[:, None] == rows_b compares each with each.",
    ),
    Mistake(
        "looked up",
        slips.looked_up,
        "A row that one sense chose need not be in the other's list: of_b.get(row, label) gives the label "
        "itself "
        "then.",
    ),
    Mistake(
        "sure is enough",
        slips.sure_is_enough,
        "A row is disputed if both *chose* it. One that is sure enough, but beyond a sense's per_class, is "
        "not.",
    ),
    Mistake("as a dict", slips.as_dict, "A pair of pairs is wanted: what a learns, then what b learns."),
    Mistake(
        "masks swapped",
        slips.masks_swapped,
        "A mask over a's list does not fit b's: of the table [row of a, row of b], any(dim=1) is a's and "
        "any(dim=0) b's.",
    ),
    Mistake("labels first", slips.labels_first, "In each pair the rows come first, then their labels."),
    Mistake("class 0 is missing", slips.with_(more.zero_is_missing), _ZERO),
    Mistake("class 0 of a is missing", slips.with_(more.zero_is_missing_of_a), _ZERO),
    Mistake(
        "only news",
        slips.with_(more.only_news),
        "You keep what the other list does not hold as it is: agreed rows fall out, and disputed ones stay. "
        "It is the other way round.",
    ),
    Mistake(
        "student's order",
        slips.with_(more.students_order),
        "You sort by how sure the *student* is; the teacher's surest row comes first.",
    ),
    Mistake(
        "floats of nothing",
        more.floats_of_nothing,
        "torch.tensor([]) is an empty tensor of *float*: say dtype=torch.long, since nothing may be left.",
    ),
)
