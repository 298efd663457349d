"""How sure is a difference in accuracy? The paired bootstrap."""

import statistics

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import bootstrap_slips as slips

torch = lazy("torch")


def _answers(generator, count, share_a, share_b, alike=0.7):
    """Two classifiers that err together more often than by chance."""
    draws = torch.rand(3, count, generator=generator)
    second = torch.where(draws[2] < alike, draws[0], draws[1])
    return draws[0] < share_a, second < share_b


def _case(count, share_a, share_b, draws, level=0.95, alike=0.7):
    def make(generator):
        own = torch.Generator().manual_seed(17)
        return (*_answers(generator, count, share_a, share_b, alike), draws, level, own)

    return make


def _tiny(_generator):
    """Only the first example tells the two apart."""
    own = torch.Generator().manual_seed(3)
    return torch.tensor([True, True, False, True]), torch.tensor([False, True, False, True]), 400, 0.9, own


def _tiny_last(_generator):
    """Only the last example tells the two apart: it must be drawn, too."""
    own = torch.Generator().manual_seed(3)
    return torch.tensor([True, True, False, True]), torch.tensor([True, True, False, False]), 400, 0.9, own


def _skewed(_generator):
    """Three of 60 tell the two apart, all in favour of the first: draws reach farther up than down."""
    right_b = torch.ones(60, dtype=torch.bool)
    right_b[[5, 20, 41]] = False
    return torch.ones(60, dtype=torch.bool), right_b, 8000, 0.99, torch.Generator().manual_seed(29)


def _judge(got, wanted, args):
    """Sentence for the first thing that is not as it must be: shape, estimate, then the two ends.

    The ends are drawn, and another right way draws other examples: they may be as far off as chance takes
    them.
    """
    right_a, right_b, draws, level = args.args[:4]
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        return "the result is three numbers: estimate, low, high"
    got = [float(x) for x in got]
    if any(x != x for x in got):
        return "one of the three numbers is NaN"
    if abs(got[0] - wanted[0]) > 1e-6:
        found = f"the estimate is {got[0]:.4f}, wanted {wanted[0]:.4f}"
        return f"{found}, the difference on the examples as they are"
    if got[1] > got[2]:
        return f"low is {got[1]:.4f} and high {got[2]:.4f}: the lower end comes first"
    outside = (1 - level) / 2
    spread = (right_a.double() - right_b.double()).std(correction=0).item() / len(right_a) ** 0.5
    # A quantile of so many draws errs by about so much, and jumps by one example's weight.
    height = statistics.NormalDist().pdf(statistics.NormalDist().inv_cdf(outside))
    slack = 6 * spread * (outside * (1 - outside) / draws) ** 0.5 / height + 1.01 / len(right_a)
    if max(abs(got[1] - wanted[1]), abs(got[2] - wanted[2])) > slack:
        return (
            f"the interval is {got[1]:.4f} to {got[2]:.4f}, wanted {wanted[1]:.4f} to {wanted[2]:.4f} "
            f"(each end within {slack:.4f})"
        )
    return None


def _seeded(answer, right_a, right_b, draws, level, generator):
    """Ask twice, each time from the same state of the generator, and see whether it was used at all."""
    before = generator.get_state()
    first = answer(right_a, right_b, draws, level, generator)
    after = generator.get_state()
    generator.set_state(before)
    again = answer(right_a, right_b, draws, level, generator)
    if torch.equal(before, after):
        return "unused"
    return first if again == first else "not again"


def _with_generator(got, wanted, args):
    if isinstance(got, str):
        return {
            "unused": "the generator was not used: two callers with two generators would draw the same",
            "not again": "the same generator, set back to where it was, gave another interval",
        }.get(got, "the result is three numbers: estimate, low, high")
    return _judge(got, wanted, args)


_PAIRED = (
    "Draw examples, and look at both classifiers on them: what is hard for one is mostly hard for the other. "
    "Draws apart make the interval too wide."
)
_REPLACE = "Draw with replacement: the same examples in another order have the same mean, so nothing varies."
_TAILS = "A level of 0.95 leaves 5 % outside, half of it on either side: the quantiles 0.025 and 0.975."
_ENDS = "The ends are quantiles of the draws: sort them, and cut off (1 − level) / 2 on either side."
_GENERATOR = "Hand the generator to torch.randint(…, generator=generator), or nobody can repeat the result."
_ESTIMATE = "The estimate is the difference on the examples as they are; draws are for the interval alone."

