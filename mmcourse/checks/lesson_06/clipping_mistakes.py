"""Mistakes that people make when they clip gradients."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.ways import clipping as ways

_NORM = "The total norm is the root of the sum of the squares of all entries of all gradients; "
_OTHER_NORMS = {
    "sum of norms": "you added up the norms of the parameters.",
    "largest norm": "you took the largest norm of a parameter.",
    "mean norm": "you took the mean of the norms.",
    "no root": "the root is missing.",
    "last parameter": "only the last parameter counts in yours.",
    "first parameter": "only the first parameter counts in yours.",
    "largest entry": "you took the largest entry.",
    "sum of sizes": "you added up the sizes of the entries.",
}
_BETWEEN = "The order is backward, clip, step: "
_NONE = (
    "A parameter that is frozen or unused has no gradient, its .grad is None: leave those out, or let "
    "nn.utils.clip_grad_norm_ do it."
)

MISTAKES = (
    *(
        Mistake(
            f"before backward, {name}",
            partial(ways.step, when="before backward", **options),
            _BETWEEN + "you clip before backward, where there is nothing to clip yet.",
        )
        for name, options in (
            ("norm returned", {}),
            ("loss returned", {"result": lambda norm, loss: loss}),
        )
    ),
    Mistake(
        "before backward, never emptied",
        partial(ways.step, when="before backward", zero=None),
        _BETWEEN + "you clip before backward, so the gradients of something else.",
    ),
    Mistake(
        "not at all",
        ways.no_clip,
        "The norm is right, but the step goes the whole way: shorten what stands in .grad, and do so "
        "before optimiser.step().",
    ),
    Mistake(
        "norm after",
        partial(ways.step, clip=ways.told_after),
        "The norm is wanted as it was before clipping; afterwards it is max_norm at most.",
    ),
    Mistake(
        "factor",
        partial(ways.step, clip=ways.factor_told),
        "You return the factor; the norm before clipping is wanted.",
    ),
    Mistake(
        "values",
        partial(ways.step, clip=ways.values),
        "You cut each number off at max_norm, which turns the arrow: one factor for all keeps its direction.",
    ),
    *(
        Mistake(
            f"each alone, {name}",
            partial(ways.step, clip=partial(ways.each_alone, told=told)),
            "You clip each parameter by its own norm, so the arrow turns, and together they are longer "
            "than max_norm: one norm over all parameters.",
        )
        for name, told in (
            ("total told", lambda model: ways.total(model)),
            ("sum told", lambda model: ways.norms(model).sum().item()),
            ("largest told", lambda model: ways.norms(model).max().item()),
            ("last told", lambda model: ways.norms(model)[-1].item()),
        )
    ),
    Mistake(
        "always",
        partial(ways.step, clip=ways.always),
        "A gradient that is short enough stays as it is; yours is made longer. The factor is never above 1.",
    ),
    Mistake(
        "divided by zero",
        partial(ways.step, clip=ways.divided_by_zero),
        "Where all gradients are 0 you divide by a norm of 0. Is there anything to clip then?",
    ),
    Mistake(
        "to length one",
        partial(ways.step, clip=ways.to_one),
        "What is too long gets the length 1 in yours: it should get max_norm.",
    ),
    Mistake(
        "upside down",
        partial(ways.step, clip=ways.upside_down),
        "Your factor is upside down: max_norm / norm makes a long arrow shorter.",
    ),
    Mistake(
        "thrown away",
        partial(ways.step, clip=ways.thrown_away),
        "You threw away gradients that are too long: shorten them to max_norm.",
    ),
    *(
        Mistake(name, partial(ways.step, clip=ways.by(ways.LENGTHS[name])), _NORM + yours)
        for name, yours in _OTHER_NORMS.items()
    ),
    Mistake(
        "weights",
        partial(ways.step, clip=ways.weights_instead),
        "You clip the weights themselves; the gradients, parameter.grad, are meant.",
    ),
    Mistake(
        "loss",
        partial(ways.step, loss=ways.clipped_loss),
        "You clip the loss; clip the gradients, after backward.",
    ),
    Mistake(
        "loss returned",
        partial(ways.step, result=lambda norm, loss: loss),
        "This is the loss; the norm of the gradients before clipping is wanted.",
    ),
    Mistake(
        "both returned",
        partial(ways.step, result=lambda norm, loss: (norm, loss)),
        "One number is wanted, the norm of the gradients before clipping.",
    ),
    Mistake(
        "nothing returned",
        partial(ways.step, result=lambda norm, loss: None),
        "The function returns nothing: it should end with return, and the norm before clipping.",
    ),
    Mistake(
        "never emptied",
        partial(ways.step, zero=None),
        "Gradients that were there before are added to, and clipped along: call zero_grad before backward.",
    ),
    Mistake(
        "emptied at the end",
        partial(ways.step, zero="last"),
        "You empty the gradients after the step only: what lay there before counts in the first one.",
    ),
    Mistake(
        "emptied before the step",
        partial(ways.step, zero="before the step"),
        "The weights have not moved: you empty the gradients between clipping and the step.",
    ),
    Mistake("no step", partial(ways.step, steps=0), "Where is optimiser.step()? No weight has moved."),
    Mistake(
        "mode left",
        partial(ways.step, training=None),
        "The model runs in the mode it came in, which may be eval: call model.train() first.",
    ),
    Mistake(
        "softmax first",
        partial(ways.step, loss=ways.of_probs),
        "cross_entropy takes logits and does the softmax itself: hand it the model's output as it is.",
    ),
    Mistake(
        "summed",
        partial(ways.step, loss=ways.summed),
        "The loss is summed over the batch: take its mean, or max_norm would mean another thing for each "
        "batch size.",
    ),
    toys.A_DICT,
    Mistake("parameters without gradient", partial(ways.step, clip=ways.none_too), _NONE),
    Mistake("parameters without gradient, squared", partial(ways.step, clip=ways.none_squared), _NONE),
)
