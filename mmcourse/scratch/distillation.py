"""Learning from a teacher's probabilities, which say more than the right class alone."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating, need_share, widen
from .activations import log_softmax
from .losses import cross_entropy

REDUCTIONS = ("none", "mean", "sum", "batchmean")


def kl_div(
    input: Float[Tensor, "*shape"],
    target: Float[Tensor, "*shape"],
    reduction: str = "mean",
    log_target: bool = False,
) -> Float[Tensor, "*loss"]:
    """Measure how far shares are from the wanted ones: target · (log target - input), 0 where target is 0.

    input       log-probabilities
    target      probabilities, or their logarithms with log_target
    reduction   "batchmean" divides the sum by the first axis and is the divergence of an example; "mean"
                divides it by all numbers, classes too, and is that divided by the classes
    Raises      TypeError for integers, ValueError for shapes that differ
    Source      Kullback & Leibler 1951, "On information and sufficiency"; torch.nn.functional.kl_div
    """
    for name, value in {"input": input, "target": target}.items():
        need_floating(value, name)
    need_choice(reduction, "reduction", REDUCTIONS)
    if input.shape != target.shape:
        raise ValueError(
            f"input and target must have the same shape, got {list(input.shape)} and {list(target.shape)}."
        )
    wide, wanted = widen(input), widen(target)
    if log_target:
        loss = torch.exp(wanted) * (wanted - wide)
    else:
        known = wanted > 0
        loss = (wanted * (torch.log(wanted.where(known, 1)) - wide)).where(known, 0)
    if reduction == "none":
        return loss.to(input.dtype)
    count = {"mean": loss.numel(), "sum": 1, "batchmean": len(loss) if loss.ndim else 1}[reduction]
    return (loss.sum() / count).to(input.dtype)


def distillation_loss(
    input: Float[Tensor, "batch class"],
    teacher: Float[Tensor, "batch class"],
    target: Int[Tensor, " batch"],
    temperature: float = 4.0,
    alpha: float = 0.5,
) -> Float[Tensor, ""]:
    """Follow a teacher and the labels: alpha · T² · KL(p_teacher ‖ p) + (1 - alpha) · cross-entropy.

    Both p are softmax(logits / T): a high temperature T shows how a teacher ranks the wrong classes. The
    gradient of the divergence shrinks as 1 / T², which T² makes good.

    input        the student's logits
    teacher      the teacher's logits; no gradient goes to them
    target       class numbers
    temperature  T, above 0
    alpha        share of the teacher, 0 to 1
    Raises       TypeError for integers, ValueError for shapes that differ, or a number out of range
    Source       Hinton et al. 2015, "Distilling the knowledge in a neural network", section 2; with one
                 sense taught by more: Gupta et al. 2016, "Cross modal distillation for supervision transfer"
    """
    need_floating(teacher, "teacher")
    need_share(alpha, "alpha")
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}.")
    if input.shape != teacher.shape:
        raise ValueError(
            f"student and teacher must name the same classes, got logits {list(input.shape)} and "
            f"{list(teacher.shape)}."
        )
    hard = cross_entropy(widen(input), target)
    log_probs = log_softmax(widen(input) / temperature, dim=1)
    wanted = log_softmax(widen(teacher.detach()) / temperature, dim=1)
    soft = kl_div(log_probs, wanted, "batchmean", log_target=True)
    return (alpha * temperature**2 * soft + (1 - alpha) * hard).to(input.dtype)
