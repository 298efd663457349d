"""Mistakes that people make with a moving average of weights."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import moving_slips as slips
from mmcourse.checks.lesson_06.moving_slips import other

_START = "The average begins at a copy of the weights that the model has when the object is made; "

MISTAKES = (
    Mistake(
        "references",
        other(start=lambda self, model: dict(model.state_dict())),
        "What you keep at the beginning are the weights themselves, which training changes in place: keep "
        "copies, with copy.deepcopy or .clone().",
    ),
    Mistake(
        "decay and the rest swapped",
        other(mix=lambda self, average, weight: (1 - self.decay) * average + self.decay * weight),
        "The old average is multiplied by decay and the new weight by 1 − decay; yours is the other way "
        "round.",
    ),
    Mistake(
        "buffers averaged",
        other(buffer=slips.averaged_buffer),
        "You average the buffers, too: they are copied as they are. A counter of batches has no average.",
    ),
    Mistake(
        "buffers left out",
        other(update=slips.update_parameters_only),
        "The buffers stay as they were at the beginning: copy them in every update.",
    ),
    Mistake(
        "buffers not written",
        other(copy_to=slips.copy_parameters_only),
        "copy_to leaves the model's buffers as they are: write those in, too.",
    ),
    Mistake(
        "starts at 0",
        other(start=slips.start_at_zero),
        _START + "yours begins at 0.",
    ),
    Mistake(
        "starts at 0 and corrects",
        other(start=slips.start_at_zero, copy_to=slips.corrected),
        _START + "yours begins at 0 and divides by 1 − decayⁿ, as Adam does.",
    ),
    Mistake(
        "starts at the first update",
        other(start=slips.start_late, update=slips.update_from_first),
        _START + "yours begins at those of the first update.",
    ),
    Mistake(
        "mean of all",
        other(mix=slips.mix_all_seen),
        "This is the plain mean of all weights so far: an old weight should count less with every update, by "
        "decay.",
    ),
    Mistake(
        "ramped",
        other(mix=slips.mix_ramped),
        "Your decay grows with the updates; here it is the same from the first one on.",
    ),
    Mistake(
        "last weights",
        other(mix=lambda self, average, weight: weight.clone()),
        "You keep the last weights: decay · average + (1 − decay) · weight is wanted.",
    ),
    Mistake(
        "never updated",
        other(mix=lambda self, average, weight: average),
        "Your average never moves: does update assign to what you keep, or only to a name in the loop, or "
        "to a dict that is made anew each time?",
    ),
    Mistake(
        "weight not multiplied",
        other(mix=lambda self, average, weight: self.decay * average + weight),
        "The new weight has to be multiplied by 1 − decay, else the average grows beyond all weights.",
    ),
    Mistake(
        "average not multiplied",
        other(mix=lambda self, average, weight: average + (1 - self.decay) * weight),
        "The old average has to be multiplied by decay, else it grows with every update.",
    ),
    Mistake(
        "halved",
        other(mix=lambda self, average, weight: (average + weight) / 2),
        "You take the mean of the old average and the weight: decay says how much each counts.",
    ),
    Mistake(
        "graph",
        other(update=slips.update_with_graph),
        "Your averages carry the graph of all updates so far, which grows until memory is full: work under "
        "torch.no_grad(), or with weight.detach().",
    ),
    Mistake(
        "frozen left out",
        other(copy_to=slips.copy_what_learns),
        "You leave out parameters with requires_grad False: the model that you write into needs those as "
        "well.",
    ),
    Mistake(
        "frozen not averaged",
        other(update=slips.update_what_learns),
        "You average only parameters with requires_grad True, so the average of a weight that is frozen now "
        "stays at what it was before: it moves towards every parameter.",
    ),
    Mistake(
        "model changed in place",
        other(start=lambda self, model: model.state_dict(), update=slips.update_in_place),
        "What you keep are the model's own tensors, so update changes the model: keep copies, with "
        "copy.deepcopy or .clone().",
    ),
    Mistake(
        "written into the trained model",
        other(update=slips.update_the_model),
        "Your update writes the average into the model, which then trains on from there: only copy_to "
        "writes.",
    ),
    Mistake(
        "model frozen",
        other(start=slips.start_and_freeze),
        "You set requires_grad to False in the model itself, which then no longer trains: only your copy "
        "needs no gradient.",
    ),
    Mistake(
        "copied by reference",
        other(copy_to=slips.copy_by_data),
        "After copy_to the model's weights *are* the averages, so what happens to the one happens to the "
        "other: copy the numbers, with load_state_dict or .copy_().",
    ),
    Mistake(
        "new parameters",
        other(copy_to=slips.copy_new_parameters),
        "You put new parameters into the model, but its optimiser holds the old ones: copy the numbers into "
        "them, with load_state_dict or .copy_().",
    ),
    Mistake(
        "copied nowhere",
        other(copy_to=slips.copy_nothing),
        "Your copy_to leaves the model as it is: weight.copy_(average) writes into it, where `weight = "
        "average` only gives the name to something else.",
    ),
    Mistake(
        "the remembered model",
        other(start=slips.start_and_remember, copy_to=slips.copy_to_the_remembered),
        "You write into the model that the object was made with: write into the one that copy_to is given.",
    ),
    Mistake(
        "evaluates",
        other(copy_to=slips.copy_and_evaluate),
        "Your copy_to changes the mode of the model: it should write numbers only.",
    ),
    Mistake(
        "freezes",
        other(copy_to=slips.copy_and_freeze),
        "Your copy_to changes requires_grad of the model's parameters: it should write numbers only.",
    ),
    Mistake(
        "shared",
        slips.shared(),
        "What you keep there belongs to the class, so a second average overwrites it: keep it in self, from "
        "__init__ on.",
    ),
    Mistake(
        "written with a gradient",
        other(copy_to=slips.copy_with_gradient),
        "A weight that requires a gradient refuses to be changed in place: write under torch.no_grad(), or "
        "with load_state_dict.",
    ),
    Mistake(
        "counter averaged in place",
        other(update=slips.update_all_in_place),
        "You average an integer, the counter of batches of batch normalisation: it is a buffer, and buffers "
        "are copied.",
    ),
)
