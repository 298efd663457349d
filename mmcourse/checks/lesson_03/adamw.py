"""One step of AdamW."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import adamw_slips as slips

torch = lazy("torch")


def _adamw(parameter, grad, state, lr, betas, eps, weight_decay):
    first, second, step = state
    step = step + 1
    first = betas[0] * first + (1 - betas[0]) * grad
    second = betas[1] * second + (1 - betas[1]) * grad**2
    mean, square = first / (1 - betas[0] ** step), second / (1 - betas[1] ** step)
    parameter = parameter * (1 - lr * weight_decay) - lr * mean / (square.sqrt() + eps)
    return parameter, (first, second, step)


def _without_gradient(_generator):
    """Late in the training; the decay acts all the same."""
    return torch.ones(3), torch.zeros(3), (torch.zeros(3), torch.zeros(3), 9), 0.1, (0.9, 0.99), 1e-8, 0.1


def _tiny(_generator):
    """The first step of two numbers, without decay: each moves by lr, against the sign of its gradient."""
    return (
        torch.tensor([1.0, 2.0]),
        torch.tensor([0.5, -4.0]),
        (torch.zeros(2), torch.zeros(2), 0),
        0.1,
        (0.9, 0.99),
        1e-8,
        0.0,
    )


def _made(generator, shape, step, weight_decay, lr=0.1, betas=(0.9, 0.99), eps=1e-3, size=1.0):
    parameter = 3 * torch.randn(*shape, generator=generator)
    grad = size * torch.randn(*shape, generator=generator)
    first = size * torch.randn(*shape, generator=generator) if step else torch.zeros(*shape)
    second = size**2 * torch.rand(*shape, generator=generator) if step else torch.zeros(*shape)
    return parameter, grad, (first, second, step), lr, betas, eps, weight_decay


_CORRECTION = (
    "The bias correction is missing: the moments start at 0, so divide the first by 1 − beta1^t and the "
    "second "
    "by 1 − beta2^t, with t = 1 in the first step."
)
_POWER = "The correction of step t is 1 − beta ** t, beta to the power of t."
_NEW = "You changed what you were given, the parameter or the moments; return new ones (no mul_, add_ or -=)."
_HALF = "Only one of the two moments is corrected; the other one starts at 0 as well."
_COUNT = "The first step is step 1: count before you correct, or 1 − beta^0 = 0 is what you divide by."
_ONE_ALREADY = "The bias correction uses the step before: add 1 to step first, then correct."

adamw_step = Exercise(
    id="03.11",
    name="adamw_step",
    title="One step of AdamW",
    difficulty=2,
    minutes=15,
    stub="update the moments, correct them, decay the parameter and move it",
    parameters=("parameter", "grad", "state", "lr", "betas", "eps", "weight_decay"),
    reference=_adamw,
    hints=(
        "After one step from 0 with beta1 = 0.9, the first moment is a tenth of the gradient. By what must "
        "it "
        "be divided to be the gradient itself? And after two steps?",
        "Two ways to make a weight smaller: add weight_decay · parameter to the gradient, or shrink the "
        "parameter by itself. In which of them does √v divide the decay, so that it hardly counts where "
        "gradients are large?",
        "t = step + 1; m = b1·m + (1 − b1)·g; v = b2·v + (1 − b2)·g²; parameter · (1 − lr·weight_decay) − "
        "lr · m/(1 − b1^t) / (√(v/(1 − b2^t)) + eps); the state is (m, v, t), uncorrected.",
    ),
    cases=(
        Case("the first step of two numbers, no decay", _tiny),
        Case("a later step, no decay", lambda g: _made(g, (2, 3), 4, 0.0)),
        Case("the first step, with decay", lambda g: _made(g, (3, 2), 0, 0.5)),
        Case("a later step, with decay", lambda g: _made(g, (4,), 7, 0.3)),
        Case("gradients so small that eps counts", lambda g: _made(g, (3,), 2, 0.1, size=1e-3)),
        Case("other betas and rate", lambda g: _made(g, (2, 2), 3, 0.2, 0.03, (0.5, 0.8), 0.01)),
        Case("without gradient", _without_gradient),
    ),
    mistakes=(
        Mistake("no correction", partial(slips.adamw, corrected=(False, False)), _CORRECTION),
        Mistake("first corrected", partial(slips.adamw, corrected=(True, False)), _HALF),
        Mistake("second corrected", partial(slips.adamw, corrected=(False, True)), _HALF),
        Mistake("counted late", partial(slips.adamw, late=True), _COUNT),
        Mistake(
            "multiplied",
            partial(slips.adamw, correction="times"),
            "You multiplied by 1 − beta^t; the moments are too small at first, so divide by it.",
        ),
        Mistake(
            "corrections exchanged",
            slips.corrections_exchanged,
            "The corrections are exchanged: m with the first beta, v with the second.",
        ),
        Mistake(
            "root before the correction",
            slips.root_first,
            "Correct v before you take its root: √(v / (1 − b2^t)).",
        ),
        Mistake("no rate", slips.no_rate, "The learning rate is missing before m / (√v + eps)."),
        Mistake(
            "decay by a constant",
            slips.constant_decay,
            "You took away lr · weight_decay from every number; the decay is a share of it, lr · "
            "weight_decay · parameter.",
        ),
        Mistake("beta times t", partial(slips.adamw, correction="product"), _POWER),
        Mistake("no power", partial(slips.adamw, correction="once"), _POWER),
        Mistake(
            "gradient for the moment",
            slips.gradient_for_the_moment,
            "You moved by the gradient itself; the first moment, corrected, takes its place.",
        ),
        Mistake(
            "four results",
            slips.flat_results,
            "Two things are wanted: the parameter, and one tuple (m, v, step).",
        ),
        Mistake(
            "parameter alone",
            slips.parameter_alone,
            "The new state is wanted too: (parameter, (m, v, step)).",
        ),
        Mistake("parameter in place", slips.parameter_in_place, _NEW),
        Mistake("never counted", partial(slips.adamw, late=True, keep="step"), _COUNT),
        Mistake(
            "average of the gradient, twice",
            partial(slips.adamw, squared=None),
            "v averages g², the square of the gradient; of g itself it can be below 0, and its root is NaN.",
        ),
        Mistake("division by zero", slips.divided_by_zero, _COUNT),
        Mistake(
            "decay in the gradient",
            partial(slips.adamw, decay="in the gradient"),
            "You added the decay to the gradient, so √v divides it: that is Adam with L2. AdamW keeps it "
            "apart "
            "from the moments: parameter · (1 − lr · weight_decay).",
        ),
        Mistake(
            "decay without the rate",
            partial(slips.adamw, decay="without lr"),
            "The decay goes with the learning rate: shrink by lr · weight_decay.",
        ),
        Mistake("no decay", partial(slips.adamw, decay="after"), "You left out weight_decay."),
        Mistake("growth", slips.grown, "Your decay makes the weights grow: 1 − lr · weight_decay."),
        Mistake(
            "decay last",
            partial(slips.adamw, decay="last"),
            "You shrank the parameter after it had moved; the decay acts on what came in.",
        ),
        Mistake(
            "eps inside",
            partial(slips.adamw, eps_inside=True),
            "eps is added after the root: √v + eps.",
        ),
        Mistake("no root", partial(slips.adamw, root=False), "The root is missing: divide by √v + eps."),
        Mistake(
            "not squared",
            partial(slips.adamw, squared=False),
            "The second moment follows the square of the gradient.",
        ),
        Mistake(
            "square of the smoothed gradient",
            slips.square_of_mean,
            "You squared the first moment; the second moment follows the square of the gradient itself.",
        ),
        Mistake(
            "shares left out",
            partial(slips.adamw, weighted=False),
            "A moment is a moving average: beta · old + (1 − beta) · new, and the 1 − beta is missing.",
        ),
        Mistake(
            "shares exchanged",
            slips.shares_exchanged,
            "beta is the share of the old: beta · old + (1 − beta) · new.",
        ),
        Mistake(
            "betas exchanged",
            slips.betas_exchanged,
            "The two betas are exchanged: the first is for the gradient, the second for its square.",
        ),
        Mistake(
            "old moments",
            partial(slips.adamw, old=True),
            "You moved by the moments of the step before: update them first.",
        ),
        Mistake("upwards", partial(slips.adamw, sign=1), "You went up the slope: subtract the move."),
        Mistake(
            "corrected moments kept",
            partial(slips.adamw, keep="corrected"),
            "The corrected moments went into the state, so the next step would correct them again: keep the "
            "uncorrected ones.",
        ),
        Mistake(
            "old state",
            partial(slips.adamw, keep="old"),
            "The state came back as it was: return the new moments and the new step.",
        ),
        Mistake(
            "step not counted", partial(slips.adamw, keep="step"), "The step in the state is not counted up."
        ),
        Mistake("plain descent", slips.sgd, "This is plain gradient descent; Adam moves by m / (√v + eps)."),
        Mistake(
            "in place",
            slips.in_place,
            _NEW,
        ),
    ),
    time_limit=30.0,  # an answer by torch.optim loads half of torch in its first step
    noticing="The first step moves each number by lr, whether its gradient is 0.001 or 1,000: the size of "
    "the "
    "gradient cancels. That is why Adam needs so little tuning.",
)
