"""Mistakes that people make when they stop early."""

import math

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import stopping_slips as slips
from mmcourse.checks.lesson_06.stopping_slips import other

_REFERENCES = (
    "state_dict() hands out the weights themselves, and training goes on in them, in place: keep copies, "
    "with copy.deepcopy or .clone()."
)
_BETTER = "Better means loss < best − min_delta; "

MISTAKES = (
    Mistake("references", other(keep=slips.keep_references), _REFERENCES),
    Mistake(
        "parameters only",
        other(keep=slips.keep_parameters, restore=slips.restore_parameters),
        "You keep the parameters, but not the buffers, such as the running mean of batch normalisation; "
        "state_dict() holds both.",
    ),
    Mistake(
        "no reset",
        other(note=slips.note_without_reset),
        "Your count goes on when a better epoch comes: it counts epochs in a row, and starts again at 0.",
    ),
    Mistake(
        "last loss",
        other(note=slips.note_last_loss),
        "You compare with the epoch before: best is the best loss of all so far, and moves only when it "
        "is beaten.",
    ),
    Mistake(
        "one too late",
        other(stops=lambda self: self.waited > self.patience),
        "You stop one epoch too late: stop as soon as `patience` epochs in a row were no better, with >=.",
    ),
    Mistake(
        "one too early",
        other(stops=lambda self: self.waited + 1 >= self.patience),
        "You stop one epoch too early: `patience` epochs in a row may pass without a better one. Does "
        "your count begin at 0?",
    ),
    Mistake(
        "patience ignored",
        other(stops=lambda self: self.waited > 0),
        "You stop at the first epoch that is no better: wait for `patience` of them in a row.",
    ),
    Mistake(
        "every epoch counts",
        other(note=slips.note_epochs),
        "You count all epochs: count those that were no better.",
    ),
    Mistake(
        "keeps always",
        other(note=slips.note_always_keeps),
        "You keep the weights of every epoch, so the last ones are left: keep them only when the loss is "
        "better.",
    ),
    Mistake(
        "keeps the worse",
        other(note=slips.note_keeps_when_worse),
        "You keep weights also of epochs that are no better: in which branch does that line stand?",
    ),
    Mistake(
        "keeps the first",
        other(note=slips.note_keeps_first),
        "You keep the weights of the first epoch only: keep new ones each time the loss is better.",
    ),
    Mistake(
        "higher is better",
        other(start=-math.inf, better=lambda self, loss: loss > self.best + self.min_delta),
        "You look for the highest loss: a smaller one is better. Then best starts at ∞.",
    ),
    Mistake(
        "min_delta ignored",
        other(better=lambda self, loss: loss < self.best),
        _BETTER + "you leave min_delta out.",
    ),
    Mistake(
        "min_delta added",
        other(better=lambda self, loss: loss < self.best + self.min_delta),
        _BETTER + "you add min_delta, so a loss that is a little worse passes for better.",
    ),
    Mistake(
        "min_delta as a share",
        other(better=lambda self, loss: loss < self.best * (1 - self.min_delta)),
        _BETTER + "you take min_delta as a share of the best loss.",
    ),
    Mistake(
        "another default",
        type(
            "Default",
            (slips.Stopping,),
            {
                "__init__": lambda self, patience, min_delta=1e-3: slips.Stopping.__init__(
                    self, patience, min_delta
                )
            },
        ),
        _BETTER + "where min_delta is not given it is 0, so that every gain counts.",
    ),
    Mistake(
        "best follows",
        other(note=slips.note_lowest),
        "Your best loss follows gains smaller than min_delta, so many small ones never add up: move it "
        "only together with the weights.",
    ),
    Mistake(
        "weights of the lowest",
        other(note=slips.note_keeps_lowest),
        "You keep the weights of the lowest loss, be it lower by less than min_delta: best loss, "
        "weights and count change together.",
    ),
    Mistake(
        "equal is better",
        other(better=lambda self, loss: loss <= self.best - self.min_delta),
        _BETTER + "you let an equal loss pass for better, with <=.",
    ),
    Mistake(
        "NaN is better",
        other(note=slips.note_nan_is_better),
        "A loss of NaN passes for better with you: every comparison with NaN is false, so ask for "
        "loss < best − min_delta and count in the else.",
    ),
    Mistake(
        "NaN is not counted",
        other(note=slips.note_nan_is_nothing),
        "An epoch whose loss is NaN is not counted: it was no better one, so count it.",
    ),
    Mistake(
        "first is best",
        other(better=slips.first_is_best),
        "You take the first loss for the best whatever it is; if it is NaN, nothing is ever smaller. "
        "Start with a best of ∞.",
    ),
    Mistake(
        "best starts at 0",
        other(start=0.0),
        "Your best loss starts at 0, which no loss beats: start at math.inf.",
    ),
    Mistake(
        "best starts at 100",
        other(start=100.0),
        "Your best loss starts at a number that losses can exceed: start at math.inf.",
    ),
    Mistake(
        "True or None",
        other(update=slips.true_or_none),
        "Where training goes on, update ends without `return`: return the comparison itself, which is "
        "True or False.",
    ),
    Mistake(
        "returns better",
        other(update=slips.whether_better),
        "You return whether the epoch was better: wanted is whether to stop.",
    ),
    Mistake(
        "returns going on",
        other(stops=lambda self: self.waited < self.patience),
        "You return True while training goes on: True means stop.",
    ),
    Mistake(
        "update restores",
        other(update=slips.update_restores),
        "Your update puts weights back by itself: only restore does that.",
    ),
    Mistake(
        "restores nothing",
        other(restore=slips.restore_nothing),
        "Your restore leaves the model as it is; `model = …` only gives the name to something else. "
        "load_state_dict writes into the model.",
    ),
    Mistake(
        "restored by reference",
        other(restore=slips.restore_by_data),
        "After restore the model's weights *are* the kept ones, so training on spoils them: copy into "
        "the model, with load_state_dict.",
    ),
    Mistake(
        "new parameters",
        other(restore=slips.restore_new_parameters),
        "You put new parameters into the model, but its optimiser holds the old ones: copy the numbers "
        "into them, with load_state_dict.",
    ),
    Mistake(
        "shared",
        slips.shared(),
        "What you keep there belongs to the class, so a second stopper overwrites it: keep it in self, from "
        "__init__ on.",
    ),
    Mistake(
        "a model loaded",
        other(restore=slips.restore_a_model),
        "load_state_dict takes a dict of tensors and not a model: hand it what state_dict() gave.",
    ),
    Mistake(
        "a count of no self",
        other(update=slips.update_without_self),
        "What is to be there at the next call belongs into self: self.count, set to 0 in __init__.",
    ),
    Mistake(
        "how far apart",
        other(better=lambda self, loss: abs(loss - self.best) > self.min_delta),
        _BETTER + "you ask how far apart they are, so a worse loss passes for better, too.",
    ),
    Mistake(
        "best never set",
        other(note=slips.note_without_best),
        "You never set the best loss, so everything is better than what it began with: set it when it is "
        "beaten.",
    ),
    Mistake(
        "nothing kept",
        other(keep=lambda self, model: None, restore=slips.restore_without_asking),
        "When restore is called no weights have been kept: does every better epoch copy them into self, and "
        "does best begin at ∞, so that the first epoch is a better one?",
    ),
    Mistake(
        "restore evaluates",
        other(restore=slips.restore_and_evaluate),
        "Your restore puts the model into eval mode, and it may then be trained on: restore writes weights "
        "and nothing else.",
    ),
    Mistake(
        "stops once",
        other(stops=lambda self: self.waited == self.patience),
        "You say stop at one count only, and False again after it: ask with >= and not ==.",
    ),
    Mistake(
        "a number returned",
        other(stops=lambda self: int(self.waited >= self.patience)),
        "You return a number: return the comparison itself, count >= patience, which is True or False.",
    ),
)
