"""How much to listen to each sense: a weight chosen on validation, used on test."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import choosing_slips as slips

torch = lazy("torch")


def _opinions(generator, examples, classes, sizes):
    """Logits of two senses, of which each knows the label more or less: [sense, example, class], and "
    "labels."""
    labels = torch.randint(classes, (examples,), generator=generator)
    noise = torch.randn(2, examples, classes, generator=generator)
    lean = torch.tensor(sizes)[:, None, None] * torch.nn.functional.one_hot(labels, classes)
    return 1.5 * (noise + lean), labels


def _case(val, test, classes, sizes, steps=11):
    def make(generator):
        val_logits, val_labels = _opinions(generator, val, classes, sizes)
        test_logits, _ = _opinions(generator, test, classes, sizes)
        return val_logits, val_labels, test_logits, torch.linspace(0, 1, steps)

    return make


def _tiny(_generator):
    """Sense 1 is right in the first example and wrong in the second, sense 2 nearly undecided in both."""
    first = torch.tensor([[0.9, 0.1], [0.8, 0.2]]).log()
    second = torch.tensor([[0.5, 0.5], [0.4, 0.6]]).log()
    return (
        torch.stack([first, second]),
        torch.tensor([0, 1]),
        torch.stack([second, first]),
        torch.tensor([0.2, 0.5, 0.8]),
    )


def _far(generator):
    """In one example of the test both rule out a class entirely."""
    val_logits, val_labels = _opinions(generator, 30, 3, (1.0, 2.0))
    test_logits, _ = _opinions(generator, 4, 3, (1.0, 2.0))
    test_logits[:, 0] = torch.tensor([[0.0, -200.0, 1.0], [150.0, -200.0, 140.0]])
    return val_logits, val_labels, test_logits, torch.tensor([0.25, 0.5, 0.75])


_PROBS = "Mix probabilities, not logits or logarithms: softmax each, then w · p₁ + (1 − w) · p₂."
_WHERE = "The weight is chosen by the *validation* labels; the test set only gets the result."
_LOWEST = "The *lowest* log loss is the best."
_SUM = "The two weights are w and 1 − w, w for the first sense."
_LOSS = (
    "The log loss is the mean of −log p at the right class, of the mixed probabilities: nll_loss takes their "
    "logarithm, and cross_entropy would take another softmax."
)

choose_weight = Exercise(
    id="07.4",
    name="choose_weight",
    title="How much to listen to each",
    difficulty=2,
    minutes=15,
    stub="choose the weight with the lowest validation log loss, and mix the test opinions with it",
    parameters=("val_logits", "val_labels", "test_logits", "grid"),
    reference=slips.chosen,
    exact_dtype=False,
    variants=("non-contiguous",),
    hints=(
        "Which labels may have a say in the weight? Which examples get its result?",
        "For one weight: what are the mixed probabilities of the validation examples, and what is the "
        "mean of "
        "−log p at the right class?",
        "Of the losses, one a weight, which is the lowest, and which weight of the grid belongs to it?",
        "mixed = w * logits[0].softmax(−1) + (1 − w) * logits[1].softmax(−1); the loss is "
        "nll_loss(log(mixed), "
        "labels). For the log of very small ones: logsumexp of log_softmax + log of the weight.",
    ),
    cases=(
        Case("two examples, three weights", _tiny),
        Case("the second knows more", _case(40, 5, 4, (0.8, 2.5))),
        Case("the first knows more", _case(40, 6, 3, (2.5, 0.5))),
        Case("both alike, many weights", _case(60, 4, 5, (1.5, 1.5), steps=41)),
        Case("one validation example", _case(1, 3, 3, (1.0, 1.0), steps=5)),
        Case("a hopeless class", _far),
    ),
    mistakes=(
        Mistake("on test", slips.on_test, "You choose by how sure the mixture is on the test set. " + _WHERE),
        Mistake(
            "by accuracy",
            slips.by_accuracy,
            "You choose by accuracy, which hardly changes between neighbouring weights; the log loss is "
            "asked for.",
        ),
        Mistake("highest", slips.highest, _LOWEST),
        Mistake("of logits", slips.of_logits, _PROBS),
        Mistake("of log-probabilities", slips.of_log_probs, _PROBS),
        Mistake("swapped", slips.swapped, _SUM),
        Mistake(
            "swapped on test",
            slips.swapped_on_test,
            "On validation w belongs to the first sense, on test to the second.",
        ),
        Mistake("second in full", slips.second_full, _SUM + " So they add up to 1."),
        Mistake("probabilities", slips.probabilities, "These are probabilities; their logarithm is wanted."),
        Mistake(
            "log of 0",
            slips.log_of_zero,
            "A probability below 1e-38 is 0 in 32 bits, and its log −∞: logsumexp of log_softmax(…) + "
            "log w stays finite.",
        ),
        Mistake("place", slips.place_returned, "Return the weight itself, not its place in the grid."),
        Mistake(
            "validation returned", slips.validation_returned, "The mixture of the *test* opinions is wanted."
        ),
        Mistake("softmax twice", slips.softmax_twice, _LOSS),
        Mistake("no log", slips.loss_of_probs, _LOSS),
        Mistake("mean weight", slips.mean_weight, "One weight of the grid is wanted, not a mean of all."),
        Mistake(
            "better alone",
            slips.better_alone,
            "All for the better sense throws the other away: try each weight of the grid on the mixture.",
        ),
        Mistake("half", slips.half, "Your weight is always a half: choose it by the validation labels."),
        Mistake(
            "over the batch",
            slips.over_batch,
            "A softmax makes probabilities over the *classes*, the last axis.",
        ),
    ),
    noticing="One number learned from a few hundred examples is hard to overfit. A weight for each sense and "
    "class is twenty numbers here, and needs more.",
)
