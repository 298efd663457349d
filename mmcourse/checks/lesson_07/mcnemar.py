"""Are two classifiers told apart by the same test examples? McNemar's exact test."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import mcnemar_slips as slips

torch = lazy("torch")


def _of(both, only_a, only_b, neither):
    """Examples of the four kinds, in this order."""
    a = [True] * (both + only_a) + [False] * (only_b + neither)
    b = [True] * both + [False] * only_a + [True] * only_b + [False] * neither
    return torch.tensor(a, dtype=torch.bool), torch.tensor(b, dtype=torch.bool)


def _shuffled(generator, *counts):
    a, b = _of(*counts)
    order = torch.randperm(len(a), generator=generator)
    return a[order], b[order]


def _drawn(generator, count, share_a, share_b):
    draws = torch.rand(2, count, generator=generator)
    return draws[0] < share_a, draws[1] < share_b


_PAIRS = (
    "Only the examples count on which one is right and the other wrong: where both are right, or both wrong, "
    "nothing tells the two apart."
)
_BOTH_SIDES = "Two-sided: a lead of either would have surprised you as much, so take the tail twice."
_ONE_COUNT = "Take the smaller of the two counts, whichever classifier it belongs to."
_AT_MOST = "The tail holds the count that was seen as well: sum k from 0 up to it."
_TAIL = "The chance of just this count is small for any count; add up all that are as extreme, k = 0 … it."
_CHI = (
    "That is the chi-square approximation, which is poor for few examples; the exact test adds up "
    "math.comb(n, k) / 2ⁿ."
)
_NONE = "Where the two never differ nothing speaks against their being equal: p is 1."

mcnemar = Exercise(
    id="07.9",
    name="mcnemar",
    title="Told apart, or luck? McNemar's test",
    difficulty=2,
    minutes=15,
    stub="return the exact two-sided p of McNemar's test",
    parameters=("right_a", "right_b"),
    reference=slips.exact,
    tolerance=1e-9,
    variants=(),
    hints=(
        "On 100 examples both are right, on 3 only A, on 1 only B. Which of these 104 say anything about "
        "which of the two is better?",
        "If A and B were equally good, each example that tells them apart would be a toss of a fair coin. "
        "How likely is it to see as few heads as the smaller count, or fewer?",
        "The chance of k heads in n tosses is math.comb(n, k) / 2**n. Sum it for k = 0 … smaller count; "
        "twice that, since either could have led; and never more than 1.",
        "only_a = int((right_a & ~right_b).sum()), only_b the other way round; n = only_a + only_b; "
        "p = min(1.0, 2 * sum(math.comb(n, k) for k in range(min(only_a, only_b) + 1)) / 2**n).",
    ),
    cases=(
        Case("only A right 7 times, only B once", lambda g: _of(10, 7, 1, 2)),
        Case("only B right more often", lambda g: _shuffled(g, 6, 2, 9, 3)),
        Case("as often the one as the other", lambda g: _shuffled(g, 4, 3, 3, 1)),
        Case("5 to 4", lambda g: _shuffled(g, 20, 5, 4, 6)),
        Case("they never differ", lambda g: _of(5, 0, 0, 2)),
        Case("a single example", lambda g: _of(0, 1, 0, 0)),
        Case("all right against all wrong", lambda g: _of(0, 12, 0, 0)),
        Case("random answers, 200 examples", lambda g: _drawn(g, 200, 0.9, 0.8)),
        Case("two bad ones", lambda g: _drawn(g, 60, 0.2, 0.3)),
        Case("a thousand and more differ", lambda g: _shuffled(g, 500, 700, 650, 100)),
        Case("thousands of examples", lambda g: _shuffled(g, 2500, 160, 120, 220)),
    ),
    mistakes=(
        Mistake("one-sided", slips.one_sided, _BOTH_SIDES),
        Mistake(
            "above 1",
            slips.above_one,
            "A probability above 1: where both counts are equal the two tails overlap; cut off at 1.",
        ),
        Mistake(
            "other tail",
            slips.other_tail,
            "You add up to the larger count, which is nearly everything: "
            + _ONE_COUNT[0].lower()
            + _ONE_COUNT[1:],
        ),
        Mistake("first tail", slips.first_tail, _ONE_COUNT),
        Mistake("second tail", slips.second_tail, _ONE_COUNT),
        Mistake("fewer", slips.fewer, _AT_MOST),
        Mistake("point", slips.point, _TAIL),
        Mistake("twice the point", slips.twice_the_point, _TAIL),
        Mistake(
            "all examples",
            slips.all_examples,
            "You toss once for each example; " + _PAIRS[0].lower() + _PAIRS[1:],
        ),
        Mistake("concordant too", slips.concordant_too, "You count how often each is right. " + _PAIRS),
        Mistake(
            "concordant alone", slips.concordant_alone, "You count those on which the two agree. " + _PAIRS
        ),
        Mistake("errors", slips.errors, "You count the errors of each, those of both among them. " + _PAIRS),
        Mistake("chi-square", slips.chi_square, _CHI),
        Mistake("chi-square, corrected", slips.chi_square_corrected, _CHI),
        Mistake("chi-square, unguarded", slips.chi_square_unguarded, _NONE + " You divide by 0 there."),
        Mistake("statistic", slips.statistic, "That is the chi-square statistic, not a probability."),
        Mistake(
            "unpaired",
            slips.unpaired,
            "You compare two shares as if they came from different examples. " + _PAIRS,
        ),
        Mistake("none is 0", slips.none_is_zero, _NONE),
        Mistake("none is NaN", slips.none_is_nan, _NONE),
        Mistake("complement", slips.complement, "That is 1 − p: a small p speaks against equality."),
        Mistake(
            "32 bits",
            slips.in_float32,
            "Factorials and 2ⁿ leave the range of 32-bit numbers; Python's whole numbers have no "
            "limit: math.comb(n, k) and 2**n.",
        ),
    ),
    noticing="Two accuracies of 96 and 97 % on 500 examples can have p = 0.06 or 0.5; it depends on how many "
    "examples tell the two apart. So store answers, not accuracies.",
)
