"""Weights over what is not masked."""

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05 import masked_slips as slips

torch = lazy("torch")


def _random(generator, *sizes, scale=2.0):
    """Scores and a mask in which every row along the last axis has something to look at."""
    mask = torch.rand(*sizes, generator=generator) < 0.6
    mask[..., 0] = True
    return scale * torch.randn(*sizes, generator=generator), mask


def _empty_row(generator):
    scores, mask = _random(generator, 2, 3, 4)
    mask[0, 1] = False
    mask[1] = False
    return scores, mask


def _large(generator):
    scores, mask = _random(generator, 3, 4)
    return scores + torch.tensor([200.0, -200.0, 0.0])[:, None], mask


def _broadcast(generator):
    return torch.randn(2, 3, 4, 4, generator=generator), torch.arange(4) < torch.tensor([3, 1])[
        :, None, None, None
    ]


def _other_axis(generator):
    scores, mask = _random(generator, 3, 4, 4)
    mask[:, 0] = True
    return Args((scores, mask), {"dim": 1})


_ZERO = "A score of 0 is not “do not look”: e⁰ is 1. Which score gives the power 0?"
_FINITE = (
    "A negative number only looks like −∞: a score below it wins, and a row where all is masked still gets "
    "weights instead of 0. Take −torch.inf, and look after the empty rows."
)
_AFTER = (
    "You set weights to 0 after the softmax, so what is left does not add up to 1: the masked scores must be "
    "out before it."
)
_SHIFT = (
    "exp of a large score is inf, and of a very low one 0: take away the largest allowed score of the row "
    "first, which changes no weight."
)
_DIM = "dim says along which axis the weights add up to 1; yours do so along another one."

masked_softmax = Exercise(
    id="05.2",
    name="masked_softmax",
    title="Weights over what may be seen",
    difficulty=2,
    minutes=15,
    stub="return a softmax over what the mask allows, and zeros where it allows nothing",
    parameters=("scores", "mask", "dim"),
    reference=slips.masked_softmax,
    hints=(
        "Which score has the power 0, so that it takes no part in the sum either?",
        "What is 0 / 0? Where does a row without any allowed score come to it, and what would you rather "
        "have there?",
        "scores.masked_fill(~mask, -torch.inf), then take away amax(dim, keepdim=True), with 0 in place of "
        "−∞ where a row is empty; exp; divide by the sum, with 1 in place of 0 where a row is empty.",
    ),
    cases=(
        Case(
            "two rows, one of three masked",
            lambda g: (
                torch.tensor([[0.0, 1.0, 3.0], [2.0, 2.0, 2.0]]),
                torch.tensor([[True, True, False], [True, False, True]]),
            ),
        ),
        Case("random scores", lambda g: _random(g, 3, 4, 5)),
        Case("as many queries as keys", lambda g: _random(g, 4, 4, 4)),
        Case("another axis", _other_axis),
        Case("one mask for all heads and queries", _broadcast),
        Case("large scores", _large),
        Case("rows that may see nothing", _empty_row),
        Case(
            "a very low score alone",
            lambda g: (
                torch.tensor([[-1e10, 5.0], [-3e10, -4e10]]),
                torch.tensor([[True, False], [True, False]]),
            ),
        ),
        Case(
            "half precision",
            lambda g: (torch.zeros(1, 3, dtype=torch.float16), torch.tensor([[True, False, True]])),
            gradient=False,
        ),
    ),
    mistakes=(
        Mistake(
            "no mask",
            lambda scores, mask, dim=-1: scores.softmax(dim),
            "The mask is not used: what it does not allow gets a weight too.",
        ),
        Mistake("mask after softmax", slips.after, _AFTER),
        Mistake("0 for −∞", slips.filled(0.0), _ZERO),
        Mistake("times the mask", slips.times, _ZERO),
        Mistake(
            "plus the mask",
            lambda scores, mask, dim=-1: (scores + mask).softmax(dim),
            "Adding True adds 1 to a score. What must be added where the mask is False, so that the power "
            "is 0?",
        ),
        Mistake(
            "mask inverted",
            lambda scores, mask, dim=-1: slips.masked_softmax(scores, ~mask, dim),
            "Your mask is the other way round: True means that it takes part.",
        ),
        Mistake(
            "empty rows are NaN",
            slips.filled(-float("inf")),
            "Where a row allows nothing, all scores are −∞ and softmax gives 0/0 = NaN: the weights there "
            "have to be 0.",
        ),
        *(
            Mistake(f"{value:g} for −∞", slips.filled(value), _FINITE)
            for value in (-1e9, -1e4, -1e30, -1.0, -10.0, -100.0)
        ),
        Mistake("100 taken away", slips.fixed_offset, _FINITE),
        Mistake("no shift, chosen", slips.no_shift_chosen, _SHIFT),
        Mistake(
            "shift by what is masked",
            slips.shifted_by(lambda scores, dim: scores.amax(dim, keepdim=True)),
            "You took away the largest of all scores; where that one is masked, the powers of the allowed "
            "ones may all come out as 0: mask first, then look for the largest.",
        ),
        Mistake(
            "one shift for all rows",
            slips.shifted_by(lambda scores, dim: scores.max()),
            "You took away one number from all rows, and the powers of low rows come out as 0: each row has "
            "its own largest score, amax(dim, keepdim=True).",
        ),
        Mistake(
            "no keepdim",
            slips.without_axis,
            "The sum has lost the axis dim, so it no longer stands beside its row: keepdim=True leaves it "
            "there with size 1.",
        ),
        Mistake("no shift", slips.no_shift, _SHIFT),
        Mistake(
            "something added to the sum",
            slips.small_added,
            "What you add to the sum, so that it is not 0, takes something from every row: the weights no "
            "longer add up to 1.",
        ),
        Mistake(
            "no powers",
            slips.plain_sum,
            "You shared out the scores themselves; softmax shares out their powers, exp(score).",
        ),
        Mistake(
            "softmax twice", slips.twice, "There are two softmaxes: the weights of the first are no scores."
        ),
        Mistake("logarithms", slips.logs, "These are logarithms of weights, as log_softmax gives them."),
        Mistake("last axis always", slips.axis(-1), _DIM),
        Mistake("last but one", slips.axis(-2), _DIM),
        Mistake(
            "changes its input",
            slips.changes_input,
            "You changed scores, which whoever calls this may still need: masked_fill without the underscore "
            "makes a new tensor.",
        ),
        Mistake(
            "−∞ times the mask",
            lambda scores, mask, dim=-1: (scores + ~mask * -torch.inf).softmax(dim),
            "0 · ∞ is NaN: where nothing is masked you add NaN. masked_fill or torch.where put −∞ in its "
            "place.",
        ),
        Mistake(
            "mask subtracted",
            lambda scores, mask, dim=-1: scores.masked_fill(-mask, -torch.inf),
            "A boolean mask is turned round by ~mask, not by −mask.",
        ),
        Mistake(
            "detached",
            lambda scores, mask, dim=-1: slips.masked_softmax(scores.detach(), mask, dim),
            "No gradient flows back to scores: stay with tensor operations, without .item(), .tolist() or "
            ".data.",
        ),
    ),
    noticing="An empty row is no accident: it is a clip of 0 frames, or a sense that is missing.",
    gradient=True,
)
