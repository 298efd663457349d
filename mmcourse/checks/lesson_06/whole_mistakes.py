"""What people get wrong in a training built whole, and what they are told."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import whole_slips as slips


def _slip(name, sentence, **switches):
    return Mistake(name, slips.slip(**switches), sentence)


_HISTORY = "Wanted is a dict of three lists, train_loss, val_loss and val_accuracy: "
_COUNT = "The steps count on over all epochs, from 0 to epochs · len(train) − 1: "

MISTAKES = (
    _slip(
        "constant rate",
        "The learning rate is peak at every step: where is warm-up, and where the cosine?",
        rate="constant",
    ),
    _slip("no warm-up", "The warm-up is missing: how do the first steps come to peak?", rate="no warm-up"),
    _slip(
        "no fall",
        "The rate stays at peak after the warm-up: where does the cosine take it to 0?",
        rate="no fall",
    ),
    _slip(
        "warm-up from 0",
        "Your first step has a learning rate of 0: what is to be added to step, and what to warmup?",
        rate="from 0",
    ),
    _slip(
        "peak one step early",
        "Your warm-up reaches peak one step early, in step warmup − 1: in which step is it to be there?",
        rate="one step early",
    ),
    _slip(
        "cosine from step 0",
        "Your cosine counts from step 0; after the warm-up, at step = warmup, it should begin at peak, so "
        "what is to be subtracted?",
        rate="whole cosine",
    ),
    _slip(
        "cosine over all steps",
        "Your cosine is stretched over all steps and does not come down to 0; over how many steps does it "
        "run, those of the warm-up left out?",
        rate="over all steps",
    ),
    _slip(
        "0 in the last step",
        "Your rate is 0 in the last step already, which then does nothing: is it 0 at total or at total − 1?",
        rate="0 too early",
    ),
    _slip(
        "straight down",
        "Your rate falls in a straight line; which curve does the task ask for?",
        rate="straight down",
    ),
    _slip("by epoch", _COUNT + "is your rate set anew at each of them, or once an epoch?", rate="by epoch"),
    _slip(
        "anew each epoch", _COUNT + "does your count begin again with every epoch?", rate="anew each epoch"
    ),
    _slip("one epoch only", _COUNT + "is your total that of a single epoch?", rate="one epoch"),
    _slip(
        "one late",
        "Every step has the rate of the step before: is it set before optimiser.step()?",
        rate="one late",
    ),
    _slip(
        "one early", "Every step has the rate of the next one: does your count begin at 1?", rate="one early"
    ),
    _slip(
        "not clipped",
        "The gradients are not clipped: what stands between backward() and step()?",
        clip="none",
    ),
    _slip(
        "clipped one by one",
        "You clip every parameter's gradient by itself; all together are one long arrow, so how long is "
        "that?",
        clip="each",
    ),
    _slip(
        "clipped by value",
        "You clip the entries to ± max_norm; what is the norm of all of them?",
        clip="value",
    ),
    _slip(
        "always scaled",
        "Your gradients have the length max_norm at every step: what of those that are shorter anyway?",
        clip="always",
    ),
    _slip(
        "gradients not cleared",
        "The gradients of the batches before are still there: where is zero_grad()?",
        zero=False,
    ),
    _slip("summed", "Your loss is a sum over the batch: is the mean asked for?", reduction="sum"),
    _slip(
        "SGD",
        "That is plain gradient descent; which optimiser does the task name?",
        optimiser="SGD",
    ),
    _slip(
        "no decay",
        "No weight decays with you. Is it Adam instead of AdamW, or is weight_decay set to 0? The task "
        "leaves it as torch's AdamW has it.",
        optimiser="Adam",
    ),
    _slip(
        "a new optimiser each epoch",
        "Your optimiser is made anew in every epoch and forgets its moments: may it be made once?",
        anew=True,
    ),
    _slip(
        "trains in eval mode after the first epoch",
        "From the second epoch on the model trains in the mode of validation: where does train() belong?",
        mode="train once",
    ),
    _slip(
        "always eval", "The model trains in evaluation mode: where does train() belong?", mode="always eval"
    ),
    _slip(
        "validates in training mode",
        "You validate in training mode, and batch norm even learns from the validation data: where does "
        "eval() belong?",
        mode="always train",
    ),
    _slip(
        "train loss of batches",
        "Your train_loss is a mean of the batches' means: how much should a smaller last batch count?",
        train_loss="batches",
    ),
    _slip("last loss", "Your train_loss is that of the last batch: what of the others?", train_loss="last"),
    _slip(
        "sum of losses",
        "Your train_loss is a sum over batches: by what must it be divided?",
        train_loss="sum",
    ),
    _slip(
        "train loss afterwards",
        "You measure train_loss after the epoch; the losses of its steps, while the weights moved, are asked "
        "for. Do you keep them?",
        train_loss="afterwards",
    ),
    _slip(
        "validation by batches",
        "You take means of the validation batches' means: how much should a smaller last batch count?",
        figures="batches",
    ),
    _slip("percent", "A share from 0 to 1 is wanted as val_accuracy: why times 100?", figures="percent"),
    _slip(
        "validated on train",
        "You validate on the batches that were trained on: what is val for?",
        judged="train",
    ),
    _slip(
        "never stops",
        "You train through all epochs: what if val_loss has not been lower for `patience` epochs in a row?",
        **{"more patience": 10**6},
    ),
    _slip(
        "one epoch too long",
        "You stop one epoch too late: is it > or >= patience?",
        **{"more patience": 1},
    ),
    _slip(
        "one epoch too short",
        "You stop one epoch too early: how many epochs without a better one does patience allow?",
        **{"more patience": -1},
    ),
    _slip(
        "counts all",
        "You count all epochs that were not better, not those in a row: what becomes of the count after a "
        "better one?",
        **{"total waits": True},
    ),
    _slip("by accuracy", "You watch the accuracy; which number does the task watch?", watched="accuracy"),
    _slip(
        "by train loss",
        "You watch the loss on train; which number does the task watch?",
        watched="train_loss",
    ),
    _slip(
        "better than before",
        "You compare with the epoch before; what is the best so far?",
        better="than before",
    ),
    _slip("equal is better", "An equal loss counts as better with you: is it < or <=?", better="not higher"),
    _slip(
        "higher is better",
        "You keep the epoch of the highest loss: which way round is better?",
        better="higher",
    ),
    _slip(
        "not restored",
        "The model ends with the weights of the last epoch. Are those of the best one kept, as a copy "
        "(state_dict() hands out the tensors that training changes), and loaded in the end?",
        restore="none",
    ),
    _slip(
        "buffers of the last",
        "The weights are those of the best epoch, but the buffers are not: what does state_dict() hold that "
        "parameters() does not?",
        restore="parameters",
    ),
    _slip(
        "restored only when stopped",
        "Where all epochs run, the model ends with the last weights: are the best ones loaded behind the "
        "loop, whichever way it ended?",
        **{"only if stopped": True},
    ),
    Mistake("two lists", slips.nothing_measured, _HISTORY + "what do you return?"),
    Mistake(
        "up to the best",
        slips.up_to_the_best,
        "Your lists end with the best epoch: which epochs have been run after it?",
    ),
    Mistake(
        "last not noted",
        slips.last_not_noted,
        "The epoch that ended the training is missing in your lists: do you append before you break?",
    ),
)
