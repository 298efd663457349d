"""What people get wrong in the search for a learning rate, and what they are told."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import range_slips as slips


def _slip(name, sentence, **switches):
    return Mistake(name, slips.slip(**switches), sentence)


_WEIGHTS = (
    "The model comes out with other weights than it came with. state_dict() hands out the tensors that "
    "training changes, so is a copy of it put back, copy.deepcopy, or is the whole search done on a copy?"
)
_PAIR = "Two lists are wanted, first the rates, then the losses: "

MISTAKES = (
    _slip(
        "linear rise",
        "Your rates rise by the same amount at every step; by the same factor is wanted, so which power of "
        "high / low?",
        rates="linear",
    ),
    _slip(
        "high is never reached",
        "Your rates end one step before high: from 0 to steps − 1 there are steps − 1 strides, aren't there?",
        rates="never high",
    ),
    _slip(
        "begins above low",
        "Your first rate is above low already: does the count begin at 0?",
        rates="begins above low",
    ),
    _slip(
        "by tens",
        "Your rates grow tenfold at every step, whatever high is: by which factor instead?",
        rates="by tens",
    ),
    _slip(
        "falls",
        "Your rates fall from high to low: should a search begin where nothing can break?",
        rates="falls",
    ),
    _slip("logarithm", "You return logarithms of the rates; what takes a logarithm back?", rates="logarithm"),
    _slip(
        "rate set too late",
        "Every step is taken at the rate of the one before: is it set before optimiser.step()?",
        late=True,
    ),
    _slip(
        "smoothed losses",
        "Your losses are smoothed; is each loss as it was asked for?",
        smooth=0.9,
    ),
    _slip(
        "loss after the step",
        "You measure the loss after the step; it belongs to the weights before it, so where is it computed?",
        loss_of="after",
    ),
    _slip(
        "gradients not cleared",
        "The gradients of the steps before are still there, so the search follows their sum: where is "
        "zero_grad()?",
        zero=False,
    ),
    _slip(
        "weights not put back",
        _WEIGHTS,
        back="none",
    ),
    _slip("nothing put back", _WEIGHTS, back="none", cleared=False),
    _slip("neither weights nor mode put back", _WEIGHTS, back="none", cleared=False, mode_back=False),
    _slip(
        "buffers not put back",
        "The weights are as before, but the buffers are not, such as the mean that batch norm keeps. What "
        "does state_dict() hold that parameters() does not?",
        back="parameters",
    ),
    _slip(
        "mode not put back",
        "The model came in evaluation mode and goes out in training mode: do you note model.training first?",
        mode_back=False,
    ),
    _slip(
        "mode as it came",
        "The search runs in whatever mode the model came in; the losses of training are wanted, so where is "
        "train()?",
        mode="as it came",
    ),
    _slip(
        "evaluation mode",
        "The search runs in evaluation mode; the losses of training are wanted, so where is train()?",
        mode="eval",
    ),
    _slip(
        "gradients left behind",
        "The gradients of the last step are left in the model, and the first step of training would add to "
        "them: how are they cleared at the end?",
        cleared=False,
    ),
    _slip(
        "never breaks off",
        "The search goes on though the loss is lost: when is it to break off, be it before all steps are "
        "taken?",
        stop="never",
    ),
    _slip(
        "NaN is not noticed",
        "NaN > 4 · smallest is False, as every comparison with NaN: what does math.isfinite say of it?",
        stop="four times only",
    ),
    _slip(
        "infinity is not noticed",
        "Where the first loss is infinite, 4 times the smallest is so, too, and nothing is above it; isnan "
        "says nothing of ∞: what does math.isfinite say?",
        stop="four times or NaN",
    ),
    _slip(
        "only NaN ends it",
        "You break off only where the loss is no number any more; is one of more than four times the "
        "smallest still worth a step?",
        stop="not finite only",
    ),
    _slip(
        "four times the first",
        "You compare with the first loss; what is the smallest so far?",
        stop="four times the first",
    ),
    _slip(
        "four times the one before",
        "You compare with the loss just before; one that creeps up is never noticed so. What is the smallest "
        "so far?",
        stop="four times the one before",
    ),
    _slip(
        "any rise",
        "You break off as soon as a loss is above the smallest, and batches differ: above what multiple?",
        stop="rises",
    ),
    _slip(
        "twice", "You break off at twice the smallest loss: which multiple does the task name?", stop="twice"
    ),
    _slip(
        "four above",
        "You add 4 to the smallest loss; is it 4 times the smallest that is asked for?",
        stop="four above",
    ),
    _slip(
        "without the last",
        "The loss that ended the search is missing, with its rate: do you append before you break?",
        last=False,
    ),
    _slip("Adam", "That is Adam; plain gradient descent is asked for, isn't it?", optimiser="Adam"),
    _slip(
        "summed", "Your loss is a sum over the batch: is it the mean that the task asks for?", reduction="sum"
    ),
    _slip(
        "once through",
        "Your search ends with the last batch: where does it go on with the first one?",
        order="once",
    ),
    _slip("one batch", "Every step takes the first batch: what of the others, in turn?", order="first"),
    _slip(
        "anew at every step",
        "You put the weights back after every step, so each rate begins where the first one did; are they to "
        "go on until the end?",
        fresh=True,
    ),
    _slip("uphill", "Your steps go up the slope: is the gradient taken away from the weight?", sign=-1),
    _slip(
        "losses with their graphs",
        "Your losses are tensors that keep the graph of every step in memory: keep the number, loss.item(), "
        "will you?",
        graphs=True,
    ),
    Mistake(
        "gradient of the frozen",
        slips.grad_of_all,
        "torch.autograd.grad refuses a parameter that is frozen: hand it those with requires_grad alone, or "
        "call loss.backward(), which passes frozen ones by.",
    ),
    Mistake(
        "all rates",
        slips.all_rates,
        "You return rates that were never tried, beyond the loss that ended the search: are both lists of "
        "one length?",
    ),
    Mistake("exchanged", slips.exchanged, _PAIR + "which one do you return first?"),
    Mistake("pairs", slips.pairs, _PAIR + "yours is a list of pairs, and does zip(*pairs) part them?"),
    Mistake("losses alone", slips.losses_alone, _PAIR + "where are the rates?"),
    Mistake("best alone", slips.best_alone, _PAIR + "choosing one of them comes later, doesn't it?"),
)
