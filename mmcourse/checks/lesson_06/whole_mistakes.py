"""What people get wrong in a training built whole, and what they are told."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import whole_slips as slips
from mmcourse.checks.lesson_06.whole_rate_mistakes import RATES


def _slip(name, sentence, **switches):
    return Mistake(name, slips.slip(**switches), sentence)


_HISTORY = "Wanted is a dict of three lists, train_loss, val_loss and val_accuracy: "

MISTAKES = (
    *RATES,
    _slip(
        "not clipped",
        "The gradients are not clipped: what stands between backward() and step()?",
        clip="none",
    ),
    _slip(
        "clipped to 1", "You clip to a norm of 1, whatever max_norm says: where is it used?", clip="to one"
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
    _slip(
        "train loss not divided",
        "Your train_loss is a sum over examples: by how many must it be divided?",
        train_loss="total",
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
    _slip(
        "validation loss by batches",
        "Your val_loss is a mean of the batches' means: how much should a smaller last batch count?",
        figures="loss batches",
    ),
    _slip(
        "swapped",
        "Your val_loss and val_accuracy are exchanged: in which order does your validate return the two?",
        figures="swapped",
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
        "the first worse one ends it",
        "You stop at the first epoch that is not better: where does patience come in?",
        **{"one is enough": True},
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
    _slip(
        "begins at 0",
        "No loss is below 0, with which your best begins, so no epoch is better: what is every loss below?",
        start=0.0,
    ),
    _slip(
        "better by a margin",
        "An epoch that is better by a hair is not better with you; every lower loss is: who asked for a "
        "min_delta?",
        margin=1e-3,
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
    Mistake("model", slips.the_model, _HISTORY + "you return the model, which the caller has anyway, no?"),
    _slip(
        "losses with their graphs",
        "Your train_loss holds tensors that keep the graph of every step: keep the number, loss.item(), will "
        "you?",
        graphs=True,
    ),
    Mistake(
        "losses of steps",
        slips.losses_of_steps,
        "Your train_loss has an entry for every step: one for every epoch is wanted, so where do you append?",
    ),
    Mistake(
        "validated before the epoch",
        slips.validated_before,
        "You validate before the epoch's steps, not after them: behind which loop does it belong?",
    ),
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
