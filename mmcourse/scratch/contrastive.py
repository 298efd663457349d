"""Two senses in one space: the two halves of a pair are brought together, all others are pushed apart."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating, need_integers, widen
from .activations import log_softmax

LARGEST_SCALE = 100.0


def normalize(
    input: Float[Tensor, "*shape"], p: float = 2.0, dim: int = 1, eps: float = 1e-12
) -> Float[Tensor, "*shape"]:
    """Give vectors the length 1 and leave their direction: x / max(‖x‖, eps).

    input   any shape; the vectors lie along `dim`
    p       2, the Euclidean length; no other is needed here
    dim     axis of the vectors
    eps     shorter vectors are divided by this: a vector of zeros stays one
    Raises  TypeError for integers, ValueError for another p
    Source  torch.nn.functional.normalize
    """
    need_floating(input, "input")
    if p != 2:
        raise ValueError(f"p must be 2, the Euclidean length, got {p}.")
    x = widen(input)
    squares = (x * x).sum(dim, keepdim=True)
    # the smallest is put in before the root, whose slope at 0 is infinite
    return (x / squares.clamp(min=eps**2).sqrt()).to(input.dtype)


def similarities(
    input: Float[Tensor, "query feature"], other: Float[Tensor, "key feature"], log_scale: Float[Tensor, ""]
) -> Float[Tensor, "query key"]:
    """Compare each row with each of the other sense: exp(log_scale) · cos(x_i, y_j).

    log_scale  logarithm of 1 / temperature, a number that is learned; above log 100 it counts as that
    Raises     TypeError for integers, ValueError for widths that differ
    Source     Radford et al. 2021, "Learning transferable visual models …" (CLIP), figure 3 and section 2.5
    """
    for name, value in {"input": input, "other": other, "log_scale": log_scale}.items():
        need_floating(value, name)
    if input.ndim != 2 or other.ndim != 2 or input.shape[1] != other.shape[1]:
        raise ValueError(
            f"input {list(input.shape)} and other {list(other.shape)} must be [row, feature] of one width: "
            "bring both senses to the same number of features first."
        )
    cosines = normalize(widen(input)) @ normalize(widen(other)).T
    scale = torch.exp(widen(log_scale).clamp(max=math.log(LARGEST_SCALE)))
    return (scale * cosines).to(input.dtype)


def info_nce(
    input: Float[Tensor, "batch feature"],
    other: Float[Tensor, "batch feature"],
    log_scale: Float[Tensor, ""],
    target: Int[Tensor, " batch"] | None = None,
    *,
    everyone: tuple | None = None,
    first: int = 0,
) -> Float[Tensor, ""]:
    """Ask each row which of the other sense is its own, among all; in both directions: InfoNCE, in nats.

    -½ Σ_i mean_{j ∈ P_i} [log softmax_j(s_ij) + log softmax_j(s_ji)] / batch, with s as in `similarities`.
    P_i is the pair itself, or with a target all rows of its class: rows that mean the same are then no
    mistake.

    input, other  row i of the one and row i of the other are a pair
    log_scale     logarithm of 1 / temperature
    target        class numbers, or None where only the pair itself is right
    everyone      (input, other, target) of a larger batch of which these rows are a part, as where several
                  processes share it: a row is then compared with all of them
    first         place of the first of these rows in the larger batch. The mean of the parts' losses,
                  weighted by their rows, is the loss of the larger batch
    Raises        TypeError for integers, ValueError for shapes that do not fit
    Source        van den Oord et al. 2018, "Representation learning with contrastive predictive coding",
                  equation 4; Radford et al. 2021, figure 3; with a target: Khosla et al. 2020,
                  "Supervised contrastive learning", equation 2
    """
    if target is not None:
        need_integers(target, "target")
    if len(input) != len(other) or len(input) == 0:
        raise ValueError(
            f"input and other must hold the two halves of at least one pair, row by row; got {len(input)} "
            f"and {len(other)} rows."
        )
    inputs, others, targets = (input, other, target) if everyone is None else everyone
    if target is not None and len(target) != len(input):
        raise ValueError(f"target must be [{len(input)}], one class a pair, got {list(target.shape)}.")
    if not 0 <= first <= len(inputs) - len(input):
        raise ValueError(
            f"rows {first} to {first + len(input) - 1} must lie within the {len(inputs)} of everyone."
        )
    if target is None:
        right = torch.arange(len(inputs), device=input.device) == (
            torch.arange(first, first + len(input), device=input.device).unsqueeze(1)
        )
    else:
        right = target.unsqueeze(1) == targets
    there = _surprise(similarities(input, others, log_scale), right)
    back = _surprise(similarities(other, inputs, log_scale), right)
    return ((there + back) / 2).to(input.dtype)


def _surprise(scores: Tensor, right: Tensor) -> Tensor:
    """Mean over rows of the mean -log softmax of what is right."""
    log_probs = log_softmax(widen(scores), dim=1)
    return -(log_probs.where(right, 0).sum(1) / right.sum(1)).mean()
