"""What every rule of decisions asks of its log-probabilities, and how a missing sense keeps silent."""

import torch
from torch import Tensor

from ._arguments import need_floating, widen
from ._senses import need_present

FLOOR = -1e4  # what log 0 counts as: exp is 0 in any precision, and it can still be added and ranked


def opinions(log_probs: Tensor, present: Tensor | None) -> tuple[Tensor, Tensor]:
    """Check, and give log-probabilities that are finite, 0 where missing, and the mask [batch, sense].

    A probability of 0 has no logarithm to reckon with: it counts as exp(-10,000), without a gradient.
    """
    need_floating(log_probs, "log_probs")
    if log_probs.ndim != 3 or log_probs.shape[1] < 1 or log_probs.shape[2] < 2:
        raise ValueError(
            "log_probs must be [batch, sense, class] with two classes or more, got "
            f"{list(log_probs.shape)}: use torch.stack(list_of_senses, dim=1)."
        )
    batch, senses, _ = log_probs.shape
    need_present(present, batch, senses)
    if present is None:
        present = torch.ones(batch, senses, dtype=torch.bool, device=log_probs.device)
    x = widen(log_probs).masked_fill(~present[..., None], 0)
    total = x.detach().exp().sum(-1)[present]
    wrong = ~((total - 1).abs() <= 0.05)  # NaN is wrong as well
    if wrong.any():
        raise ValueError(
            f"the probabilities of a sense must add up to 1, got {total[wrong][0].item():.4g}: give "
            "log_softmax(logits), and mark a sense that is missing in present."
        )
    return x.masked_fill(x < FLOOR, FLOOR), present


def need_numbers(x: Tensor, name: str, *shapes: tuple[int, ...]) -> None:
    """Raise unless x is floating and of one of these shapes."""
    need_floating(x, name)
    if tuple(x.shape) not in shapes:
        wanted = " or ".join(str(list(shape)) for shape in shapes)
        raise ValueError(f"{name} must be {wanted} for these log_probs, got {list(x.shape)}.")
