"""The loss: how surprised is the model by the right class?"""

import math
from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _bare_softmax(logits):
    """As the formula says, without the shift."""
    return logits.exp() / logits.exp().sum(dim=1, keepdim=True)


def _cross_entropy(logits, target):
    return F.cross_entropy(logits, target)


def _shifted_from_above(logits, target):
    """The largest logit is taken away only where it is above 0."""
    shifted = logits - logits.amax(dim=1, keepdim=True).clamp(min=0)
    return (shifted.exp().sum(dim=1).log() - _picked(shifted, target)).mean()


def _indices_exchanged(logits, target):
    return -logits.log_softmax(dim=1)[target, torch.arange(len(target), device=target.device)].mean()


def _one_hot(logits, target):
    return F.one_hot(target, logits.shape[1]).to(logits)


def _picked(scores, target):
    return scores[torch.arange(len(target), device=target.device), target]


def _rescued(logits, target, tiny, clamp=False):
    """The logarithm of the softmax, kept away from log(0)."""
    probs = _picked(logits.softmax(dim=1), target)
    return -(probs.clamp(min=tiny) if clamp else probs + tiny).log().mean()


def _losses(generator, batch, classes):
    return (
        2 * torch.randn(batch, classes, generator=generator),
        torch.randint(classes, (batch,), generator=generator),
    )


