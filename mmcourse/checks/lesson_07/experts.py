"""Senses that know different things: multiply, and count the prior once."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import averaging, averaging_slips
from mmcourse.checks.lesson_07 import experts_slips as slips

torch = lazy("torch")


def _with_prior(make):
    """The inputs of 07.1 with a prior that is not uniform between logits and present."""

    def made(generator):
        logits, present = make(generator)
        classes = logits.shape[-1]
        return logits, (1.5 * torch.randn(classes, generator=generator)).log_softmax(-1), present

    return made


def _rare(_generator):
    """Class 2 is rare. Both senses lean to class 0 as much as the prior does: together they know no more."""
    prior = torch.tensor([0.6, 0.3, 0.1])
    both = prior.log().expand(2, 1, 3).clone()
    return both, prior.log(), torch.ones(2, 1, dtype=torch.bool)


_BAYES = (
    "Each sense's opinion holds the prior already, so n senses count it n times; it belongs in once. Take "
    "(n − 1) · log prior away."
)
_PRIOR = "`prior` comes as log-probabilities: subtract it as it is."
_FULL = "You divide the sum of the logarithms by n, a geometric mean: each sense counts in full."
_THERE = (
    "n is how many senses are there in this example: a missing one is no expert, not even one who finds all "
    "classes alike."
)
_NOBODY = "Without any sense what remains is what was known before: the prior."
_NORMAL = "The products of a row do not add up to 1: one more log_softmax over the classes."

product_of_experts = Exercise(
    id="07.2",
    name="product_of_experts",
    title="The product of two opinions",
    difficulty=2,
    minutes=12,
    stub="return the normalised log of the product of the senses' probabilities, with the prior counted once",
    parameters=("logits", "prior", "present"),
    reference=slips.product,
    gradient=True,
    hints=(
        "Both senses say (0.6, 0.3, 0.1), and so does the prior: neither has learned anything. What should "
        "both together say? And what does the plain product of the two say?",
        "A product of probabilities is a sum of logarithms. How often does that sum hold the log of the "
        "prior, "
        "if n senses are there?",
        "total = Σ_s log p_s − (n − 1) log prior, over the senses that are there. What makes the "
        "probabilities of a row add up to 1 again?",
        "missing = ~present[..., None]; log_probs = logits.masked_fill(missing, 0).log_softmax(−1)"
        ".masked_fill(missing, 0); n = present.sum(0)[:, None]; (log_probs.sum(0) − (n − 1) * prior)"
        ".log_softmax(−1).",
    ),
    cases=(
        Case("two senses that know only the prior", _rare),
        Case("two opinions", _with_prior(averaging.two_opinions)),
        Case("random opinions", _with_prior(averaging.opinions(2, 5, 4))),
        Case("three senses", _with_prior(averaging.opinions(3, 4, 6))),
        Case(
            "some senses missing, NaN in their place",
            _with_prior(averaging.opinions(3, 7, 4, absent=0.4)),
            gradient=False,
        ),
        Case(
            "three of each, numbers in place of the missing",
            _with_prior(averaging.three_of_each),
            gradient=False,
        ),
        Case("an example without any sense", _with_prior(averaging.nobody), gradient=False),
        Case("a hopeless class", _with_prior(averaging.far)),
    ),
    mistakes=(
        Mistake("no prior", slips.no_prior, _BAYES),
        Mistake(
            "prior each time",
            slips.prior_each,
            "You divide the prior out n times, so it is in it no longer: n − 1 times.",
        ),
        Mistake(
            "prior once",
            slips.prior_once,
            "You take the prior away once whatever n is; with n senses it is in it n − 1 times too often.",
        ),
        Mistake(
            "prior added",
            slips.prior_added,
            "The prior is counted too often already: take it away, do not add it.",
        ),
        Mistake(
            "prior turned",
            slips.prior_turned,
            "The prior is counted too often already: take it away, do not add it.",
        ),
        Mistake("prior by all", slips.prior_by_all, _THERE),
        Mistake("prior not log", slips.prior_not_log, _PRIOR),
        Mistake("prior logged", slips.prior_logged, _PRIOR),
        Mistake("prior as a probability", slips.prior_as_a_probability, _PRIOR),
        Mistake("n − 2", slips.squared, _BAYES),
        Mistake("unnormalised", slips.unnormalised, _NORMAL),
        Mistake("probabilities", slips.probabilities, "These are probabilities; their logarithm is wanted."),
        Mistake(
            "summed", slips.summed, "You add probabilities, which is the mean of 07.1: add their logarithms."
        ),
        Mistake(
            "multiplied",
            slips.multiplied,
            "Products of small probabilities become 0 in 32 bits, and their log −∞: add logarithms instead.",
        ),
        Mistake(
            "no mask",
            slips.no_mask,
            "A missing sense holds NaN here, and NaN times 0 is NaN: masked_fill puts a number there, "
            "before the softmax.",
        ),
        Mistake("told by NaN", slips.told_by_nan, averaging.PRESENT),
        Mistake("told and counted by NaN", slips.told_and_counted_by_nan, averaging.PRESENT),
        Mistake("present turned", slips.present_turned, averaging.TURNED),
        Mistake("present turned, NaN filled", slips.present_turned_filled, averaging.TURNED),
        Mistake(
            "n without an axis",
            slips.counted_without_axis,
            "n is [batch], the prior [class]: present.sum(0)[:, None] gives each example a row of its own.",
        ),
        Mistake(
            "n of all",
            slips.counted_over_all,
            "You count the senses of the whole batch: n is each example's own, present.sum(0).",
        ),
        Mistake(
            "chosen rows",
            slips.chosen_rows,
            "logits[present] no longer knows which example a row belongs to: keep the shape, and put 0 where "
            "a sense is missing.",
        ),
        Mistake(
            "softmax for log_softmax",
            slips.probabilities_for_logs,
            "You add probabilities to logarithms: take log_softmax of each sense.",
        ),
        Mistake(
            "divided by the sum",
            slips.divided_by_their_sum,
            "Dividing by the sum is for probabilities; logarithms are normalised by log_softmax.",
        ),
        Mistake("nobody uniform", slips.nobody_uniform, _NOBODY),
        Mistake("nobody clamped", slips.nobody_clamped, _NOBODY),
        Mistake("geometric mean", slips.mean_of_logs, _FULL),
        Mistake("geometric mean, prior", slips.mean_and_prior, _FULL),
        Mistake("over the batch", slips.over_batch, "Normalise over the classes, the last axis."),
        Mistake(
            "no softmax",
            slips.no_softmax_before,
            "Logits are no log-probabilities, and the result of a product does not add up to 1 by "
            "itself: log_softmax.",
        ),
        Mistake(
            "two only", slips.two_only, "There may be more than two senses: go over the whole first axis."
        ),
        Mistake(
            "the mean",
            lambda logits, prior, present: averaging_slips.average(logits, present),
            "That is the mean (07.1); multiply the opinions here.",
        ),
    ),
    noticing="This is Bayes' rule if the senses err independently given the class. Where they err together, "
    "the product is too sure: a temperature, learned on validation, cools it down.",
)
