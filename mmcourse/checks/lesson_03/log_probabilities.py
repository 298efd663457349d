"""From logits to log-probabilities."""

import math
from functools import partial

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _log_softmax(logits, dim=-1):
    return F.log_softmax(logits, dim=dim)


def _bare_softmax(logits, dim=-1):
    """As the formula says, without the shift."""
    exponentials = logits.exp()
    return exponentials / exponentials.sum(dim=dim, keepdim=True)


def _shifted_by_one_maximum(logits, dim=-1):
    shifted = logits - logits.max()
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def _axis_lost(logits, dim=-1):
    return logits - logits.logsumexp(dim=dim)


def _shift_not_undone(logits, dim=-1):
    """The shift in the sum, but not in the logits it is taken from."""
    return logits - (logits - logits.amax(dim=dim, keepdim=True)).exp().sum(dim=dim, keepdim=True).log()


def _shift_added_only(logits, dim=-1):
    return logits - logits.amax(dim=dim, keepdim=True)


def _rescued(logits, dim=-1, tiny=1e-9, clamp=False):
    """The logarithm of the softmax, kept away from log(0)."""
    probs = logits.softmax(dim=dim)
    return (probs.clamp(min=tiny) if clamp else probs + tiny).log()


def _tiny(_generator):
    """Probabilities 1/2, 1/2 and 1/4, 3/4."""
    return torch.tensor([[1.0, 1.0], [0.0, math.log(3)]])


def _shifted_by(logits, dim=-1, shift="mean"):
    """Shifted by another number than the largest."""
    middle = logits.mean(dim=dim, keepdim=True) if shift == "mean" else logits.amin(dim=dim, keepdim=True)
    shifted = logits - middle
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def _maximum_without_axis(logits, dim=-1):
    shifted = logits - logits.amax(dim=dim)
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def _both_without_axis(logits, dim=-1):
    shifted = logits - logits.amax(dim=dim)
    return shifted - shifted.exp().sum(dim=dim).log()


def _summed_over_everything(logits, dim=-1):
    shifted = logits - logits.amax(dim=dim, keepdim=True)
    return shifted - shifted.exp().sum().log()


