"""What goes wrong on the way down a tree, and the sentence that names it."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_02 import walking_slips as slips

_SHORT = "You stop too early: go on until every row has come to a leaf, while (feature[node] >= 0).any()."
_AXIS = "A batch of one is a batch: return [row] for one row too, without squeeze()."
_LEAVES = (
    "A leaf's −1 is no node and no feature; as an index it takes the last one. Rows at a leaf stay there."
)
_INDEX = "Numbers of nodes are indices, so they must be whole: torch.zeros(len(x), dtype=torch.long)."
_EMPTY = " x may have no rows, and torch.tensor of an empty list is float32: give it dtype=torch.long."
_NO_ROW = "x may have no rows: the answer is then a tensor without entries, torch.zeros(0, dtype=torch.long)."
_JOIN = (
    "x may have no rows, and stack and cat want at least one piece: let all rows go down together, or make "
    "the answer first, torch.zeros(len(x), dtype=torch.long)."
)

MISTAKES = (
    Mistake(
        "less than",
        partial(slips.predict, strict=True),
        "A value that is the threshold itself goes left: <=, not <.",
    ),
    Mistake(
        "turned",
        partial(slips.predict, turned=True),
        "Left and right are exchanged: values up to the threshold go left.",
    ),
    Mistake(
        "turned, strict",
        partial(slips.predict, turned=True, strict=True),
        "Left and right are exchanged: values up to the threshold go left.",
    ),
    Mistake("root", slips.root_only, "You answer with the root; no question has been asked."),
    *(Mistake(f"{n} questions", wrong, _SHORT) for n, wrong in slips.stops_after.items()),
    Mistake(
        "stops at the first leaf",
        partial(slips.predict, any_leaf=True),
        "You stop when the first row comes to a leaf; the others are still on their way: any(), not all().",
    ),
    Mistake(
        "first row",
        slips.of_the_first_row,
        "All rows follow the first one: each row has a node of its own, so node is a tensor [row].",
    ),
    Mistake(
        "feature of the root",
        partial(slips.predict, same_feature=True),
        "You look at the root's feature all the way; each node has its own, tree['feature'][node].",
    ),
    Mistake(
        "threshold by feature",
        partial(slips.predict, by_feature=True),
        "A threshold belongs to a node, not to a feature: tree['threshold'][node].",
    ),
    Mistake(
        "leaves are asked too",
        slips.wraps_around,
        _LEAVES,
    ),
    Mistake(
        "heap",
        slips.like_a_heap,
        "The children of node i are not 2i + 1 and 2i + 2 here: tree['left'] and tree['right'] say where "
        "they are.",
    ),
    Mistake(
        "next node",
        slips.next_node,
        "The right child need not come after the left one: tree['right'] says where it is.",
    ),
    Mistake(
        "node",
        slips.nodes,
        "These are the nodes; the class is the place of the largest probability there.",
    ),
    Mistake(
        "shares",
        slips.shares,
        "These are the shares of the classes; take the place of the largest, argmax.",
    ),
    Mistake(
        "largest share",
        slips.largest_share,
        "This is the largest share itself; the class is its place, argmax(dim=1).",
    ),
    Mistake(
        "max",
        slips.with_largest,
        "max with a dim returns values and places; the class is the place alone, argmax(dim=1).",
    ),
    Mistake(
        "argmin", slips.smallest_share, "You took the rarest class of the leaf; the commonest is wanted."
    ),
    Mistake(
        "over rows",
        slips.over_rows,
        "You took the largest over the rows; classes are the second axis, argmax(dim=1).",
    ),
    Mistake(
        "floats",
        slips.as_floats,
        "A class is a whole number: keep what argmax gives, or dtype=torch.long.",
    ),
    Mistake(
        "leaves of the first question",
        slips.only_leaf_rows,
        "Rows that are not yet at a leaf after one question need more of them.",
    ),
    Mistake(
        "never ends", slips.never_ends, "Your loop never ends: rows at a leaf have feature −1, and stop."
    ),
    Mistake("squeezed", slips.without_axis, _AXIS),
    Mistake(
        "first row alone",
        slips.first_row_alone,
        "Only the first row has an answer: is `return` in a loop?",
    ),
    Mistake(
        "list",
        slips.as_list,
        "A tensor is wanted: torch.tensor(…, dtype=torch.long) makes one of a list.",
    ),
    Mistake(
        "argmax of all",
        slips.first_place_of_all,
        "argmax() without a dim gives one place in the whole table; one for each row is argmax(dim=1).",
    ),
    Mistake("until no node is left", slips.last_before_none, _LEAVES),
    Mistake("float nodes", slips.float_nodes, _INDEX),
    Mistake("no row, float index", slips.no_row_index, _INDEX + _EMPTY),
    Mistake("no row, float", slips.no_row_float, "Without rows your classes are float." + _EMPTY),
    *(
        Mistake(
            f"no row, nothing to join, {number}",
            wrong,
            _JOIN,
        )
        for number, wrong in enumerate(slips.NO_ROW_STACKED)
    ),
    *(Mistake(f"no row, {number}", wrong, _NO_ROW) for number, wrong in enumerate(slips.NO_ROW_OTHERWISE)),
    Mistake(
        "if on a batch",
        slips.bool_of_nodes,
        "`if` and `while` need one answer, and each row has its own: torch.where, and .any() for the loop.",
    ),
)
