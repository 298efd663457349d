"""What goes wrong where neighbours vote, and the sentence that names it."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_02 import voting_slips as slips

_LABELS = "These are places in reference; the class of each place is labels[place]."
_ONE_VOTE = "You let nearer neighbours count for more; here each of the k has one vote, however near it is."
_RANK = "Nearest is by ‖x − r‖² = ‖x‖² − 2 x·r + ‖r‖², and ‖r‖² is missing: it differs from place to place."
_EUCLID = "You compared in another way; nearest is by the squared distance, the sum of (x − r)²."
_TIES = "Of classes with as many votes the smallest number is wanted"
_VOTES = "These are votes, [row, class]; the class is the place of the most, argmax(dim=1)."
_NAMES = "Class numbers are names: between a 1 and a 7 there is no 4. Count the votes of each class."
_ALONG = (
    "You counted across the rows: each row of x has its own k neighbours, so count along dim=1 of "
    "labels[places], and take argmax over the classes."
)
_BLOCKS = (
    "You cut reference in pieces, and the k nearest of a piece are not the k nearest of all: cut x, and let "
    "each piece meet the whole of reference."
)
_UNEVEN = (
    "Without the number of classes, counts are as long as the largest label that came up, and do not fit "
    "together: bincount(…, minlength=classes) or F.one_hot(…, classes)."
)
_FIRST = (
    "Only the first chunk has an answer: is `return` in the loop, or does the slice end at chunk instead of "
    "start + chunk?"
)


def _by(part, name, wrong, sentence):
    return Mistake(name, partial(slips.classify, **{part: wrong}), sentence)


_FOUND = (
    _by("pick", "farthest", slips.farthest, "topk takes the largest, here the farthest: largest=False."),
    _by(
        "pick",
        "one less",
        partial(slips.nearest, more=-1),
        "One vote is missing: k neighbours vote, and a slice [:k] leaves out place k itself.",
    ),
    _by("pick", "one more", partial(slips.nearest, more=1), "There is one vote too many: k neighbours vote."),
    _by(
        "pick",
        "nearest left out",
        partial(slips.nearest, more=1, first=1),
        "You left out the nearest, as if it were x itself; but x is not in reference, and place 0 counts.",
    ),
    _by(
        "pick",
        "along the rows",
        slips.over_rows,
        "You looked for the nearest rows of x to each of reference: topk along dim=1, the axis of reference.",
    ),
    Mistake(
        "tables exchanged",
        slips.swapped,
        "You looked in x for the neighbours of reference: each row of x has its neighbours in reference.",
    ),
    _by("measure", "product", slips.product_alone, _RANK),
    _by("measure", "without the squares of reference", slips.squares_without_reference, _RANK),
    _by("measure", "sizes", slips.sizes, _EUCLID),
    _by("measure", "angles", slips.angles, _EUCLID),
    _by(
        "measure",
        "all differences",
        slips.differences,
        "Here stand all differences, [row, other, feature], many times as much as the distances: one matrix "
        "product gives ‖x − r‖² = ‖x‖² − 2 x·r + ‖r‖².",
    ),
    Mistake(
        "all differences of all rows",
        partial(slips.no_chunks, measure=slips.differences),
        "All rows and all differences at once: take x.split(chunk), and the distances by a matrix product.",
    ),
)

_VOTED = (
    _by("vote", "commonest place", slips.places_mode, _LABELS),
    _by("vote", "places counted", slips.places_counted, _LABELS),
    _by("vote", "nearest place", slips.nearest_place, _LABELS),
    _by(
        "vote",
        "values as places",
        slips.by_distance,
        "topk gives (values, indices): the values are distances, the indices are the places.",
    ),
    _by(
        "vote",
        "first labels",
        slips.not_gathered,
        "The first k labels vote for every row: take those at the places found, labels[places].",
    ),
    *(_by("vote", name, wrong, _ONE_VOTE) for name, wrong in slips.votes_by.items()),
    _by(
        "vote",
        "tie to the nearest",
        slips.tie_to_nearest,
        f"{_TIES}, not the class of the nearest (Counter gives the one that it met first).",
    ),
    _by(
        "vote",
        "tie to the farthest",
        partial(slips.tie_to_nearest, turned=True),
        f"{_TIES}, not the one met last: a new maximum has to be larger, >, not >=.",
    ),
    _by("vote", "tie to the largest", slips.tie_to_largest, f"{_TIES}, not the largest."),
    _by(
        "vote",
        "nearest alone",
        slips.of_the_nearest,
        "This is the class of the nearest alone; all k have a vote.",
    ),
    _by("vote", "mean", slips.mean_class, _NAMES),
    _by("vote", "median", slips.median_class, _NAMES),
    _by("vote", "largest class", slips.largest_class, _NAMES),
    _by("vote", "smallest class", slips.smallest_class, _NAMES),
    _by(
        "vote",
        "labels of all",
        slips.of_each,
        "These are the labels of the k neighbours; they have yet to vote, so that one class is left.",
    ),
    _by("vote", "votes", slips.vote_counts, _VOTES),
    _by(
        "vote",
        "number of votes",
        slips.most_votes,
        "This is how many votes the winner has; the class is its place, argmax(dim=1).",
    ),
    _by("vote", "fewest", slips.fewest, "You took the class with the fewest votes; argmax gives the most."),
    _by("vote", "mode over rows", slips.mode_over_rows, _ALONG),
    _by("vote", "sum over rows", slips.sum_over_rows, _ALONG),
    _by("vote", "argmax over rows", slips.argmax_over_rows, _ALONG),
    _by(
        "vote",
        "sum over classes",
        slips.sum_over_classes,
        "You added over the classes, which gives 1 for each neighbour: one_hot is [row, k, class], and votes "
        "add along dim=1.",
    ),
    _by("vote", "uneven counts", slips.uneven_counts, _UNEVEN),
    Mistake("uneven rows", slips.uneven_rows, _UNEVEN),
    Mistake("uneven chunks", slips.uneven_one_hot, _UNEVEN),
    _by(
        "vote",
        "floats",
        slips.as_floats,
        "A class is a whole number, and torch.zeros(n) holds floats: dtype=torch.long.",
    ),
)

_CHUNKS = (
    Mistake(
        "whole chunks",
        slips.whole_chunks,
        "The last rows have no answer: len(x) // chunk leaves out the rest; x.split(chunk) keeps it.",
    ),
    Mistake("first chunk", slips.first_chunk, _FIRST),
    Mistake(
        "last chunk",
        slips.last_chunk,
        "Only the last chunk has an answer: each overwrites the one before. Keep them in a list, then "
        "torch.cat.",
    ),
    Mistake(
        "no chunks",
        slips.no_chunks,
        "All rows meet all others at once; at most chunk rows of x may: `for rows in x.split(chunk)`.",
    ),
    Mistake(
        "as many pieces",
        slips.as_many_pieces,
        "Your pieces are too large: x.chunk(n) makes n pieces of any size, x.split(chunk) makes pieces of "
        "chunk rows.",
    ),
    Mistake(
        "overwritten",
        slips.overwritten,
        "The answers of a chunk stand at the wrong rows: chunk number i begins at row i × chunk.",
    ),
    *(
        Mistake(f"blocks of reference, {keep}", partial(slips.blocks_of_reference, keep=keep), _BLOCKS)
        for keep in ("all", "first", "last")
    ),
    Mistake(
        "places within a block",
        slips.local_places,
        "In a piece of reference places count from its start: add the start before you look up labels.",
    ),
    Mistake(
        "list", slips.in_a_list, "A tensor is wanted: torch.tensor(…, dtype=torch.long) makes one of a list."
    ),
    Mistake("list of pieces", slips.pieces_in_a_list, "The chunks are not joined yet: torch.cat(pieces)."),
    Mistake(
        "squeezed", slips.without_axis, "One row of x is a table too: return [row] for it, without squeeze()."
    ),
)

MISTAKES = (*_FOUND, *_VOTED, *_CHUNKS)
