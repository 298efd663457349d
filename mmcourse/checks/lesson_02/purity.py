"""How mixed the rows of a node are."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_02 import purity_slips as slips

torch = lazy("torch")

_KINDS = {"gini": "Gini", "entropy": "entropy"}


def _small(kind, _generator):
    """Three nodes: pure, even, uneven."""
    return torch.tensor([[4.0, 0.0], [2.0, 2.0], [1.0, 3.0]]), kind


def _empty(kind, _generator):
    return torch.tensor([[3.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]]), kind


def _nodes(kind, generator, shape=(6, 5), most=7):
    """Counts of which about a third are 0."""
    counts = torch.randint(1, most + 1, shape, generator=generator)
    return (counts * (torch.rand(shape, generator=generator) > 0.35)).float(), kind


def _of_both(name, make, **options):
    return (Case(f"{name}, {said}", partial(make, kind, **options)) for kind, said in _KINDS.items())


def _gini(name, wrong, sentence):
    return Mistake(f"Gini: {name}", partial(slips.impurity, gini=wrong), sentence)


def _entropy(name, wrong, sentence):
    return Mistake(f"entropy: {name}", partial(slips.impurity, entropy=wrong), sentence)


_SHARES = "The formula is one of shares, not of rows: divide the counts by the rows of their node first."
_FIRST = "You look at class 0 against all others; every class has its term in the sum."
_AXIS = "The axis of the classes is the last, however many stand before it: dim=-1."
_ABSENT = (
    "A class without rows gives 0 · log 0 = 0 · −∞, which is NaN. Its term is 0: leave it out with "
    "torch.where(share > 0, …), or take torch.xlogy."
)

impurity = Exercise(
    id="02.6",
    name="impurity",
    title="How mixed is a node?",
    difficulty=1,
    minutes=12,
    stub="return the Gini impurity or the entropy of each node, from its rows of each class",
    parameters=("counts", "kind"),
    reference=slips.impurity,
    hints=(
        "Node 2 of the example has 1 row of class 0 and 3 of class 1. Which shares are these? What are "
        "their squares, and how much is missing to 1?",
        "Along which axis do you add up, so that it fits [class], [node, class] and [tree, node, class]? And "
        "what keeps that axis for the division?",
        "What does your computer give for 0 · log 0, and for 0/0? Where do they come up, and what is wanted "
        "there?",
        'share = counts / counts.sum(dim=-1, keepdim=True).clamp(min=1). For "gini" the sum of share · (1 − '
        "share) over dim=-1, which is 1 − Σ share² and also right for an empty node; else the sum of "
        "−torch.xlogy(share, share), divided by log 2.",
    ),
    cases=(
        *_of_both("three nodes", _small),
        *_of_both("classes that a node has not", _nodes),
        *_of_both("a node without rows", _empty),
        *_of_both("two trees of three nodes", _nodes, shape=(2, 3, 4)),
        *_of_both("no axis of nodes", _nodes, shape=(4,)),
        *_of_both("ten classes, thousands of rows", _nodes, shape=(8, 10), most=9000),
        *_of_both("one class", _nodes, shape=(3, 1)),
    ),
    mistakes=(
        Mistake(
            "always Gini",
            partial(slips.impurity, entropy=slips.gini),
            'You give Gini for both; look at `kind`: "entropy" asks for −Σ p · log₂ p.',
        ),
        Mistake(
            "always entropy",
            slips.gini_only_known_as,
            'You give the entropy for both: is kind compared with "gini", in small letters?',
        ),
        Mistake("exchanged", slips.exchanged, "The two kinds are exchanged: Gini is the one of squares."),
        Mistake(
            "neither",
            slips.neither,
            'Nothing is returned: does one of your branches fit "gini", and one "entropy"?',
        ),
        _entropy(
            "nats",
            slips.nats,
            "That is the entropy in nats, by the natural logarithm; in bits it is log2: divide by log 2.",
        ),
        _entropy("base 10", slips.decimal, "That is to base 10; bits need the logarithm to base 2, log2."),
        _entropy(
            "share of the largest",
            slips.of_the_largest,
            "You divided by log₂ of the number of classes, the largest it can be; bits are wanted as they "
            "are.",
        ),
        _entropy("NaN", slips.log_of_zero, _ABSENT),
        _entropy(
            "repaired late",
            slips.repaired_late,
            "The NaN of one class has spoilt the sum of its node before you repaired it, and the node looks "
            "pure: repair the terms, not their sum.",
        ),
        _entropy(
            "sign",
            slips.negative,
            "The logarithm of a share is negative, so the minus before the sum is needed.",
        ),
        _entropy(
            "log of 1 + p",
            slips.log_of_one_more,
            "You took log(1 + p) to keep clear of log 0, but that is another function: only p = 0 needs "
            "care.",
        ),
        _entropy("log of counts", slips.log_of_counts, _SHARES),
        _entropy("counts", slips.all_in_counts, _SHARES),
        _entropy(
            "no weights",
            slips.without_weights,
            "Each class's −log₂ p counts with its share: rare classes surprise more but come up less often.",
        ),
        _entropy("perplexity", slips.perplexity, "That is 2 to the power of the entropy, the perplexity."),
        _entropy(
            "each class and its rest",
            slips.both_answers_of_each_class,
            "You added (1 − p) · log₂(1 − p), as with two classes; with p of every class it is counted "
            "already.",
        ),
        _entropy("first class", slips.entropy_of_the_first, _FIRST),
        _gini(
            "purity", slips.purity, "That is how often two rows are of the same class; 1 minus it is Gini."
        ),
        _gini(
            "commonest",
            slips.rarer_than_the_commonest,
            "That is 1 minus the largest share, the error of a guess; Gini takes away the squares of all.",
        ),
        _gini(
            "square of the sum",
            slips.square_of_the_sum,
            "All is 0: the shares add up to 1, so square each share first, and add up then.",
        ),
        _gini("counts", slips.gini_of_counts, _SHARES),
        _gini("first class", slips.gini_of_the_first, _FIRST),
        _gini("half", slips.half_of_two, _FIRST),
        _gini(
            "not put back",
            slips.not_put_back,
            "You draw two different rows; here the first is put back before the second draw: squares of "
            "shares.",
        ),
        _gini(
            "mean of squares",
            slips.mean_of_squares,
            "You took the mean of the squares over the classes; their sum is wanted.",
        ),
        _gini(
            "empty is 1",
            slips.empty_is_one,
            "A node without rows has 1 − 0 = 1 with you, as if it were most mixed; it counts as 0.",
        ),
        Mistake(
            "empty is NaN",
            slips.empty_divides,
            "A node without rows has shares of 0/0, which is NaN: divide by its rows, but at least by 1.",
        ),
        Mistake("over nodes", slips.over_nodes, _AXIS),
        Mistake("axis 1", slips.dim_one, _AXIS),
        Mistake(
            "of all rows",
            slips.of_all_rows,
            "You divided by the rows of all nodes together: each node has its own, "
            "counts.sum(dim=-1, keepdim=True).",
        ),
        Mistake(
            "softmax",
            slips.of_softmax,
            "softmax makes shares of scores; shares of counts need only a division by their sum.",
        ),
        Mistake("first node", slips.first_node, "Only the first node comes back: is `return` in your loop?"),
        Mistake(
            "keepdim",
            slips.axis_kept,
            "keepdim is for the division; in the last sum the axis of classes goes.",
        ),
        Mistake("mean", slips.mean_of_nodes, "A number for each node is wanted, not their mean."),
        Mistake("sum", slips.sum_of_nodes, "You added up the nodes too: only classes, dim=-1."),
        Mistake(
            "times rows",
            slips.times_rows,
            "You multiplied by the rows of the node; 02.7 does so, to weigh two sides. Here it is left out.",
        ),
        Mistake("each class", slips.each_class, "These are the terms; add them up over the classes."),
        Mistake("both", slips.both, "Return the one that `kind` asks for, not both."),
        Mistake(
            "whole shares",
            slips.whole_shares,
            "// divides without a remainder, so each share is 0 or 1: divide with /.",
        ),
        Mistake(
            "if on all nodes",
            slips.if_on_all_nodes,
            "`if` needs one answer, and each node has its own number of rows: .clamp(min=1) or torch.where.",
        ),
        Mistake("list", slips.as_list, "A tensor is wanted, not a list: leave out tolist()."),
    ),
    noticing="With C classes Gini reaches 1 − 1/C and entropy log₂ C. Their scales differ, but both are "
    "largest for an even mixture, so they mostly choose the same question. Gini needs no logarithm.",
)
