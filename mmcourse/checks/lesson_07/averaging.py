"""The plainest late fusion: the mean of what the senses say."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import averaging_slips as slips

torch = lazy("torch")


def two_opinions(_generator):
    """One sense is sure of class 0, the other leans to class 2."""
    probs = torch.tensor([[[0.9, 0.05, 0.05]], [[0.2, 0.2, 0.6]]])
    return probs.log(), torch.ones(2, 1, dtype=torch.bool)


def opinions(senses, batch, classes, absent=0.0, size=2.0, filler=float("nan")):
    """Random logits; a sense is missing with a chance of `absent`, and adds `filler` to its logits there."""

    def make(generator):
        logits = size * torch.randn(senses, batch, classes, generator=generator)
        present = torch.rand(senses, batch, generator=generator) >= absent
        present[-1, 0] &= not absent  # not by luck that nobody is missing
        present[0] |= ~present.any(0)  # somebody is there
        return torch.where(present[..., None], logits, logits + filler * torch.arange(classes)), present

    return make


three_of_each = opinions(3, 3, 3, absent=0.3, filler=9.0)


def nobody(_generator):
    """The second example has no sense at all."""
    present = torch.tensor([[True, False], [True, False]])
    logits = torch.tensor([[[1.0, 0.0], [7.0, 3.0]], [[0.5, 2.0], [1.0, 9.0]]])
    return logits.masked_fill(~present[..., None], torch.nan), present


def far(_generator):
    """Both senses rule class 1 out so surely that its probability is 0 in 32 bits."""
    logits = torch.tensor([[[0.0, -200.0, 5.0], [1.0, 2.0, 3.0]], [[300.0, -200.0, 299.0], [0.0, 0.0, 1.0]]])
    return logits, torch.ones(2, 2, dtype=torch.bool)


_OF_PROBS = "Average probabilities, not logits: each sense's softmax first, then the mean."
_LOG_MEAN = (
    "You average logarithms, which is a product of the probabilities: one sense that says 0 then decides "
    "alone. Average the probabilities."
)
_COUNT = "Divide by the senses that are there in this example, not by all of them."
_MASK = (
    "A missing sense has no say: put something harmless in its place with masked_fill or where (NaN times 0 "
    "is NaN), and do not count it."
)
PRESENT = (
    "NaN is not what tells that a sense is missing: any number may stand there. `present` says who is there."
)
TURNED = "`present` is True where a sense *is* there; you leave out those."
_NOBODY = "Where no sense is there, all classes are equally likely: log(1 / classes)."
_STABLE = (
    "exp, mean, log: a probability below 1e-38 becomes 0 on the way, and its log −∞. torch.logsumexp "
    "over the "
    "senses adds up probabilities without leaving the logarithms."
)
_CLASSES = "A softmax makes probabilities over the *classes*, the last axis."

average_decisions = Exercise(
    id="07.1",
    name="average_decisions",
    title="The mean of two opinions",
    difficulty=1,
    minutes=12,
    stub="return the log of the mean probability over the senses that are there",
    parameters=("logits", "present"),
    reference=slips.average,
    gradient=True,
    hints=(
        "Sense 1 says (0.9, 0.05, 0.05), sense 2 says (0.2, 0.2, 0.6). What is the mean of these two "
        "rows? And "
        "if sense 2 is missing?",
        "log_softmax gives log p of each sense. The log of a *sum* of probabilities is torch.logsumexp of "
        "their logs. What must stand in the place of a missing sense, so that it adds 0?",
        "exp(−∞) is 0: masked_fill(~present[..., None], −inf) after log_softmax, logsumexp over axis 0, "
        "minus "
        "the log of how many are there. NaN must be out before the softmax.",
        "clean = logits.masked_fill(missing, 0).log_softmax(−1).masked_fill(missing, −inf), with missing = "
        "~present[..., None]; mean = clean.logsumexp(0) − present.sum(0).log()[:, None]; and "
        "torch.where(none "
        "there, log(1/classes), mean).",
    ),
    cases=(
        Case("two opinions, one example", two_opinions),
        Case("random opinions", opinions(2, 5, 4)),
        Case("three senses", opinions(3, 4, 6)),
        Case("some senses missing, NaN in their place", opinions(3, 7, 4, absent=0.4), gradient=False),
        Case("a batch of one, one sense of two", lambda g: _one(g), gradient=False),
        Case("three of each, numbers in place of the missing", three_of_each, gradient=False),
        Case("an example without any sense", nobody, gradient=False),
        Case("a hopeless class", far),
    ),
    mistakes=(
        Mistake("of logits", slips.of_logits, _OF_PROBS),
        Mistake("of log-probabilities", slips.of_log_probs, _LOG_MEAN),
        Mistake(
            "product",
            slips.product,
            "That is the product of the two, normalised (07.2); the mean is wanted here.",
        ),
        Mistake("by all", slips.by_all, _COUNT),
        Mistake(
            "summed",
            slips.summed,
            "The probabilities of a row add up to the number of senses: divide by how many are there.",
        ),
        Mistake("probabilities", slips.probabilities, "These are probabilities; their logarithm is wanted."),
        Mistake("log of 0", slips.in_probabilities, _STABLE),
        Mistake(
            "floored",
            slips.floored,
            "A small number added before the log changes every probability below it. " + _STABLE,
        ),
        Mistake(
            "floored lower",
            slips.floored_lower,
            "A number added before the log is the least probability there can be: a hopeless class comes out "
            "too likely. " + _STABLE,
        ),
        Mistake("no mask", slips.no_mask, _MASK),
        Mistake(
            "zeroed",
            slips.zeroed,
            "Logits of 0 are an opinion, that all classes are alike: a missing sense must not count at all.",
        ),
        Mistake("multiplied", slips.multiplied, _MASK),
        Mistake("told by NaN", slips.told_by_nan, PRESENT),
        Mistake("told by NaN, counted by present", slips.told_by_nan_but_counted, PRESENT),
        Mistake("nobody is NaN", slips.none_is_nan, _NOBODY),
        Mistake("nobody is 0", slips.none_is_zero, _NOBODY),
        Mistake(
            "nobody is 1 / classes",
            slips.none_is_share,
            "Without a sense you return 1 / classes, a probability: its logarithm is wanted, −log(classes).",
        ),
        Mistake("over the batch", slips.over_batch, _CLASSES),
        Mistake("over the senses", slips.over_senses, _CLASSES),
        Mistake(
            "no softmax",
            slips.no_softmax,
            "Logits are no log-probabilities: each sense's log_softmax first, or the loudest logits win.",
        ),
        Mistake(
            "softmax again",
            slips.softmax_again,
            "The mean of probabilities adds up to 1 already; another softmax makes it flat.",
        ),
        Mistake("maximum", slips.maximum, "That is the larger of the two, not the mean."),
        Mistake(
            "first two", slips.first_two, "There may be more than two senses: go over the whole first axis."
        ),
        Mistake("present turned", slips.present_turned, TURNED),
        Mistake("present turned, NaN filled", slips.present_turned_filled, TURNED),
    ),
    noticing="The mean is cautious: a sense that is sure and wrong can cost at most its share.",
)


def _one(generator):
    logits = torch.randn(2, 1, 5, generator=generator)
    present = torch.tensor([[False], [True]])
    return logits.masked_fill(~present[..., None], torch.nan), present
