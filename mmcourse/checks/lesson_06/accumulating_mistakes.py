"""Mistakes that people make when they take one step for several batches."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.ways import accumulating as ways

_SHARES = {
    "mean of means": "A small batch counts as much as a large one: the loss of a batch goes back with its "
    "share of the examples, len(y) / all of them, not 1 / number of batches.",
    "sum of means": "Nothing divides the gradients: those of the batches add up, and the step is longer the "
    "more batches there are. Give each batch its share, len(y) / number of all examples.",
    "sum": "These are gradients of the sum over all examples; divide by their number, as the mean of the big "
    "batch does.",
    "sum by batches": "The sum over the examples is divided by the number of batches: divide it by the "
    "number of examples.",
}
_RIGHT_BUT = "The step is right, but the loss is "
_TOLD = {
    "last": _RIGHT_BUT + "that of the last batch: the mean over all examples is wanted.",
    "last share": _RIGHT_BUT + "the share of the last batch: add up the shares of all.",
    "mean of means": _RIGHT_BUT + "a mean of the batches' means: weigh each by its share of the examples.",
    "sum of means": _RIGHT_BUT + "the sum of the batches' means: weigh each by its share of the examples.",
    "sum": _RIGHT_BUT + "the sum over all examples: divide by their number.",
    "divided twice": _RIGHT_BUT + "divided twice: each was a mean already. Weigh each by len(y) before.",
    "list": "One number is wanted for all batches together: the mean over the examples.",
}
_ONLY_LAST = (
    "Only the last batch counts in the step: does zero_grad stand inside the loop, or backward behind it?"
)

MISTAKES = (
    *(
        Mistake(f"{share}, {told} returned", partial(ways.accumulate, share=share, told=told), sentence)
        for share, sentence in _SHARES.items()
        for told in ("right", "last", "mean of means", "sum of means")
    ),
    *(
        Mistake(f"{told} returned", partial(ways.accumulate, told=told), sentence)
        for told, sentence in _TOLD.items()
    ),
    Mistake(
        "full batches",
        partial(ways.accumulate, share="full batches", told="right"),
        "You count the examples as if all batches were as large as the first: add up len(y).",
    ),
    Mistake(
        "so far",
        partial(ways.accumulate, share="so far"),
        "You divide by the examples seen so far, so the first batches count too much: count all of them "
        "before the loop.",
    ),
    Mistake(
        "divided twice",
        partial(ways.accumulate, share="divided twice"),
        "cross_entropy has divided by the size of the small batch already; you divide by the number of "
        "all examples too. Multiply by len(y), or sum.",
    ),
    *(
        Mistake(
            f"a step for each batch, {told} returned",
            partial(ways.each_alone, told=told),
            "You step once a batch: one step is asked for, after the gradients of all are added up.",
        )
        for told in ("right", "last", "mean of means", "sum of means")
    ),
    *(
        Mistake(
            f"a step in the loop, {share}",
            partial(ways.accumulate, step="each", share=share),
            "optimiser.step() stands inside the loop: it runs once, behind it.",
        )
        for share in ("right", "mean of means", "sum of means")
    ),
    *(
        Mistake(
            f"emptied in the loop, {share}, {told} returned",
            partial(ways.accumulate, zero="each", share=share, told=told),
            _ONLY_LAST,
        )
        for share in ("right", "mean of means", "sum of means")
        for told in ("right", "last")
    ),
    *(
        Mistake(
            f"first batch only, {told}",
            partial(ways.first_only, told=told),
            "Only the first batch counts: does return, or the step, stand inside the loop?",
        )
        for told in ("share", "mean")
    ),
    Mistake(
        "never emptied",
        partial(ways.accumulate, zero=None),
        "Gradients of the step before are still there: call zero_grad once, before the first batch.",
    ),
    Mistake(
        "emptied at the end",
        partial(ways.accumulate, zero="last"),
        "You empty the gradients after the step only, so what lay there before the first one counts in "
        "it: call zero_grad before the first batch.",
    ),
    Mistake(
        "emptied before the step",
        partial(ways.accumulate, zero="before the step"),
        "The weights have not moved: you empty the gradients after the loop, before they were used.",
    ),
    Mistake(
        "no step",
        partial(ways.accumulate, step=None),
        "The weights have not moved: where is optimiser.step()?",
    ),
    Mistake(
        "mode left",
        partial(ways.accumulate, training=None),
        "The model runs in the mode it came in, which may be eval: call model.train() first.",
    ),
    Mistake(
        "joined",
        ways.joined,
        "You join the batches into the big one, which would not fit into memory: run the model on one "
        "after the other.",
    ),
    *(
        Mistake(
            f"one backward, {share}",
            partial(ways.one_backward, share=share),
            "You add up the losses and go back once, so the graphs of all batches are in memory "
            "together, as with the big batch: call backward inside the loop, which frees each."
            if share == "right"
            else _SHARES[share],
        )
        for share in ("right", *_SHARES)
    ),
    *(
        Mistake(
            f"growing total, {'kept' if kept else 'freed'}",
            partial(ways.growing_total, kept=kept),
            "backward goes through the losses of earlier batches again: call it on the loss of each "
            "batch alone, and add up numbers, loss.item().",
        )
        for kept in (False, True)
    ),
    Mistake(
        "retained",
        partial(ways.accumulate, retain=True),
        "backward frees the graph of a batch, and yours keeps it: leave retain_graph=True out. (If torch "
        "then complains of a second backward, call it on the loss of each batch alone.)",
    ),
    Mistake(
        "graph",
        partial(ways.accumulate, graph=True),
        "The loss you return drags the graphs along: add up numbers, loss.item().",
    ),
    Mistake(
        "softmax first",
        partial(ways.accumulate, of=lambda logits: logits.softmax(-1)),
        "cross_entropy takes logits and does the softmax itself: hand it the model's output as it is.",
    ),
    Mistake(
        "nothing returned",
        partial(ways.accumulate, told="nothing"),
        "The function returns nothing: it should end with return, and the mean loss over all examples.",
    ),
    toys.A_DICT,
    Mistake(
        "parameters without gradient divided",
        ways.divided_afterwards,
        "A parameter that is frozen or unused has no gradient, its .grad is None: leave those out, or "
        "divide the loss instead.",
    ),
)
