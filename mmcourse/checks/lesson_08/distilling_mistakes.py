"""Mistakes that people make with a teacher's loss."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import distilling_floors as floors
from mmcourse.checks.lesson_08 import distilling_slips as slips

_TURN = (
    "KL(teacher ‖ student) weighs the gap of the logarithms by the *teacher's* shares: "
    "p_t · (log p_t − log p_s)."
)
_FACTOR = (
    "A temperature T makes the gradient about T² times smaller, so the teacher's part is multiplied by T²."
)
_SOFT = "In the teacher's part both get softened: student / T and teacher / T, before the softmax."
_MEAN = "The divergence is a sum over the classes, and a mean over the batch: “batchmean” in torch."
_WEIGHT = "`weight` belongs to the teacher's part, 1 − weight to the labels'."
_LOGS = (
    "A share may be so small that it is 0 in 32 bits, and its logarithm −∞: log_softmax never leaves the "
    "logarithms."
)

MISTAKES = (
    Mistake("turned", slips.loss_of(slips.turned), "You weigh by the student's shares. " + _TURN),
    Mistake("both turns", slips.loss_of(slips.both_turns), "You average both directions. " + _TURN),
    Mistake(
        "soft cross-entropy",
        slips.loss_of(slips.soft_entropy),
        "This is the cross-entropy with the teacher's shares: the same gradient, but not 0 where both agree. "
        + _TURN,
    ),
    Mistake(
        "no logarithm",
        slips.loss_of(slips.no_logarithm),
        "kl_div wants the student's *logarithms*: log_softmax, not softmax.",
    ),
    Mistake(
        "logarithms for shares",
        slips.loss_of(slips.logs_for_shares),
        "kl_div wants the teacher's shares, softmax, or log_target=True with logarithms.",
    ),
    Mistake(
        "squares of shares",
        slips.loss_of(slips.squares_of_shares),
        "You square the gap of the shares. " + _TURN,
    ),
    Mistake(
        "squares of logits",
        slips.squares_of_logits,
        "You square the gap of the logits, which is what is left at a very high temperature. " + _TURN,
    ),
    Mistake(
        "other sign",
        slips.loss_of(slips.other_sign),
        "Your divergence is below 0: the logarithms are subtracted the wrong way round. " + _TURN,
    ),
    Mistake("log of zero", slips.loss_of(slips.log_of_zero), _LOGS),
    Mistake("infinite at zero", slips.loss_of(slips.infinite_at_zero), _LOGS),
    Mistake("log of softmax", slips.loss_of(slips.log_of_softmax), _LOGS),
    Mistake("no factor", slips.loss_of(factor=slips.no_factor), "T² is missing. " + _FACTOR),
    Mistake("one power", slips.loss_of(factor=slips.factor_of_one_power), "You multiply by T. " + _FACTOR),
    Mistake("root", slips.loss_of(factor=slips.root_of_factor), "You multiply by √T. " + _FACTOR),
    Mistake("upside down", slips.loss_of(factor=slips.upside_down), "You divide by T². " + _FACTOR),
    Mistake(
        "factor on all",
        slips.factor_on_all,
        "You multiply the labels' part by T² too; it knows no temperature.",
    ),
    Mistake(
        "factor on the labels",
        slips.factor_on_labels,
        "T² stands at the labels' part, which knows no temperature. " + _FACTOR,
    ),
    Mistake(
        "shares over the temperature",
        slips.shares_over_temperature,
        "You divide the teacher's shares by T; then they do not add up to 1. " + _SOFT,
    ),
    Mistake("halved", slips.halved, "The weights add up to 1 already: no division by 2."),
    Mistake(
        "gradient to the teacher",
        slips.loss_of(given=slips.gradient_to_teacher),
        "A gradient goes to the teacher, who would learn to please the student: teacher.detach().",
    ),
    Mistake(
        "student cut off",
        slips.loss_of(given=slips.student_cut_off),
        "You detach the student in the teacher's part, so it learns from the labels alone: detach the "
        "teacher.",
    ),
    Mistake(
        "teacher as it is",
        slips.loss_of(given=slips.teacher_as_it_is),
        "The teacher's logits are not divided by T. " + _SOFT,
    ),
    Mistake(
        "student as it is",
        slips.loss_of(given=slips.student_as_it_is),
        "The student's logits are not divided by T. " + _SOFT,
    ),
    Mistake(
        "both as they are",
        slips.loss_of(given=slips.both_as_they_are),
        "Neither is divided by T. " + _SOFT,
    ),
    Mistake(
        "multiplied",
        slips.loss_of(given=slips.multiplied),
        "You multiply the logits by T, which sharpens: a high temperature softens, so divide.",
    ),
    Mistake(
        "shares divided",
        slips.loss_of(given=slips.shares_divided),
        "You divide after the softmax, and take another one. " + _SOFT,
    ),
    Mistake(
        "over the batch",
        slips.loss_of(given=slips.over_batch),
        "Your softmax runs over the examples: dim=1 is that of the classes.",
    ),
    Mistake(
        "cool labels",
        slips.cool_labels,
        "The labels' part has no temperature: the cross-entropy of the student's logits as they are.",
    ),
    Mistake(
        "mean of all", slips.mean_of_all, "You divide by the classes too, as reduction='mean' does. " + _MEAN
    ),
    Mistake("summed", slips.loss_of(reduce=slips.summed), "You add up over the batch. " + _MEAN),
    Mistake(
        "labels summed",
        slips.loss_of(other=slips.hard_summed),
        "The cross-entropy with the labels is a mean over the batch, too.",
    ),
    Mistake(
        "softmax first",
        slips.loss_of(other=slips.of_softmax),
        "cross_entropy takes logits and does the softmax itself: yours is done twice.",
    ),
    Mistake("weights swapped", slips.weights_swapped, "The weights are swapped. " + _WEIGHT),
    Mistake("labels in full", slips.labels_in_full, "The labels' part counts in full in yours. " + _WEIGHT),
    Mistake(
        "teacher in full", slips.teacher_in_full, "The teacher's part counts in full in yours. " + _WEIGHT
    ),
    Mistake("both in full", slips.both_in_full, "Neither part is weighted. " + _WEIGHT),
    Mistake("only teacher", slips.only_teacher, "The labels have no say in yours. " + _WEIGHT),
    Mistake("only labels", slips.only_labels, "The teacher has no say in yours. " + _WEIGHT),
    Mistake(
        "hard teacher",
        slips.hard_teacher,
        "You take the teacher's best class for a label: how it ranks the others is what it has to teach.",
    ),
    Mistake(
        "teacher learns labels",
        slips.teacher_learns_labels,
        "The cross-entropy is the teacher's in yours: it is the student who learns the labels.",
    ),
    Mistake("roles swapped", slips.roles_swapped, "You took the student for the teacher."),
    Mistake("of each", slips.of_each, "This is the loss of each example: their mean is wanted, one number."),
    Mistake("two losses", slips.two_losses, "Two losses come back: add them, weighted. " + _WEIGHT),
    Mistake(
        "in place",
        slips.in_place,
        "student /= T writes over what the caller handed you: student / T makes a new tensor.",
    ),
    *floors.MISTAKES,
)