bootstrap_difference = Exercise(
    id="07.10",
    name="bootstrap_difference",
    title="How sure is a difference?",
    difficulty=2,
    minutes=15,
    stub="return the difference in accuracy and the ends of its paired bootstrap interval",
    parameters=("right_a", "right_b", "draws", "level", "generator"),
    reference=slips.paired,
    call=_seeded,
    judge=_with_generator,
    variants=(),
    hints=(
        "You have one test set and want to know how far the difference would move with another. Where could "
        "other test sets come from, if there are no more examples?",
        "Each draw is a test set of the same size, made of your examples, some twice, some not at all. Must "
        "both classifiers be measured on the same draw?",
        "rows = torch.randint(count, (draws, count), generator=generator); each example contributes "
        "right_a − right_b, which is −1, 0 or 1. What is the mean of each draw?",
        "each = right_a.double() − right_b.double(); values = each[rows].mean(dim=1); outside = (1 − level) "
        "/ 2; low, high = values.quantile(outside), values.quantile(1 − outside); the estimate: each.mean().",
    ),
    cases=(
        Case("four examples, one of which tells", _tiny),
        Case("four examples, the last of which tells", _tiny_last),
        Case("200 examples, 90 against 80 %", _case(200, 0.9, 0.8, 1000)),
        Case("another level", _case(200, 0.9, 0.8, 1000, level=0.5)),
        Case("the second is better", _case(150, 0.6, 0.75, 800, level=0.9)),
        Case("hardly any difference", _case(300, 0.85, 0.85, 1000)),
        Case("they err together", _case(400, 0.9, 0.8, 1000, alike=1.0)),
        Case("few draws", _case(120, 0.9, 0.6, 60, level=0.8)),
        Case("few draws of many examples", _case(3000, 0.9, 0.8, 30, level=0.8)),
        Case("three of 60 tell the two apart", _skewed),
        Case(
            "a single example",
            lambda g: (
                torch.tensor([True]),
                torch.tensor([False]),
                20,
                0.9,
                torch.Generator().manual_seed(1),
            ),
        ),
    ),
    mistakes=(
        Mistake("unpaired", slips.unpaired, _PAIRED),
        Mistake("shuffled", slips.shuffled, _REPLACE),
        Mistake(
            "last left out",
            slips.last_left_out,
            "Your draws never hold the last example: the upper end of torch.randint(0, count, …) is left out "
            "already.",
        ),
        Mistake("half", slips.half, "Each draw must be as large as the test set: a smaller one varies more."),
        Mistake("one-sided", slips.one_sided, _TAILS),
        Mistake("whole tail", slips.whole_tail, _TAILS),
        Mistake("level on either side", slips.hundred_levels, _TAILS),
        Mistake(
            "extremes",
            slips.extremes,
            "The smallest and the largest draw say how many draws you made, not the level. " + _ENDS,
        ),
        Mistake(
            "one deviation",
            slips.one_deviation,
            "One standard deviation is a level of 68 %, whatever was asked for. " + _ENDS,
        ),
        Mistake(
            "standard error",
            slips.standard_error,
            "Divided by √draws, the interval shrinks with more draws, though the test set stays as small. "
            + _ENDS,
        ),
        Mistake("mean of draws", slips.mean_of_draws, _ESTIMATE),
        Mistake("median of draws", slips.median_of_draws, _ESTIMATE),
        Mistake(
            "mirrored",
            slips.mirrored,
            "Twice the estimate minus a quantile is another interval, the basic one; the quantiles "
            "themselves are asked for.",
        ),
        Mistake(
            "around 0",
            slips.around_zero,
            "Do not take the estimate off the draws: the interval lies around it, not around 0.",
        ),
        Mistake("turned", slips.turned, "The sign is the wrong way round: A's accuracy minus B's."),
        Mistake(
            "without sign",
            slips.without_sign,
            "Keep the sign: whether 0 lies in the interval is the question.",
        ),
        Mistake("own generator", slips.own_generator, _GENERATOR),
        Mistake("fresh seed", slips.fresh_seed, _GENERATOR),
        Mistake("fixed level", slips.fixed_level, "Your level is always 95 %: use the argument."),
        Mistake(
            "examples for draws",
            slips.one_draw,
            "The spread of single examples is not that of their mean: each draw is a mean over as many "
            "examples as there are.",
        ),
        Mistake("swapped ends", slips.swapped_ends, "The lower end comes first."),
        Mistake("in percent", slips.in_percent, "Shares, not percent: a difference of 3 points is 0.03."),
        Mistake(
            "of the first",
            slips.of_the_first,
            "This is the accuracy of A alone; the difference is wanted, example by example.",
        ),
    ),
    time_limit=10.0,
    noticing="The interval is for this training run on other examples. Other seeds are a second source of "
    "spread, which no bootstrap of one run shows.",
)