_TINY_NUMBERS = (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
_CEILING = (
    "A tiny number added, or a clamp, puts a ceiling on the loss, where it has no slope: use log_softmax, "
    "which needs no rescue."
)
_TWICE = "You took the softmax twice: cross-entropy starts from logits, and they have had none yet."
_EXAMPLE = "You took the mean over examples and classes: each example counts once, with its own class."

cross_entropy = Exercise(
    id="03.3",
    name="cross_entropy",
    title="The loss: how surprised is the model?",
    difficulty=1,
    minutes=10,
    stub="return the mean of −log p of the right classes, from logits",
    parameters=("logits", "target"),
    reference=_cross_entropy,
    hints=(
        "A model gives the right class the probability 1/4. How large is its loss, and which of the other "
        "probabilities matter for it?",
        "Which function of this notebook gives log-probabilities without overflow? And how do you take from "
        "row 0 the entry target[0], from row 1 the entry target[1], and so on?",
        "log_probs[torch.arange(len(target)), target] picks one entry a row; the loss is minus their mean.",
    ),
    cases=(
        Case(
            "two examples",
            lambda g: (torch.tensor([[0.0, 0.0, -100.0], [0.0, math.log(3), -100.0]]), torch.tensor([0, 0])),
        ),
        Case("random logits", lambda g: _losses(g, 5, 4)),
        Case("as many examples as classes", lambda g: _losses(g, 4, 4)),
        Case("a batch of one", lambda g: (torch.randn(1, 3, generator=g), torch.tensor([2]))),
        Case("sure and right", lambda g: (torch.tensor([[1000.0, 0.0], [1.0, 3.0]]), torch.tensor([0, 1]))),
        Case("sure and wrong", lambda g: (torch.tensor([[1000.0, 0.0], [0.0, 3.0]]), torch.tensor([1, 1]))),
        Case(
            "all logits far below 0",
            lambda g: (torch.tensor([[-200.0, -201.0], [-152.0, -150.0]]), torch.tensor([0, 0])),
            gradient=False,
        ),
        Case("a large batch", lambda g: _losses(g, 64, 10)),
    ),
    mistakes=(
        Mistake(
            "sum",
            lambda logits, target: F.cross_entropy(logits, target, reduction="sum"),
            "This is the sum of the losses; the mean over the batch is wanted, so that a larger batch does "
            "not take larger steps.",
        ),
        Mistake(
            "shifted only from above",
            _shifted_from_above,
            "Where all logits lie far below 0 every exp is 0, and log(0) is −∞: subtract the largest logit "
            "of the row even if it is negative.",
        ),
        Mistake(
            "no shift",
            lambda logits, target: -_picked(_bare_softmax(logits).log(), target).mean(),
            "exp of a logit of 1000 is ∞: take your log_softmax of 03.2, which subtracts the largest first.",
        ),
        Mistake(
            "no shift, as a difference",
            lambda logits, target: (logits.exp().sum(dim=1).log() - _picked(logits, target)).mean(),
            "exp of a logit of 1000 is ∞: take your log_softmax of 03.2, which subtracts the largest first.",
        ),
        Mistake(
            "log of the softmax",
            lambda logits, target: -_picked(logits.softmax(dim=1).log(), target).mean(),
            "The softmax of a hopeless class rounds to 0, and −log(0) is ∞: use log_softmax instead of the "
            "log of the softmax.",
        ),
        *(Mistake(f"{tiny} added", partial(_rescued, tiny=tiny), _CEILING) for tiny in _TINY_NUMBERS),
        *(
            Mistake(f"clamped at {tiny}", partial(_rescued, tiny=tiny, clamp=True), _CEILING)
            for tiny in _TINY_NUMBERS
        ),
        Mistake(
            "softmax twice", lambda logits, target: F.cross_entropy(logits.softmax(dim=1), target), _TWICE
        ),
        Mistake(
            "sign",
            lambda logits, target: -F.cross_entropy(logits, target),
            "The sign is missing: log p is never above 0, and a loss is never below it.",
        ),
        Mistake(
            "probability",
            lambda logits, target: -_picked(logits.softmax(dim=1), target).mean(),
            "This is minus the probability of the right class: the logarithm is missing.",
        ),
        Mistake(
            "logits",
            lambda logits, target: -_picked(logits, target).mean(),
            "You took the logits themselves; first turn them into log-probabilities.",
        ),
        Mistake(
            "mean before the logarithm",
            lambda logits, target: -_picked(logits.softmax(dim=1), target).mean().log(),
            "You averaged the probabilities and then took the logarithm; each example has a loss, and the "
            "losses are averaged.",
        ),
        Mistake(
            "per example",
            lambda logits, target: F.cross_entropy(logits, target, reduction="none"),
            "These are the losses of the examples, one each: return their mean.",
        ),
        Mistake(
            "best class",
            lambda logits, target: -logits.log_softmax(dim=1).amax(dim=1).mean(),
            "You took the model's favourite class; the loss looks at the right one, target.",
        ),
        Mistake(
            "all columns",
            lambda logits, target: -logits.log_softmax(dim=1)[:, target].mean(),
            "`[:, target]` takes all these columns from every row; you want entry target[i] of row i.",
        ),
        Mistake(
            "mean over classes too",
            lambda logits, target: F.cross_entropy(logits, target) / logits.shape[1],
            _EXAMPLE,
        ),
        Mistake(
            "all classes",
            lambda logits, target: -logits.log_softmax(dim=1).mean(),
            "You took the mean over all classes; only the right class of each example counts.",
        ),
        Mistake(
            "softmax over the batch",
            lambda logits, target: -_picked(logits.log_softmax(dim=0), target).mean(),
            "Your softmax runs over the batch; the classes of one example compete, dim=1.",
        ),
        Mistake(
            "softmax over everything",
            lambda logits, target: -_picked(logits - logits.flatten().logsumexp(0), target).mean(),
            "Your softmax runs over the whole table; the classes of one example compete, dim=1.",
        ),
        Mistake(
            "rows and classes exchanged",
            _indices_exchanged,
            "The indices are exchanged: the example comes first, then its class, [rows, target].",
        ),
        Mistake(
            "divided by the classes",
            lambda logits, target: F.cross_entropy(logits, target, reduction="sum") / logits.shape[1],
            "You divided by the number of classes; the mean is over the examples of the batch.",
        ),
        Mistake(
            "each class by itself",
            lambda logits, target: F.binary_cross_entropy_with_logits(logits, _one_hot(logits, target)),
            "You judged every class by itself, yes or no; here the classes compete, in one softmax.",
        ),
        Mistake(
            "one minus p",
            lambda logits, target: (1 - _picked(logits.softmax(dim=1), target)).mean(),
            "You took 1 − p; the loss is −log p, which grows without end as p goes to 0.",
        ),
        Mistake(
            "entropy",
            lambda logits, target: -(logits.softmax(dim=1) * logits.log_softmax(dim=1)).sum(dim=1).mean(),
            "You weighted with the model's own probabilities, which is its entropy; target says which one "
            "counts.",
        ),
        Mistake(
            "squared",
            lambda logits, target: F.mse_loss(logits.softmax(dim=1), _one_hot(logits, target)),
            "This is the mean square of the errors; cross-entropy is −log p of the right class.",
        ),
        Mistake(
            "first example",
            lambda logits, target: F.cross_entropy(logits[:1], target[:1]),
            "Only the first example counts: is `return` inside your loop?",
        ),
        Mistake(
            "gather without the axis",
            lambda logits, target: -logits.log_softmax(dim=1).gather(1, target).mean(),
            "gather wants as many axes in its index as in the table: target[:, None].",
        ),
        Mistake(
            "item",
            lambda logits, target: F.cross_entropy(logits, target).item(),
            "A Python number has no gradient, and nothing could be trained with it: return the tensor.",
        ),
    ),
    noticing="A model that knows nothing has a loss of log(classes): 2.3 for ten digits. If the first loss "
    "of a training is far above that, look at the first values of the weights.",
    gradient=True,
)
