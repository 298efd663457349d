"""Mistakes that people make when they measure a model."""

from functools import partial

from mmcourse.checks import Mistake, lazy
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.ways import measuring as ways

torch = lazy("torch")

_UNEVEN = "The last batch is smaller and yet counts as much as the others: "
_SUM = "sum over the examples, and divide by their number once, at the end."
_COUNT = (
    "You divide by another number than that of the examples: add up len(y), as the last batch is smaller."
)
_AVERAGES = "cross_entropy has divided by the batch size already: multiply by len(y) before you add, or sum."
_PAIR = "Two numbers are wanted, in this order: the mean loss, and the accuracy."
_LOGITS = "cross_entropy takes logits and does the softmax itself: hand it the model's output as it is."
_TRAIN = (
    "The model comes back in another mode than it came: note model.training before model.eval(), and put "
    "that back."
)

MISTAKES = (
    Mistake(
        "means of means",
        partial(ways.validate, over="batches", hits_over="batches"),
        _UNEVEN + _SUM,
    ),
    Mistake(
        "mean of the losses",
        partial(ways.validate, over="batches"),
        _UNEVEN + "the accuracy is right, but the loss is a mean of means. Weigh each by len(y).",
    ),
    Mistake(
        "mean of the accuracies",
        partial(ways.validate, hits_over="batches"),
        _UNEVEN + "the loss is right, but the accuracy is a mean of means. Add up hits instead.",
    ),
    Mistake("means added", partial(ways.validate, weigh="not"), _AVERAGES),
    Mistake(
        "mean hits added",
        partial(ways.validate, share_of="batch"),
        "You add up accuracies of batches, which are shares already, and divide them by the number of "
        "examples: add up hits.",
    ),
    Mistake(
        "largest logit compared",
        partial(ways.validate, named="values"),
        "You compare the largest logit itself with the label: argmax says at which class it stands.",
    ),
    Mistake(
        "sums by batches",
        partial(ways.validate, weigh="sum", over="batches"),
        "You summed the loss over the examples, but divide by the number of batches: divide by that of "
        "the examples.",
    ),
    Mistake(
        "sums by batches, both",
        partial(ways.validate, weigh="sum", over="batches", hits_over="batches", hits="sum"),
        "You summed over the examples, but divide by the number of batches: divide by that of the examples.",
    ),
    Mistake(
        "count of full batches",
        partial(ways.validate, over="full", hits_over="full"),
        _COUNT,
    ),
    Mistake(
        "summed",
        partial(ways.validate, over="one"),
        "This is the sum of the losses; divide it by the number of examples.",
    ),
    Mistake(
        "hits",
        partial(ways.validate, hits_over="one"),
        "The accuracy is a share, 0 to 1: divide the hits by the number of examples.",
    ),
    Mistake(
        "per cent",
        partial(ways.validate, times=100),
        "The accuracy is in per cent; as a share it lies between 0 and 1.",
    ),
    Mistake(
        "error",
        ways.error_rate,
        "This is the share named wrong; the accuracy is the share named right.",
    ),
    Mistake(
        "last batch",
        lambda model, batches: ways.validate(model, batches[-1:]),
        "Only the last batch counts in yours: the sums start at 0 before the loop, once.",
    ),
    Mistake(
        "first batch",
        lambda model, batches: ways.validate(model, batches[:1]),
        "Only the first batch counts in yours: does return stand inside the loop?",
    ),
    Mistake(
        "last batch left out",
        lambda model, batches: ways.validate(model, batches[:-1] or batches),
        "The last batch is left out: every example counts, also those of a smaller batch.",
    ),
    Mistake("softmax first", partial(ways.validate, loss="probs"), _LOGITS),
    Mistake(
        "no log",
        partial(ways.validate, loss="nll"),
        "nll_loss takes log_probs and gets logits here: use cross_entropy.",
    ),
    Mistake(
        "argmax over the batch",
        partial(ways.validate, dim=0),
        "argmax runs over the batch: over the classes, dim=-1, it names each example.",
    ),
    Mistake(
        "training mode",
        partial(ways.validate, mode=None),
        "The model runs in training mode: dropout still drops, and batch normalisation uses this batch. "
        "Switch it off with model.eval().",
    ),
    Mistake(
        "graph",
        partial(ways.validate, grad=True),
        "A graph for the way back is built, which costs memory and time: put the loop under torch.no_grad().",
    ),
    Mistake(
        "mode and graph",
        partial(ways.validate, mode=None, grad=True),
        "Two switches are missing: model.eval(), as dropout still drops, and torch.no_grad() around the "
        "loop.",
    ),
    Mistake("left in eval", partial(ways.validate, back=None), _TRAIN),
    Mistake("always trained", partial(ways.validate, back="train"), _TRAIN),
    Mistake(
        "gradients off for good",
        ways.switched_off,
        "torch.set_grad_enabled(False) stays in force after your function, so nothing could be trained "
        "any more: use with torch.no_grad():.",
    ),
    Mistake(
        "parameters frozen",
        ways.frozen,
        "You took requires_grad from the parameters and did not give it back: torch.no_grad() is enough.",
    ),
    Mistake(
        "parameters thawed",
        ways.thawed,
        "requires_grad_(True) thaws the parameters that were frozen before, too: torch.no_grad() does "
        "without any switch in the model.",
    ),
    Mistake(
        "gradients on",
        ways.switched_on,
        "You switch the recording of gradients on at the end, but it may have been off before: with "
        "torch.no_grad(): puts back what was.",
    ),
    Mistake(
        "gradients deleted",
        ways.emptied,
        "You delete the gradients of the model, and somebody may be adding them up, as in 06.3: measuring "
        "needs no zero_grad.",
    ),
    Mistake(
        "trained",
        ways.trained,
        "The model is trained while it is measured: no backward and no step here.",
    ),
    Mistake("other order", lambda model, batches: ways.validate(model, batches)[::-1], _PAIR),
    Mistake("loss only", lambda model, batches: ways.validate(model, batches)[0], _PAIR),
    Mistake("accuracy only", lambda model, batches: ways.validate(model, batches)[1], _PAIR),
    Mistake(
        "nothing",
        lambda model, batches: ways.nothing(model, batches),
        "The function returns nothing: it should end with return, after the loop.",
    ),
    Mistake(
        "batches joined as they are",
        lambda model, batches: model(batches),
        "batches is a list of pairs: go through it, for x, y in batches.",
    ),
    toys.A_DICT,
    Mistake(
        "a batch not taken apart",
        lambda model, batches: model(batches[0]),
        "Each batch is a pair: for x, y in batches. The model takes x.",
    ),
)
