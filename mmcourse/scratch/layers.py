"""The layers that are one line of arithmetic: linear, dropout, embedding."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating, need_integers, need_share


def linear(
    input: Float[Tensor, "*batch feature"],
    weight: Float[Tensor, "out feature"] | Float[Tensor, " feature"],
    bias: Float[Tensor, "*out"] | None = None,
) -> Float[Tensor, "..."]:
    """Give weighted sums of the features: x Wᵀ + b.

    input    any number of axes in front of the features
    weight   [out, feature], a row for each sum; [feature] for a single sum without an axis of its own
    bias     [out], added to each sum, or None
    Returns  [*batch, out]
    Raises   TypeError for integers, ValueError for shapes that do not fit
    Source   torch.nn.functional.linear
    """
    for name, value in {"input": input, "weight": weight}.items():
        need_floating(value, name)
    if weight.ndim not in (1, 2) or input.ndim == 0 or input.shape[-1] != weight.shape[-1]:
        raise ValueError(
            f"input {list(input.shape)} does not fit weight {list(weight.shape)}: "
            "a weight [out, feature] takes an input [..., feature]."
        )
    output = input @ weight.t()
    if bias is None:
        return output
    if bias.shape != weight.shape[:-1]:
        raise ValueError(
            f"bias must be {list(weight.shape[:-1])} for weight {list(weight.shape)}, got {list(bias.shape)}."
        )
    return output + bias


def dropout(
    input: Float[Tensor, "*shape"],
    p: float = 0.5,
    training: bool = True,
    *,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "*shape"]:
    """Set each number to 0 with probability p and divide the others by 1 - p: the mean stays the same.

    input      any shape
    p          probability of being set to 0, in 0..1
    training   False: give the input back as it is
    generator  of the random numbers, on the input's device; torch's own where None
    Raises     TypeError for integers, ValueError for p outside 0..1
    Source     Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"
    """
    need_floating(input, "input")
    need_share(p, "p")
    if not training or p == 0:
        return input
    if p == 1:
        return input * 0
    keep = torch.empty_like(input).bernoulli_(1 - p, generator=generator)
    return input * (keep / (1 - p))


def embedding(
    input: Int[Tensor, "*batch"], weight: Float[Tensor, "row feature"], padding_idx: int | None = None
) -> Float[Tensor, "*batch feature"]:
    """Look numbers up in a table: row input[i] of weight; the same as a one-hot vector times weight.

    input        row numbers, any shape
    weight       the table, one row for each number
    padding_idx  a row that stands for padding: it is looked up as others are, and gets no gradient
    Raises       TypeError for row numbers that are no integers, ValueError for rows that the table lacks
    Source       torch.nn.functional.embedding
    """
    need_integers(input, "input")
    need_floating(weight, "weight")
    if weight.ndim != 2:
        raise ValueError(f"weight must be [row, feature], got {list(weight.shape)}.")
    rows = len(weight)
    if input.numel() and (input.min() < 0 or input.max() >= rows):
        raise ValueError(
            f"row numbers must lie in 0..{rows - 1} for weight {list(weight.shape)}, "
            f"got {int(input.min())}..{int(input.max())}."
        )
    found = weight[input.long()]
    if padding_idx is None:
        return found
    if not -rows <= padding_idx < rows:
        raise ValueError(f"padding_idx must be a row of weight, {-rows}..{rows - 1}, got {padding_idx}.")
    return torch.where((input == padding_idx % rows)[..., None], found.detach(), found)
