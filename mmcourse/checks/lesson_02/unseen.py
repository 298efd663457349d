"""A forest tested on the rows that each tree's bag left out."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_02 import unseen_slips as slips

torch = lazy("torch")


def _small(_generator):
    """Two trees, four rows: row 0 is in both bags, row 3 in none."""
    scores = torch.tensor(
        [[[0.0, 1.0], [0.9, 0.1], [0.6, 0.4], [0.8, 0.2]], [[0.0, 1.0], [0.7, 0.3], [0.0, 1.0], [0.1, 0.9]]]
    )
    return scores, torch.tensor([[0, 1, 1, 0], [2, 0, 2, 2]]), torch.tensor([1, 1, 0, 1])


def _forest(generator, trees, rows, classes, skill=1.0, known=3.0):
    """Bags drawn with putting back; a tree knows the rows of its bag far better than others."""
    drawn = torch.randint(rows, (trees, rows), generator=generator)
    labels = torch.randint(classes, (rows,), generator=generator)
    seen = (slips.how_often(drawn, rows) > 0).float()[..., None]
    lean = torch.nn.functional.one_hot(labels, classes) * (skill + known * seen)
    scores = (lean + 1.5 * torch.randn(trees, rows, classes, generator=generator)).softmax(-1)
    return scores, drawn, labels


_EVERY = "Rows in the bag of every tree have no answer: leave them out of the mean, out.any(dim=0)."
_TREES = (
    "You took the accuracy of single trees; for each row, add up the scores of its trees first, then argmax."
)
_NUMBERS = (
    "drawn holds numbers of rows, not a mask: row r is in the bag of tree t where r is anywhere in drawn[t]."
)
_BAG = (
    "That is the rows in the bags, which the trees know by heart; the trees that have not seen a row are "
    "asked."
)

out_of_bag = Exercise(
    id="02.9",
    name="out_of_bag",
    title="A test that costs no data",
    difficulty=2,
    minutes=18,
    stub="return the accuracy on rows judged only by trees that have not seen them",
    parameters=("scores", "drawn", "labels"),
    reference=slips.accuracy,
    hints=(
        "Row 2 of the example: which of the two trees has not seen it, and what does that tree say? And "
        "which tree may judge row 0?",
        "How do you make, from the row numbers in drawn[t], a mask that says for each of the rows whether "
        "tree t has seen it? seen[t, drawn[t]] = True does it for one tree.",
        "What has to happen to the scores of a tree that has seen a row before you add over the trees? Which "
        "shape has the mask, and which the scores?",
        "out = torch.ones(trees, rows, dtype=torch.bool); out[t, drawn[t]] = False for each tree t; total = "
        "(scores * out[..., None]).sum(dim=0); right = total.argmax(dim=1) == labels; the mean of right over "
        "the rows where out.any(dim=0).",
    ),
    cases=(
        Case("two trees, four rows", _small),
        Case("five trees, forty rows", lambda g: _forest(g, 5, 40, 3)),
        Case("twenty trees", lambda g: _forest(g, 20, 60, 5, skill=0.3)),
        Case("three trees: many rows in every bag", lambda g: _forest(g, 3, 80, 3, skill=0.5)),
        Case("one tree", lambda g: _forest(g, 1, 40, 4)),
        Case("ten classes", lambda g: _forest(g, 9, 70, 10, skill=0.8)),
        Case("trees that know nothing but their bag", lambda g: _forest(g, 7, 90, 2, skill=0.0, known=9.0)),
    ),
    mistakes=(
        Mistake("seen", slips.of_the_seen, _BAG),
        Mistake("seen, weighted", slips.seen_weighted, _BAG),
        Mistake(
            "all trees",
            slips.of_all_trees,
            "Every tree votes on every row with you, those that were trained on it too: that is the accuracy "
            "of training.",
        ),
        Mistake(
            "all trees on unseen rows",
            slips.all_trees_unseen_rows,
            "The rows are right, but trees that were trained on a row still vote on it: set their scores to "
            "0.",
        ),
        Mistake(
            "unseen by all",
            slips.unseen_by_all,
            "You kept only rows that no tree has seen, which are few or none: one tree that has not is "
            "enough, any.",
        ),
        Mistake("others wrong", slips.others_are_wrong, _EVERY),
        Mistake("others class 0", slips.others_are_class_0, _EVERY),
        Mistake("others right", slips.others_are_right, _EVERY),
        Mistake("0 / 0", slips.none_divides, _EVERY),
        Mistake(
            "votes",
            slips.votes,
            "Each tree has one vote with you, however sure it is; add up its shares of the classes instead.",
        ),
        Mistake("mean of trees", slips.mean_of_trees, _TREES),
        Mistake("trees pooled", slips.pooled_trees, _TREES),
        Mistake(
            "any tree",
            slips.any_tree_right,
            "You count a row as right when any of its trees is: the trees have to agree on one answer first.",
        ),
        Mistake(
            "every tree",
            slips.all_trees_right,
            "You count a row as right only when all its trees are: add up their scores, then argmax.",
        ),
        Mistake("first tree", slips.first_tree, "Only tree 0 is asked: is `return` inside your loop?"),
        Mistake(
            "last tree", slips.last_tree, "Only the last tree counts: each one overwrites what was before."
        ),
        Mistake(
            "first unseen",
            slips.first_unseen,
            "One tree answers for each row, the first that may; all that may are asked, and their scores "
            "added.",
        ),
        Mistake(
            "last unseen",
            slips.last_unseen,
            "One tree answers for each row, the last that may, instead of all that may: add their scores.",
        ),
        Mistake(
            "a number",
            slips.as_a_number,
            "A tensor without axes is wanted, as mean() gives it: leave out .item() and float().",
        ),
        Mistake(
            "drawn as trees",
            slips.drawn_as_trees,
            "out[drawn] takes the numbers of rows for numbers of trees: out[t, drawn[t]], for each tree t.",
        ),
        Mistake(
            "surest",
            slips.surest,
            "You let the surest tree decide; the sum over the trees is wanted, or their mean.",
        ),
        Mistake(
            "not twice",
            slips.not_twice,
            "A row that was drawn once has been seen: out of bag are those drawn 0 times.",
        ),
        Mistake("place by place", slips.place_by_place, _NUMBERS),
        Mistake("a mask", slips.as_a_mask, _NUMBERS),
        Mistake(
            "rows of the bag",
            slips.rows_of_the_bag,
            "scores[t, drawn[t]] are the rows of the bag, in the bag's order: mask the scores, do not pick "
            "by drawn.",
        ),
        Mistake(
            "error", slips.error, "That is the share of wrong answers; the share of right ones is wanted."
        ),
        Mistake("percent", slips.percent, "A share between 0 and 1 is wanted, not per cent."),
        Mistake("count", slips.count, "That is how many are right; divide by the number of rows that count."),
        Mistake("each row", slips.of_each_row, "One number is wanted: the mean over the rows that count."),
        Mistake("each unseen row", slips.of_unseen_rows, "One number is wanted: take the mean of it."),
        Mistake(
            "share of the right class",
            slips.of_the_right_class,
            "That is the mean share of the right class; accuracy asks whether it is the largest: argmax.",
        ),
        Mistake(
            "argmin", slips.least_sure, "You took the class with the least score; argmax takes the largest."
        ),
        Mistake(
            "mask without the axis of classes",
            slips.mask_of_rows,
            "The mask is [tree, row] and the scores are [tree, row, class]: out[..., None] gives it the "
            "third axis.",
        ),
    ),
    noticing="Of n rows drawn from n with putting back, (1 − 1/n)ⁿ ≈ 37 % are left out: each tree brings its "
    "own test set. But if a speaker's other recordings are in the bag, the test knows the voice, as in "
    "lesson 1.",
)
