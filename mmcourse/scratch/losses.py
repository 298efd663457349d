"""How wrong an answer is, as one number to make small."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating, need_integers, need_share, widen
from .activations import log_softmax

REDUCTIONS = ("none", "mean", "sum")


def cross_entropy(
    input: Float[Tensor, "*logits"],
    target: Int[Tensor, "*batch"] | Float[Tensor, "*logits"],
    weight: Float[Tensor, " class"] | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Float[Tensor, "*loss"]:
    """Say how surprised the model is by the right class, in nats: -log softmax(logits)[target].

    input            logits [batch, class, ...] or [class]; not shares: a softmax before this is one too many
    target           class numbers [batch, ...] or []; or shares of classes, in the shape of the logits
    weight           how much each class counts; the mean is then the weighted one
    ignore_index     class number of the places that do not count, such as padding
    reduction        "mean" over the places that count, "sum", or "none" for one number a place
    label_smoothing  share of the target spread evenly over all classes, in 0..1
    Raises           TypeError for logits that are integers, ValueError for shapes or classes that do not fit
    Source           lesson 3, "From numbers to a loss"; smoothing: Szegedy et al. 2016, section 7
    """
    need_floating(input, "input")
    need_share(label_smoothing, "label_smoothing")
    axis = min(input.ndim - 1, 1)
    if axis < 0 or input.shape[axis] == 0:
        raise ValueError(f"input must be [batch, class, ...] or [class], got {list(input.shape)}.")
    log_probs = log_softmax(widen(input), dim=axis)
    if target.shape == input.shape:
        loss = _shares_loss(log_probs, target, weight, ignore_index, reduction, label_smoothing)
    elif label_smoothing == 0:
        loss = nll_loss(log_probs, target, weight, ignore_index, reduction)
    else:
        hit = nll_loss(log_probs, target, weight, ignore_index, reduction)
        even = _even_loss(log_probs, target, weight, ignore_index, reduction)
        loss = (1 - label_smoothing) * hit + label_smoothing * even
    return loss.to(input.dtype)


def nll_loss(
    input: Float[Tensor, "*log_probs"],
    target: Int[Tensor, "*batch"],
    weight: Float[Tensor, " class"] | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Float[Tensor, "*loss"]:
    """Pick the right class's log-probability, with the sign turned: -weight[target] · log_probs[target].

    input         log-probabilities [batch, class, ...] or [class], as log_softmax gives them
    target        class numbers [batch, ...] or []
    weight        how much each class counts; the mean is Σ weight · loss / Σ weight
    ignore_index  class number of the places that do not count
    reduction     "mean" over the places that count, "sum", or "none" for one number a place
    Raises        TypeError for a target that is no integer, ValueError for shapes or classes that do not fit
    Source        torch.nn.functional.nll_loss
    """
    _need_classes(input, target, weight, ignore_index, reduction)
    log_probs, axis = widen(input), min(input.ndim - 1, 1)
    ignored, counts = _counting(log_probs, target, weight, ignore_index)
    rows = target.masked_fill(ignored, 0).unsqueeze(axis).long()
    loss = -log_probs.gather(axis, rows).squeeze(axis).masked_fill(ignored, 0) * counts
    return _reduce(loss, reduction, counts.sum()).to(input.dtype)


def mse_loss(
    input: Float[Tensor, "*shape"], target: Float[Tensor, "*shape"], reduction: str = "mean"
) -> Float[Tensor, "*loss"]:
    """Give the squared difference: (x - y)².

    input, target  the same shape; no broadcasting, which compares each with all when an axis is missing
    reduction      "mean" over all numbers, "sum", or "none"
    Raises         TypeError for integers, ValueError for different shapes
    Source         torch.nn.functional.mse_loss
    """
    _need_same_shape(input, target, reduction)
    loss = (widen(input) - widen(target)) ** 2
    return _reduce(loss, reduction, loss.numel()).to(torch.promote_types(input.dtype, target.dtype))


def binary_cross_entropy_with_logits(
    input: Float[Tensor, "*shape"],
    target: Float[Tensor, "*shape"],
    weight: Float[Tensor, "..."] | None = None,
    reduction: str = "mean",
    pos_weight: Float[Tensor, "..."] | None = None,
) -> Float[Tensor, "*loss"]:
    """Ask yes or no of each number: -y · log σ(x) - (1 - y) · log(1 - σ(x)), from logits.

    Written with -log σ(x) = log(1 + exp(-x)), and log(1 + exp(-|x|)) + max(-x, 0) for that: exp cannot
    overflow, and no share is rounded to 0 before its logarithm is taken.

    input       logits, any shape
    target      wanted shares in 0..1, the same shape
    weight      how much each number counts, to broadcast; the mean stays one over all numbers
    reduction   "mean" over all numbers, "sum", or "none"
    pos_weight  how much a yes counts beside a no, to broadcast
    Raises      TypeError for integers, ValueError for different shapes
    Source      torch.nn.functional.binary_cross_entropy_with_logits
    """
    _need_same_shape(input, target, reduction)
    x, y = widen(input), widen(target)
    absolute = torch.where(x < 0, -x, x)  # abs would have the slope 0 at 0
    miss = torch.log1p(torch.exp(-absolute)) + torch.where(x < 0, -x, 0.0)  # -log σ(x)
    yes = y if pos_weight is None else y * pos_weight
    loss = yes * miss + (1 - y) * (miss + x)  # -log(1 - σ(x)) = -log σ(-x) = x - log σ(x)
    if weight is not None:
        loss = loss * weight
    return _reduce(loss, reduction, loss.numel()).to(input.dtype)


def _shares_loss(
    log_probs: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    reduction: str,
    label_smoothing: float,
) -> Tensor:
    """Cross-entropy with shares of classes as the target: -Σ_c weight_c · share_c · log_prob_c."""
    need_floating(target, "a target in the shape of the logits")
    need_choice(reduction, "reduction", REDUCTIONS)
    if ignore_index >= 0:
        raise ValueError("ignore_index fits a target of class numbers; shares of classes have none.")
    axis = min(log_probs.ndim - 1, 1)
    classes = log_probs.shape[axis]
    _need_weight(weight, classes)
    shares = widen(target) * (1 - label_smoothing) + label_smoothing / classes
    loss = -(_along_classes(log_probs, weight) * shares).sum(axis)
    return _reduce(loss, reduction, loss.numel())


def _even_loss(
    log_probs: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, reduction: str
) -> Tensor:
    """Cross-entropy with the same share for every class, where the target counts."""
    axis = min(log_probs.ndim - 1, 1)
    ignored, counts = _counting(log_probs, target, weight, ignore_index)
    loss = -_along_classes(log_probs, weight).sum(axis).masked_fill(ignored, 0) / log_probs.shape[axis]
    return _reduce(loss, reduction, counts.sum())


def _counting(
    log_probs: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int
) -> tuple[Tensor, Tensor]:
    """Which places are ignored, and how much each place counts: 0 where ignored."""
    ignored = target == ignore_index
    if weight is None:
        return ignored, (~ignored).to(log_probs.dtype)
    return ignored, widen(weight)[target.masked_fill(ignored, 0).long()].masked_fill(ignored, 0)


def _along_classes(log_probs: Tensor, weight: Tensor | None) -> Tensor:
    """Multiply each class by its weight."""
    if weight is None:
        return log_probs
    return log_probs * weight.view(-1, *[1] * max(log_probs.ndim - 2, 0))


def _reduce(loss: Tensor, reduction: str, count: Tensor | int) -> Tensor:
    if reduction == "none":
        return loss
    return loss.sum() if reduction == "sum" else loss.sum() / count


def _need_classes(
    input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, reduction: str
) -> None:
    need_floating(input, "input")
    need_integers(target, "target")
    need_choice(reduction, "reduction", REDUCTIONS)
    axis = min(input.ndim - 1, 1)
    wanted = [*input.shape[:axis], *input.shape[axis + 1 :]]
    if axis < 0 or list(target.shape) != wanted:
        raise ValueError(
            f"input {list(input.shape)} takes class numbers {wanted}, got target {list(target.shape)}: "
            "classes are axis 1 of the input, and the target leaves them out."
        )
    classes = input.shape[axis]
    _need_weight(weight, classes)
    outside = target[(target != ignore_index) & ((target < 0) | (target >= classes))]
    if outside.numel():
        raise ValueError(f"class numbers must lie in 0..{classes - 1}, got {int(outside[0])}.")


def _need_weight(weight: Tensor | None, classes: int) -> None:
    if weight is not None and tuple(weight.shape) != (classes,):
        raise ValueError(f"weight must be [{classes}], one number a class, got {list(weight.shape)}.")


def _need_same_shape(input: Tensor, target: Tensor, reduction: str) -> None:
    need_floating(input, "input")
    need_floating(target, "target")
    need_choice(reduction, "reduction", REDUCTIONS)
    if input.shape != target.shape:
        raise ValueError(
            f"input and target must have the same shape, got {list(input.shape)} and {list(target.shape)}: "
            "add or drop an axis of size 1 by unsqueeze or squeeze."
        )
