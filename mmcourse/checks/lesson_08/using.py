"""Does a joint model use both of its senses? Conditional utilisation."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_08 import using_slips as slips

torch = lazy("torch")


def _answers(generator, labels, classes, right):
    """Logits that name the right class in this share of the examples."""
    wrong = (labels + torch.randint(1, classes, labels.shape, generator=generator)) % classes
    named = torch.where(torch.rand(len(labels), generator=generator) < right, labels, wrong)
    named[0] = labels[0]
    peak = 2.0 * torch.nn.functional.one_hot(named, classes)
    return peak + 0.5 * torch.rand(len(labels), classes, generator=generator)


def _case(examples, classes, both, image, speech):
    def make(generator):
        labels = torch.randint(classes, (examples,), generator=generator)
        return *(_answers(generator, labels, classes, right) for right in (both, image, speech)), labels

    return make


def _tiny(_generator):
    """With both 5 of 5, with the picture alone 4, with speech alone 2."""
    labels = torch.tensor([0, 1, 1, 0, 1])
    named = torch.tensor([[0, 1, 1, 0, 1], [0, 1, 1, 1, 1], [1, 1, 0, 1, 1]])
    return *torch.nn.functional.one_hot(named, 2).float(), labels


def _never(_generator):
    """With both 3 of 4, with the picture alone 2, with speech alone none."""
    labels = torch.tensor([2, 0, 1, 1])
    named = torch.tensor([[2, 0, 1, 2], [2, 1, 1, 0], [0, 1, 2, 0]])
    return *torch.nn.functional.one_hot(named, 3).float(), labels


_WITHOUT = (
    "What the picture adds is what is lost when the *picture* is muted, so when speech alone is left: "
    "compare "
    "with only_speech."
)
_ZERO = (
    "A sense that is never right alone has an accuracy of 0, a number like any other: the formula holds, as "
    "only the accuracy with both stands below the fraction."
)
_ACCURACY = "A is the share of examples whose largest logit is that of the label."
_SHARE = "The loss is given as a share of the accuracy with both senses: divide by that."

utilisation = Exercise(
    id="08.1",
    name="utilisation",
    title="Which sense does it lean on?",
    difficulty=1,
    minutes=10,
    stub="return what each sense adds to the other, as a share of the accuracy with both",
    parameters=("both", "only_image", "only_speech", "labels"),
    reference=slips.utilisation,
    variants=("non-contiguous", "float64"),
    hints=(
        "The joint model is right in 5 of 5 with both senses, in 4 with the picture alone, in 2 with "
        "speech alone. "
        "What is lost without the picture? And without speech?",
        "Which of the three sets of answers is that of the model without the picture?",
        "accuracy = share of rows whose argmax is the label. For the picture: (with both − speech alone) "
        "/ with "
        "both.",
        "a = accuracy of each; return (a_both − a_only_speech) / a_both, (a_both − a_only_image) / a_both.",
    ),
    cases=(
        Case("five examples", _tiny),
        Case("it leans on the picture", _case(60, 5, 0.9, 0.8, 0.4)),
        Case("it leans on speech", _case(80, 4, 0.85, 0.3, 0.8)),
        Case("both alike", _case(100, 10, 0.95, 0.7, 0.7)),
        Case("as many examples as classes", _case(6, 6, 0.8, 0.6, 0.4)),
        Case("muting speech helps", _case(50, 3, 0.5, 0.9, 0.4)),
        Case("speech alone is never right", _never),
    ),
    mistakes=(
        Mistake("swapped", slips.swapped, _WITHOUT),
        Mistake("points", slips.points, _SHARE),
        Mistake("by the other", slips.by_itself, "You divide by the accuracy with one sense. " + _SHARE),
        Mistake(
            "kept",
            slips.kept,
            "That is what one sense alone reaches; what is *lost* without it is asked for.",
        ),
        Mistake(
            "left",
            slips.left,
            "That is what is *left* without a sense; what is lost is 1 minus it.",
        ),
        Mistake(
            "size only",
            slips.size_only,
            "A sense that harms has a value below 0: leave its sign.",
        ),
        Mistake("turned", slips.turned, "The sign is the wrong way round: what a sense adds is above 0."),
        Mistake("cut", slips.cut, "A sense that harms has a value below 0: do not cut it off."),
        Mistake(
            "adds up to 1",
            slips.adds_to_one,
            "The two need not add up to 1: where both know the answer, neither is missed much.",
        ),
        Mistake("counts", slips.counts, "Shares of examples, not numbers of them."),
        Mistake("percent", slips.percent, "Shares, not percent."),
        Mistake("errors", slips.errors, "You compare errors; the accuracy and its share are asked for."),
        Mistake(
            "sureness",
            slips.largest,
            "How large the largest probability is says how sure the model is, not whether it is right: "
            "compare argmax with the labels.",
        ),
        Mistake("over examples", slips.over_examples, "argmax over the classes, the last axis."),
        Mistake("rounded", slips.rounded, "Do not round what is returned."),
        Mistake("difference", slips.difference, "Two numbers are wanted, the picture's first."),
        Mistake("first batch", slips.first_batch, "Use all examples, not the first few."),
        Mistake(
            "against the better",
            slips.against_better,
            "Each sense is compared with the model without *that* sense, not with the better of the two.",
        ),
        Mistake(
            "changed answers",
            slips.agreement,
            "You count answers that change, wrong ones too; what counts is the accuracy.",
        ),
        Mistake("0 for never right", slips.nothing_without_right, _ZERO),
        Mistake("0 for missing", slips.falsy, _ZERO),
        Mistake("ratio of 0", slips.falsy_one, _ZERO),
        Mistake(
            "one against the other",
            slips.each_other,
            "You compare the senses with each other: each is compared with the model that has both.",
        ),
        Mistake("probability", slips.probability, "You take the probability of the label. " + _ACCURACY),
        Mistake("losses", slips.losses, "You compare losses. " + _ACCURACY),
        Mistake("losses, turned", slips.losses_turned, "You compare losses. " + _ACCURACY),
        Mistake(
            "each class",
            slips.each_class,
            "You average over the classes first; each *example* counts alike.",
        ),
        Mistake(
            "answers lost",
            slips.lost_answers,
            "You count the right answers that muting turns wrong. It turns some wrong ones right, too: "
            "subtract the accuracies.",
        ),
    ),
    noticing="All three come from one model with a sense muted. Against a model *trained* on one sense "
    "it would be another question: how good that sense can be.",
)
