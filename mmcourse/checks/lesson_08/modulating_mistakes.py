"""Mistakes that people make when they hold back the branch that is ahead."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import modulating_more as more
from mmcourse.checks.lesson_08 import modulating_slips as slips

_LEAD = (
    "The branch that is *ahead* is held back: its ratio is above 1. The other's gradients stay as they are."
)
_PROBS = (
    "s is the probability of the right class, summed over the batch: softmax over the classes, then gather."
)
_FROZEN = "A frozen parameter has no gradient, its .grad is None: leave it out."

MISTAKES = (
    Mistake("plus", slips.plus, "1 + tanh pushes the leader on; it should wait: 1 − tanh."),
    Mistake("weaker", slips.weaker, _LEAD),
    Mistake(
        "in a tie",
        slips.in_a_tie,
        "In a tie nobody is ahead and both factors are 1: ρ > 1, not ρ >= 1.",
    ),
    Mistake("always", slips.always, _LEAD + " You hold back both."),
    Mistake(
        "only tanh",
        slips.only_tanh,
        "tanh(alpha · ρ) grows with the lead; the factor must fall: 1 − tanh.",
    ),
    Mistake("alpha ignored", slips.alpha_ignored, "alpha says how strongly: it stands in tanh(alpha · ρ)."),
    Mistake(
        "alpha outside",
        slips.alpha_outside,
        "alpha belongs inside: tanh(alpha · ρ), or a large one turns the gradient round.",
    ),
    Mistake("head too", slips.head_too, "Only the encoders' gradients are scaled; the head belongs to both."),
    Mistake("weights", slips.weights, "You scale the weights; their *gradients* stand in parameter.grad."),
    Mistake(
        "told only",
        slips.told_only,
        "The factors are right, but the gradients are as before: multiply parameter.grad, in place.",
    ),
    Mistake("of logits", slips.of_logits, _PROBS + " Yours has no softmax."),
    Mistake(
        "of the largest", slips.of_largest, _PROBS + " You take the class that is named, right or wrong."
    ),
    Mistake("of accuracy", slips.of_accuracy, _PROBS + " You count right answers."),
    Mistake("of the loss", slips.of_loss, _PROBS + " Of −log p the *worse* branch has more."),
    Mistake("over the batch", slips.over_batch, _PROBS + " Your softmax goes over the batch."),
    Mistake(
        "graph kept",
        slips.graph_kept,
        "Factors are plain numbers: take logits.detach(), or every gradient holds on to the graph of "
        "its batch.",
    ),
    Mistake(
        "noise",
        slips.noise,
        "Noise is the other half of OGM-GE and is not asked for here: only multiply by the factor.",
    ),
    Mistake("zeros for None", slips.zeros_for_none, _FROZEN + " You give it one of zeros."),
    Mistake(
        "lead only",
        slips.lead_only,
        "tanh takes alpha · ρ itself, not alpha · (ρ − 1).",
    ),
    Mistake(
        "mean of ratios",
        slips.mean_of_ratios,
        "ρ is a ratio of two sums over the batch, not a mean of ratios: add up first, then divide.",
    ),
    Mistake("None", slips.none_crashes, _FROZEN),
    Mistake("None, times", slips.none_times, _FROZEN),
    Mistake(
        "exchanged", slips.exchanged, "The factors are right and multiply the other encoder's gradients."
    ),
    Mistake("zeroed", slips.clipped, "The leader is slowed, not stopped: 1 − tanh(alpha · ρ)."),
    Mistake(
        "first weight", slips.first_weight, "All parameters of an encoder are scaled, not only its first."
    ),
    Mistake(
        "labels as columns",
        more.labels_as_columns,
        _PROBS + " probs[:, labels] takes the columns of all labels from every row.",
    ),
    Mistake("sigmoid", more.of_sigmoid, _PROBS + " A sigmoid judges each class by itself."),
    Mistake("mean logits", more.of_mean_logits, _PROBS + " You average the logits over the batch first."),
    Mistake(
        "right ones only",
        more.of_right_ones,
        _PROBS + " Rows in which another class is named count as well.",
    ),
    Mistake(
        "one ratio for both",
        more.one_ratio,
        "Each sense has a ratio of its own: that of speech is s_speech / s_image.",
    ),
    Mistake(
        "ratio not turned",
        more.ratio_not_turned,
        "Where speech is ahead, tanh takes *its* ratio, s_speech / s_image, too.",
    ),
    Mistake("difference", more.of_difference, "ρ is a ratio, s / s_other: not how much larger one is."),
    Mistake("share", more.of_share, "ρ is s / s_other, not the share of s in the sum of both."),
    Mistake(
        "tanh of alpha", more.tanh_of_alpha, "tanh takes the product: tanh(alpha · ρ), not tanh(alpha) · ρ."
    ),
    Mistake("divided by", more.divided, "The gradients are multiplied by the factor; you divide by it."),
    Mistake(
        "nested twice",
        more.nested_twice,
        "parameters() reaches into every layer: going through modules() as well scales nested ones twice.",
    ),
    Mistake("told in the other order", more.told_exchanged, "The picture's factor is returned first."),
    Mistake(
        "gradients cleared", more.head_cleared, "The head's gradients stay as they are: no zero_grad here."
    ),
)
