"""What people get wrong in the learning rate of a training built whole, and what they are told."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import whole_slips as slips


def _slip(name, sentence, rate):
    return Mistake(name, slips.slip(rate=rate), sentence)


_COUNT = "The steps count on over all epochs, from 0 to epochs · len(train) − 1: "

RATES = (
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
        "after the step",
        "Your rate is set after the step, so the first one is taken at the rate that AdamW has by itself: "
        "does it stand before optimiser.step()?",
        rate="after the step",
    ),
    _slip(
        "total of epochs",
        "Your total is the number of epochs: how many steps are there in all?",
        rate="total of epochs",
    ),
    _slip(
        "warm-up of epochs",
        "Your warm-up lasts `warmup` epochs: is it in epochs or in steps that it is given?",
        rate="warm-up of epochs",
    ),
    _slip(
        "step over total",
        "Your cosine takes step / total, warm-up and all: at step = warmup it should begin at peak, so what "
        "is to be subtracted above and below?",
        rate="step over total",
    ),
)
