"""Mistakes that people make in a step of training."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.ways import step as ways

_STILL = "The weights have not moved. "
_OLD = (
    "Gradients of the step before are still there, and backward adds the new ones to them: empty them with "
    "optimiser.zero_grad() before backward."
)
_MODE = (
    "The model runs in the mode it came in, which may be eval: dropout and batch normalisation then act as "
    "they do in use. Switch training on first: model.train()."
)
_LOGITS = "cross_entropy takes logits and does the softmax itself: hand it the model's output as it is."
_NO_WAY_BACK = (
    "There is no way back from this loss to the weights: compute it from the logits by cross_entropy, "
    "without no_grad, detach, argmax or .item() before backward."
)
_SQUARED = "This is a squared error; the loss asked for is the cross-entropy."
_ONE = "One number is wanted: the loss of this batch before the step, loss.item()."

MISTAKES = (
    Mistake("never emptied", partial(ways.step, zero=None), _OLD),
    Mistake(
        "emptied at the end",
        partial(ways.step, zero="last"),
        "You empty the gradients after the step only, so what lay there before the first step counts in "
        "it: call zero_grad before backward.",
    ),
    Mistake(
        "emptied too late",
        partial(ways.step, zero="after backward"),
        _STILL + "You empty the gradients between backward and step, or they went into a copy of the model: "
        "nothing is left to step along.",
    ),
    Mistake("no step", partial(ways.step, steps=0), _STILL + "Gradients alone move nothing: who steps?"),
    Mistake(
        "no backward",
        partial(ways.step, backward=False),
        _STILL + "optimiser.step() uses gradients; which call computes them?",
    ),
    Mistake(
        "neither",
        partial(ways.step, backward=False, steps=0),
        _STILL + "loss.backward() and optimiser.step() are missing, or only their brackets () are.",
    ),
    Mistake(
        "step before backward",
        ways.step_first,
        "You step before backward, so along the gradients of the batch before, or along none: first "
        "backward, then step.",
    ),
    Mistake(
        "two steps",
        partial(ways.step, steps=2),
        "optimiser.step() runs twice: once a batch is asked for.",
    ),
    Mistake("mode left", partial(ways.step, training=None), _MODE),
    Mistake(
        "eval",
        partial(ways.step, training=False),
        "The model runs in eval mode: that is for measuring. Training needs model.train().",
    ),
    Mistake(
        "summed",
        partial(ways.step, loss=ways.summed),
        "The loss is summed over the batch: one twice as large takes a step twice as long. Take the mean.",
    ),
    Mistake(
        "divided again",
        partial(ways.step, loss=ways.divided_again),
        "cross_entropy is a mean over the examples already; you divide by the batch size once more.",
    ),
    Mistake("softmax first", partial(ways.step, loss=ways.of_probs), _LOGITS),
    Mistake("sigmoid first", partial(ways.step, loss=ways.of_sigmoids), _LOGITS),
    Mistake(
        "softmax over the batch",
        partial(ways.step, loss=ways.over_the_batch),
        "The softmax runs over the batch: over the classes, dim=-1, each example has probabilities of "
        "its own.",
    ),
    Mistake(
        "every label for everyone",
        partial(ways.step, loss=ways.every_label),
        "log_probs[:, y] takes the labels of all examples for each one: take one number a row.",
    ),
    Mistake(
        "no log",
        partial(ways.step, loss=ways.of_logits_without_log),
        "nll_loss takes log_probs and gets logits here: use cross_entropy, or log_softmax first.",
    ),
    Mistake("squared error", partial(ways.step, loss=ways.squared), _SQUARED),
    Mistake(
        "uphill",
        partial(ways.step, sign=-1),
        "The step goes uphill: the loss grows. The optimiser subtracts already; give backward the loss "
        "itself, not its negative.",
    ),
    Mistake(
        "loss after the step",
        ways.loss_after,
        "This is the loss after the step, and costs a second run of the model: keep the one you had "
        "before it.",
    ),
    Mistake(
        "run twice",
        ways.run_twice,
        "The model runs twice on the batch, so running averages, as in batch normalisation, move twice: "
        "keep its logits.",
    ),
    Mistake(
        "a tensor with its graph",
        partial(ways.step, result=lambda loss, logits, y: loss),
        "The loss you return drags its whole graph along, and whoever collects losses runs out of "
        "memory: return the number, loss.item().",
    ),
    Mistake("logits", partial(ways.step, result=lambda loss, logits, y: logits.detach()), _ONE),
    Mistake(
        "accuracy",
        partial(ways.step, result=ways.accuracy),
        "This is the accuracy; the loss of the batch is wanted.",
    ),
    Mistake(
        "summed in the result",
        partial(ways.step, result=lambda loss, logits, y: loss.item() * len(y)),
        "The step is right, but the loss is wanted as a mean over the batch, not times its size.",
    ),
    Mistake(
        "loss and accuracy",
        partial(ways.step, result=lambda loss, logits, y: (loss.item(), ways.accuracy(loss, logits, y))),
        _ONE,
    ),
    Mistake(
        "nothing returned",
        partial(ways.step, result=lambda loss, logits, y: None),
        "The function returns nothing: it should end with return loss.item().",
    ),
    Mistake(
        "by hand",
        ways.by_hand,
        "It is not the optimiser handed in that moves the weights, so its momentum and decay are "
        "missing: call its step().",
    ),
    Mistake(
        "example by example",
        ways.one_by_one,
        "You step once an example; one step is asked for, along the gradient of the whole batch.",
    ),
    Mistake("no way back from argmax", partial(ways.step, loss=ways.of_argmax), _NO_WAY_BACK),
    Mistake("under no_grad", ways.under_no_grad, _NO_WAY_BACK),
    Mistake(
        "backward of a number",
        ways.number_first,
        "backward belongs to the loss as a tensor: take .item() at the very end.",
    ),
    Mistake(
        "no mean",
        partial(ways.step, loss=ways.each),
        "backward starts from a single number: take the mean of the losses of the examples.",
    ),
    Mistake(
        "order of arguments",
        partial(ways.step, loss=ways.exchanged),
        "cross_entropy takes the logits first, then the labels.",
    ),
    toys.A_DICT,
    Mistake(
        "pair not taken apart",
        lambda model, batch, optimiser: model(batch),
        "A batch is a pair: x, y = batch; the model takes x.",
    ),
)
