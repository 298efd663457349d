"""What may be left of the five bugs of 06.12, what goes wrong in mending them, and what people are told."""

from itertools import combinations

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import broken_slips as slips

_CLUES = {
    "zero": "What does backward() do with the gradients that the batch before has left?",
    "softmax": "What does cross_entropy take, and what does it do with that before its logarithm?",
    "sum": "Should a batch of 64 examples take a step eight times as long as a batch of 8?",
    "eval": "In which mode is the model while the validation data runs through it, and what does batch norm "
    "do there?",
}
_NUMBERS = (
    "none",
    "one of the five bugs is",
    *(f"{n} of the five bugs are" for n in ("two", "three", "four")),
)


def _left(*bugs):
    """Some of the five are left: how many, and a clue to the first."""
    which = "" if len(bugs) == 1 else "One of them: "
    says = f"At least {_NUMBERS[len(bugs)]} still in it. {which}{_CLUES[bugs[0]]}"
    return Mistake("left: " + ", ".join(bugs), slips.slip(*bugs), says)


_FIVE = tuple(_left(*bugs) for count in (4, 3, 2, 1) for bugs in combinations(_CLUES, count))
_GPU = (
    "You name the device yourself; the caller says which one it is. Does x.to(device), with the argument, go "
    "there?"
)
_OVER_ALL = (
    "Accuracy is the number of right ones among all examples over the number of examples: a last batch that "
    "is smaller must not count like a whole one."
)

MISTAKES = (
    *_FIVE,
    Mistake(
        "batches not moved",
        slips.slip("device"),
        "At least one of the five bugs is still in it. The model goes to device: what of x and y, in "
        "training and in validation?",
    ),
    Mistake(
        "model not moved",
        slips.slip("model stays"),
        "The batches go to device and the model does not: where is model.to(device)?",
    ),
    Mistake("a GPU by name", slips.on("cuda"), _GPU),
    Mistake("the CPU by name", slips.on("cpu"), _GPU),
    Mistake(
        "no move",
        slips.slip(step="never"),
        "The weights never move. Where is optimiser.step(), and does zero_grad() stand between backward() "
        "and step(), so that there is nothing left to step by?",
    ),
    Mistake(
        "zeroed once an epoch",
        slips.slip(zero="each epoch"),
        "The gradients are cleared once an epoch; which batches does the second step then follow?",
    ),
    Mistake(
        "one step an epoch",
        slips.slip(step="each epoch", zero=None),
        "You step once an epoch, behind the loop over batches: every batch takes a step.",
    ),
    Mistake(
        "never back in training mode",
        slips.slip(mode="train once"),
        "After the first validation the model stays in evaluation mode. Where must train() stand so that "
        "every epoch begins with it?",
    ),
    Mistake(
        "train() forgotten",
        slips.slip(mode="never train"),
        "Training runs in the mode in which the model came, or in which validation left it: where is "
        "model.train()?",
    ),
    Mistake(
        "eval() before training",
        slips.slip(mode="eval first"),
        "The model trains in evaluation mode: eval() belongs in front of validation, behind the loop over "
        "train.",
    ),
    Mistake(
        "log forgotten",
        slips.slip(loss="likelihood"),
        "nll_loss takes log-probabilities, and you give it probabilities: log_softmax, or cross_entropy of "
        "the logits.",
    ),
    Mistake(
        "nll of logits",
        slips.slip(loss="no softmax"),
        "nll_loss takes log-probabilities, and you give it logits: which function does both, softmax and "
        "logarithm?",
    ),
    Mistake(
        "softmax over the batch",
        slips.slip(loss="over the batch"),
        "The softmax runs over the examples of the batch, dim=0; which axis holds the classes?",
    ),
    Mistake(
        "divided by the first batch's size",
        slips.slip(loss="first size"),
        "You divide the sum by one fixed batch size; what of a batch that is smaller?",
    ),
    Mistake(
        "mean divided again",
        slips.slip(loss="divided twice"),
        "The loss is divided by the number of examples twice: what does cross_entropy return unless told "
        "otherwise?",
    ),
    Mistake(
        "sigmoid",
        slips.slip(loss="sigmoid"),
        "A sigmoid stands where the softmax stood: does cross_entropy want anything but the logits?",
    ),
    Mistake(
        "momentum",
        slips.slip(options={"momentum": 0.9}),
        "Your SGD has momentum, the loop's has none; it was not among the bugs, was it?",
    ),
    Mistake(
        "argmax over the batch",
        slips.slip(score="over the batch"),
        "Your argmax runs over the examples, dim=0; which axis of the logits holds the classes?",
    ),
    Mistake("mean of batches", slips.slip(score="batches"), _OVER_ALL),
    Mistake(
        "last batch only",
        slips.slip(score="last batch"),
        "Only the last batch of val counts in your accuracy; where do the counts begin at 0?",
    ),
    Mistake(
        "count", slips.slip(score="count"), "You return how many are right; what share of all examples is it?"
    ),
    Mistake(
        "percent", slips.slip(score="percent"), "A share from 0 to 1 is wanted, not per cent. Why times 100?"
    ),
    Mistake(
        "errors",
        slips.slip(score="errors"),
        "You return the share of wrong ones; which way round is accuracy?",
    ),
    Mistake(
        "accuracy on train",
        slips.slip(judged="train"),
        "You measure the accuracy on the batches that were trained on; which ones tell how it does on new "
        "ones?",
    ),
    Mistake(
        "Adam",
        slips.slip(optimiser="Adam"),
        "That is another optimiser than the loop's SGD; it was not among the bugs, was it?",
    ),
    Mistake(
        "only the last",
        slips.only_the_last,
        "One accuracy came back; a list is wanted, with an entry for every epoch. Where do you append?",
    ),
    Mistake(
        "before the epoch",
        slips.before_the_epoch,
        "Your accuracies are those before each epoch: does validation come behind the loop over train?",
    ),
)