_TINY_NUMBERS = (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
_SHIFT = (
    "exp of a logit of 1000 is ∞: subtract the largest logit along dim first, which changes no probability."
)
_RESCUED = (
    "A tiny number added, or a clamp, keeps log away from 0, but every unlikely class then gets the same "
    "score: write the logarithm as a difference, logit − log Σ exp."
)
_LARGEST = (
    "What you subtract has to be the largest logit along dim: then no exp is above 1, and one of them is 1."
)
_DEFAULT = "Your default of dim is another axis: where dim is left out it is −1, the last one."
_AXIS = "The sum runs along dim: sum(dim=dim, keepdim=True), whatever dim is."

log_softmax = Exercise(
    id="03.2",
    name="log_softmax",
    title="Log-probabilities that do not overflow",
    difficulty=1,
    minutes=10,
    stub="return the logarithm of the softmax along dim, safe for any logits",
    parameters=("logits", "dim"),
    reference=_log_softmax,
    hints=(
        "What is exp(1000) in float32? And what happens to a softmax when the same number is added to all "
        "its logits?",
        "The logarithm of a quotient is a difference: log(exp(x) / Σ exp(x)) = …? Which part of it is "
        "computed without any exp?",
        "shifted = logits − logits.amax(dim, keepdim=True), then shifted − shifted.exp().sum(dim, "
        "keepdim=True).log().",
    ),
    cases=(
        Case("two rows of two", _tiny),
        Case("random logits", lambda g: 3 * torch.randn(3, 5, generator=g)),
        Case("along the first axis", lambda g: (torch.randn(4, 3, generator=g), 0)),
        Case("classes of every pixel", lambda g: Args((torch.randn(2, 3, 4, 5, generator=g),), {"dim": 1})),
        Case("logits of 1000", lambda g: torch.tensor([[1000.0, 0.0, 999.0], [-1000.0, -1001.0, -1002.0]])),
        Case("a very unlikely class", lambda g: torch.tensor([[0.0, -200.0, 1.0], [3.0, 2.0, 500.0]])),
        Case("rows far apart", lambda g: torch.tensor([[0.0, 1.0, 2.0, 3.0], [500.0, 501.0, 500.0, 499.0]])),
        Case("words of sentences, along the last axis", lambda g: torch.randn(2, 3, 4, generator=g)),
        Case("one class", lambda g: torch.randn(3, 1, generator=g), gradient=False),
    ),
    mistakes=(
        Mistake("log of the bare softmax", lambda logits, dim=-1: _bare_softmax(logits, dim).log(), _SHIFT),
        Mistake(
            "logits minus log of the sum",
            lambda logits, dim=-1: logits - logits.exp().sum(dim=dim, keepdim=True).log(),
            _SHIFT,
        ),
        Mistake(
            "log of the shifted softmax",
            lambda logits, dim=-1: logits.softmax(dim=dim).log(),
            "The softmax of a very unlikely class rounds to 0, and log(0) is −∞: write the logarithm as a "
            "difference, logit − log Σ exp, instead of taking it of the quotient.",
        ),
        *(Mistake(f"{tiny} added", partial(_rescued, tiny=tiny), _RESCUED) for tiny in _TINY_NUMBERS),
        *(
            Mistake(f"clamped at {tiny}", partial(_rescued, tiny=tiny, clamp=True), _RESCUED)
            for tiny in _TINY_NUMBERS
        ),
        Mistake(
            "one maximum for all",
            _shifted_by_one_maximum,
            "You subtracted one maximum from all rows: in a row far below it every exp is 0. Each row needs "
            "its own, amax(dim, keepdim=True).",
        ),
        Mistake(
            "softmax",
            lambda logits, dim=-1: logits.softmax(dim=dim),
            "These are the probabilities: the logarithm is missing.",
        ),
        Mistake(
            "softmax twice",
            lambda logits, dim=-1: logits.softmax(dim=dim).log_softmax(dim=dim),
            "You took the softmax twice: start from the logits.",
        ),
        Mistake("last axis always", lambda logits, dim=-1: logits.log_softmax(dim=-1), "You never use dim."),
        Mistake("first axis always", lambda logits, dim=-1: logits.log_softmax(dim=0), _AXIS),
        Mistake("second axis always", lambda logits, dim=-1: logits.log_softmax(dim=1), _AXIS),
        Mistake("first axis by default", lambda logits, dim=0: logits.log_softmax(dim=dim), _DEFAULT),
        Mistake("second axis by default", lambda logits, dim=1: logits.log_softmax(dim=dim), _DEFAULT),
        Mistake(
            "both axes lost",
            _both_without_axis,
            "Without keepdim=True the maximum and the sum lose their axis, and are subtracted along another "
            "one: amax(dim=dim, keepdim=True), and the same for sum.",
        ),
        Mistake(
            "over everything",
            lambda logits, dim=-1: logits - logits.flatten().logsumexp(dim=0),
            "You summed over all entries: along dim alone, each row is a distribution of its own.",
        ),
        Mistake(
            "axis lost",
            _axis_lost,
            "Without keepdim=True the sum loses its axis, and is then subtracted along another one.",
        ),
        Mistake(
            "shift not undone",
            _shift_not_undone,
            "You shifted the logits in the sum only: subtract the maximum from the logits in front of it "
            "too, or add it to the logarithm.",
        ),
        Mistake("shifted by the mean", _shifted_by, _LARGEST),
        Mistake("shifted by the smallest", partial(_shifted_by, shift="smallest"), _LARGEST),
        Mistake(
            "axis of the maximum lost",
            _maximum_without_axis,
            "Without keepdim=True the maximum loses its axis, and is then subtracted along another one.",
        ),
        Mistake(
            "sum over everything",
            _summed_over_everything,
            "Your sum runs over all entries: along dim alone, each row is a distribution of its own.",
        ),
        Mistake(
            "softmax of the logarithm",
            lambda logits, dim=-1: logits.log().softmax(dim=dim),
            "You took the logarithm first; it comes last, of the softmax.",
        ),
        Mistake(
            "only shifted",
            _shift_added_only,
            "You only subtracted the maximum: the logarithm of the sum of the exponentials is missing.",
        ),
        Mistake(
            "mean of exponentials",
            lambda logits, dim=-1: logits.log_softmax(dim=dim) + math.log(logits.shape[dim]),
            "You took the mean of the exponentials; their sum is wanted.",
        ),
        Mistake(
            "sign",
            lambda logits, dim=-1: -logits.log_softmax(dim=dim),
            "The sign is the wrong way round: the logarithm of a probability is never above 0.",
        ),
        Mistake(
            "other base",
            lambda logits, dim=-1: logits.log_softmax(dim=dim) / math.log(10),
            "You took the logarithm to the base 10; exp goes with the natural one, torch.log.",
        ),
        Mistake(
            "bits",
            lambda logits, dim=-1: logits.log_softmax(dim=dim) / math.log(2),
            "You took the logarithm to the base 2; exp goes with the natural one, torch.log.",
        ),
        Mistake(
            "log of the sum only",
            lambda logits, dim=-1: logits.logsumexp(dim=dim, keepdim=True),
            "This is log Σ exp(x): subtract it from the logits.",
        ),
        Mistake(
            "maximum and its places",
            lambda logits, dim=-1: logits - logits.max(dim=dim, keepdim=True),
            "max with a dim returns two things, the values and their places: take .values, or amax.",
        ),
        Mistake(
            "math",
            lambda logits, dim=-1: math.exp(logits),
            "The functions of `math` take one number; whole tensors have methods, logits.exp().",
        ),
        Mistake(
            "log of the logits",
            lambda logits, dim=-1: logits.log() - logits.sum(dim=dim, keepdim=True).log(),
            "The exponentials are missing: a softmax divides exp(x) by the sum of exp(x).",
        ),
    ),
    noticing="A logit 200 below the best still has a log-probability, and a slope: training can mend it. "
    "As a probability it is 0, and the loss would be ∞.",
    gradient=True,
    scaled=True,  # log Σ exp of logits of 1000 is rounded at the seventh digit, 0.0001
)
