"""Linear support vector machines: hinge losses, and sub-gradient descent with averaging."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating
from ._rows import need_labels, need_training_rows
from .losses import REDUCTIONS

KINDS = ("one_vs_rest", "multi_class")


def multi_margin_loss(
    input: Float[Tensor, "*batch class"],
    target: Int[Tensor, "*batch"],
    p: int = 1,
    margin: float = 1.0,
    weight: Float[Tensor, " class"] | None = None,
    reduction: str = "mean",
) -> Float[Tensor, "*loss"]:
    """Ask that the right class leads all others: Σ_{c≠y} w_y max(0, margin - s_y + s_c)^p / classes.

    input      scores s [batch, class] or [class]
    target     right classes y [batch] or []
    p          1, or 2 for a loss that grows with the square
    margin     by how much the right class has to lead
    weight     how much each class counts as the right one; the mean stays one over the rows
    reduction  "mean" over rows, "sum", or "none"
    Raises     TypeError for integers, ValueError for shapes, classes or options that do not fit
    Source     Weston & Watkins 1999, "Support vector machines for multi-class pattern recognition"; equals
               torch.nn.functional.multi_margin_loss
    """
    need_floating(input, "input")
    need_choice(reduction, "reduction", REDUCTIONS)
    if p not in (1, 2):
        raise ValueError(f"p must be 1 or 2, got {p}.")
    rows, classes = (input if input.ndim == 2 else input[None]), input.shape[-1]
    need_labels(target.reshape(-1), len(rows), classes)
    right = target.reshape(-1, 1).long()
    missing = margin - rows.gather(1, right) + rows
    missing = torch.where(missing > 0, missing, 0.0).scatter(1, right, 0.0)  # a class does not lead itself
    loss = (missing**p).sum(1) / classes
    if weight is not None:
        loss = loss * weight[right[:, 0]]
    if reduction == "none":
        return loss.view(target.shape)
    return loss.sum() if reduction == "sum" else loss.mean()


def one_vs_rest_hinge_loss(
    input: Float[Tensor, "batch class"], target: Int[Tensor, " batch"], reduction: str = "mean"
) -> Float[Tensor, "*loss"]:
    """Ask every class yes or no: Σ_c max(0, 1 - t_c s_c), where t is 1 for the right class and else -1.

    input      scores s
    target     right classes
    reduction  "mean" over rows, "sum", or "none"
    Raises     TypeError for integers, ValueError for shapes, classes or options that do not fit
    Source     Vapnik 1995, "The nature of statistical learning theory"; Rifkin & Klautau 2004
    """
    need_floating(input, "input")
    need_choice(reduction, "reduction", REDUCTIONS)
    need_labels(target, *input.shape)
    missing = 1 - signs(target, input.shape[1]).to(input) * input
    loss = torch.where(missing > 0, missing, 0.0).sum(1)
    if reduction == "none":
        return loss
    return loss.sum() if reduction == "sum" else loss.mean()


def fit_linear_svm(
    x: Float[Tensor, "row feature"],
    y: Int[Tensor, " row"],
    *,
    classes: int,
    C: float = 1.0,
    kind: str = "one_vs_rest",
    epochs: int = 100,
    batch_size: int = 32,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    """Make ½ ‖W‖² + C Σ hinge(W x, y) small by steps against the sub-gradient of a few rows at a time.

    A hinge has no slope at its corner; any slope between those beside it will do, and the steps, 1 / λ t with
    λ = 1 / (C rows), get shorter so that it does not matter. The weights of the second half of the steps are
    averaged, which takes away their noise. The bias is the weight of a feature that is always 1, so it is
    kept small with the others. Bring the features to one scale before.

    classes     how many; a class without rows is never named
    C           how much the rows count beside small weights, above 0
    kind        "one_vs_rest" (one_vs_rest_hinge_loss) or "multi_class" (multi_margin_loss)
    epochs      times that every row is seen
    generator   of the order of the rows
    Returns     weight [class, feature] and bias [class], for linear_scores
    Raises      TypeError and ValueError for arguments that do not fit
    Source      Shalev-Shwartz et al. 2011, "Pegasos", figure 2; averaging: Rakhlin et al. 2012, section 3
    """
    need_training_rows(x, y, classes)
    need_choice(kind, "kind", KINDS)
    if not (C > 0 and epochs >= 1 and batch_size >= 1):
        raise ValueError(
            f"C must be above 0, epochs and batch_size 1 or more, got {C}, {epochs} and {batch_size}."
        )
    slope = _one_vs_rest_slope if kind == "one_vs_rest" else _multi_class_slope
    rows, answers = torch.cat([x, x.new_ones(len(x), 1)], 1), signs(y, classes).to(x)
    weight = x.new_zeros(classes, rows.shape[1])
    average, decay, step = torch.zeros_like(weight), 1 / (C * len(x)), 0
    steps = epochs * -(-len(x) // batch_size)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator, device=generator.device).to(x.device)
        for chosen in order.split(batch_size):
            step += 1
            some = rows[chosen]
            downhill = slope(some @ weight.T, answers[chosen]).T @ some / len(chosen)
            weight = (1 - 1 / step) * weight - downhill / (decay * step)
            if 2 * step > steps:
                average += (weight - average) / (step - steps // 2)
    return {"weight": average[:, :-1].contiguous(), "bias": average[:, -1].contiguous()}


def signs(y: Int[Tensor, " row"], classes: int) -> Float[Tensor, "row class"]:
    """Give float64 [row, class] with 1 for each row's class and -1 for the others."""
    return 2.0 * (y[:, None] == torch.arange(classes, device=y.device)).double() - 1


def _one_vs_rest_slope(scores: Tensor, answers: Tensor) -> Tensor:
    """Derivative of Σ_c max(0, 1 - t_c s_c) by the scores: -t_c where the margin is missed."""
    return -answers * (answers * scores < 1)


def _multi_class_slope(scores: Tensor, answers: Tensor) -> Tensor:
    """Derivative of the multi-class hinge: 1 / classes for a class too near, as much off the right one."""
    right = answers > 0
    near = (scores > scores[right][:, None] - 1) & ~right
    push = near.to(scores.dtype) / scores.shape[1]
    return torch.where(right, -push.sum(1, keepdim=True), push)
