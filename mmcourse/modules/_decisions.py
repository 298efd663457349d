"""What the late fusions have in common: they check decisions, and a missing sense keeps silent."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from mmcourse.modules._senses import need_present

LOWEST = -1e4  # log 0 as a number: exp gives 0, sums stay finite


class LateFusion(nn.Module):
    """Join the decisions of senses into one; a subclass says how in `join`."""

    def forward(
        self,
        log_probs: Float[Tensor, "batch sense class"],
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> Float[Tensor, "batch class"]:
        """Give log-probabilities [batch, class], equal ones for an example without any sense.

        log_probs  log-probabilities of each sense; what is missing may hold anything, NaN too
        present    True where an example has a sense; all have all where None
        Raises     ValueError for other shapes, TypeError for a mask that is not boolean
        """
        return self.join(*heard(log_probs, present))

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Join log-probabilities that are finite, and 0 where missing."""
        raise NotImplementedError


def heard(log_probs: Tensor, present: Tensor | None) -> tuple[Tensor, Tensor]:
    """Check the shapes; give finite log-probabilities, 0 where missing, and the mask."""
    if log_probs.ndim != 3 or log_probs.shape[2] < 2:
        raise ValueError(
            f"log_probs must be [batch, sense, class] with two classes or more, got {list(log_probs.shape)}."
        )
    if present is None:
        present = log_probs.new_ones(log_probs.shape[:2], dtype=torch.bool)
    need_present(present, *log_probs.shape[:2])
    return torch.where(present.unsqueeze(2), log_probs, 0).clamp(min=LOWEST), present


def pooled(log_probs: Tensor, log_say: Tensor, present: Tensor) -> Tensor:
    """Mix probabilities by the logarithm of each sense's say, [batch, sense, 1 or class]."""
    there = present.unsqueeze(2)
    # LOWEST twice: below any sense that is there, and all equal where none is
    mixed = torch.where(there, log_probs + log_say, 2 * LOWEST).logsumexp(1)
    return mixed.log_softmax(1)


def log_shares(scores: Tensor, present: Tensor) -> Tensor:
    """Log-softmax of scores over the senses that are there; 0 where missing."""
    hidden = torch.where(present.unsqueeze(2), scores, 2 * LOWEST)
    return torch.where(present.unsqueeze(2), hidden.log_softmax(1), 0)
